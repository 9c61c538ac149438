"""Keeping the index fresh: every question is answered from an index as fresh as can be, and never waits long."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index import keeping
from index.errors import CorpusError, LockedError, StateError
from index.fakes import FakeEmbedder
from index.freshness import RACY_NS
from index.keeping import Patience
from index.locks import FileLock
from kept_desk import Desk, prose

ROOT = Path(__file__).resolve().parent.parent


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
    written = (desk.corpus / "empty.txt").stat().st_ctime_ns
    monkeypatch.setattr("index.changes.time.time_ns", lambda: written)
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

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
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
