"""The assistant for a front end whose loop must never stall or fall: everything happens in another process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from assistant.engine.host_process import HostProcess
from assistant.engine.messages import Ask, ListArticles, MakeStarters, ReadArticle, Reindex
from assistant.engine.notices import ArticleSummary, ArticleText, Indexing, Notice, Remark
from assistant.engine.settings import EngineSettings

if TYPE_CHECKING:
    from assistant.conversation import Turn
    from assistant.events import Event
    from index.view import DateRange

CLOSED = "this engine is closed; make another"
LEAST_LIFE_S = 1.0
"""One that lived no longer is not replaced at once, so that nobody spins who asks again and again."""


class Engine:
    """Answers questions in a process of its own, which it starts, and again after it was lost.

    For the tasks of one event loop. Methods raise ConfigurationError, IndexingError and BackendError as the
    assistant does, EngineLost where the process ends before it has answered, and EngineFault for a bug in it.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._host: HostProcess | None = None
        self._starting = asyncio.Lock()
        self._notices = _Notices()
        self._asked: dict[int, HostProcess] = {}
        """Questions that are not answered yet, oldest first, and who was asked."""
        self._closed = False

    async def start(self) -> None:
        """Begin to load, and to look after the index; returns at once."""
        await self._running()

    def notices(self) -> AsyncIterator[Notice]:
        """What happens apart from questions, until the engine is closed; for one listener."""
        return self._notices.follow()

    async def ask(
        self,
        question: str,
        dates: DateRange | None = None,
        history: Sequence[Turn] = (),
        backend: str | None = None,
    ) -> AsyncGenerator[Event | Remark | Indexing, None]:
        """The events of a question, `Answered` last unless it was cancelled before there was anything to keep.

        Closing the iterator gives the question up. Questions are answered one after another.
        """
        host = await self._running()
        since, until = (dates.since, dates.until) if dates else (None, None)
        number = host.number()
        self._asked[number] = host
        try:
            request = Ask(number, question, since, until, tuple(history), backend)
            async with aclosing(host.results(request)) as events:
                async for event in events:
                    yield cast("Event | Remark | Indexing", event)
        finally:
            del self._asked[number]

    def cancel(self) -> None:
        """End the question that is being answered; what a model wrote until now is checked and kept."""
        for number, host in self._asked.items():
            host.cancel(number)
            return

    async def articles(self) -> tuple[ArticleSummary, ...]:
        """All articles of the index, by path; none while nothing is indexed yet."""
        host = await self._running()
        found: list[ArticleSummary] = []
        async with aclosing(host.results(ListArticles(host.number()))) as parts:
            async for part in parts:
                found += cast("tuple[ArticleSummary, ...]", part)
        return tuple(found)

    async def article(self, path: str) -> ArticleText:
        """One article, as its file holds it now."""
        host = await self._running()
        async with aclosing(host.results(ReadArticle(host.number(), path))) as read:
            return cast("ArticleText", await anext(read))

    async def starters(self) -> tuple[str, ...]:
        """A few questions that these articles answer, made from them."""
        host = await self._running()
        async with aclosing(host.results(MakeStarters(host.number()))) as made:
            return cast("tuple[str, ...]", await anext(made))

    async def reindex(self, *, rebuild: bool = False) -> None:
        """Compare folder and index now, or build it anew; what comes of it is told by notices."""
        host = await self._running()
        async with aclosing(host.results(Reindex(host.number(), rebuild))) as nothing:
            async for _ in nothing:
                pass

    async def aclose(self) -> None:
        """End the process, and those that it started; the notices end, too."""
        self._closed = True
        async with self._starting:
            if self._host is not None:
                await self._host.aclose()
        self._notices.end()

    async def _running(self) -> HostProcess:
        """The process, or another where it was lost.

        Raises:
            EngineLost: the system does not start it.
            RuntimeError: the engine is closed.
        """
        async with self._starting:
            if self._closed:
                raise RuntimeError(CLOSED)
            if self._host is not None and self._host.lived_s is not None:
                await asyncio.sleep(max(0.0, LEAST_LIFE_S - self._host.lived_s))
                self._host = None
            if self._host is None:
                self._host = await HostProcess.start(self._settings, self._notices.add)
            return self._host


class _Notices:
    """What was told and not listened to yet."""

    def __init__(self) -> None:
        self._waiting: deque[Notice] = deque()
        self._changed = asyncio.Event()
        self._ended = False

    def add(self, notice: Notice) -> None:
        """Tell something; how far indexing has come takes the place of what was told of it just before."""
        if self._waiting and isinstance(notice, Indexing) and isinstance(self._waiting[-1], Indexing):
            self._waiting.pop()
        self._waiting.append(notice)
        self._changed.set()

    def end(self) -> None:
        """Nothing more comes."""
        self._ended = True
        self._changed.set()

    async def follow(self) -> AsyncIterator[Notice]:
        """What comes, as it comes."""
        while self._waiting or not self._ended:
            while self._waiting:
                yield self._waiting.popleft()
            self._changed.clear()
            if not self._ended:
                await self._changed.wait()
