"""Questions in the engine: whoever words the answers, one assistant at a time over one index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

from assistant.asynchronous import AsyncAssistant
from assistant.engine.hosted_index import HostedIndex
from assistant.engine.messages import Ask
from assistant.engine.settings import EngineSettings
from assistant.engine.upkeep import Upkeep
from index.keeping import KeptIndex, Listener, Patience
from index.view import DateRange

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.events import Event
    from index.encoder import Embedder
    from index.sync_report import Progress, SyncReport

T = TypeVar("T")


class Unheard:
    """A listener for work that nobody asked for."""

    def progress(self, progress: Progress) -> None:
        """Nobody is told."""

    def synced(self, report: SyncReport) -> None:
        """Nobody is told."""

    def warn(self, message: str) -> None:
        """Nobody is told."""


class Questions:
    """Answers questions, and opens another assistant where another backend is asked for; the models are shared."""

    def __init__(self, settings: EngineSettings, upkeep: Upkeep, embedder: Embedder, listener: Listener) -> None:
        from assistant.answering.reader import OnnxReader

        self._settings = settings
        self._upkeep = upkeep
        self._embedder = embedder
        self._listener = listener
        self._reader = OnnxReader()
        self._turn = asyncio.Lock()
        """Held by the question that is answered."""
        self._opened: tuple[str, AsyncAssistant] | None = None

    async def stream(self, asked: Ask) -> AsyncGenerator[Event, None]:
        """The events of a question, when its turn comes; raises as `Assistant.stream` does."""
        async with self._turn:
            assistant = await self._assistant(asked.backend or self._settings.backend)
            dates = DateRange(asked.since, asked.until)
            async with aclosing(assistant.stream(asked.question, dates or None, asked.history)) as events:
                async for event in events:
                    yield event

    async def load(self) -> None:
        """Load the models now rather than with the first question. Raises IndexingError."""
        for load in (self._embedder.load, self._reader.load):
            await asyncio.to_thread(load)

    async def beside(self, work: Callable[[Assistant], T]) -> T:
        """What `work` makes of an assistant of its own, which asks no model; begun when no question is asked."""
        async with self._turn:
            pass
        await self._upkeep.ready()

        def working() -> T:
            with self._open("extractive", Unheard()) as assistant:
                return work(assistant)

        return await asyncio.to_thread(working)

    def cancel(self) -> bool:
        """Cut off what a model writes; False where none writes."""
        return self._opened is not None and self._opened[1].cancel()

    async def aclose(self) -> None:
        """Give up what is asked, and close index and backend."""
        if self._opened is not None:
            await self._opened[1].aclose()

    async def _assistant(self, backend: str) -> AsyncAssistant:
        """The assistant with this backend; the one before it stays where this one cannot be had."""
        if self._opened is None or self._opened[0] != backend:
            made = await asyncio.to_thread(self._open, backend, self._listener)
            before, self._opened = self._opened, (backend, AsyncAssistant(lambda: made))
            if before is not None:
                await before[1].aclose()
        return self._opened[1]

    def _open(self, backend: str, listener: Listener) -> Assistant:
        from assistant.opening import assemble, backend_of

        settings = self._settings

        def keep(told: Listener, patience: Patience) -> KeptIndex:
            return HostedIndex(self._upkeep, self._embedder, told, patience)

        asked, price = backend_of(backend, settings.base_url, settings.price)
        return assemble(
            keep,
            self._reader,
            listener,
            min_confidence=settings.min_confidence,
            asked=asked,
            asked_price=price,
        )
