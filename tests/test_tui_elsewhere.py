import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import App

from tui.elsewhere import CannotOpenError, editor_command, lend_terminal, pager_command


@pytest.fixture
def programs(tmp_path: Path) -> dict[str, str]:
    """An environment in which these programs are installed, and no other."""
    for name in ("less", "more", "cat", "bat", "vi", "nano", "code", "hx", "kate", "ed"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return {"PATH": str(tmp_path)}


class LendingApp(App[None]):
    """Says that it has lent the terminal in place of doing so."""

    lent = 0

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.lent += 1
        yield  # as in Textual's own, what is raised here leaves the terminal lent
        self.lent -= 1


@pytest.mark.parametrize(
    ("pager", "command"),
    [
        ("", ["less", "-+F", "+12", "--", "/a b.txt"]),
        ("less -R", ["less", "-R", "-+F", "+12", "--", "/a b.txt"]),
        ("more", ["more", "+12", "/a b.txt"]),
        ("bat", ["bat", "/a b.txt"]),
        ("cat", ["less", "-+F", "+12", "--", "/a b.txt"]),
    ],
)
def test_pagers_begin_at_the_line(programs: dict[str, str], pager: str, command: list[str]) -> None:
    assert pager_command(programs | {"PAGER": pager}, "/a b.txt", 12) == command


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("", ["nano", "+12", "/a.txt"]),
        ("vi", ["vi", "+12", "/a.txt"]),
        ("code --wait", ["code", "--wait", "-g", "/a.txt:12"]),
        ("hx", ["hx", "/a.txt:12"]),
        ("kate", ["kate", "-l", "12", "/a.txt"]),
        ("ed", ["ed", "+12", "/a.txt"]),
    ],
)
def test_editors_open_at_the_line(programs: dict[str, str], editor: str, command: list[str]) -> None:
    assert editor_command(programs | {"EDITOR": editor}, "/a.txt", 12) == command


def test_visual_goes_before_editor(programs: dict[str, str]) -> None:
    assert editor_command(programs | {"EDITOR": "vi", "VISUAL": "nano"}, "/a", 1)[0] == "nano"


@pytest.mark.parametrize("path", ["-rf", "+42", "--help"])
def test_no_file_name_is_taken_for_an_option_or_a_command(programs: dict[str, str], path: str) -> None:
    assert editor_command(programs, path, 1)[-1] == f"./{path}"
    assert pager_command(programs, path, 1)[-1] == f"./{path}"


def test_a_variable_is_never_read_by_a_shell(programs: dict[str, str]) -> None:
    with pytest.raises(CannotOpenError, match="names vi;"):
        editor_command(programs | {"EDITOR": "vi; rm -rf /"}, "/a", 1)
    assert editor_command(programs | {"EDITOR": "vi $(reboot)"}, "/a", 1)[1] == "$(reboot)"


def test_what_cannot_be_opened_is_told_with_what_mends_it(programs: dict[str, str]) -> None:
    with pytest.raises(CannotOpenError, match="no such program") as missing:
        pager_command(programs | {"PAGER": "nowhere"}, "/a", 1)
    assert missing.value.hint == "set PAGER to one there is"
    with pytest.raises(CannotOpenError, match="EDITOR cannot be read"):
        editor_command(programs | {"EDITOR": "vi 'x"}, "/a", 1)
    with pytest.raises(CannotOpenError, match="neither nano nor vi is installed"):
        editor_command({"PATH": ""}, "/a", 1)


def test_the_terminal_is_lent_while_the_program_runs() -> None:
    app = LendingApp()
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> int:
        assert app.lent == 1
        ran.append(command)
        return 0

    lend_terminal(app, ["less", "a"], run)
    assert (ran, app.lent) == ([["less", "a"]], 0)


def test_an_interrupt_is_for_the_program_alone() -> None:
    before = signal.getsignal(signal.SIGINT)

    def interrupted(_: Sequence[str]) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    lend_terminal(LendingApp(), ["less", "a"], interrupted)
    assert signal.getsignal(signal.SIGINT) == before


def test_a_program_that_cannot_be_started_or_ends_badly_is_told() -> None:
    app = LendingApp()
    with pytest.raises(CannotOpenError, match="/nowhere/less cannot be started: No such file or directory"):
        lend_terminal(app, ["/nowhere/less", "a"])
    assert app.lent == 0
    with pytest.raises(CannotOpenError, match="less ended with status 3") as ended:
        lend_terminal(LendingApp(), ["less", "a b"], lambda _: 3)
    assert ended.value.hint == "open it yourself: less 'a b'"


def test_a_terminal_that_cannot_be_lent_is_told() -> None:
    app: App[None] = App()

    async def journey() -> None:
        async with app.run_test():  # its driver has no terminal to lend
            with pytest.raises(CannotOpenError, match="cannot be lent") as refused:
                lend_terminal(app, ["less", "a"], lambda _: 0)
            assert refused.value.hint == "open it yourself: less a"

    asyncio.run(journey())
