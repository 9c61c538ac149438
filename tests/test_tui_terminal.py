"""The terminal UI in a real terminal: a journey through it, every way out of it, and what it leaves behind."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest

from engine_desk import children, gone
from parley_terminal import EMPTY_PROMPT, PROVEN, ParleyTerminal

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("term", ["xterm-256color", "screen"])
def test_a_question_is_answered_and_its_proof_read_in_a_first_run(tmp_path: Path, term: str) -> None:
    with ParleyTerminal(tmp_path, term=term) as terminal:
        terminal.open()
        terminal.ask()
        terminal.read_proof()
        terminal.press("q")
        terminal.wait_for(EMPTY_PROMPT)
        terminal.wait_until(lambda: len(terminal.family()) == 2)
        family = terminal.family()
        terminal.press("C-q")
        terminal.assert_left_as_found(0, *family)


def test_without_colours_it_says_the_same(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.ask()
        terminal.wait_for("likely")
        terminal.wait_for_words(PROVEN)
        assert not terminal.is_coloured()
        terminal.press("C-q")
        terminal.assert_left_as_found(0)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["SIGTERM", "SIGHUP", "SIGINT"],
)
def test_whoever_ends_it_gets_the_terminal_back_and_no_process_is_left(
    tmp_path: Path, sample: Path, number: signal.Signals, code: int
) -> None:
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.ask()
        terminal.wait_for("likely")
        family = terminal.family()
        os.kill(family[0], number)
        terminal.assert_left_as_found(code, *family)


def test_it_ends_at_once_while_a_question_waits_for_the_first_index(tmp_path: Path) -> None:
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.ask()
        terminal.wait_for("▌ What did")
        family = terminal.family()
        terminal.press("C-q")
        terminal.assert_left_as_found(0, *family)


def test_it_can_be_stopped_by_the_shell_and_taken_up_again(tmp_path: Path, sample: Path) -> None:
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.type("What did")
        terminal.wait_for("│ What did")
        family = terminal.family()
        os.kill(family[0], signal.SIGTSTP)
        terminal.wait_for("Stopped")
        assert terminal.standing()["alternate_on"] == "0"
        terminal.run("fg")
        terminal.wait_for("│ What did")
        terminal.ask(" the trade deficit with China reach?")
        terminal.wait_for("likely")
        terminal.press("C-q")
        terminal.assert_left_as_found(0, *family)


def test_a_terminal_that_is_closed_while_a_pager_has_it_leaves_no_process(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "less")
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.ask()
        terminal.read_proof()
        family = terminal.family()
        terminal.press("o")
        terminal.wait_until(lambda: terminal.standing()["mouse_any_flag"] == "0")
        terminal.wait_until(lambda: any("less" in program for program in children(family[0]).values()))
    assert gone(*family)


def test_a_terminal_of_another_size_is_filled_anew(tmp_path: Path, sample: Path) -> None:
    with ParleyTerminal(tmp_path) as terminal:
        terminal.open()
        terminal.ask()
        terminal.read_proof()
        # The chat stands beside the article where there is room, and is covered by it elsewhere.
        for columns, rows, prompts in ((60, 15, 0), (130, 40, 1), (80, 24, 0)):
            terminal.resize(columns, rows)
            terminal.wait_until(partial(terminal.shows, EMPTY_PROMPT, prompts))
            screen = terminal.wait_for("reached $375.2 billion")
            assert max(map(len, screen.splitlines())) <= columns
            assert len(screen.splitlines()) == rows
        terminal.press("q")
        terminal.press("C-q")
        terminal.assert_left_as_found(0)


@pytest.mark.parametrize("line", ["parley | cat", "parley < /dev/null", "TERM=dumb parley"])
def test_where_it_has_no_terminal_it_names_the_command_that_needs_none(
    tmp_path: Path, sample: Path, line: str
) -> None:
    with ParleyTerminal(tmp_path, columns=200) as terminal:
        terminal.run_line(line)
        terminal.wait_for("parley ask")
        terminal.assert_left_as_found(0 if "cat" in line else 2)
