import asyncio
import os
import stat
import tempfile
from pathlib import Path

import pytest
from textual.app import App

from reader_desk import HOSTILE
from tui.clipboard import FILE_NAME, Clipboard, write_privately


@pytest.fixture
def runtime(tmp_path: Path) -> dict[str, str]:
    """An environment whose private files go below a folder of this test."""
    return {"XDG_RUNTIME_DIR": str(tmp_path)}


def folder_of(environment: dict[str, str]) -> Path:
    return Path(environment["XDG_RUNTIME_DIR"], f"parley-{os.getuid()}")


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def copied(environment: dict[str, str], text: str, what: str = "the quote") -> tuple[str, str]:
    """What the app's clipboard holds then, and what people are told."""
    app: App[None] = App()
    said = asyncio.run(Clipboard(environment).copy(app, text, what))
    return app.clipboard, said


@pytest.mark.parametrize(
    "terminal", [{"TERM": "xterm-kitty"}, {"TERM": "foot"}, {"WT_SESSION": "1", "TERM": "xterm"}]
)
def test_a_terminal_that_takes_it_gets_it_and_no_file_is_left(
    runtime: dict[str, str], terminal: dict[str, str]
) -> None:
    assert copied(runtime | terminal, "a text") == ("a text", "Copied the quote")
    assert not folder_of(runtime).exists()


@pytest.mark.parametrize(
    ("terminal", "condition"),
    [
        ({"TERM": "linux"}, "this terminal lets programs copy"),
        ({"TERM": "dumb"}, "this terminal lets programs copy"),
        ({"TERM": "xterm-256color"}, "this terminal lets programs copy"),
        ({"TERM": "screen"}, "screen or tmux passes it on"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux,1,0"}, "tmux has set-clipboard on"),
    ],
)
def test_where_it_may_not_be_taken_a_file_has_it_too(
    runtime: dict[str, str], terminal: dict[str, str], condition: str
) -> None:
    clipboard, said = copied(runtime | terminal, "a text")
    file = folder_of(runtime) / FILE_NAME
    assert (clipboard, said) == ("a text", f"Copied the quote, if {condition}; it is written to {file}")
    assert file.read_text() == "a text"


def test_what_is_too_long_for_a_terminal_goes_to_the_file_alone(runtime: dict[str, str]) -> None:
    clipboard, said = copied(runtime | {"TERM": "foot"}, "x" * 60_000)
    file = folder_of(runtime) / FILE_NAME
    assert clipboard == ""
    assert said == f"The quote is too long for the clipboard of a terminal; it is written to {file}"
    assert len(file.read_text()) == 60_000


def test_what_is_copied_is_harmless_where_it_is_pasted(runtime: dict[str, str]) -> None:
    clipboard, _ = copied(runtime | {"TERM": "linux"}, HOSTILE)
    for text in (clipboard, (folder_of(runtime) / FILE_NAME).read_text()):
        assert not set("\x1b\x07\x9b\u202e\u202c") & set(text)
        assert "[@click=app.quit]x[/] [/b]" in text


def test_nobody_else_can_read_the_file(runtime: dict[str, str]) -> None:
    before = os.umask(0)
    try:
        file = write_privately("one", runtime)
        assert write_privately("two", runtime) == file
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert (file.read_text(), names_in(file.parent)) == ("two", [FILE_NAME])


def test_a_link_that_was_laid_is_not_followed(runtime: dict[str, str], tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder_of(runtime).mkdir(mode=0o700)
    (folder_of(runtime) / FILE_NAME).symlink_to(victim)
    write_privately("a text", runtime)
    assert victim.read_text() == "precious"
    assert (folder_of(runtime) / FILE_NAME).read_text() == "a text"


def test_a_folder_that_is_a_link_or_open_to_others_is_not_used(runtime: dict[str, str], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder_of(runtime).symlink_to(elsewhere)
    file = write_privately("a text", runtime)
    assert (file.parent.parent, names_in(elsewhere)) == (tmp_path, [])
    folder_of(runtime).unlink()
    folder_of(runtime).mkdir()
    folder_of(runtime).chmod(0o777)
    assert write_privately("a text", runtime).parent != folder_of(runtime)
    assert names_in(folder_of(runtime)) == []


def test_without_a_runtime_folder_it_goes_below_that_of_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for environment in ({}, {"XDG_RUNTIME_DIR": "relative"}, {"XDG_RUNTIME_DIR": "/nowhere"}):
        assert write_privately("x", environment).is_relative_to(tmp_path)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    _, said = copied({"TERM": "linux"}, "a text")
    assert said.endswith("; no file could be written: No such file or directory")
