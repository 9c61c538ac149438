"""What the engine's process does with requests, served here: only indexing is left to another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar, cast

import pytest

from assistant.answering.reader import OnnxReader
from assistant.engine.host import Host, Mouth
from assistant.engine.looking import Look
from assistant.engine.messages import (
    NOTICE,
    Ask,
    Cancel,
    Ended,
    Failed,
    GiveUp,
    Indexed,
    IndexOrder,
    ListArticles,
    MakeStarters,
    ReadArticle,
    Reindex,
    Told,
)
from assistant.engine.notices import ArticleText, FolderChanged, Indexing, Notice, Remark, Standing
from assistant.engine.settings import EngineSettings
from assistant.engine.upkeep import Upkeep
from assistant.engine.wire import value_of
from assistant.errors import ConfigurationError
from assistant.events import Answered
from engine_desk import BURNED, MILL, PATIENCE_S, STEP_S, EngineDesk, run, until
from engine_starts import HeldIndexers
from index.encoder import OnnxEmbedder
from index.errors import StateError
from index.freshness import Build
from index.passages import SPLITTER

T = TypeVar("T")


class Said:
    """A pipe that keeps the values that are written to it."""

    def __init__(self) -> None:
        self.values: list[object] = []

    def write(self, frame: bytes) -> None:
        self.values.append(value_of(frame[4:]))

    async def drain(self) -> None:
        """Somebody has read it."""

    def of(self, number: int, kind: type[T]) -> list[T]:
        """What of a kind was told of a request, or as notices."""
        told = [value.what for value in self.values if isinstance(value, Told) and value.number == number]
        return [what for what in told if isinstance(what, kind)]

    async def end_of(self, number: int) -> Ended | Failed:
        """How a request ends."""

        def found() -> list[Ended | Failed]:
            ends = [value for value in self.values if isinstance(value, Ended | Failed)]
            return [end for end in ends if end.number == number]

        return (await until(found))[0]


@pytest.fixture
def desk(
    tmp_path: Path, encoder: OnnxEmbedder, span_reader: OnnxReader, monkeypatch: pytest.MonkeyPatch
) -> EngineDesk:
    monkeypatch.setattr("assistant.engine.host.OnnxEmbedder", lambda: encoder)
    monkeypatch.setattr("assistant.answering.reader.OnnxReader", lambda: span_reader)
    monkeypatch.setattr("assistant.engine.hosted_index.WAIT_FOR_FEW_S", PATIENCE_S)  # however busy the machine is
    return EngineDesk(tmp_path)


@asynccontextmanager
async def hosting(desk: EngineDesk, said: Said) -> AsyncIterator[Host]:
    mouth = Mouth(cast("asyncio.StreamWriter", said))
    host = Host(EngineSettings(str(desk.corpus), str(desk.states)), mouth)
    try:
        yield host
    finally:
        await host.aclose()


def asking(number: int, question: str = BURNED) -> Ask:
    return Ask(number, question, None, None, (), None)


def test_requests_are_served_while_the_folder_is_watched(desk: EngineDesk, encoder: OnnxEmbedder) -> None:
    desk.index(encoder)
    said = Said()

    async def serve() -> None:
        async with hosting(desk, said) as host:
            await until(lambda: said.of(NOTICE, Standing))
            requests = (asking(1), ListArticles(2), ReadArticle(3, "mill.txt"), MakeStarters(4), asking(5, " "))
            for request in requests:
                host.take(request)
            ends = [await said.end_of(request.number) for request in requests]
            assert [type(end) for end in ends] == [Ended, Ended, Ended, Ended, Failed]
            assert said.of(1, Answered)[0].answer.status == "answered"
            assert [len(part) for part in said.of(2, tuple)] == [2]
            assert said.of(3, ArticleText)[0].text == MILL
            assert [type(made) for made in said.of(4, tuple)] == [tuple]

            desk.write("bridge.txt", "The bridge at Cawdor was painted green in July.\n")
            host.take(asking(6, "What was painted green in July?"))
            await said.end_of(6)
            answer = said.of(6, Answered)[0].answer
            assert answer.citations[0].source.article == "bridge.txt"
            assert not answer.index.stale
            assert said.of(6, Remark) == []
            assert said.of(NOTICE, Standing)[-1].said == "1 article added"
            assert len(said.of(NOTICE, FolderChanged)) <= 1

    run(serve())


def test_a_question_that_waits_for_the_first_index_can_be_cancelled_or_given_up(
    desk: EngineDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldIndexers(tmp_path / "starts", monkeypatch)
    said = Said()

    async def serve() -> None:
        async with hosting(desk, said) as host:
            host.take(asking(1))
            host.take(asking(2))
            await until(lambda: said.of(1, Indexing))
            for order in (GiveUp(2), Cancel(1), Cancel(1), Cancel(7)):
                host.take(order)
            assert await said.end_of(1) == Ended(1)
            assert await said.end_of(2) == Ended(2)
            assert said.of(1, Answered) == said.of(2, Answered) == []
            held.let_go()
            host.take(Reindex(3, rebuild=False))
            assert await said.end_of(3) == Ended(3)
            host.take(asking(4))
            await said.end_of(4)
            assert said.of(4, Answered)[0].answer.index.articles == 2

    run(serve())


def test_what_a_look_saw_is_not_told_after_what_a_run_has_told_meanwhile(
    desk: EngineDesk, encoder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.index(encoder)
    told: list[Notice] = []
    looks: list[Look] = []
    monkeypatch.setattr("assistant.engine.upkeep.LOOK_EVERY_S", STEP_S)

    async def watch() -> None:
        upkeep = Upkeep(desk.corpus, desk.state, Build(encoder.identity, encoder.dimension, SPLITTER), told.append)
        look = upkeep.look

        def look_and_wait() -> Look:
            seen = look()
            looks.append(seen)
            if len(looks) == 1:
                desk.write("bridge.txt", "The bridge at Cawdor was painted green in July.\n")
                upkeep.begin().result()
            return seen

        monkeypatch.setattr(upkeep, "look", look_and_wait)
        watching = asyncio.create_task(upkeep.watch())
        await until(lambda: len(looks) > 3)
        watching.cancel()
        await upkeep.aclose()

    run(watch())
    assert [notice.said for notice in told if isinstance(notice, Standing)] == ["1 article added"]


def test_a_temporary_index_goes_although_nobody_waits_for_its_indexer_to_end(
    desk: EngineDesk, encoder: OnnxEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    places: list[Path] = []

    async def close() -> None:
        ended = asyncio.Event()

        async def index(order: IndexOrder, report: object) -> Indexed:
            places.append(Path(order.state))
            if len(places) == 1:
                raise StateError("it cannot be written")
            try:
                await asyncio.Event().wait()
            finally:
                await ended.wait()
            return Indexed("", ())

        monkeypatch.setattr("assistant.engine.upkeep.index", index)
        build = Build(encoder.identity, encoder.dimension, SPLITTER)
        upkeep = Upkeep(desk.corpus, desk.state, build, lambda notice: None)
        upkeep.begin()
        await until(lambda: len(places) > 1)
        temporary = places[1].parent
        assert temporary.is_dir()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await upkeep.aclose()
        assert not temporary.exists()
        ended.set()

    run(close())


def test_what_is_too_long_to_be_told_fails_and_is_no_bug(
    desk: EngineDesk, encoder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.index(encoder)
    desk.write("long.txt", "The dam held.\n" * 1000)
    monkeypatch.setattr("assistant.engine.wire.LONGEST_FRAME", 5000)
    said = Said()

    async def read() -> None:
        async with hosting(desk, said) as host:
            host.take(ReadArticle(1, "long.txt"))
            end = await said.end_of(1)
            assert isinstance(end, Failed)
            assert isinstance(end.error(), ConfigurationError)
            assert "more than the 5,000 that can be told at once" in end.message

    run(read())
