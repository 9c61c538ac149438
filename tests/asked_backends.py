"""Asking a backend that talks to a server on loopback, and what it says."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import date

import pytest

from assistant.backends.address import Address
from assistant.backends.http import Bounds, Transport
from assistant.backends.keys import Key
from assistant.backends.openai import OpenAIBackend
from assistant.backends.protocol import (
    Backend,
    BackendEvent,
    Finished,
    ReasoningDelta,
    Request,
    ShownPassage,
    ShownTurn,
    TextDelta,
    Usage,
)
from assistant.errors import BackendError
from chat_wire import DONE, cost, delta, ended, thought
from misbehaving_server import streaming

SECRET = "sk-proj-abcdefgh0123456789ABCDEFGH"  # noqa: S105 - of nobody
REQUEST = Request(
    instructions="Cite.",
    passages=(ShownPassage("Reuters", date(2019, 2, 2), "Trade", ("The deficit grew.", "It fell later.")),),
    question="Did it grow?",
    history=(ShownTurn("Who is Liu He?", "A vice premier."),),
    longest_reply=100,
)
GOOD = streaming(thought("Hm."), delta("It "), delta("grew [1.1]."), ended(), cost(50, 4), DONE)
WRITTEN = [ReasoningDelta("Hm."), TextDelta("It "), TextDelta("grew [1.1]."), Usage(50, 4), Finished("complete")]


PATIENT = Bounds(connection=60.0, last_words=60.0)
"""For servers that do what they should, on however busy a machine."""


class RacingLoop(asyncio.SelectorEventLoop):
    """An event loop in which an hour passes with each of its next turns, once somebody says so."""

    _ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def race(self, turns: int = 100) -> None:
        """From any thread."""
        self.call_soon_threadsafe(self._turn, turns)

    def _turn(self, left: int) -> None:
        self._ahead += 3600.0
        if left:
            self.call_soon(self._turn, left - 1)


class Clock:
    """Time that passes only when somebody waits, and then at once."""

    def __init__(self, step: float = 0.0) -> None:
        """`step` passes with every look at the clock."""
        self._now = 0.0
        self._step = step
        self.slept: list[float] = []

    def now(self) -> float:
        self._now += self._step
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds
        self.slept.append(seconds)


def backend(
    url: str,
    *,
    model: str = "m-1",
    key: str | None = None,
    bounds: Bounds | None = None,
    clock: Clock | None = None,
) -> OpenAIBackend:
    bound = Key(key, "OPENAI_API_KEY", Address.of(url)) if key else None
    return OpenAIBackend(model, url, bound, Transport(bounds or PATIENT, clock or Clock()))


def ask(asked: Backend, loop: asyncio.AbstractEventLoop | None = None) -> list[BackendEvent]:
    """All events of one question, in this loop if one is given."""

    async def run() -> list[BackendEvent]:
        try:
            async with aclosing(asked.stream(REQUEST)) as events:
                return [event async for event in events]
        finally:
            await asked.aclose()

    with asyncio.Runner(loop_factory=(lambda: loop) if loop else None) as runner:
        return runner.run(run())


def failure(asked: Backend, loop: asyncio.AbstractEventLoop | None = None) -> BackendError:
    with pytest.raises(BackendError) as told:
        ask(asked, loop)
    assert "\n" not in f"{told.value}{told.value.hint}"
    assert told.value.hint
    return told.value
