"""Reading while others write: every question sees one whole index, as fresh as can be, and never waits long."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import keeping
from index.catalog import Catalog
from index.catalog_writing import CatalogWriter
from index.errors import CorpusError, DamagedError, LockedError, StateError
from index.fakes import FakeEmbedder, RecordingListener
from index.freshness import RACY_NS
from index.keeping import KeptIndex, Patience
from index.locks import FileLock
from index.state import StateFolder
from index.sync import sync
from index.vectors import open_reader, open_writer
from index.vectors_reading import EngineReader
from index.view import DateRange, IndexReader, IndexView

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = Patience(for_sync_s=0.0, for_vectors_s=0.0, pause=lambda seconds: None)


def prose(topic: str) -> str:
    return f"The {topic} council met. " + f"In {topic} the budget grew once more than anybody had thought. " * 6


class Desk:
    """A corpus of two articles, kept for one reader, and a second writer beside it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "articles"
        self.corpus.mkdir()
        self.write("a.txt", prose("Auckland"))
        self.write("b.txt", prose("Berlin"))
        self.states = folder / "state"
        self.state = StateFolder.of(self.corpus, self.states)
        self.embedder = FakeEmbedder()
        self.told = RecordingListener()
        self.kept = self.keep()

    def keep(self, patience: Patience = AT_ONCE) -> KeptIndex:
        return KeptIndex(self.corpus, self.state, self.embedder, self.told, patience)

    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)

    def sync_elsewhere(self, rebuild: str | None = None) -> None:
        """What another process would do."""
        sync(self.corpus, self.state, FakeEmbedder(), rebuild=rebuild)

    def seen(self) -> set[str]:
        """The articles of all passages that find themselves by their vectors."""
        with self.kept.reader.view() as view:
            return {view.catalog.passages([key])[key].article.path for key in finding_themselves(view)}


def finding_themselves(view: IndexView) -> set[int]:
    keys = view.catalog.passage_keys(view.catalog.passage_ids())
    passages = view.catalog.passages(list(keys.values()))
    return {
        key
        for key, passage in passages.items()
        if next(iter(view.nearest(FakeEmbedder().embed([passage.text])[0], 1)), None) == key
    }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.kept.close()


# Keeping the index fresh


def test_the_first_question_builds_the_index_and_tells_how_it_goes(desk: Desk) -> None:
    assert desk.kept.refresh() is False
    assert [report.added for report in desk.told.reports] == [2]
    assert {step.stage for step in desk.told.steps} == {"reading", "loading", "splitting", "encoding", "saving"}
    assert desk.seen() == {"a.txt", "b.txt"}


def test_a_question_after_a_change_sees_the_change(desk: Desk) -> None:
    desk.kept.refresh()
    desk.seen()
    desk.write("c.txt", prose("Cairo"))
    (desk.corpus / "a.txt").unlink()
    desk.kept.refresh()
    assert desk.seen() == {"b.txt", "c.txt"}


def test_a_folder_that_goes_missing_is_an_error(desk: Desk) -> None:
    desk.kept.refresh()
    shutil.rmtree(desk.corpus)
    with pytest.raises(CorpusError, match="there is no folder"):
        desk.kept.refresh()


def test_a_rebuild_is_seen_by_the_reader_that_was_open(desk: Desk) -> None:
    desk.kept.refresh()
    desk.seen()
    desk.sync_elsewhere("asked for")
    assert desk.seen() == {"a.txt", "b.txt"}


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"nonsense " * 999)])
def test_a_catalog_that_goes_or_is_overwritten_is_built_anew(desk: Desk, damage: Callable[[Path], None]) -> None:
    desk.kept.refresh()
    desk.seen()
    desk.kept.reader.close()
    damage(desk.state.catalog)
    assert desk.kept.refresh() is False
    assert desk.told.reports[-1].rebuilt
    assert desk.seen() == {"a.txt", "b.txt"}


def test_an_unchanged_folder_is_compared_without_loading_what_is_slow(desk: Desk) -> None:
    desk.kept.refresh()
    program = """
import sys
from pathlib import Path
from index.fakes import FakeEmbedder, RecordingListener
from index.keeping import KeptIndex
from index.state import StateFolder

corpus, state = map(Path, sys.argv[1:])
kept = KeptIndex(corpus, StateFolder(state), FakeEmbedder(), RecordingListener())
assert not kept.refresh()
slow = {"llama_index", "chromadb", "onnxruntime", "tiktoken", "numpy", "httpx", "textual"}
print(sorted(slow & set(sys.modules)))
with kept.reader.view() as view:
    assert view.has_vectors
print(sorted((slow - {"numpy"}) & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, desk.corpus, desk.state.root],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "[]"]


# While another process indexes


def test_while_another_process_indexes_questions_are_answered_from_the_index_as_it_was(desk: Desk) -> None:
    desk.kept.refresh()
    desk.write("c.txt", prose("Cairo"))
    with FileLock(desk.state.lock).held():
        assert desk.kept.refresh() is True
        assert desk.seen() == {"a.txt", "b.txt"}
    (warning,) = desk.told.warnings
    assert f"is being indexed by process {os.getpid()}" in warning
    assert "answered from the index as it was before" in warning
    assert desk.kept.refresh() is False
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}


def test_a_sync_that_is_over_soon_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.kept.refresh()
    waited: list[float] = []
    acquire = FileLock.acquire

    def note(self: FileLock, timeout_s: float = 0.0) -> bool:
        if self.path == desk.state.lock:
            waited.append(timeout_s)
        return acquire(self, timeout_s)

    monkeypatch.setattr(FileLock, "acquire", note)
    with closing(desk.keep(Patience())) as kept:
        desk.write("c.txt", prose("Cairo"))
        assert kept.refresh() is False
    assert waited == [keeping.SYNC_WAIT_S]


def test_before_the_first_index_is_finished_a_question_waits_for_it(desk: Desk) -> None:
    lock = FileLock(desk.state.lock)
    lock.acquire()
    pauses = 0

    def finish_at_the_third(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 3:
            lock.release()
            desk.sync_elsewhere()

    with closing(desk.keep(Patience(0.0, 0.0, finish_at_the_third))) as kept:
        assert kept.refresh() is False
        with kept.reader.view() as view:
            assert view.catalog.counts()[0] == 2
    assert pauses == 3
    (warning,) = desk.told.warnings
    assert f"process {os.getpid()}" in warning
    assert "waiting for the first index to be finished" in warning


def test_if_the_one_it_waits_for_dies_a_question_builds_the_index_itself(desk: Desk) -> None:
    lock = FileLock(desk.state.lock)
    lock.acquire()
    with closing(desk.keep(Patience(0.0, 0.0, lambda seconds: lock.release()))) as kept:
        assert kept.refresh() is False
    assert [report.added for report in desk.told.reports] == [2]


def test_where_chroma_stays_locked_the_first_index_is_tried_twice_and_not_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[Path] = []

    def refuse(corpus: Path, *arguments: object, **options: object) -> None:
        attempts.append(corpus)
        raise LockedError("chroma/lock is held by another process")

    monkeypatch.setattr(keeping, "sync", refuse)
    with pytest.raises(LockedError, match="chroma/lock"):
        desk.kept.refresh()
    assert len(attempts) == 2
    assert desk.told.warnings == []


# What was skipped


def make_old(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the next sync think that the folder changed long ago."""
    later = time.time_ns() + 10 * RACY_NS
    monkeypatch.setattr("index.changes.time.time_ns", lambda: later)


def test_what_is_skipped_is_told_once_of_a_fresh_index(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        desk.write(f"empty{number}.txt", "")
    (desk.corpus / "link.txt").symlink_to("/nowhere")
    make_old(desk, monkeypatch)
    desk.sync_elsewhere()
    desk.kept.refresh()
    desk.kept.refresh()
    assert desk.told.reports == []
    (warning,) = desk.told.warnings
    assert warning == (
        "skipped 5 that cannot be read: empty0.txt is empty; empty1.txt is empty; empty2.txt is empty; and 2 more"
    )


def test_what_a_sync_has_told_is_not_told_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("empty.txt", "")
    desk.kept.refresh()
    make_old(desk, monkeypatch)
    desk.kept.refresh()
    desk.kept.refresh()
    assert [report.warnings for report in desk.told.reports] == [["empty.txt is empty; skipped"], []]
    assert desk.told.warnings == []


def test_while_another_process_changes_the_encoder_only_words_are_searched(desk: Desk) -> None:
    desk.kept.refresh()
    desk.embedder = FakeEmbedder("another", dimension=8)
    with closing(desk.keep()) as kept, FileLock(desk.state.lock).held():
        assert kept.refresh() is True
        with kept.reader.view() as view:
            assert not view.has_vectors
            assert view.nearest(desk.embedder.embed(["budget"])[0], 3) == {}
            assert view.lexical.candidates("budget", 3, None, None)
        assert "made with another encoder" in (kept.reader.warning or "")


# Where nothing can be kept


def test_where_state_cannot_be_written_a_temporary_index_answers_and_goes(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands where the folder should")
    desk = Desk(tmp_path)
    assert desk.kept.refresh() is False
    place = desk.kept.state.root
    assert desk.seen() == {"a.txt", "b.txt"}
    assert tmp_path not in place.parents
    (warning,) = desk.told.warnings
    assert "cannot be made" in warning
    assert "working on a temporary index, nothing is kept" in warning
    desk.write("c.txt", prose("Cairo"))
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}
    assert len(desk.told.warnings) == 1
    desk.kept.close()
    assert not place.exists()


def test_where_not_even_a_temporary_folder_can_be_made_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("a file stands where the folder should")

    def refuse(**options: object) -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(StateError, match="cannot be made"):
        Desk(tmp_path).kept.refresh()


def test_a_temporary_index_that_cannot_be_written_either_is_an_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StateError, match="cannot be written"):
        desk.kept.refresh()
    assert len(desk.told.warnings) == 1


def test_a_catalog_that_cannot_be_opened_makes_the_index_temporary(desk: Desk) -> None:
    desk.state.create()
    desk.state.catalog.mkdir()
    assert desk.kept.refresh() is False
    assert "nothing is kept" in desk.told.warnings[0]
    assert desk.seen() == {"a.txt", "b.txt"}


# A reader that stays open


def test_a_reader_sees_what_another_process_indexed(desk: Desk) -> None:
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
    desk.write("c.txt", prose("Cairo"))
    desk.sync_elsewhere()
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}


@pytest.mark.parametrize("everything", [False, True], ids=["the catalog", "all state"])
def test_a_reader_sees_an_index_that_was_put_in_place_of_its_own(desk: Desk, everything: bool) -> None:
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
    if everything:
        shutil.rmtree(desk.state.root)
    else:
        desk.state.catalog.unlink()
    (desk.corpus / "b.txt").unlink()
    desk.write("c.txt", prose("Cairo"))
    desk.sync_elsewhere()
    assert desk.seen() == {"a.txt", "c.txt"}


def test_a_question_that_is_being_answered_keeps_its_generation(desk: Desk) -> None:
    desk.kept.refresh()
    with desk.kept.reader.view() as view:
        assert finding_themselves(view)
        desk.write("a.txt", prose("Amsterdam"))
        desk.sync_elsewhere()
        texts = [passage.text for passage in view.catalog.passages(list(range(1, 99))).values()]
        assert any("Auckland" in text for text in texts)
        assert not any("Amsterdam" in text for text in texts)
        near = view.nearest(FakeEmbedder().embed(["Auckland"])[0], 5)
        passages = list(view.catalog.passages(list(near)).values())
        assert {passage.article.path for passage in passages} >= {"b.txt"}
        assert view.similarities(FakeEmbedder().embed(["Auckland"])[0], passages)
    assert desk.seen() == {"a.txt", "b.txt"}


def test_a_sync_that_commits_while_the_vectors_are_opened_makes_the_reader_start_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.kept.refresh()

    def open_late(directory: Path) -> object:
        monkeypatch.setattr("index.view.open_reader", open_reader)
        desk.write("c.txt", prose("Cairo"))
        reader = open_reader(directory)
        release_and_sync(desk)
        return reader

    monkeypatch.setattr("index.view.open_reader", open_late)
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}


def test_a_rebuild_that_removes_the_store_before_it_is_opened_makes_the_reader_start_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.kept.refresh()

    def open_late(directory: Path) -> object:
        monkeypatch.setattr("index.view.open_reader", open_reader)
        release_and_sync(desk, rebuild="asked for")
        return open_reader(directory)

    monkeypatch.setattr("index.view.open_reader", open_late)
    assert desk.seen() == {"a.txt", "b.txt"}
    assert desk.kept.reader.warning is None


def release_and_sync(desk: Desk, rebuild: str | None = None) -> None:
    """Sync elsewhere just before the reader takes the short lock, which it holds in fact."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.state.StateFolder.chroma_lock", property(lambda state: state.root / "other-lock"))
        desk.sync_elsewhere(rebuild)


def test_before_anything_is_indexed_there_is_nothing_to_view(desk: Desk) -> None:
    with pytest.raises(DamagedError, match="there is no catalog"), desk.kept.reader.view():
        pass
    desk.state.create()
    Catalog.open(desk.state.catalog, create=True).close()
    with pytest.raises(DamagedError, match="nothing is indexed yet"), desk.kept.reader.view():
        pass


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
        (DamagedError("the graph is cut short", ""), "the graph is cut short; answered"),
        (StateError("too many open files"), "parley doctor --fix"),
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


def test_a_state_folder_that_lost_its_manifest_is_not_answered_from(desk: Desk) -> None:
    desk.kept.refresh()
    with closing(Catalog.open(desk.state.catalog)) as catalog, CatalogWriter(catalog).transaction():
        catalog.connection.execute("DELETE FROM manifest")
    with pytest.raises(DamagedError, match="nothing is indexed yet"), desk.kept.reader.view():
        pass
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
