"""An index that is damaged at the start, or beneath a running engine: answers, what is said, and what mends it."""

import copy
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from assistant.engine.notices import IndexingFailed, Lost, Remark, Standing
from assistant.events import Answered
from engine_desk import EngineDesk, answer_of, events_of, run, until
from index.encoder import OnnxEmbedder
from index.state import StateFolder

pytestmark = pytest.mark.slow  # a first index of so many takes long
BRIDGES = 240
"""Articles of one passage each: more than 200, so that Chroma has written a graph."""
IN_WORDS_ALONE = "answered from the words of the question alone. Mend it with: parley doctor --fix"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory, encoder: OnnxEmbedder) -> EngineDesk:
    desk = EngineDesk(tmp_path_factory.mktemp("many"))
    for number in range(BRIDGES):
        desk.write(f"bridge{number}.txt", f"Bridge number {number} was painted green.\n")
    return desk.index(encoder)


@pytest.fixture
def desk(pristine: EngineDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EngineDesk:
    """The same articles, and an index of its own to do as one likes with."""
    desk = copy.copy(pristine)
    desk.states, desk.heard = tmp_path / "states", []
    desk.state = StateFolder.of(desk.corpus, desk.states)
    shutil.copytree(pristine.states, desk.states)
    monkeypatch.setenv("PARLEY_CORPUS", str(desk.corpus))
    monkeypatch.setenv("PARLEY_STATE", str(desk.states))
    return desk


def segment(state: StateFolder) -> Path:
    (folder,) = (path for path in state.store("1").iterdir() if path.is_dir())
    return folder


def overwritten(path: Path, byte: bytes) -> None:
    path.write_bytes(byte * path.stat().st_size)


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def without_segment(state: StateFolder) -> None:
    shutil.rmtree(segment(state))


def with_links_to_nowhere(state: StateFolder) -> None:
    overwritten(segment(state) / "data_level0.bin", b"\xff")


def with_zeroed_vectors(state: StateFolder) -> None:
    overwritten(segment(state) / "data_level0.bin", b"\0")


def with_half_a_header(state: StateFolder) -> None:
    halved(segment(state) / "header.bin")


def with_half_a_database(state: StateFolder) -> None:
    halved(state.store("1") / "chroma.sqlite3")


def with_garbage_for_a_database(state: StateFolder) -> None:
    overwritten(state.store("1") / "chroma.sqlite3", b"no database ")


def without_chroma(state: StateFolder) -> None:
    shutil.rmtree(state.chroma)


def with_nothing_in_the_catalog(state: StateFolder) -> None:
    os.truncate(state.catalog, 0)


def with_half_a_catalog(state: StateFolder) -> None:
    halved(state.catalog)


def with_garbage_for_a_catalog(state: StateFolder) -> None:
    overwritten(state.catalog, b"no database ")


def with_a_catalog_broken_inside(state: StateFolder) -> None:
    """The first page, which names the tables, stays whole."""
    with state.catalog.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (state.catalog.stat().st_size - 4096))


def without_catalog(state: StateFolder) -> None:
    state.catalog.unlink()


GRAPHS = [without_segment, with_links_to_nowhere, with_zeroed_vectors, with_half_a_header, without_chroma]
DATABASES = [with_half_a_database, with_garbage_for_a_database]
CATALOGS = [
    with_nothing_in_the_catalog,
    with_half_a_catalog,
    with_garbage_for_a_catalog,
    with_a_catalog_broken_inside,
    without_catalog,
]


@pytest.mark.parametrize("damage", GRAPHS + DATABASES)
def test_damaged_vectors_leave_the_words_and_the_command_that_is_named_mends_them(
    desk: EngineDesk, damage: Callable[[StateFolder], None], parley: Callable[..., Any]
) -> None:
    damage(desk.state)

    async def ask() -> None:
        async with desk.engine() as engine:
            events = await events_of(engine)
            assert isinstance(events[-1], Answered)
            assert events[-1].answer.status == "answered"
            (remark,) = [event.text for event in events if isinstance(event, Remark)]
            assert remark.endswith(IN_WORDS_ALONE)
            assert "PROBLEM  vectors: " in parley("doctor").out
            assert parley("doctor", "--fix").code == 0
            assert [event for event in await events_of(engine) if isinstance(event, Remark)] == []
            assert not desk.told(Lost)
            assert not desk.told(IndexingFailed)

    run(ask())


def answered_around(desk: EngineDesk, damage: Callable[[StateFolder], None]) -> tuple[Answer, Answer, list[str]]:
    """An answer of a running engine, the one after the damage, and the remarks that come with that."""

    async def ask() -> tuple[Answer, Answer, list[str]]:
        async with desk.engine() as engine:
            before = await answer_of(engine)
            damage(desk.state)
            *between, answered = await events_of(engine)
            assert isinstance(answered, Answered)
            return before, answered.answer, [event.text for event in between if isinstance(event, Remark)]

    return run(ask())


@pytest.mark.parametrize("damage", GRAPHS)
def test_an_engine_that_has_the_graph_open_answers_as_before(
    desk: EngineDesk, damage: Callable[[StateFolder], None]
) -> None:
    before, after, remarks = answered_around(desk, damage)
    assert (after.text, after.confidence) == (before.text, before.confidence)
    assert remarks == []


@pytest.mark.parametrize("damage", DATABASES)
def test_a_database_that_is_damaged_beneath_a_running_engine_leaves_the_words(
    desk: EngineDesk, damage: Callable[[StateFolder], None]
) -> None:
    before, after, remarks = answered_around(desk, damage)
    assert after.text == before.text
    (remark,) = remarks
    assert remark.endswith(IN_WORDS_ALONE)


@pytest.mark.parametrize("damage", CATALOGS)
def test_a_catalog_that_is_damaged_beneath_a_running_engine_is_built_anew_and_the_question_waits_for_it(
    desk: EngineDesk, damage: Callable[[StateFolder], None]
) -> None:
    async def ask() -> None:
        async with desk.engine() as engine:
            before = await answer_of(engine)
            damage(desk.state)
            after = await answer_of(engine)
            assert (after.text, after.index.stale) == (before.text, False)
            await until(lambda: [told for told in desk.told(Standing) if told.said])
            assert not desk.told(Lost)
            assert not desk.told(IndexingFailed)

    run(ask())
