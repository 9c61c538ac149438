"""Running cases: each once, failures kept apart, an interruption loses nothing."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError
from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.run_file import RunWriter, read_run
from evals.runner import Progress, Selection, run
from index.errors import LockedError
from scored_cases import header_of, suite_in

HEADER = header_of("0", "1", "2")
CASES = [Case(str(number), f"Question {number}?", (), False, ()) for number in range(3)]


class ScriptedSolver:
    """Does with each case what it is told to: raises, or finds nothing."""

    name = "full"

    def __init__(self, *outcomes: BaseException | None) -> None:
        self._outcomes = iter(outcomes)

    def solve(self, case: Case) -> Attempt:
        outcome = next(self._outcomes, None)
        if outcome:
            raise outcome
        return Attempt(case.id, case.question, "not_found", confidence=0.1)


def tried(path: Path, solver: ScriptedSolver, cases: Sequence[Case] = CASES) -> list[Progress]:
    told: list[Progress] = []
    with RunWriter.begin(path, HEADER) as writer:
        run(cases, solver, writer, told.append)
    return told


def test_each_case_has_its_line(tmp_path: Path) -> None:
    tried(tmp_path / "run.jsonl", ScriptedSolver())
    attempts = read_run(tmp_path / "run.jsonl").attempts
    assert [(name, item.question, item.status) for name, item in attempts.items()] == [
        ("0", "Question 0?", "not_found"),
        ("1", "Question 1?", "not_found"),
        ("2", "Question 2?", "not_found"),
    ]


@pytest.mark.parametrize("error", [LockedError("busy", "wait"), ValueError("a bug"), ConfigurationError("no")])
def test_a_case_that_fails_is_kept_as_a_failure_and_the_rest_stands(tmp_path: Path, error: Exception) -> None:
    told = tried(tmp_path / "run.jsonl", ScriptedSolver(None, error, None))
    attempts = read_run(tmp_path / "run.jsonl").attempts
    assert [item.status for item in attempts.values()] == ["not_found", "failed", "not_found"]
    assert attempts["1"].error == f"{type(error).__name__}: {error}"
    assert [item.failed for item in told] == [0, 0, 1, 1]


def test_an_interruption_keeps_what_is_done(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        tried(tmp_path / "run.jsonl", ScriptedSolver(None, KeyboardInterrupt()))
    assert read_run(tmp_path / "run.jsonl").missing == ["1", "2"]


def test_progress_estimates_what_is_left(tmp_path: Path) -> None:
    told = tried(tmp_path / "run.jsonl", ScriptedSolver())
    assert [(item.done, item.total) for item in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert told[0].remaining_s is None
    assert told[3].remaining_s == 0.0


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    made = suite_in(tmp_path)
    made.cases = CASES  # in place of those that the file would state
    return made


def chosen(selection: Selection, suite: Suite) -> list[str]:
    return [case.id for case in selection.of(suite)]


def test_a_limit_draws_by_its_seed_in_the_order_of_the_suite(suite: Suite) -> None:
    drawn = {tuple(chosen(Selection(limit=2, seed=seed), suite)) for seed in range(20)}
    assert drawn == {("0", "1"), ("0", "2"), ("1", "2")}
    assert chosen(Selection(limit=2, seed=7), suite) == chosen(Selection(limit=2, seed=7), suite)
    assert chosen(Selection(limit=99), suite) == ["0", "1", "2"]


def test_cases_are_chosen_by_id(suite: Suite) -> None:
    assert chosen(Selection(ids=("2", "0")), suite) == ["0", "2"]
    with pytest.raises(ConfigurationError, match="has no case '9'"):
        chosen(Selection(ids=("0", "9")), suite)
