"""The measures by which readers are compared, on readings whose figures are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.data import Answer, Question
from assistant.answering.reader_model.windows import Floats, Window, open_cutter
from evals.performance.reader_figures import Reading, auroc, describe, intervals, read, refusal_f1, summarise

SCORES = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=12)


def reading(margin: float, f1: float = 0.0, made: str = "", *, answerable: bool = False) -> Reading:
    answers = (Answer("x", 0),) if answerable else ()
    question = Question(f"{margin}{made}", "Who?", "x", answers, f"{margin}", "squad2", made)
    return Reading(question, "x", margin, f1, float(f1 == 1))


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs_in_the_right_order(positives: list[float], negatives: list[float]) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in positives for other in negatives]
    assert auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


def test_nothing_to_compare_has_no_figure() -> None:
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(refusal_f1([1.0], []))


def test_refusing_is_scored_at_margin_nought() -> None:
    assert refusal_f1([1.0, 2.0, -1.0], [-1.0, 0.0, 3.0]) == pytest.approx(2 * 2 / (2 + 1 + 3))


def test_kinds_of_unanswerable_questions_are_told_apart() -> None:
    answerable = [reading(1.0, 1.0, answerable=True), reading(3.0, 0.5, answerable=True)]
    found = summarise([*answerable, reading(0.0), reading(2.0, made="swapped"), reading(4.0, made="retrieved")])
    assert found == {
        "F1": 0.75,
        "exact match": 0.5,
        "AUROC, asked to be unanswerable": 1.0,
        "AUROC, retrieved": 0.0,
        "AUROC, swapped": 0.5,
        "no answer at margin 0, F1": pytest.approx(0.5),
        "no answer at margin 0, of the answerable": 0.0,
    }


def test_an_interval_holds_its_figure_and_is_the_same_again() -> None:
    readings = [reading(float(n), n % 2, answerable=True) for n in range(40)] + [reading(5.5)]
    found = intervals(readings, resamples=50)
    low, high = found["F1"]
    assert low < summarise(readings)["F1"] < high
    assert intervals(readings, resamples=50) == found
    assert "40 answerable questions, 1 unanswerable" in describe(readings, resamples=50)


def test_a_reading_is_the_surest_span_scored_as_squad_scores() -> None:
    paragraph = "The leader was Rollo."
    asked = Question("q", "Who led?", paragraph, (Answer("Rollo", 15),), "A", "squad2")

    def logits(windows: list[Window]) -> list[tuple[Floats, Floats]]:
        (window,) = windows
        place = window.locate(4, 20)
        assert place is not None
        starts, ends = (np.zeros(len(window.ids), np.float32) for _ in range(2))
        starts[place[0]], ends[place[1]] = 2, 3
        return [(starts, ends)]

    (found,) = read([asked], open_cutter(), logits)  # type: ignore[arg-type]
    assert (found.text, found.margin, found.exact) == ("leader was Rollo", 5.0, 0.0)
    assert found.f1 == pytest.approx(0.5)
