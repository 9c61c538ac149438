"""Means and rates with 95 % intervals: cases worked out by hand, and what holds of all."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import CLUSTERED_FROM, RESAMPLES, Floats, Sample, clusters_of, design_effect, spread, wilson
from evals.results import Estimate

NONE = Estimate(0, None, None, None, "none")


def independent(cases: int) -> Sample:
    return Sample([None] * cases)


def in_pairs(articles: int) -> Sample:
    """Two cases about each of some articles, one after the other."""
    return Sample([f"{number // 2}.txt" for number in range(2 * articles)])


def test_wilsons_interval_solves_the_equation_that_it_is_defined_by() -> None:
    # The bounds are the rates q with |7/10 - q| = z * sqrt(q (1 - q) / 10).
    for bound in wilson(7, 10):
        assert abs(0.7 - bound) == pytest.approx(1.959964 * sqrt(bound * (1 - bound) / 10), rel=1e-6)


def test_wilsons_interval_of_a_published_example() -> None:
    # Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_none_of_ten_has_an_interval_that_begins_at_nought_and_ten_of_ten_mirrors_it() -> None:
    # With p = 0 the upper bound is z² / (n + z²) = 3.8415 / 13.8415.
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)
    assert wilson(10, 10) == pytest.approx((1 - 0.27753, 1.0), abs=1e-5)
    assert (wilson(0, 10)[0], wilson(10, 10)[1]) == (0, 1)


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_have_no_interval(successes: float, n: float) -> None:
    with pytest.raises(ValueError, match="successes of"):
        wilson(successes, n)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_wilson_interval_holds_its_rate_and_lies_between_0_and_1(counts: tuple[int, int]) -> None:
    successes, n = counts
    low, high = wilson(successes, n)
    assert 0 <= low <= successes / n <= high <= 1
    assert low < high


def test_cases_about_one_article_are_a_cluster_from_twenty_articles_on() -> None:
    articles = [f"{number}.txt" for number in range(CLUSTERED_FROM)]
    clusters = clusters_of([*articles, None, "3.txt", None]).tolist()
    assert clusters[:20] == list(range(20))
    assert clusters[21] == 3
    assert len({*clusters}) == 22  # both cases about none are by themselves


def test_below_twenty_articles_each_case_is_its_own() -> None:
    articles = [f"{number}.txt" for number in range(CLUSTERED_FROM - 1)]
    assert clusters_of([*articles, "3.txt", None]).tolist() == list(range(21))


def test_the_design_effect_of_pairs_that_always_agree_is_nearly_two() -> None:
    # 4 pairs, two of them (1, 1) and two (0, 0): mean 1/2, each pair's sum of deviations is 1 or -1.
    # Between: 4/3 * 4 / 64 = 1/12; binomial: (1/4) / 7 = 1/28; the effect is 28/12.
    values = np.array([1.0, 1, 1, 1, 0, 0, 0, 0])
    clusters = np.array([0, 0, 1, 1, 2, 2, 3, 3], dtype=np.intp)
    assert design_effect(values, clusters) == pytest.approx(28 / 12)


def test_pairs_that_never_agree_are_taken_as_independent() -> None:
    # Each pair's deviations cancel out: the variance between clusters is 0, and the effect at least 1.
    assert design_effect(np.array([1.0, 0, 1, 0]), np.array([0, 0, 1, 1], dtype=np.intp)) == 1


def test_a_rate_counts_only_the_cases_that_it_applies_to() -> None:
    # 2 of 4.
    assert independent(6).rate([1, None, 0, 1, 0, None]) == Estimate(4, 0.5, *wilson(2, 4), "wilson")


def test_a_rate_over_articles_has_the_interval_of_fewer_cases() -> None:
    # 20 pairs, 10 of them (1, 1), the others (0, 0): each pair's deviations add up to 1 or -1.
    # Between: 20/19 * 20 / 40²; binomial: (1/4) / 39; the effect is 39/19, and 40 cases tell like 40 * 19/39.
    found = in_pairs(20).rate([1, 1, 0, 0] * 10)
    effective = 40 * 19 / 39
    assert (found.n, found.value, found.interval) == (40, 0.5, "wilson, clustered")
    assert (found.low, found.high) == pytest.approx(wilson(effective / 2, effective))


def test_articles_that_are_all_right_tell_nothing_of_how_alike_their_cases_are() -> None:
    assert in_pairs(20).rate([1] * 40) == Estimate(40, 1.0, *wilson(40, 40), "wilson, clustered")


def test_articles_with_a_case_each_change_nothing() -> None:
    values = [1.0, 0.0, 0.0, 1.0, 1.0] * 5
    assert Sample([f"{number}.txt" for number in range(25)]).rate(values) == independent(25).rate(values)


def test_the_mean_of_values_is_theirs_and_its_interval_is_the_normal_one_where_cases_are_many() -> None:
    # 400 values 0, 1/4, 3/4 and 1, a hundred of each: mean 1/2, variance (1/4 + 1/16 + 1/16 + 1/4) / 4 = 5/32.
    half = 1.96 * sqrt(5 / 32 / 400)
    found = independent(400).mean([0, 0.25, 0.75, 1] * 100)
    assert (found.n, found.value, found.interval) == (400, 0.5, "bootstrap")
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.004)


def test_a_mean_over_articles_draws_whole_articles() -> None:
    # 200 pairs (1, 1) and 200 (0, 0) vary like 400 cases: a standard error of 1/2 / sqrt(400).
    found = in_pairs(400).mean([1, 1, 0, 0] * 200)
    assert found.interval == "bootstrap, clustered"
    assert (found.low, found.high) == pytest.approx((0.5 - 1.96 / 40, 0.5 + 1.96 / 40), abs=0.004)
    # And pairs (1, 0) not at all: every resample has the mean 1/2, so that it tells nothing.
    assert in_pairs(400).mean([1, 0] * 400) == Estimate(800, 0.5, None, None, "none")


def test_a_mean_leaves_out_what_does_not_apply() -> None:
    found = independent(6).mean([0.5, None, 1, None, 0.25, None])
    assert (found.n, found.value) == (3, 1.75 / 3)
    assert found.low is not None
    assert 0.25 <= found.low < 1.75 / 3


def test_measures_share_the_resamples_whatever_else_is_asked() -> None:
    sample, values, other = independent(7), [0, 0.5, 1, 1, 0.25, None, 0], [1.0, 1, 1, 0, None, 0, 0.5]
    together = sample.means([values, other])
    assert together == [independent(7).mean(values), independent(7).mean(other)]


@pytest.mark.parametrize("extreme", [0.0, 1.0])
def test_values_that_are_all_nought_or_all_one_have_the_interval_of_a_rate(extreme: float) -> None:
    assert independent(9).mean([extreme] * 9) == independent(9).rate([extreme] * 9)


def test_equal_values_between_tell_nothing_of_how_much_values_vary() -> None:
    assert independent(9).mean([0.5] * 9) == Estimate(9, 0.5, None, None, "none")


def test_one_case_tells_its_own_value_alone() -> None:
    assert independent(1).mean([0.5]) == Estimate(1, 0.5, None, None, "none")
    assert independent(1).rate([1]) == Estimate(1, 1.0, *wilson(1, 1), "wilson")


def test_no_case_tells_nothing() -> None:
    def size(weights: Floats) -> Floats:
        return np.asarray(weights.sum(axis=1))

    assert independent(3).rate([None] * 3) == independent(3).mean([None] * 3) == NONE
    assert independent(0).rate([]) == independent(0).mean([]) == independent(0).pooled(size) == NONE
    assert independent(3).pooled(size, among=[False] * 3) == NONE
    assert independent(3).means([]) == []


def test_resamples_in_which_a_measure_applies_to_no_case_are_left_out() -> None:
    # Of two cases one applies: a quarter of the resamples lacks it, and all others have its value.
    resampled = independent(2).resampled_means(np.array([[0.5], [np.nan]]))[:, 0]
    assert np.isnan(resampled).mean() == pytest.approx(0.25, abs=0.04)
    assert set(resampled[~np.isnan(resampled)]) == {0.5}


def test_an_interval_holds_the_middle_95_percent_of_what_is_defined() -> None:
    # 0, 1, ... 1000: the 2.5 % point of a thousand and one equal steps is 25.
    assert spread(np.array([*range(1001), np.nan], dtype=np.float64)) == (25.0, 975.0)


def test_a_pooled_statistic_gets_resamples_of_as_many_cases() -> None:
    seen: list[Floats] = []

    def mean(weights: Floats) -> Floats:
        seen.append(weights)
        return np.asarray((weights * [0, 0.5, 1]).sum(axis=1) / 3)

    found = independent(3).pooled(mean)
    assert found == independent(3).mean([0, 0.5, 1])
    assert seen[0].tolist() == [[1, 1, 1]]  # the value itself
    drawn = np.concatenate(seen[1:])
    assert drawn.shape == (RESAMPLES, 3)
    assert (drawn.sum(axis=1) == 3).all()
    assert drawn.mean(axis=0) == pytest.approx([1, 1, 1], abs=0.06)


def test_a_pooled_statistic_sees_the_cases_that_it_is_about_and_whole_articles() -> None:
    seen: list[Floats] = []

    def first_share(weights: Floats) -> Floats:
        seen.append(weights)
        return np.asarray(weights[:, 0] / 21)

    found = in_pairs(20).pooled(first_share, among=[True, True] + [False, True] * 19)
    assert (found.n, found.value, found.interval) == (21, 1 / 21, "bootstrap, clustered")
    assert all((weights[:, 0] == weights[:, 1]).all() for weights in seen)


def test_a_pooled_statistic_that_is_undefined_has_no_value() -> None:
    assert independent(3).pooled(lambda weights: np.full(len(weights), np.nan)) == Estimate(
        3, None, None, None, "none"
    )


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=12))
def test_a_mean_comes_out_the_same_again_to_the_last_digit(values: list[float | None]) -> None:
    articles = [f"{number % 3}.txt" for number in range(len(values))]
    found = Sample(articles).mean(values)
    assert found == Sample(articles).mean(values)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high <= 1
