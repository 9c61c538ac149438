"""What SQLite, Chroma and the system say of a vector store becomes the fitting error, and a bug stays a bug."""

import errno
import shutil
from pathlib import Path

import pytest
from chromadb.errors import InternalError

from index import vectors, vectors_health, vectors_reading
from index.errors import DamagedError, StateError
from index.sqlite_errors import is_there, sqlite_error
from vector_stores import DIMENSION


def test_a_folder_that_cannot_be_made_is_a_state_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StateError):
        vectors.open_writer(tmp_path / "file" / "chroma", DIMENSION)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("attempt to write a readonly database", "StateError"),
        ("database or disk is full", "StateError"),
        ("error returned from database: (code: 10) disk I/O error", "StateError"),
        ("No space left on device (os error 28)", "StateError"),
        ("Read-only file system (os error 30)", "StateError"),
        ("Permission denied (os error 13)", "StateError"),
        ("Too many open files (os error 24)", "StateError"),
        ("database is locked", "LockedError"),
        ("database disk image is malformed", "DamagedError"),
    ],
)
def test_what_sqlite_says_becomes_the_fitting_error(said: str, kind: str) -> None:
    assert type(sqlite_error(Path("x"), RuntimeError(said))).__name__ == kind


def test_a_file_in_a_folder_without_access_is_neither_there_nor_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    assert is_there(tmp_path)
    assert not is_there(tmp_path / "none")
    monkeypatch.setattr(Path, "exists", refuse)
    with pytest.raises(StateError, match="x cannot be used: Permission denied") as refused:
        is_there(tmp_path / "x")
    assert "--state DIR" in refused.value.hint


def test_a_panic_of_the_engine_is_damage_and_an_interrupt_stays_one(tmp_path: Path) -> None:
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(DamagedError), vectors_reading.translated(tmp_path):
        raise panic("index out of bounds")
    with pytest.raises(KeyboardInterrupt), vectors_reading.translated(tmp_path):
        raise KeyboardInterrupt


@pytest.mark.parametrize("bug", [AttributeError, TypeError, KeyError, NameError, MemoryError, RuntimeError])
def test_a_bug_does_not_pass_for_damage(tmp_path: Path, bug: type[Exception]) -> None:
    with pytest.raises(bug), vectors_reading.translated(tmp_path):
        raise bug("ours")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InternalError("backfill failed"), DamagedError),
        (InternalError("No space left on device (os error 28)"), StateError),
        (ValueError("Could not connect to tenant default_tenant"), DamagedError),
        (OSError(errno.EMFILE, "Zu viele offene Dateien"), StateError),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), DamagedError),
    ],
)
def test_what_chroma_says_of_a_store_is_told_apart(
    tmp_path: Path, error: Exception, kind: type[Exception]
) -> None:
    with pytest.raises(kind), vectors_reading.translated(tmp_path):
        raise error


def test_a_folder_that_cannot_be_removed_or_listed_is_no_crash(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(StateError, match="Permission denied"):
        vectors.mend(store)
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(StateError, match="Permission denied"):
        vectors_health.is_unborn(store)
