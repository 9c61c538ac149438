"""The assistant for code that awaits: the same methods, worked on in a thread of its own, one question at a time.

A question is a piece of work for that thread, which sends its events to the loop as they come, waiting for nobody;
so whoever listens slowly, or asks another question before the events of the first are read, holds nothing up.
Whoever stops listening gives the question up: what a model writes is cut off, a sync ends at its next step, and
the next question is served.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing, contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assistant.assistant import SEARCHED, Assistant
from assistant.conversation import AsyncConversation, Turn
from assistant.events import Answered, Event, Found
from assistant.retrieval import DENSE_WEIGHT

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.backends.choosing import Price
    from assistant.backends.llamaindex import LLM
    from assistant.backends.protocol import Backend
    from index.encoder import Embedder
    from index.keeping import Listener
    from index.view import DateRange

T = TypeVar("T")
CLOSED = "this assistant is closed; open another with AsyncAssistant.open"


@dataclass(frozen=True, slots=True)
class _Ended:
    """Nothing more comes; `error` says why, if it is not done."""

    error: BaseException | None = None


class _Asked(Generic[T]):
    """A piece of work, and where in which loop its results are waited for."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[T | _Ended] = asyncio.Queue()
        self.given_up = False
        self._loop = asyncio.get_running_loop()

    def send(self, result: T | _Ended) -> None:
        """From the thread to the loop."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self.arrived.put_nowait, result)


class AsyncAssistant:
    """Answers questions about one folder of articles, in asyncio; `async with` closes its index.

    Any number of tasks may ask; they are served one after another. A cancelled task gives its question up at once.
    Everything raises as `Assistant` does. `async with` loads the models, which keeps Python to itself for some
    tenths of a second, as imports do; afterwards the loop goes on while questions are answered.
    """

    def __init__(self, opener: Callable[[], Assistant]) -> None:
        """`opener` is called in the thread, when the assistant is first needed."""
        self._opener = opener
        self._assistant: Assistant | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parley")
        self._lock = threading.Lock()
        """Held for moments, to compare and change what follows; giving up must not hit the next question."""
        self._waiting: set[_Asked[Any]] = set()
        self._current: _Asked[Any] | None = None
        self._closed = False

    @classmethod
    def open(
        cls,
        corpus: str | Path,
        states: str | Path | None = None,
        embedder: Embedder | None = None,
        listener: Listener | None = None,
        dense_weight: float = DENSE_WEIGHT,
        min_confidence: float | None = None,
        backend: str | Backend | LLM | None = None,
        price: str | Price | None = None,
        base_url: str | None = None,
    ) -> AsyncAssistant:
        """As `Assistant.open`, but nothing happens before `async with` or the first question; they raise."""
        given = (corpus, states, embedder, listener, dense_weight, min_confidence, backend, price, base_url)
        return cls(lambda: Assistant.open(*given))

    async def __aenter__(self) -> AsyncAssistant:
        async for _ in self._results(_loading):
            pass
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give up what is asked, whose tasks get a RuntimeError, and close index and backend."""
        if self._closed:
            return
        self._closed = True
        for asked in list(self._waiting):
            self._give_up(asked)
        closed = asyncio.wrap_future(self._thread.submit(self._close))
        self._thread.shutdown(wait=False)
        await asyncio.shield(closed)

    def cancel(self) -> bool:
        """Cut off what a model writes, as `Assistant.cancel` does; False where none writes."""
        return self._assistant is not None and self._assistant.cancel()

    async def ask(self, question: str, dates: DateRange | None = None, history: Sequence[Turn] = ()) -> Answer:
        """The checked answer to a question."""
        async with aclosing(self.stream(question, dates, history)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("a stream ends with an answer")

    def stream(
        self, question: str, dates: DateRange | None = None, history: Sequence[Turn] = ()
    ) -> AsyncGenerator[Event, None]:
        """The events of a question as they come; closing the iterator, or leaving `async for`, gives it up."""
        return self._results(lambda assistant: assistant.stream(question, dates, history))

    async def search(self, query: str, count: int = SEARCHED, dates: DateRange | None = None) -> Found:
        """The `count` passages that fit best, without an answer."""
        async with aclosing(self._results(partial(_searching, query, count, dates))) as found:
            return await anext(found)

    def conversation(self, history: Sequence[Turn] = ()) -> AsyncConversation:
        """A conversation, which remembers its turns; it may begin with earlier ones, oldest first."""
        return AsyncConversation(self, history)

    async def _results(self, work: Callable[[Assistant], Generator[T, None, None]]) -> AsyncGenerator[T, None]:
        """What a piece of work for the thread gives, as it comes."""
        if self._closed:
            raise RuntimeError(CLOSED)
        asked = _Asked[T]()
        self._waiting.add(asked)
        self._thread.submit(copy_context().run, self._work, asked, work)
        try:
            while not isinstance(result := await asked.arrived.get(), _Ended):
                yield result
        finally:
            self._waiting.discard(asked)
            self._give_up(asked)
        if result.error:
            raise result.error

    def _give_up(self, asked: _Asked[Any]) -> None:
        """Nobody waits for it any more, or shall; nothing comes of it where it has ended."""
        with self._lock:
            asked.given_up = True
            if self._current is asked and self._assistant:
                self._assistant.stop.give_up()
                self._assistant.cancel()

    # The rest runs in the thread.

    def _work(self, asked: _Asked[T], work: Callable[[Assistant], Generator[T, None, None]]) -> None:
        """Do it, unless it was given up before its turn came."""
        error: BaseException | None = None
        try:
            assistant = self._assistant = self._assistant or self._opener()
            with assistant.turn, self._serving(asked, assistant), closing(work(assistant)) as results:
                while not asked.given_up and (result := next(results, None)) is not None:
                    if not asked.given_up:  # else it was cut off, and is no answer
                        asked.send(result)
        except BaseException as raised:  # noqa: BLE001 - raised again where it is waited for
            error = raised
        asked.send(_Ended(RuntimeError(CLOSED) if asked.given_up else error))

    @contextmanager
    def _serving(self, asked: _Asked[Any], assistant: Assistant) -> Iterator[None]:
        """Say whose turn it is, so that giving it up can hit what it is at, and nothing else."""
        with self._lock:
            self._current = asked
        try:
            yield
        finally:
            with self._lock:
                self._current = None
                assistant.stop.wanted = True

    def _close(self) -> None:
        if self._assistant:
            self._assistant.close()


def _loading(assistant: Assistant) -> Generator[None, None, None]:
    assistant.load()
    yield from ()


def _searching(
    query: str, count: int, dates: DateRange | None, assistant: Assistant
) -> Generator[Found, None, None]:
    yield assistant.search(query, count, dates)
