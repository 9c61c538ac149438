"""A backend asked from code that does not await: its stream runs in an event loop of its own, in another thread.

So it is the same whether an event loop runs in the caller's thread or none does. Closing the iterator, which is
what an interruption does, cancels the stream there, and with it the connection, before it returns.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Lock
from typing import TYPE_CHECKING

from assistant.backends.protocol import Backend, BackendEvent, Request
from assistant.errors import BackendError

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

_Ended = None
SIGNALS_MET_WITHIN_S = 0.25
"""One that the system gives to another thread, as it may where the process was stopped, wakes nobody who waits."""
LONGEST_GOODBYE = 5.0
"""Seconds in which a stream that was cut off has to let go of its connection."""


@dataclass(slots=True)
class _Reply:
    """What one request brings; whoever cuts it off can hit no other."""

    whole: bool
    """Of no use in part."""
    arrived: SimpleQueue[BackendEvent | BaseException | None] = field(default_factory=SimpleQueue)
    is_cut_off: bool = False

    def wait(self) -> BackendEvent | BaseException | None:
        """What comes next; handlers of signals run meanwhile."""
        while True:
            with suppress(Empty):
                return self.arrived.get(timeout=SIGNALS_MET_WITHIN_S)

    def cut_off(self) -> None:
        """End it as if the model had finished."""
        self.is_cut_off = True
        self.arrived.put(_Ended)  # whoever waits for it wakes up


class BlockingBackend:
    """A backend whose events are waited for; one thread, started with the first question."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._portal: BlockingPortal | None = None
        self._end_thread: Callable[[], object] = lambda: None
        self._starting = Lock()
        self._reply: _Reply | None = None
        """The one that is waited for. Others than its reader look at it once: it may be gone at the next look."""

    def start(self) -> None:
        """Start the thread now rather than at the first question."""
        self._loop()

    def stream(self, request: Request, *, whole: bool = False) -> Generator[BackendEvent, None, None]:
        """The events as they come; a `whole` reply is of no use in part, and `cancel` finds nothing to end.

        Raises:
            BackendError: as `Backend.stream`.
        """
        reply = self._reply = _Reply(whole)
        ended = Event()
        running = self._loop().start_task_soon(self._pump, request, reply.arrived, ended)
        try:
            while (event := reply.wait()) is not _Ended and not reply.is_cut_off:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            self._reply = None
            running.cancel()
            ended.wait(LONGEST_GOODBYE)

    def cancel(self) -> bool:
        """End the stream that runs, as if the model had finished; False where none runs, or a whole one.

        For other threads and signal handlers, while somebody waits for the next event.
        """
        reply = self._reply
        if reply is None or reply.whole:
            return False
        reply.cut_off()
        return True

    def give_up(self) -> bool:
        """As `cancel`, but end a whole one, too: nobody waits for what comes of it."""
        reply = self._reply
        if reply is None:
            return False
        reply.cut_off()
        return True

    def close(self) -> None:
        """Close the backend and end the thread."""
        if self._portal is not None:
            self._portal.call(self.backend.aclose)
        self._end_thread()
        self._portal = None

    async def _pump(
        self, request: Request, arrived: SimpleQueue[BackendEvent | BaseException | None], ended: Event
    ) -> None:
        try:
            async with aclosing(self.backend.stream(request)) as events:
                async for event in events:
                    arrived.put(event)
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            arrived.put(error)
        except BaseException:
            # Whoever waits goes on: nobody may have asked for it, an object of somebody else's cancelled itself.
            arrived.put(BackendError(f"{self.backend.name} broke off", "ask again"))
            raise
        else:
            arrived.put(_Ended)
        finally:
            ended.set()

    def _loop(self) -> BlockingPortal:
        with self._starting:  # it is started beside the search, and may be asked for meanwhile
            if self._portal is None:
                from anyio.from_thread import start_blocking_portal  # 50 ms, and only a language model needs it

                stack = ExitStack()
                self._portal = stack.enter_context(start_blocking_portal())
                # Also where nobody closes it: else the program would wait at its end for a thread that has gone.
                self._end_thread = weakref.finalize(self, _cut_off, stack)
            return self._portal


def _cut_off(stack: ExitStack) -> None:
    """Leave the portal as an exception would, so that it cancels what still runs in it."""
    stack.__exit__(GeneratorExit, GeneratorExit(), None)
