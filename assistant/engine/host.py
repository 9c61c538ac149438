"""The program of the engine's process; `host_process.py` starts it and talks with it.

Settings come first on stdin, then requests; to stdout go their results, and notices. The end of stdin ends it,
and what it has started: so nothing is left over when whoever started it is gone, however that happened.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import traceback
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from contextvars import ContextVar
from typing import NoReturn

from assistant.engine.messages import (
    NOTICE,
    Ask,
    Cancel,
    Ended,
    Failed,
    GiveUp,
    ListArticles,
    MakeStarters,
    ReadArticle,
    Reindex,
    Request,
    Told,
)
from assistant.engine.notices import Indexing, IndexingFailed, Notice, Remark
from assistant.engine.questions import Questions
from assistant.engine.settings import EngineSettings
from assistant.engine.shelf import article, summaries
from assistant.engine.upkeep import Upkeep
from assistant.engine.wire import WireError, framed, receive
from assistant.errors import ConfigurationError
from assistant.events import Answered, Event
from assistant.settings import folder_of
from index.encoder import OnnxEmbedder
from index.errors import IndexingError
from index.freshness import Build
from index.passages import SPLITTER
from index.state import StateFolder
from index.sync_report import Progress, SyncReport

GOODBYE_S = 0.8
"""How long what is at work may take to end by itself; then the process ends all the same."""
_NUMBER: ContextVar[int] = ContextVar("number", default=NOTICE)
"""Of the request that something is done for; an assistant works in the context in which it was asked."""


class Mouth:
    """Tells, from any thread, whoever started the process."""

    def __init__(self, pipe: asyncio.StreamWriter) -> None:
        self._pipe = pipe
        self._loop = asyncio.get_running_loop()

    def say(self, value: Told | Ended | Failed) -> None:
        """Send a value; from the loop."""
        self._pipe.write(framed(value))

    async def told(self) -> None:
        """Wait until not too much is left that nobody has read."""
        await self._pipe.drain()

    def notice(self, notice: Notice) -> None:
        """Tell something apart from questions; from the loop."""
        self.say(Told(NOTICE, notice))

    def progress(self, progress: Progress) -> None:
        """A sync has come this far, for which a question waits."""
        self._tell(Indexing(progress.stage, progress.done, progress.total))

    def synced(self, report: SyncReport) -> None:
        """A sync has ended: none is made in this process."""

    def warn(self, message: str) -> None:
        """Something that people should know, on behalf of a question or apart from it."""
        self._tell(Remark(message))

    def _tell(self, what: Remark | Indexing) -> None:
        self._loop.call_soon_threadsafe(self.say, Told(_NUMBER.get(), what))


class Host:
    """Serves requests."""

    def __init__(self, settings: EngineSettings, mouth: Mouth) -> None:
        corpus = folder_of("corpus", settings.corpus)
        embedder = OnnxEmbedder()
        build = Build(embedder.identity, embedder.dimension, SPLITTER)
        state = StateFolder.of(corpus, folder_of("state", settings.states))
        self._mouth = mouth
        self._upkeep = Upkeep(corpus, state, build, mouth.notice)
        self._questions = Questions(settings, self._upkeep, embedder, mouth)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._cancelled: set[int] = set()
        self._beside = [asyncio.create_task(self._watch()), asyncio.create_task(self._load())]

    def take(self, said: object) -> None:
        """Begin to serve a request, or end one."""
        match said:
            case Cancel(number=number) if number in self._tasks:
                self._cancelled.add(number)
                if not self._questions.cancel():
                    self._tasks[number].cancel()
            case GiveUp(number=number) if number in self._tasks:
                self._tasks[number].cancel()
            case Ask() | ListArticles() | ReadArticle() | MakeStarters() | Reindex():
                task = self._tasks[said.number] = asyncio.create_task(self._serve(said))
                task.add_done_callback(lambda _: self._forget(said.number))

    async def aclose(self) -> None:
        """End what is at work."""
        for task in (*self._tasks.values(), *self._beside):
            task.cancel()
        await self._upkeep.aclose()
        await self._questions.aclose()

    def _forget(self, number: int) -> None:
        del self._tasks[number]
        self._cancelled.discard(number)

    async def _serve(self, request: Request) -> None:
        _NUMBER.set(request.number)
        try:
            async with aclosing(self._results(request)) as results:
                async for result in results:
                    self._mouth.say(Told(request.number, result))
                    await self._mouth.told()
        except asyncio.CancelledError:
            self._mouth.say(Ended(request.number))
        except WireError as error:
            self._mouth.say(Failed.of(request.number, ConfigurationError(str(error), "ask for less")))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            self._mouth.say(Failed.of(request.number, error))
        else:
            self._mouth.say(Ended(request.number))

    async def _results(self, request: Request) -> AsyncGenerator[object, None]:
        corpus, state = self._upkeep.corpus, self._upkeep.state
        match request:
            case Ask():
                async with aclosing(self._questions.stream(request)) as events:
                    async for event in events:
                        if request.number not in self._cancelled or _keeps(event):
                            yield event
            case ListArticles():
                parts = summaries(corpus, state)
                while (part := await asyncio.to_thread(next, parts, None)) is not None:
                    yield part
            case ReadArticle(path=path):
                yield await asyncio.to_thread(article, corpus, state, path)
            case MakeStarters():
                yield await self._starters()
            case Reindex(rebuild=rebuild):
                await self._upkeep.reindex(rebuild)

    async def _starters(self) -> tuple[str, ...]:
        from assistant.starters import starters  # only an empty chat needs it

        return await self._questions.beside(starters)

    async def _watch(self) -> None:
        try:
            await self._upkeep.watch()
        except Exception as error:  # noqa: BLE001 - a bug must not end it in silence
            traceback.print_exception(error)
            told = f"the folder is not watched any more: {type(error).__name__}: {error}"
            self._mouth.notice(IndexingFailed(told, "restart, to have changes noticed before you ask"))

    async def _load(self) -> None:
        with suppress(IndexingError):  # whoever asks meets it again, where it can be told
            await self._questions.load()


class Unusable:
    """Serves requests where the engine cannot be opened: all fail, and say why."""

    def __init__(self, error: ConfigurationError | IndexingError, mouth: Mouth) -> None:
        self._error = error
        self._mouth = mouth
        mouth.notice(IndexingFailed(str(error), error.hint))

    def take(self, said: object) -> None:
        """Fail a request."""
        if isinstance(said, Request):
            self._mouth.say(Failed.of(said.number, self._error))

    async def aclose(self) -> None:
        """Nothing is at work."""


def _keeps(event: Event) -> bool:
    """Whether an event of a cancelled question is of use: that nothing was found until then says nothing."""
    return not isinstance(event, Answered) or event.answer.status == "answered"


async def serve(requests: int, results: int) -> NoReturn:
    """Serve what comes on one descriptor, telling on another, until the first one ends; then the process does."""
    try:
        await _serve(requests, results)
    except Exception as error:  # noqa: BLE001 - reported as the end of what it says
        traceback.print_exception(error)
        _leave(1)
    _leave(0)


async def _serve(requests: int, results: int) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(requests, "rb"))
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(results, "wb"))
    mouth = Mouth(asyncio.StreamWriter(transport, protocol, None, loop))
    settings = await receive(reader)
    if isinstance(settings, EngineSettings):
        host = _opened(settings, mouth)
        while (said := await receive(reader)) is not None:
            host.take(said)
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await host.aclose()


def _opened(settings: EngineSettings, mouth: Mouth) -> Host | Unusable:
    try:
        return Host(settings, mouth)
    except (ConfigurationError, IndexingError) as error:
        return Unusable(error, mouth)


def _leave(code: int) -> NoReturn:
    sys.stderr.flush()
    os._exit(code)  # threads at work would be waited for


def main() -> None:
    """Keep the pipes for frames, and serve."""
    faulthandler.enable()
    requests, results = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # whatever native code prints is no frame
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    asyncio.run(serve(requests, results))


if __name__ == "__main__":
    main()
