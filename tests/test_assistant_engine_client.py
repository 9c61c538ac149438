"""An engine over an index that is there: questions, articles, what it loads where, and how it ends."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from assistant.answer import Source
from assistant.conversation import Turn
from assistant.engine.client import Engine
from assistant.engine.notices import ArticleSummary, IndexingFailed, Remark, Standing
from assistant.engine.settings import EngineSettings
from assistant.errors import BackendError, ConfigurationError
from assistant.events import Answered, Retrieved, Rewritten
from engine_desk import (
    BURNED,
    DAM,
    MILL,
    PATIENCE_S,
    EngineDesk,
    answer_of,
    children,
    engines,
    events_of,
    gone,
    run,
    until,
)
from index.encoder import OnnxEmbedder
from index.errors import CorpusError
from index.view import DateRange

T = TypeVar("T")
HEAVY = {"numpy", "sqlite3", "chromadb", "onnxruntime", "llama_index", "tokenizers", "httpx", "rich", "textual"}


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine for several tests, and the loop that it belongs to."""

    desk: EngineDesk
    engine: Engine
    runner: asyncio.Runner

    def run(self, test: Coroutine[object, object, T]) -> T:
        return self.runner.run(asyncio.wait_for(test, PATIENCE_S))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, encoder: OnnxEmbedder) -> Iterator[Opened]:
    desk = EngineDesk(tmp_path_factory.mktemp("engine")).index(encoder)
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner() as runner:
        patch.setenv("XDG_CONFIG_HOME", str(desk.states))  # nothing of the person who runs it
        opening = desk.engine()
        yield Opened(desk, runner.run(opening.__aenter__()), runner)
        runner.run(opening.__aexit__(None, None, None))


@pytest.fixture
def desk(tmp_path: Path, encoder: OnnxEmbedder) -> EngineDesk:
    return EngineDesk(tmp_path).index(encoder)


def test_a_question_is_answered_with_proof_as_in_this_process(opened: Opened) -> None:
    async def ask() -> None:
        retrieved, answered = await events_of(opened.engine)
        assert isinstance(retrieved, Retrieved)
        assert isinstance(answered, Answered)
        cited = answered.answer.citations[0]
        assert MILL[cited.start : cited.end] == cited.quote == "The old mill burned down in May."
        assert not answered.answer.index.stale

    opened.run(ask())


def test_what_the_index_holds_is_told_as_soon_as_it_is_known(opened: Opened) -> None:
    async def listen() -> None:
        standing = (await until(lambda: opened.desk.told(Standing)))[0]
        assert (standing.index.articles, standing.index.stale, standing.said) == (2, False, "")

    opened.run(listen())


def test_earlier_turns_go_along(opened: Opened) -> None:
    async def ask() -> None:
        turn = Turn.of(await answer_of(opened.engine))
        followed = [event async for event in opened.engine.ask("Was anybody hurt in it?", history=[turn])]
        assert isinstance(followed[0], Rewritten)

    opened.run(ask())


def test_dates_go_along_and_the_remarks_on_a_question_stand_in_its_own_stream(opened: Opened) -> None:
    async def ask() -> None:
        events = [event async for event in opened.engine.ask(BURNED, DateRange(since=date(2019, 1, 1)))]
        remarks = [event.text for event in events if isinstance(event, Remark)]
        assert remarks == ["2 articles state no date and so fell outside of --since and --until"]
        assert opened.desk.told(Remark) == []

    opened.run(ask())


def test_what_fails_is_raised_as_the_assistant_raises_it_and_the_next_question_is_answered(
    opened: Opened,
) -> None:
    async def ask() -> None:
        with pytest.raises(ConfigurationError, match="the question is empty") as empty:
            await events_of(opened.engine, " ")
        assert "parley ask" in empty.value.hint
        with pytest.raises(ConfigurationError, match="there is no backend 'nonsense'"):
            await events_of(opened.engine, backend="nonsense")
        assert (await answer_of(opened.engine)).status == "answered"

    opened.run(ask())


def test_a_question_that_is_too_long_to_be_told_is_refused_here(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.wire.LONGEST_FRAME", 1000)

    async def ask() -> None:
        with pytest.raises(ConfigurationError, match="more than the 1,000 that can be told at once"):
            await events_of(opened.engine, "Who? " * 1000)

    opened.run(ask())


def test_a_question_may_name_who_words_its_answer(opened: Opened, tmp_path: Path) -> None:
    replies = tmp_path / "replies.txt"
    replies.write_text("The old mill burned down in May [1.1].\n")

    async def ask() -> None:
        assert (await answer_of(opened.engine)).backend == "extractive"
        named = await answer_of(opened.engine, backend=f"scripted:{replies}")
        assert named.backend == f"scripted:{replies}"
        with pytest.raises(BackendError, match="its only one has been given"):
            await events_of(opened.engine, backend=f"scripted:{replies}")
        assert (await answer_of(opened.engine)).backend == "extractive"

    opened.run(ask())


def test_articles_are_listed_with_their_sizes_and_read_as_their_files_are(opened: Opened) -> None:
    async def read() -> None:
        dam, mill = await opened.engine.articles()
        assert dam == ArticleSummary(Source("dam.txt", None, None, None), 11, len(DAM))
        assert mill.source.article == "mill.txt"
        article = await opened.engine.article("mill.txt")
        assert (article.source, article.text) == (mill.source, MILL)
        assert Path(article.path).read_text() == MILL

    opened.run(read())


def test_questions_to_begin_with_are_made_of_the_articles(seeds: Path, sample_states: Path) -> None:
    async def make() -> None:
        engine = Engine(EngineSettings(str(seeds), str(sample_states)))
        try:
            made = await engine.starters()
            assert len(made) == 3
            assert (await answer_of(engine, made[0])).status == "answered"
        finally:
            await engine.aclose()

    run(make())


def test_no_article_is_read_but_those_of_the_folder(opened: Opened) -> None:
    async def read() -> None:
        for path in ("../states", "/etc/passwd", "nowhere.txt", ".", "deep/../mill.txt", "\0"):
            with pytest.raises(ConfigurationError, match="there is no article"):
                await opened.engine.article(path)

    opened.run(read())


def test_an_article_that_cannot_be_read_says_so(desk: EngineDesk) -> None:
    async def read() -> None:
        async with desk.engine() as engine:
            (desk.corpus / "broken.txt").write_bytes(b"\xff\xfe\x00")
            with pytest.raises(CorpusError, match=r"broken\.txt"):
                await engine.article("broken.txt")

    run(read())


def test_a_question_that_nobody_listens_to_any_more_is_given_up(opened: Opened) -> None:
    async def ask() -> None:
        events = opened.engine.ask(BURNED)
        await anext(events)
        await events.aclose()
        asking = asyncio.create_task(events_of(opened.engine))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (await answer_of(opened.engine)).status == "answered"

    opened.run(ask())


def test_after_its_end_no_process_is_left_and_nothing_more_is_answered(desk: EngineDesk) -> None:
    async def end() -> list[int]:
        async with desk.engine() as engine:
            await answer_of(engine)
            pids = engines()
        with pytest.raises(RuntimeError, match="closed"):
            await events_of(engine)
        await engine.aclose()
        return pids

    before = set(children())
    pids = run(end())
    assert pids
    assert set(children()) <= before  # nor one that has ended and was not waited for


def test_an_engine_that_was_never_started_ends(desk: EngineDesk) -> None:
    async def end() -> None:
        engine = Engine(EngineSettings(str(desk.corpus), str(desk.states)))
        await engine.aclose()
        assert [notice async for notice in engine.notices()] == []

    run(end())


def test_an_engine_that_cannot_be_opened_says_why_to_whoever_asks(desk: EngineDesk) -> None:
    async def ask() -> None:
        engine = Engine(EngineSettings("arti\0cles", str(desk.states)))
        try:
            for _ in range(2):
                with pytest.raises(ConfigurationError, match="is no path"):
                    await engine.articles()
        finally:
            await engine.aclose()
        assert [notice async for notice in engine.notices()] == [
            IndexingFailed("corpus 'arti\\x00cles' is no path", "it holds NUL")
        ]

    run(ask())


STARTING = """
import sys
before = set(sys.modules)
import asyncio
from assistant.engine.client import Engine
from assistant.engine.settings import EngineSettings

async def main():
    engine = Engine(EngineSettings(sys.argv[1], sys.argv[2]))
    async for event in engine.ask("What burned down in May?"):
        pass
    print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}), flush=True)
    print(engine._host._process.pid, flush=True)
    sys.stdin.read()

asyncio.run(main())
"""


def test_asking_loads_nothing_heavy_here_and_a_killed_program_leaves_no_process(desk: EngineDesk) -> None:
    command = [sys.executable, "-c", STARTING, str(desk.corpus), str(desk.states)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        loaded = set(program.stdout.readline().split())
        host = int(program.stdout.readline())
        assert not loaded & HEAVY
        assert {"assistant", "index"} <= loaded
        assert Path(f"/proc/{host}").exists()
        assert os.getsid(host) == host  # so that Ctrl-C in the terminal does not reach it
        program.kill()
    assert gone(host)
