"""An engine and its index: the first one, a folder that changes beneath, what cannot be indexed, and repairs."""

import asyncio
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from assistant.engine.indexer import NICENESS
from assistant.engine.notices import FolderChanged, Indexing, IndexingFailed, Remark, Standing
from assistant.events import Answered
from engine_desk import (
    BURNED,
    EngineDesk,
    answer_of,
    engines,
    events_of,
    gone,
    indexers,
    is_there,
    paused,
    run,
    until,
)
from engine_starts import HeldIndexers, wait_for_few
from index.catalog import Catalog
from index.encoder import OnnxEmbedder
from index.locks import FileLock

BRIDGE = "The bridge at Cawdor was painted green in July.\n"
PAINTED = "What was painted green in July?"


@pytest.fixture
def empty(tmp_path: Path) -> EngineDesk:
    """Nothing is indexed yet."""
    return EngineDesk(tmp_path)


@pytest.fixture
def desk(empty: EngineDesk, encoder: OnnxEmbedder) -> EngineDesk:
    return empty.index(encoder)


def test_the_first_question_waits_for_the_first_index_and_says_how_far_that_has_come(
    empty: EngineDesk, held: HeldIndexers
) -> None:
    async def ask() -> None:
        async with empty.engine() as engine:
            assert await engine.articles() == ()
            events = engine.ask(BURNED)
            assert isinstance(await anext(events), Indexing)
            await until(lambda: "loading" in {step.stage for step in empty.told(Indexing)})
            held.let_go()
            last = [event async for event in events][-1]
            assert isinstance(last, Answered)
            assert not last.answer.index.stale
            assert [standing.said for standing in empty.told(Standing)] == ["2 articles added"]
            assert empty.told(FolderChanged) == []
            assert len(await engine.articles()) == 2

    run(ask())


def test_a_changed_folder_is_noticed_said_and_indexed_without_a_question(desk: EngineDesk) -> None:
    async def change() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Standing))
            with paused(engines()[0]):  # so that both are seen at once
                desk.write("bridge.txt", BRIDGE)
                (desk.corpus / "dam.txt").unlink()
            await until(lambda: [told for told in desk.told(Standing) if told.said])
            assert desk.heard.index(FolderChanged()) > 0
            last = desk.told(Standing)[-1]
            assert last.said == "1 article added, 1 removed"
            assert (last.index.articles, last.index.stale) == (2, False)
            assert (await answer_of(engine, PAINTED)).short is not None

    run(change())


def test_a_small_change_is_in_the_answer_to_a_question_asked_at_once(
    desk: EngineDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_few(tmp_path / "starts", monkeypatch)

    async def ask() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Standing))
            desk.write("bridge.txt", BRIDGE)
            answer = await answer_of(engine, PAINTED)
            assert [citation.quote for citation in answer.citations] == [BRIDGE.strip()]
            assert not answer.index.stale

    run(ask())


def test_the_index_of_another_process_is_waited_for_by_nobody_and_said_to_be_stale(desk: EngineDesk) -> None:
    async def ask() -> None:
        desk.write("bridge.txt", BRIDGE)
        with FileLock(desk.state.lock).held():
            async with desk.engine() as engine:
                events = await events_of(engine)
                assert isinstance(events[-1], Answered)
                assert events[-1].answer.index.stale
                remarks = [event.text for event in events if isinstance(event, Remark)]
                assert len(remarks) == 1
                assert f"is being indexed by process {os.getpid()}" in remarks[0]
                assert remarks[0].endswith("answered from the index as it was before")

    run(ask())


@pytest.mark.slow
def test_the_first_index_of_another_process_is_waited_for(empty: EngineDesk) -> None:
    async def ask() -> None:
        empty.state.create()
        indexing = FileLock(empty.state.lock)
        assert indexing.acquire()
        async with empty.engine() as engine:
            events = engine.ask(BURNED)
            remark = await anext(events)
            assert isinstance(remark, Remark)
            assert remark.text.endswith("waiting for the first index to be finished")
            indexing.release()
            assert isinstance([event async for event in events][-1], Answered)

    run(ask())


@pytest.mark.slow
def test_a_large_change_is_not_waited_for_and_the_answer_says_so(desk: EngineDesk, held: HeldIndexers) -> None:
    bridges = desk.corpus.with_name("bridges")
    bridges.mkdir()
    for number in range(21):
        (bridges / f"{number}.txt").write_text(BRIDGE.replace("Cawdor", f"Cawdor {number}"))

    async def ask() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Standing))
            bridges.rename(desk.corpus / "bridges")  # at once: who looks sees all of them or none
            asking = asyncio.create_task(events_of(engine))
            indexer = await _being_indexed()
            await until(lambda: niceness(indexer) == min(niceness() + NICENESS, 19))  # questions go first
            events = await asking
            held.let_go()
            assert isinstance(events[-1], Answered)
            assert events[-1].answer.index.stale
            assert [event.text for event in events if isinstance(event, Remark)] == [
                "files have changed and are still being indexed; answered from the index as it was before"
            ]
            await until(lambda: [told for told in desk.told(Standing) if told.said == "21 articles added"])
            assert not (await answer_of(engine)).index.stale

    run(ask())


def test_where_nothing_can_be_written_a_temporary_index_answers_and_that_is_said(empty: EngineDesk) -> None:
    empty.states.write_text("a file stands in the way\n")

    async def ask() -> None:
        async with empty.engine() as engine:
            assert (await answer_of(engine)).status == "answered"
            remark = empty.told(Remark)[0].text
            assert remark.endswith("working on a temporary index, nothing is kept")
            assert len(await engine.articles()) == 2

    run(ask())
    assert empty.states.is_file()


def test_an_article_that_cannot_be_read_is_named_once(desk: EngineDesk) -> None:
    (desk.corpus / "broken.txt").write_bytes(b"\xff\xfe\x00")

    async def ask() -> None:
        async with desk.engine() as engine:
            await answer_of(engine)
            await answer_of(engine)
            await until(lambda: desk.told(Remark))
            assert ["broken.txt" in remark.text for remark in desk.told(Remark)] == [True]

    run(ask())


@pytest.mark.slow
def test_a_damaged_catalog_is_built_anew(desk: EngineDesk) -> None:
    for path in desk.state.root.glob("catalog*"):
        path.write_bytes(b"no database" * 1000)

    async def ask() -> None:
        async with desk.engine() as engine:
            assert (await answer_of(engine)).status == "answered"
            assert "built anew" in desk.told(Standing)[-1].said

    run(ask())


def test_damaged_vectors_leave_the_words_and_are_mended_on_demand(desk: EngineDesk) -> None:
    for path in desk.state.chroma.rglob("chroma.sqlite3"):
        path.write_bytes(b"no database" * 1000)

    async def ask() -> None:
        async with desk.engine() as engine:
            remarks = [event.text for event in await events_of(engine) if isinstance(event, Remark)]
            assert any("answered from the words of the question alone" in remark for remark in remarks)
            await engine.reindex(rebuild=True)
            mended = await until(lambda: [told for told in desk.told(Standing) if told.said])
            assert mended[-1].said.endswith("built anew: asked for")
            assert [event for event in await events_of(engine) if isinstance(event, Remark)] == []

    run(ask())


def test_indexing_that_is_killed_is_told_and_neither_the_engine_nor_its_answers_end(
    desk: EngineDesk, held: HeldIndexers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_few(tmp_path / "starts", monkeypatch)

    async def ask() -> None:
        async with desk.engine() as engine:
            await answer_of(engine)
            host = engines()
            desk.write("bridge.txt", BRIDGE)
            asking = asyncio.create_task(events_of(engine))
            indexer = await _being_indexed()
            await until(lambda: desk.told(Indexing))  # it knows what to do
            assert niceness(indexer) == niceness(), "a question waits for it"
            os.kill(indexer, signal.SIGSEGV)
            failed = await until(lambda: desk.told(IndexingFailed))
            assert failed[0].message.startswith("indexing broke off")
            assert "parley index --rebuild" in failed[0].hint
            events = await asking
            assert isinstance(events[-1], Answered)
            assert events[-1].answer.index.stale
            assert any("indexing broke off" in event.text for event in events if isinstance(event, Remark))
            assert engines() == host

    run(ask())


def niceness(pid: int = 0) -> int:
    """Of a process; ours, if none is named."""
    return os.getpriority(os.PRIO_PROCESS, pid)


async def _being_indexed() -> int:
    """The indexer of the running engine."""
    return (await until(lambda: indexers(engines()[0])))[0]


@pytest.mark.slow
def test_giving_a_question_up_does_not_end_the_indexing_that_it_waits_for(
    empty: EngineDesk, held: HeldIndexers
) -> None:
    async def ask() -> None:
        async with empty.engine() as engine:
            events = engine.ask(BURNED)
            await anext(events)
            indexer = await _being_indexed()
            await events.aclose()
            assert is_there(indexer)
            held.let_go()
            assert (await answer_of(engine)).status == "answered"
            assert len([told for told in empty.told(Standing) if told.said]) == 1

    run(ask())
    with closing(Catalog.open(empty.state.catalog)) as catalog:
        assert catalog.counts()[0] == 2


def test_an_engine_that_ends_while_it_indexes_leaves_no_process(empty: EngineDesk, held: HeldIndexers) -> None:
    async def end() -> int:
        async with empty.engine():
            return await _being_indexed()

    assert gone(run(end()))
