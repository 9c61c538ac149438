"""Whether the confidence is worth anything: curves and areas worked out by hand, and what holds of all."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.calibration import (
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
    f1,
    reliability_bins,
    risk_coverage_curve,
)
from evals.metrics import Floats, Sample
from evals.results import Bin

Answers = list[tuple[bool, float]]
answers = st.lists(
    st.tuples(st.booleans(), st.integers(0, 20).map(lambda tenth: tenth / 20)), min_size=1, max_size=15
)
AREAS = [auroc, area_under_risk_coverage, expected_calibration_error]
Area = Callable[[list[bool], list[float], Floats], Floats]


def once(figure: Area, right: list[bool], confidence: list[float]) -> float:
    return float(figure(right, confidence, np.ones((1, len(right))))[0])


def test_auroc_counts_the_pairs_in_which_the_right_one_is_surer_and_ties_half() -> None:
    # Right at .9, .6, .4 and wrong at .6, .1: of six pairs (.9 .6) (.9 .1) (.6 .1) (.4 .1) are in order,
    # (.6 .6) is a tie, (.4 .6) is not: 4.5 / 6.
    assert once(auroc, [True, True, False, True, False], [0.9, 0.6, 0.6, 0.4, 0.1]) == 4.5 / 6


def test_auroc_is_undefined_where_nothing_is_wrong_or_nothing_right() -> None:
    assert np.isnan(once(auroc, [True, True], [0.9, 0.1]))
    assert np.isnan(once(auroc, [False], [0.9]))
    assert np.isnan(once(auroc, [], []))


@given(answers)
def test_auroc_is_what_comparing_every_pair_gives(cases: Answers) -> None:
    right = [sure for so, sure in cases if so]
    wrong = [sure for so, sure in cases if not so]
    found = once(auroc, [so for so, _ in cases], [sure for _, sure in cases])
    if right and wrong:
        won = sum((a > b) + (a == b) / 2 for a in right for b in wrong)
        assert found == pytest.approx(won / len(right) / len(wrong))
    else:
        assert np.isnan(found)


def test_the_area_under_risk_and_coverage_is_the_mean_risk_from_the_surest_on() -> None:
    # Right, wrong, right, wrong: risks so far 0, 1/2, 1/3, 2/4; their mean is (0 + 3/6 + 2/6 + 3/6) / 4 = 1/3.
    right, confidence = [False, True, True, False], [0.7, 0.9, 0.5, 0.2]
    assert once(area_under_risk_coverage, right, confidence) == pytest.approx(1 / 3)


def test_answers_of_equal_confidence_enter_together() -> None:
    # One right at .9: risk 0. Then three together, two of them wrong: risk 2/4 for each. (0 + 3 * 1/2) / 4.
    confidence = [0.9, 0.5, 0.5, 0.5]
    assert once(area_under_risk_coverage, [True, False, True, False], confidence) == 3 / 8
    assert once(area_under_risk_coverage, [True, True, False, False], confidence) == 3 / 8


def test_no_answer_has_no_area_and_no_error() -> None:
    assert np.isnan(once(area_under_risk_coverage, [], []))
    assert np.isnan(once(expected_calibration_error, [], []))


def test_the_calibration_error_averages_the_gaps_of_ten_bins() -> None:
    # Bin .8 to .9: .82 and .88, one right: |.85 - 1/2| = .35, 2 of 4 cases. Bin .1 to .2: .1 and .16, none
    # right: |.13 - 0| = .13, 2 of 4 cases. .35/2 + .13/2 = .24.
    right, confidence = [True, False, False, False], [0.82, 0.88, 0.1, 0.16]
    assert once(expected_calibration_error, right, confidence) == pytest.approx(0.24)


def test_gaps_either_way_in_a_bin_cancel_out_and_between_bins_do_not() -> None:
    # .5 right and .5 wrong: the bin is as right as it is sure. .4 wrong and .6 right: 4/10 off each.
    assert once(expected_calibration_error, [True, False], [0.5, 0.5]) == 0
    assert once(expected_calibration_error, [False, True], [0.4, 0.6]) == pytest.approx(0.4)


def test_certainty_belongs_to_the_uppermost_bin() -> None:
    assert reliability_bins([True, False], [1.0, 0.9]) == (Bin(0.9, 1.0, 2, 0.95, 0.5),)


def test_a_reliability_diagram_shows_the_bins_that_hold_answers() -> None:
    assert reliability_bins([True, False, True, True], [0.75, 0.0, 0.7, 0.35]) == (
        Bin(0.0, 0.1, 1, 0.0, 0.0),
        Bin(0.3, 0.4, 1, 0.35, 1.0),
        Bin(0.7, 0.8, 2, 0.725, 1.0),
    )
    assert reliability_bins([], []) == ()


@given(answers)
def test_the_calibration_error_is_that_of_the_bins_shown(cases: Answers) -> None:
    right, confidence = [so for so, _ in cases], [sure for _, sure in cases]
    bins = reliability_bins(right, confidence)
    assert sum(item.n for item in bins) == len(cases)
    assert all(item.low - 1e-12 <= item.confidence <= item.high for item in bins)
    gaps = sum(item.n * abs(item.confidence - item.right) for item in bins) / len(cases)
    assert once(expected_calibration_error, right, confidence) == pytest.approx(gaps)


def test_the_curve_has_a_point_for_each_confidence_and_counts_refusals_as_not_covered() -> None:
    # Four of five cases answered: .9 right; .5 right and wrong; .3 wrong.
    right, confidence = [True, False, False, True], [0.5, 0.3, 0.5, 0.9]
    assert risk_coverage_curve(right, confidence, 5) == ((0.2, 0.0), (0.6, 1 / 3), (0.8, 0.5))


def test_nothing_answered_has_no_curve() -> None:
    assert risk_coverage_curve([], [], 5) == ()


@given(answers, st.integers(0, 5))
def test_the_curve_ends_at_the_share_answered_and_the_share_of_these_wrong(cases: Answers, refused: int) -> None:
    right = [so for so, _ in cases]
    curve = risk_coverage_curve(right, [sure for _, sure in cases], len(cases) + refused)
    assert curve[-1] == pytest.approx((len(cases) / (len(cases) + refused), 1 - sum(right) / len(cases)))
    assert [coverage for coverage, _ in curve] == sorted({coverage for coverage, _ in curve})


def test_f1_weighs_what_was_said_wrongly_and_what_was_missed() -> None:
    # Two said rightly, one said wrongly, two missed: precision 2/3, recall 2/4, F1 4/7.
    said = [True, True, True, False, False, False]
    so = [True, True, False, True, True, False]
    assert f1(said, so, np.ones((1, 6))).tolist() == [4 / 7]


def test_f1_is_nought_where_nothing_was_said_rightly_and_undefined_where_there_was_nothing_to_say() -> None:
    assert f1([True], [False], np.ones((1, 1))).tolist() == [0]
    assert np.isnan(f1([False], [False], np.ones((1, 1)))).all()


@given(answers, st.data())
def test_a_case_that_weighs_two_counts_like_two_cases(cases: Answers, data: st.DataObject) -> None:
    size = len(cases)
    weight = st.lists(st.integers(0, 3), min_size=size, max_size=size)
    weights = np.array([data.draw(weight), data.draw(weight)], dtype=np.float64)
    right, confidence = np.array([so for so, _ in cases]), np.array([sure for _, sure in cases])
    for figure in (auroc, area_under_risk_coverage, expected_calibration_error, f1):
        second = confidence if figure is not f1 else confidence > 0.5
        at_once = figure(right, second, weights)
        for row, found in zip(weights.astype(int), at_once, strict=True):
            repeated = np.repeat(right, row), np.repeat(second, row)
            expected = figure(*repeated, np.ones((1, int(row.sum()))))[0]
            assert found == pytest.approx(expected, nan_ok=True)


@given(answers.flatmap(lambda cases: st.tuples(st.just(cases), st.permutations(cases))))
def test_the_order_of_the_cases_is_of_no_matter(orders: tuple[Answers, Answers]) -> None:
    cases, shuffled = orders
    for figure in AREAS:
        first = once(figure, [so for so, _ in cases], [sure for _, sure in cases])
        then = once(figure, [so for so, _ in shuffled], [sure for _, sure in shuffled])
        assert first == pytest.approx(then, nan_ok=True)


def test_an_area_gets_its_interval_from_the_resamples_of_its_group() -> None:
    right, confidence = [True, True, False, True, False] * 10, [0.9, 0.6, 0.6, 0.4, 0.1] * 10
    found = Sample([None] * 50).pooled(lambda weights: auroc(right, confidence, weights))
    assert found.value == 4.5 / 6
    assert found.low is not None
    assert found.high is not None
    # Hanley and McNeil (1982) give a standard error of 0.068 for an area of 0.75 of 30 and 20 cases.
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.068, rel=0.15)
