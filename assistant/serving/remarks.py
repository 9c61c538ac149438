"""What happens to the index while a tool is called, told to whoever called it as well as to people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.keeping import Listener
    from index.sync_report import Progress, SyncReport

Report = Callable[[int, str], Coroutine[Any, Any, None]]
"""Tells a client how far its call has come: a number that grows, and what is done."""
EVERY_S = 1.0
"""A client is not told more often than this; many give a call up of which they hear nothing for a minute."""


class Call:
    """A call of a tool: what was remarked for it, and whoever wants to know how far it has come."""

    def __init__(self, report: Report) -> None:
        self.remarks: list[str] = []
        self._report = report
        self._loop = asyncio.get_running_loop()
        self._told = 0
        self._told_at = time.monotonic()
        self._telling: set[asyncio.Task[None]] = set()

    def progress(self, progress: Progress) -> None:
        """From the thread that works on it."""
        if time.monotonic() - self._told_at < EVERY_S:
            return
        self._told, self._told_at = self._told + 1, time.monotonic()
        done = f"{progress.stage} {progress.done}/{progress.total}"
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._tell, self._told, done)

    def _tell(self, number: int, done: str) -> None:
        telling = asyncio.create_task(self._report(number, done))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)


_CALL: ContextVar[Call] = ContextVar("call")
"""The assistant works on a question in the context in which it was asked."""


@contextmanager
def called(report: Report) -> Iterator[Call]:
    """While a tool is called, what is remarked is remarked for it."""
    call = Call(report)
    token = _CALL.set(call)
    try:
        yield call
    finally:
        _CALL.reset(token)


class Remarking:
    """A listener that tells another one, and the call on whose behalf it is told."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def progress(self, progress: Progress) -> None:
        """A sync has come this far."""
        self._listener.progress(progress)
        if call := _CALL.get(None):
            call.progress(progress)

    def synced(self, report: SyncReport) -> None:
        """A sync has ended."""
        self._listener.synced(report)
        self._remark(*report.warnings)

    def warn(self, message: str) -> None:
        """Something that people should know."""
        self._listener.warn(message)
        self._remark(message)

    def _remark(self, *messages: str) -> None:
        if call := _CALL.get(None):
            call.remarks += messages
