"""The state folder: who may write it, one at a time, and where it cannot be written."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import CorpusError, LockedError, StateError
from index.fakes import FakeEmbedder
from index.locks import FileLock
from index.state import StateFolder
from index.sync import Progress, sync
from sync_desk import Desk, furnished, prose


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return furnished(tmp_path)


def test_a_catalog_that_is_only_locked_is_not_thrown_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sync()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **{**options, "timeout": 0}))
    inode = desk.state.catalog.stat().st_ino
    with closing(connect(desk.state.catalog, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.write("c.txt", prose("Cairo"))
        with pytest.raises(LockedError, match="in use by another process"):
            desk.sync()
    assert desk.state.catalog.stat().st_ino == inode
    assert desk.sync().added == 1


def test_a_place_that_cannot_be_changed_is_a_state_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sync()

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    desk.state.catalog.write_bytes(b"nonsense " * 999)
    for method in ("unlink", "iterdir"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, refuse)
            with pytest.raises(StateError, match="Permission denied"):
                desk.sync()
    desk.sync()
    desk.require_whole()


def test_a_second_process_is_refused_and_told_who_is_at_it(desk: Desk) -> None:
    refused = pytest.raises(LockedError, match=f"is being indexed by process {os.getpid()}")
    with FileLock(desk.state.lock).held(), refused:
        desk.sync()
    assert desk.sync().added == 2


def test_what_came_while_it_waited_for_the_lock_is_not_taken_for_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire = FileLock.acquire

    def acquire_late(self: FileLock, timeout_s: float = 0.0) -> bool:
        if self.path == desk.state.lock:
            monkeypatch.setattr(FileLock, "acquire", acquire)
            desk.write("c.txt", prose("Cairo"))
            desk.sync()
        return acquire(self, timeout_s)

    monkeypatch.setattr(FileLock, "acquire", acquire_late)
    assert desk.sync().deleted == 0
    assert "c.txt" in desk.articles()


def test_the_lock_is_free_again_after_a_failure(desk: Desk) -> None:
    def fail(progress: Progress) -> None:
        raise RuntimeError(progress.stage)

    with pytest.raises(RuntimeError, match="reading"):
        sync(desk.corpus, desk.state, desk.embedder, fail)
    assert desk.sync().added == 2


def test_state_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("a.txt", prose("Auckland"))
    (tmp_path / "state").write_text("a file stands where the folder should")
    with pytest.raises(StateError, match="cannot be made: Not a directory") as caught:
        desk.sync()
    assert "--state DIR" in caught.value.hint


def test_state_without_the_right_to_write_is_an_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StateError, match="cannot be written"):
        desk.sync()


def test_no_state_is_made_for_a_corpus_that_is_missing(tmp_path: Path) -> None:
    state = StateFolder.of(tmp_path / "nowhere", tmp_path / "state")
    with pytest.raises(CorpusError):
        sync(tmp_path / "nowhere", state, FakeEmbedder())
    assert not (tmp_path / "state").exists()


def test_the_state_folder_is_named_after_the_corpus_and_its_real_path(tmp_path: Path) -> None:
    corpus = tmp_path / "My articles: 2019"
    corpus.mkdir()
    (tmp_path / "link").symlink_to(corpus)
    (tmp_path / "loop").symlink_to("loop")
    state = StateFolder.of(corpus, tmp_path)
    assert state.root.name.startswith("My_articles_2019-")
    assert StateFolder.of(tmp_path / "link", tmp_path) == state
    assert StateFolder.of(tmp_path / "loop", tmp_path) != state
    assert StateFolder.of(Path("/"), tmp_path).root.name.startswith("root-")
