"""Folders for an index that is not kept: gone with their owner, however that one ends, and with nobody else."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.locks import FileLock
from index.temporary import TemporaryFolder, sweep

OWNING = """
import sys
from index.temporary import TemporaryFolder
folder = TemporaryFolder()
(folder.path / "articles-0").mkdir()
(folder.path / "articles-0" / "lock").touch()
print(folder.path, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@contextmanager
def owner() -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """A process that has a folder, until it is killed."""
    command = [sys.executable, "-c", OWNING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_a_folder_goes_when_it_is_closed(place: Path) -> None:
    folder = TemporaryFolder()
    (folder.path / "x").mkdir()
    assert folder.path.parent == place
    folder.close()
    assert list(place.iterdir()) == []


def test_what_a_killed_process_leaves_is_removed_by_the_next_one_that_makes_a_folder(place: Path) -> None:
    with owner() as (process, left):
        sweep()
        assert (left / "articles-0").is_dir()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (left / "articles-0").is_dir()
        mine = TemporaryFolder()
        assert list(place.iterdir()) == [mine.path]
        mine.close()


def test_a_folder_in_which_somebody_still_writes_is_left_to_the_next_sweep(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.temporary._WRITER_ENDS_WITHIN_S", 0.0)
    with owner() as (process, left):
        process.kill()
        process.wait()
        with FileLock(left / "articles-0" / "lock").held():
            sweep()
            assert left.is_dir()
        sweep()
        assert not left.exists()


def test_what_only_has_such_a_name_is_left_alone(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").touch()
    (place / "parley-index-file").touch()
    (place / "parley-index-link").symlink_to(elsewhere)
    sweep()
    assert {path.name for path in place.iterdir()} == {"elsewhere", "parley-index-file", "parley-index-link"}
    assert (elsewhere / "kept.txt").exists()


def test_without_a_place_for_temporary_files_nothing_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", refuse)
    sweep()
