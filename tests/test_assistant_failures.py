"""When corpus, state or index cannot be used: one clear line (what, where, what to do) and the right exit code."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.locks import FileLock
from index.state import StateFolder

MILL = "The old mill of Kirkwall burned down in May.\n"
QUESTION = "What burned down in May?"
HINT = "Name a folder of .txt or .md files with --corpus DIR"


@pytest.fixture
def states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of states, of this test alone."""
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path / "states"))
    return tmp_path / "states"


@pytest.fixture
def built(parley: Callable[..., Any], folder: Callable[..., Path], states: Path) -> StateFolder:
    """The state of an indexed corpus of one article, a.txt."""
    corpus = folder({"a.txt": MILL})
    assert parley("index").code == 0
    return StateFolder.of(corpus, states)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files just written count as long untouched, so that a question finds nothing to sync."""
    monkeypatch.setattr("index.freshness.RACY_NS", 0)


def told(ran: Any) -> str:
    """The single line that a failed command says."""
    (line,) = str(ran.err).splitlines()
    assert line.startswith("parley: ")
    return line


@pytest.mark.parametrize("command", ["ask", "search", "index", "show"])
def test_a_folder_that_is_missing(parley: Callable[..., Any], tmp_path: Path, command: str) -> None:
    arguments = () if command == "index" else ("x",)
    ran = parley(command, *arguments, "--corpus", str(tmp_path / "none"))
    assert (ran.code, ran.out) == (5, "")
    assert told(ran) == f"parley: there is no folder {tmp_path / 'none'}. {HINT}"


def test_a_file_in_place_of_a_folder(parley: Callable[..., Any], seeds: Path) -> None:
    file = next(seeds.glob("*.txt"))
    ran = parley("ask", "x", "--corpus", str(file))
    assert ran.code == 5
    assert told(ran) == f"parley: {file} is a file, not a folder. {HINT}"


def test_a_failure_with_json_is_an_error_on_standard_output(parley: Callable[..., Any], tmp_path: Path) -> None:
    ran = parley("ask", "x", "--json", "--corpus", str(tmp_path / "none"))
    error = json.loads(ran.out)
    assert (ran.code, ran.err, error["schema"], error["code"]) == (5, "", "parley.error/1", 5)
    assert error["error"] == f"there is no folder {tmp_path / 'none'}"
    assert "--corpus DIR" in error["hint"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({".hidden": ""}, "holds no .txt or .md file (it is empty)"),
        ({"a.pdf": "x", "b.pdf": "x"}, "holds no .txt or .md file (it holds 2 .pdf)"),
        ({"a.txt": b"\x00\x01"}, "can be read as an article: a.txt holds NUL"),
        ({"a.txt": b""}, "a.txt is empty"),
        ({"a.txt": b"caf\xe9"}, "a.txt is not UTF-8 (byte 0xe9 at 3)"),
    ],
    ids=["empty", "only pdf", "only binary", "only empty files", "only Latin-1"],
)
@pytest.mark.parametrize("command", [("ask", "x"), ("index",)], ids=["ask", "index"])
def test_a_folder_without_a_readable_article(
    parley: Callable[..., Any],
    folder: Callable[..., Path],
    files: dict[str, str | bytes],
    said: str,
    command: tuple[str, ...],
) -> None:
    corpus = folder(files)
    ran = parley(*command)
    assert (ran.code, ran.out) == (5, "")
    assert said in told(ran)
    assert str(corpus) in ran.err
    assert ran.err.endswith(f"{HINT}\n")


def test_unreadable_files_among_good_ones_are_named_and_skipped(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    folder({"a.txt": MILL, "b.txt": b"\x00", "c.txt": b"", "d.md": b"\xff", "e.pdf": "x", "f": "x"})
    ran = parley("ask", QUESTION)
    assert ran.code == 0
    for line in (
        "b.txt holds NUL; skipped",
        "c.txt is empty; skipped",
        "d.md is not UTF-8 (byte 0xff at 0); skipped",
    ):
        assert line in ran.err
    assert "passed over files that are no .txt or .md: 1 .pdf, 1 no suffix" in ran.err


def test_a_folder_that_contains_itself_is_read_once(
    parley: Callable[..., Any], folder: Callable[..., Path]
) -> None:
    corpus = folder({"a.txt": MILL})
    (corpus / "again").symlink_to(corpus, target_is_directory=True)
    (corpus / "self.txt").symlink_to("self.txt")
    answer = json.loads(parley("ask", QUESTION, "--json").out)
    assert answer["index"]["articles"] == 1


def test_an_index_that_another_process_is_writing_locks_index_out_by_name(
    parley: Callable[..., Any], built: StateFolder
) -> None:
    with FileLock(built.lock).held():
        ran = parley("index")
        as_json = parley("index", "--json")
    assert ran.code == as_json.code == 5
    assert f"is being indexed by process {os.getpid()} (" in told(ran)
    assert ran.err.endswith("Wait for it to end, or end it\n")
    assert json.loads(as_json.out)["code"] == 5


def test_questions_are_answered_from_the_index_as_it_was_while_another_process_writes(
    parley: Callable[..., Any], built: StateFolder, folder: Callable[..., Path]
) -> None:
    folder({"b.txt": "A new harbour was opened in June.\n"})
    with FileLock(built.lock).held():
        ran = parley("ask", QUESTION, "--json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["status"]) == (0, "answered")
    assert (answer["index"]["stale"], answer["index"]["articles"]) == (True, 1)
    assert "answered from the index as it was before" in told(ran)
    fresh = json.loads(parley("ask", QUESTION, "--json").out)
    assert (fresh["index"]["stale"], fresh["index"]["articles"]) == (False, 2)


def test_vectors_that_another_process_is_writing_leave_the_words(
    parley: Callable[..., Any], built: StateFolder, settled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.view.CHROMA_WAIT_S", 0.0)
    with FileLock(built.chroma_lock).held():
        ran = parley("search", "mill")
    assert ran.code == 0
    assert "the vectors are being written; answered from the words of the question alone" in told(ran)


@pytest.fixture
def unwritable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder below a regular file: nobody can make it, root neither."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path / "file" / "states"))
    return tmp_path / "file"


def test_index_needs_a_state_that_can_be_written(
    parley: Callable[..., Any], folder: Callable[..., Path], unwritable: Path
) -> None:
    folder({"a.txt": MILL})
    ran = parley("index")
    assert ran.code == 5
    assert f"the state folder {unwritable}" in told(ran)
    assert ran.err.endswith("name another with --state DIR\n")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_questions_work_on_a_temporary_index_and_say_that_nothing_is_kept(
    parley: Callable[..., Any],
    folder: Callable[..., Path],
    unwritable: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    folder({"a.txt": MILL})
    ran = parley(command, QUESTION)
    assert ran.code == 0
    assert "burned down in May" in ran.out
    assert "working on a temporary index, nothing is kept" in ran.err
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_catalog_that_is_no_database_is_rebuilt_and_answered_from(
    parley: Callable[..., Any], built: StateFolder
) -> None:
    for path in built.root.glob("catalog.sqlite3*"):
        path.write_bytes(b"this is no database" * 100)
    ran = parley("ask", QUESTION)
    assert ran.code == 0
    assert "indexed 1 article, 1 passage (1 added" in ran.err


def test_a_catalog_of_another_version_is_rebuilt_and_answered_from(
    parley: Callable[..., Any], built: StateFolder
) -> None:
    connection = sqlite3.connect(built.catalog)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert parley("ask", QUESTION).code == 0
    assert parley("doctor").code == 0


def damage(state: StateFolder) -> None:
    """Spoil the vectors of the only store."""
    for path in state.chroma.rglob("chroma.sqlite3*"):
        path.write_bytes(b"spoiled" * 1000)


def test_damaged_vectors_leave_an_answer_from_the_words_with_a_warning(
    parley: Callable[..., Any], built: StateFolder, settled: None
) -> None:
    damage(built)
    ran = parley("ask", QUESTION, "--json")
    (passage,) = json.loads(ran.out)["passages"]
    assert passage["text"] == MILL.strip()
    assert ran.code in {0, 3}
    assert "answered from the words of the question alone. Mend it with: parley doctor --fix" in told(ran)


def lose(state: StateFolder) -> None:
    """Take the only store away."""
    shutil.rmtree(state.chroma / "1")


@pytest.mark.parametrize("spoil", [damage, lose])
def test_doctor_finds_damaged_vectors_and_mends_them(
    parley: Callable[..., Any], built: StateFolder, settled: None, spoil: Callable[[StateFolder], None]
) -> None:
    spoil(built)
    found = parley("doctor")
    assert found.code == 5
    assert "PROBLEM  vectors: " in found.out
    assert "-> parley doctor --fix" in found.out
    assert parley("doctor", "--fix").code == 0
    assert parley("ask", QUESTION).err == ""


def test_doctor_rebuilds_a_catalog_that_is_no_database(parley: Callable[..., Any], built: StateFolder) -> None:
    built.catalog.write_bytes(b"this is no database" * 100)
    found = parley("doctor")
    assert found.code == 5
    assert "PROBLEM  index: " in found.out
    assert parley("doctor", "--fix").code == 0
