"""Has Textual's pilot wait until an app has done all that it can do, on whatever machine.

By itself the pilot takes an app for done with a key as soon as this process has used next to no processor time for
20 ms, and a process that gets no turn uses none.
"""

import asyncio
import time
from typing import Any

import textual._wait
import textual.app
import textual.pilot
from textual._context import active_app
from textual.app import App

PATIENCE_S = 60.0
"""Until an app that never comes to rest is given up."""
_wait_for_idle = textual._wait.wait_for_idle


async def settle(app: App[Any]) -> None:
    """Let the app do all that needs nothing but the loop; what is left waits for a time, a thread or a process."""
    ends = time.monotonic() + PATIENCE_S
    while await _goes_on() or _repaints(app):
        assert time.monotonic() < ends, "it never comes to rest"


async def _goes_on() -> bool:
    """Let everybody who waits for the loop have a turn; whether anybody wants another one."""
    await asyncio.sleep(0)
    return bool(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]


def _repaints(app: App[Any]) -> bool:
    """Paint what the app would paint at the next sixtieth of a second; whether there was anything."""
    if not app.screen_stack or not app.screen._update_timer._active.is_set():
        return False
    app.screen._on_timer_update()
    return True


async def _wait_until_settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """What the pilot calls after each key and in each pause."""
    await _wait_for_idle(min_sleep, max_sleep)
    await settle(active_app.get())


for module in (textual.app, textual.pilot):
    module.wait_for_idle = _wait_until_settled  # type: ignore[attr-defined]
textual.pilot.Pilot._wait_for_screen.__defaults__ = (PATIENCE_S,)  # 30 s are soon over where nothing gets a turn
