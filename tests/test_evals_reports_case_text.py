"""One case on the terminal: what was asked, what would be right, and what came of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.sanitize import sanitize
from evals.reports.case_text import to_text
from evals.results import Scored
from scored_runs import sample_run, saying_everywhere


@pytest.fixture
def run(tmp_path: Path) -> Scored:
    return sample_run(tmp_path)


def text_of(run: Scored, name: str) -> str:
    return to_text(run.suite, next(item for item in run.cases if item.case.id == name))


def test_an_answer_is_shown_beside_what_would_be_right(run: Scored) -> None:
    shown = text_of(run, "guest-house")
    assert shown.startswith("guest-house: answered rightly\n")
    assert "asked    In which building did they meet in June?" in shown
    assert "right    Diaoyutai State Guesthouse" in shown
    assert "need 1   (cited) Mr Ross was accompanied by" in shown
    assert "[1]      002_3fb6c22dd49dd698.txt:2780-2940" in shown
    assert "right 1, " in shown


def test_a_struck_claim_says_why(run: Scored) -> None:
    shown = text_of(run, "guest-house")
    assert "struck   It was built in 1959." in shown
    assert "(the article does not hold its quote)" in shown


def test_half_an_answer_says_which_need_is_not_met(run: Scored) -> None:
    shown = text_of(run, "deficit")
    assert "need 1   (found in passage 1)" in shown
    assert "need 2   (cited)" in shown


def test_an_error_stands_in_place_of_an_answer(run: Scored) -> None:
    assert "error    BackendError: the model" in text_of(run, "timeout")


def test_a_quote_that_its_file_does_not_hold_is_called_out(run: Scored) -> None:
    item = next(item for item in run.cases if item.case.id == "guest-house")
    false = tuple(replace(cited, quote="It was built by Ada Quill.") for cited in item.attempt.citations)
    shown = to_text(run.suite, replace(item, attempt=replace(item.attempt, citations=false)))
    assert "NOT PROVEN: the file holds other words there" in shown


@pytest.mark.parametrize("hostile", ["\x1b]52;c;AAAA\x07", "\u202egnp", "[/b]", "\ud800"])
def test_whatever_a_case_says_it_does_nothing_to_the_terminal(run: Scored, hostile: str) -> None:
    for item in saying_everywhere(run, hostile).cases:
        shown = to_text(run.suite, item)
        assert sanitize(shown) == shown
