"""A desk to run engines at: two articles, indexed or not, and a look at the processes that were started."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from assistant.answer import Answer
from assistant.engine.client import Engine
from assistant.engine.notices import Indexing, Notice, Remark
from assistant.engine.settings import EngineSettings
from assistant.events import Answered, Event
from index.encoder import OnnxEmbedder
from index.state import StateFolder
from index.sync import sync

T = TypeVar("T")
PATIENCE_S = 600.0
"""Until a test that waits for an engine is given up: it takes some ten seconds; on a busy machine minutes, as a
first index lets everything else go first."""
STEP_S = 0.005
LONG_AGO = 1_550_000_000
"""When the articles were written: nobody has to look into them once more."""
MILL = "The old mill burned down in May. Nobody was hurt.\n"
DAM = "The dam at Kessock was inspected in June. It held well.\n"
BURNED = "What burned down in May?"


class EngineDesk:
    """A folder of two articles, its state, and what engines over it told."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "articles"
        self.states = folder / "states"
        self.state = StateFolder.of(self.corpus, self.states)
        self.heard: list[Notice] = []
        self.corpus.mkdir()
        self.write("mill.txt", MILL)
        self.write("dam.txt", DAM)

    def write(self, name: str, text: str) -> None:
        """An article, at once: who looks sees all of it or nothing."""
        written = self.corpus.with_name("written")
        written.write_text(text, encoding="utf-8")
        os.utime(written, (LONG_AGO, LONG_AGO))
        written.replace(self.corpus / name)

    def index(self, encoder: OnnxEmbedder) -> EngineDesk:
        """Index it here, where everything that takes is loaded already."""
        sync(self.corpus, self.state, encoder)
        return self

    @asynccontextmanager
    async def engine(self, backend: str = "extractive", base_url: str | None = None) -> AsyncIterator[Engine]:
        """A running engine, whose notices are heard."""
        engine = Engine(EngineSettings(str(self.corpus), str(self.states), backend, base_url))
        await engine.start()
        listening = asyncio.create_task(self._listen(engine))
        try:
            yield engine
        finally:
            await engine.aclose()
            await listening

    async def _listen(self, engine: Engine) -> None:
        async for notice in engine.notices():
            self.heard.append(notice)

    def told(self, kind: type[T]) -> list[T]:
        """The notices of a kind, oldest first."""
        return [notice for notice in self.heard if isinstance(notice, kind)]


def run(test: Coroutine[object, object, T]) -> T:
    """Run a test that awaits, but not for ever."""
    return asyncio.run(asyncio.wait_for(test, PATIENCE_S))


async def until(condition: Callable[[], T]) -> T:
    """What the condition gives as soon as that is true."""
    while not (given := condition()):
        await asyncio.sleep(STEP_S)
    return given


async def events_of(
    engine: Engine, question: str = BURNED, backend: str | None = None
) -> list[Event | Remark | Indexing]:
    return [event async for event in engine.ask(question, backend=backend)]


async def answer_of(engine: Engine, question: str = BURNED, backend: str | None = None) -> Answer:
    last = (await events_of(engine, question, backend))[-1]
    assert isinstance(last, Answered)
    return last.answer


def children(pid: int | None = None) -> dict[int, str]:
    """The processes that a process started and that still are, with their programs; ours, if none is named."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == (pid or os.getpid()):
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ").strip()
    return found


def engines() -> list[int]:
    """The processes of engines that we started, those included that nobody has waited for."""
    return [pid for pid, program in children().items() if "assistant.engine.host" in program or not program]


def indexers(host: int) -> list[int]:
    return [pid for pid, program in children(host).items() if "assistant.engine.indexer" in program]


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def is_stopped(pid: int) -> bool:
    """Whether none of its threads does anything, which is so some time after SIGSTOP."""
    try:
        statuses = [(task / "stat").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # one has ended meanwhile
        return False
    return all(status.rpartition(")")[2].split()[0] == "T" for status in statuses)


@contextmanager
def paused(pid: int) -> Iterator[None]:
    """A process does nothing meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        assert holds(lambda: is_stopped(pid))
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def holds(condition: Callable[[], object]) -> bool:
    """Whether this comes to be true, where nothing is awaited."""
    deadline = time.monotonic() + PATIENCE_S
    while not (held := bool(condition())) and time.monotonic() < deadline:
        time.sleep(STEP_S)
    return held


def gone(*pids: int) -> bool:
    """Whether they all end."""
    return holds(lambda: not any(is_there(pid) for pid in pids))
