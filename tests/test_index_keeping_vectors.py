"""The vectors of a view: only what the catalog knows is found, and without vectors the words are searched."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.errors import DamagedError, LockedError, StateError
from index.fakes import FakeEmbedder
from index.locks import FileLock
from index.vectors import open_writer
from index.vectors_reading import EngineReader
from index.view import DateRange, IndexReader
from kept_desk import Desk, prose


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.kept.close()


# Vectors that cannot be had


def require_words_alone(desk: Desk, reason: str) -> None:
    vector = FakeEmbedder().embed(["budget"])[0]
    with desk.kept.reader.view() as view:
        assert not view.has_vectors
        assert view.nearest(vector, 3) == {}
        keys = view.lexical.candidates("budget", 3, None, None)
        passages = list(view.catalog.passages(keys).values())
        assert {passage.article.path for passage in passages} == {"a.txt", "b.txt"}
        assert view.similarities(vector, passages) == {}
    assert reason in (desk.kept.reader.warning or "")
    assert "the words of the question alone" in (desk.kept.reader.warning or "")


def test_while_vectors_are_being_written_only_words_are_searched(desk: Desk) -> None:
    desk.kept.refresh()
    with FileLock(desk.state.chroma_lock).held():
        require_words_alone(desk, "the vectors are being written")
    assert desk.seen() == {"a.txt", "b.txt"}
    assert desk.kept.reader.warning is None


def test_a_reader_waits_two_seconds_for_the_vectors(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.kept.refresh()
    waited: list[float] = []
    monkeypatch.setattr(FileLock, "acquire", lambda self, timeout_s=0.0: waited.append(timeout_s))
    reader = IndexReader(desk.state)
    with closing(reader), reader.view() as view:
        assert not view.has_vectors
    assert waited == [2.0]


def test_an_engine_that_is_busy_leaves_the_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.kept.refresh()

    def refuse(directory: Path) -> None:
        raise LockedError(f"{directory} is in use by another process")

    monkeypatch.setattr("index.view.open_reader", refuse)
    require_words_alone(desk, "the vectors are being written")


def test_damaged_vectors_leave_the_words_and_the_command_that_mends_them(desk: Desk) -> None:
    desk.kept.refresh()
    (desk.state.store("1") / "chroma.sqlite3").unlink()
    require_words_alone(desk, "parley doctor --fix")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DamagedError("the graph is cut short"), "alone. Mend it with: parley doctor --fix"),
        (StateError("too many open files", "close some"), "the words of the question alone. Close some"),
        (LockedError("in use by another process"), "the vectors are being written"),
    ],
)
@pytest.mark.parametrize("method", ["count", "query", "get"])
def test_vectors_that_fail_when_they_are_asked_leave_the_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, reason: str
) -> None:
    desk.kept.refresh()
    vector = FakeEmbedder().embed(["budget"])[0]

    def fail(*arguments: object) -> None:
        raise error

    with monkeypatch.context() as patch, desk.kept.reader.view() as view:
        passages = list(view.catalog.passages(view.lexical.candidates("budget", 3, None, None)).values())
        assert view.has_vectors
        assert desk.kept.reader.warning is None
        patch.setattr(EngineReader, method, fail)
        near = view.nearest(vector, 3)
        assert bool(near) is (method == "get")
        assert view.similarities(vector, passages) == {}
        assert not view.has_vectors
        assert view.nearest(vector, 3) == {}
    assert reason in (desk.kept.reader.warning or "")
    assert "the words of the question alone" in (desk.kept.reader.warning or "")
    assert desk.seen() == {"a.txt", "b.txt"}
    assert desk.kept.reader.warning is None


def test_a_lock_that_cannot_be_made_leaves_the_words(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.kept.refresh()

    def refuse(self: FileLock, timeout_s: float = 0.0) -> bool:
        raise StateError(f"{self.path} cannot be written: Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    require_words_alone(desk, "Read-only file system")


# Vectors and the catalog


def test_vectors_that_the_catalog_does_not_know_are_invisible_and_enough_others_are_found(desk: Desk) -> None:
    for number in range(6):
        desk.write(f"{number}.txt", prose(f"Town{number}"))
    desk.kept.refresh()
    vector = FakeEmbedder().embed(["anything"])[0]
    with closing(open_writer(desk.state.store("1"), desk.embedder.dimension)) as writer:
        strangers = np.tile(vector, (40, 1)) + np.linspace(0, 0.01, 40, dtype=np.float32)[:, None]
        strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
        writer.add([f"stranger{number}" for number in range(40)], strangers)
    with desk.kept.reader.view() as view:
        passages = view.catalog.counts()[1]
        found = view.nearest(vector, 5)
        everything = view.nearest(vector, 1000)
        assert view.nearest(vector, 0) == {}
    assert len(found) == 5
    assert list(found) == list(everything)[:5]
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert len(everything) == passages


def test_only_allowed_passages_come_back_and_fewer_where_there_are_fewer(desk: Desk) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "date": "2019-02-02"}\n{"doc": "b", "date": "2019-02-03"}')
    desk.kept.refresh()
    vector = FakeEmbedder().embed(["anything"])[0]
    with desk.kept.reader.view() as view:
        allowed, undated = view.catalog.dated_between(date(2019, 2, 2), date(2019, 2, 2))
        found = view.catalog.passages(list(view.nearest(vector, 50, allowed)))
        assert view.nearest(vector, 50, []) == {}
    assert undated == 0
    assert {passage.article.path for passage in found.values()} == {"a.txt"}
    assert len(found) == len(allowed)


def test_similarities_are_those_of_the_search(desk: Desk) -> None:
    desk.kept.refresh()
    vector = FakeEmbedder().embed(["anything"])[0]
    with desk.kept.reader.view() as view:
        near = view.nearest(vector, 50)
        again = view.similarities(vector, list(view.catalog.passages(list(near)).values()))
        assert view.similarities(vector, []) == {}
    assert again == pytest.approx(near, abs=1e-5)


def test_a_range_without_ends_is_none() -> None:
    assert not DateRange()
    assert DateRange(since=date(2019, 1, 1))
    assert DateRange(until=date(2019, 1, 1))
