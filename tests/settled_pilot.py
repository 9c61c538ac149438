"""A pilot that goes on once the app has nothing left to do, not once the processor seems to be idle.

Textual's own takes a process for idle that used little of the processor for 20 ms: also one that was given little
of it in that time. What a key sets off has hardly begun then.
"""

import asyncio
from collections.abc import Iterator

import pytest
from textual._wait import wait_for_idle
from textual.pilot import Pilot

_pause = Pilot.pause


async def _until_nothing_is_left() -> None:
    """Let all tasks run until each of them waits for a timer, a thread or a process, or for ever."""
    await asyncio.sleep(0)
    while asyncio.get_running_loop()._ready:  # type: ignore[attr-defined]  # what is to run without waiting
        await asyncio.sleep(0)


async def _wait(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """As in Textual, and then until everything is done that became due meanwhile."""
    await wait_for_idle(min_sleep, max_sleep)
    await _until_nothing_is_left()


async def _pause_and_settle(pilot: Pilot[object], delay: float | None = None) -> None:
    """As in Textual, and then until everything is done that follows from what was painted at its end."""
    await _pause(pilot, delay)
    await _until_nothing_is_left()


@pytest.fixture(scope="session", autouse=True)
def settled_pilot() -> Iterator[None]:
    """Have all tests use it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("textual.app.wait_for_idle", _wait)
        patched.setattr("textual.pilot.wait_for_idle", _wait)
        patched.setattr(Pilot, "pause", _pause_and_settle)
        yield
