"""Two runs of the same cases: tests and intervals worked out by hand, and what holds of all."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import Sample
from evals.paired import cases_needed, flips, mcnemar, paired_bootstrap, paired_difference_interval
from evals.results import Estimate

tables = st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 100)).filter(any)


def test_flips_are_told_by_id_for_the_cases_that_both_have() -> None:
    before = {"d": False, "a": True, "b": False, "c": True, "gone": True}
    after = {"a": False, "b": True, "c": True, "d": True, "new": False}
    assert flips(before, after) == (("b", "d"), ("a",))


def test_mcnemars_test_doubles_the_smaller_tail_of_fair_coins() -> None:
    # Of 8 coins at most one falls so: (1 + 8) / 256, either way: 18/256.
    assert mcnemar(1, 7) == mcnemar(7, 1) == 18 / 256
    # Six of six: 2 / 64, the fewest that are significant.
    assert mcnemar(0, 6) == 2 / 64
    assert mcnemar(0, 5) == 2 / 32


def test_an_even_split_or_none_tells_nothing() -> None:
    # Twice the half with the middle in it would be more than 1.
    assert mcnemar(3, 3) == mcnemar(0, 0) == 1


def test_mcnemars_test_is_exact_for_thousands_of_cases() -> None:
    # The normal approximation with its correction for continuity: (|1100 - 1000| - 1) / sqrt(2100) = 2.160,
    # which 3.07 % of a normal distribution exceed either way.
    assert mcnemar(1000, 1100) == pytest.approx(0.0307, abs=1e-4)


def test_agresti_and_mins_interval_adds_half_a_case_to_each_cell() -> None:
    # 10 better and 4 worse of 100 become 10.5 and 4.5 of 102:
    # 6/102 +- 1.96 * sqrt(15 - 36/102) / 102.
    half = 1.959964 * sqrt(15 - 36 / 102) / 102
    assert paired_difference_interval(10, 4, 100) == pytest.approx((6 / 102 - half, 6 / 102 + half))


def test_the_interval_of_a_published_example() -> None:
    # Agresti (2002), Categorical Data Analysis, section 10.1: of 1600 who were asked twice whether they approve
    # of a prime minister, 86 came to and 150 ceased to; half a case a cell is of no weight here.
    low, high = paired_difference_interval(86, 150, 1600)
    assert (low, high) == pytest.approx((-0.059, -0.021), abs=5e-4)


@given(tables)
def test_the_interval_turns_round_with_the_runs_and_stays_between_minus_one_and_one(
    table: tuple[int, int, int],
) -> None:
    better, worse, same = table
    low, high = paired_difference_interval(better, worse, better + worse + same)
    assert paired_difference_interval(worse, better, better + worse + same) == pytest.approx((-high, -low))
    assert -1 <= low < high <= 1


def test_cases_needed_is_where_the_lower_end_reaches_the_margin() -> None:
    # 2 better and 2 worse of 50: the lower end is -1.96 * sqrt(5) / 52 = -.084. With 8 of 100 that differ, that
    # of n cases is -1.96 * sqrt(.08 n + 1) / (n + 2): -1.96 * 3.3764 / 132 = -.0501 for 130 cases, and
    # -1.96 * 3.3882 / 133 = -.0499 for 131.
    assert cases_needed(2, 2, 50, -0.05) == 131


def test_no_number_of_cases_helps_where_the_difference_itself_is_at_the_margin_or_below() -> None:
    assert cases_needed(0, 5, 100, -0.05) is None
    assert cases_needed(1, 9, 100, -0.05) is None
    # 1 better and 5 worse of 100 is a loss of 4 points: enough cases tell it from a loss of 5.
    assert cases_needed(1, 5, 100, -0.05) is not None


@given(tables)
def test_as_many_cases_as_are_needed_suffice_and_one_less_does_not(table: tuple[int, int, int]) -> None:
    better, worse, n = table[0], table[1], sum(table)

    def low(cases: int) -> float:
        return paired_difference_interval(better * cases / n, worse * cases / n, cases)[0]

    needed = cases_needed(better, worse, n, -0.05)
    if needed is None:
        assert (better - worse) / n <= -0.05
    else:
        assert low(needed) >= -0.05
        assert low(needed - 1) < -0.05
        # So that a run that could not tell always lacks cases.
        assert (needed > n) == (low(n) < -0.05)


def test_differences_of_means_are_resampled_in_pairs() -> None:
    # 400 differences, half of them 0 and half 1/2: mean 1/4, standard deviation 1/4.
    half = 1.96 * 0.25 / sqrt(400)
    found, partly = paired_bootstrap([[0, 0.5] * 200, [None, 0.5, -0.5, 0] * 100], [None] * 400)
    assert (found.n, found.value, found.interval) == (400, 0.25, "bootstrap")
    assert (found.low, found.high) == pytest.approx((0.25 - half, 0.25 + half), abs=0.003)
    assert (partly.n, partly.value) == (300, 0)


def test_pairs_about_one_article_are_drawn_together() -> None:
    # 400 pairs of equal differences vary like 400 cases, not like 800.
    half = 1.96 * 0.25 / sqrt(400)
    (found,) = paired_bootstrap([[0, 0, 0.5, 0.5] * 200], [f"{number // 2}.txt" for number in range(800)])
    assert found.interval == "bootstrap, clustered"
    assert (found.low, found.high) == pytest.approx((0.25 - half, 0.25 + half), abs=0.003)


def test_runs_that_differ_nowhere_tell_nothing_of_how_much_they_might() -> None:
    assert paired_bootstrap([[0.0] * 9, [None] * 9], [None] * 9) == [
        Estimate(9, 0.0, None, None, "none"),
        Estimate(0, None, None, None, "none"),
    ]


def test_a_difference_and_a_mean_of_the_same_values_have_the_same_interval() -> None:
    values = [0.25, 0.5, 1, 0, 0.75]
    assert paired_bootstrap([values], [None] * 5) == Sample([None] * 5).means([values])
