"""A question that nobody waits for any more: how it is told to what works on it, in whatever it is at.

Each place where an answer takes long asks: a sync at each step, the wait for another process's first index, a
language model before its first word. What a sync has encoded until then is kept, and the next one goes on there.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from index.keeping import Listener
from index.sync_report import Progress, SyncReport

if TYPE_CHECKING:
    from assistant.backends.protocol import Backend, BackendEvent, Request


class Stopped(Exception):  # noqa: N818 - no error: it was wanted
    """The question was given up while the index was brought up to date for it."""


class Stop:
    """Whether the question that is being answered is still wanted; set from any thread."""

    def __init__(self) -> None:
        self.wanted = True
        self.ending: Callable[[], object] = lambda: None
        """Ends, from any thread, what a language model is at, also what is of no use in part."""

    def give_up(self) -> None:
        """It is wanted no more."""
        self.wanted = False
        self.ending()

    def check(self) -> None:
        """Raises Stopped where it is not."""
        if not self.wanted:
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Let time go by, unless it is not wanted; raises Stopped."""
        self.check()
        time.sleep(seconds)


class StoppableListener:
    """Tells another listener what happens to the index, and ends a sync for a question that is not wanted."""

    def __init__(self, listener: Listener, stop: Stop) -> None:
        self._listener = listener
        self._stop = stop

    def progress(self, progress: Progress) -> None:
        """A sync has come this far; raises Stopped."""
        self._stop.check()
        self._listener.progress(progress)

    def synced(self, report: SyncReport) -> None:
        """A sync has ended."""
        self._listener.synced(report)

    def warn(self, message: str) -> None:
        """Something that people should know."""
        self._listener.warn(message)


class StoppableBackend:
    """Another backend, which is not asked on behalf of a question that is not wanted.

    What a reply is cut off by knows it only once it was asked for; whoever gives a question up before that, sets
    the stop first and cuts off then, and so meets it in one of both places.
    """

    def __init__(self, backend: Backend, stop: Stop) -> None:
        self._backend = backend
        self._stop = stop

    @property
    def name(self) -> str:
        """That of the other."""
        return self._backend.name

    @property
    def context(self) -> int | None:
        """That of the other."""
        return self._backend.context

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        """What the other says; nothing where nobody waits for it. Raises as it does."""
        if not self._stop.wanted:
            return
        async with aclosing(self._backend.stream(request)) as events:
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Close the other."""
        await self._backend.aclose()
