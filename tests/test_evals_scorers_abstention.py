from pathlib import Path

import pytest

from evals.attempts import Attempt
from evals.cases import Case
from evals.scorers.abstention import AbstentionScorer
from evals.scorers.outcome import OutcomeScorer
from scored_cases import FAILED, REFUSED, RETRIEVED, UNANSWERABLE, answered, case, stated, suite_in, values

ANSWERABLE = case([("harbour", "The harbour opened in 1911.")])
ANSWERED = answered("The harbour opened in 1911.")


@pytest.mark.parametrize(
    ("asked", "attempt", "precision", "recall", "rate"),
    [
        (UNANSWERABLE, REFUSED, 1, 1, None),
        (UNANSWERABLE, ANSWERED, None, 0, None),
        (UNANSWERABLE, FAILED, None, 0, None),
        (ANSWERABLE, REFUSED, 0, None, 0),
        (ANSWERABLE, ANSWERED, None, None, 1),
        (ANSWERABLE, FAILED, None, None, 0),
        (ANSWERABLE, RETRIEVED, None, None, None),
        (UNANSWERABLE, RETRIEVED, None, None, None),
    ],
)
def test_refusing_is_right_just_where_there_is_no_answer(
    tmp_path: Path,
    asked: Case,
    attempt: Attempt,
    precision: float | None,
    recall: float | None,
    rate: float | None,
) -> None:
    assert values(AbstentionScorer(), suite_in(tmp_path), asked, attempt) == {
        "refusal_precision": precision,
        "refusal_recall": recall,
        "answer_rate": rate,
    }


def right(tmp_path: Path, asked: Case, attempt: Attempt) -> float | None:
    return values(OutcomeScorer(), suite_in(tmp_path), asked, attempt)["right"]


@pytest.mark.parametrize(("attempt", "outcome"), [(REFUSED, 1), (ANSWERED, 0), (FAILED, 0), (RETRIEVED, None)])
def test_a_question_without_an_answer_is_right_when_it_is_refused(
    tmp_path: Path, attempt: Attempt, outcome: float | None
) -> None:
    assert right(tmp_path, UNANSWERABLE, attempt) == outcome


BOTH = case([("harbour", "The harbour opened in 1911."), ("market", "of 1911")], [("harbour", "closed in 1954.")])


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        (answered("The harbour opened in 1911.", "It closed in 1954."), 1),
        (answered("The market hall is of 1911.", "It closed in 1954."), 1),
        (answered("It closed in 1954."), 0),
        (stated("It opened in 1911 and closed in 1954."), 0),  # true, and not shown
        (REFUSED, 0),
        (FAILED, 0),
        (RETRIEVED, None),
    ],
)
def test_an_answer_is_right_when_what_it_cites_meets_every_need(
    tmp_path: Path, attempt: Attempt, outcome: float | None
) -> None:
    assert right(tmp_path, BOTH, attempt) == outcome


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [(stated("It opened in 1911."), 1), (stated("In 1954."), 0), (REFUSED, 0), (FAILED, 0), (RETRIEVED, None)],
)
def test_where_no_evidence_is_stated_an_answer_is_right_when_it_holds_a_gold_answer(
    tmp_path: Path, attempt: Attempt, outcome: float | None
) -> None:
    assert right(tmp_path, case(), attempt) == outcome


@pytest.mark.parametrize("attempt", [stated("word " * 13), REFUSED, FAILED])
def test_a_case_that_cannot_tell_right_from_wrong_is_left_out_whatever_came_of_it(
    tmp_path: Path, attempt: Attempt
) -> None:
    assert right(tmp_path, case(answers=["word " * 13]), attempt) is None
