"""A backend is asked without awaiting, in an event loop or outside of one, and let go of at once."""

import asyncio
import signal
import threading
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, closing, suppress
from types import FrameType

import pytest
from anyio import from_thread

from assistant.backends.bridge import BlockingBackend
from assistant.backends.protocol import BackendEvent, Finished, Request, TextDelta
from assistant.errors import BackendError

ASKED = Request("", (), "When did the mill close?")
pytestmark = pytest.mark.usefixtures("long_goodbye")


class Endless:
    """Writes until it is cut off; or fails after a piece."""

    name = "endless"
    context = None

    def __init__(self, *, fails: bool = False, silent: bool = False) -> None:
        self.fails, self.silent = fails, silent
        self.began, self.ended = threading.Event(), threading.Event()
        self.closed = False

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        try:
            self.began.set()
            while True:
                if self.silent:
                    await asyncio.Event().wait()
                yield TextDelta("mill ")
                if self.fails:
                    raise BackendError("it broke")
                await asyncio.sleep(0)
        finally:
            self.ended.set()

    async def aclose(self) -> None:
        self.closed = True


class Brief:
    """Says one thing."""

    name = "brief"
    context = None

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        yield TextDelta(request.question)
        yield Finished("complete")

    async def aclose(self) -> None:
        """Nothing is open."""


def test_events_come_in_order_one_question_after_another() -> None:
    with closing(BlockingBackend(Brief())) as backend:
        for _ in range(2):
            assert list(backend.stream(ASKED)) == [TextDelta(ASKED.question), Finished("complete")]


def test_it_works_inside_a_running_event_loop() -> None:
    async def ask() -> list[BackendEvent]:
        with closing(BlockingBackend(Brief())) as backend:
            return list(backend.stream(ASKED))

    assert len(asyncio.run(ask())) == 2


def test_whoever_stops_listening_ends_the_stream_before_going_on() -> None:
    endless = Endless()
    with closing(BlockingBackend(endless)) as backend:
        events = backend.stream(ASKED)
        assert next(events) == TextDelta("mill ")
        events.close()
        assert endless.ended.is_set()
    assert endless.closed


def test_a_failure_comes_after_what_was_said_before_it() -> None:
    with closing(BlockingBackend(Endless(fails=True))) as backend:
        events = backend.stream(ASKED)
        assert next(events) == TextDelta("mill ")
        with pytest.raises(BackendError, match="it broke"):
            next(events)


def test_a_stream_that_cancels_itself_keeps_nobody_waiting() -> None:
    class Cancelled(Brief):
        async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
            yield TextDelta(request.question)
            raise asyncio.CancelledError

    with closing(BlockingBackend(Cancelled())) as backend, pytest.raises(BackendError, match="brief broke off"):
        list(backend.stream(ASKED))


def test_another_thread_cuts_off_one_that_waits() -> None:
    silent = Endless(silent=True)
    with closing(BlockingBackend(silent)) as backend:
        assert not backend.cancel()
        canceller = threading.Thread(target=lambda: silent.began.wait() and backend.cancel())
        canceller.start()
        assert list(backend.stream(ASKED)) == []
        canceller.join()
        assert silent.ended.is_set()
        assert not backend.cancel()


def test_an_interruption_that_the_system_gives_to_another_thread_is_met_all_the_same() -> None:
    class Interrupted(Endless):
        async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)  # as where the process was stopped
            async for event in super().stream(request):
                yield event

    def cut_off(number: int, frame: FrameType | None) -> None:
        backend.cancel()

    with closing(BlockingBackend(Interrupted(silent=True))) as backend:
        before = signal.signal(signal.SIGINT, cut_off)
        try:
            assert list(backend.stream(ASKED)) == []
        finally:
            signal.signal(signal.SIGINT, before)


def test_started_from_several_threads_at_once_it_has_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[None] = []

    def start() -> AbstractContextManager[from_thread.BlockingPortal]:
        begun.append(None)
        with suppress(threading.BrokenBarrierError):
            another.wait(timeout=0.2)  # a second one has this long to come in, too
        return start_one()

    start_one = from_thread.start_blocking_portal
    monkeypatch.setattr(from_thread, "start_blocking_portal", start)
    another, together = threading.Barrier(2), threading.Barrier(4)
    with closing(BlockingBackend(Brief())) as backend:

        def load() -> None:
            together.wait()
            backend.start()

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(begun) == 1
