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
    return OpenAIBackend(model, url, bound, Transport(bounds, clock or Clock()))


def ask(asked: Backend) -> list[BackendEvent]:
    """All events of one question."""

    async def run() -> list[BackendEvent]:
        try:
            async with aclosing(asked.stream(REQUEST)) as events:
                return [event async for event in events]
        finally:
            await asked.aclose()

    return asyncio.run(run())


def failure(asked: Backend) -> BackendError:
    with pytest.raises(BackendError) as told:
        ask(asked)
    assert "\n" not in f"{told.value}{told.value.hint}"
    assert told.value.hint
    return told.value
