"""Two runs of the same cases: what came out differently, and how much that tells about the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb, fsum, sqrt

import numpy as np

from evals.metrics import Sample, Z
from evals.results import Estimate, Scored


def outcomes_of(scored: Scored) -> dict[str, bool]:
    """Right or wrong, by the id of the case; cases that cannot be told right from wrong are left out."""
    return {item.case.id: item.right for item in scored.cases if item.right is not None}


def flips(before: Mapping[str, bool], after: Mapping[str, bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids, in alphabetical order, of cases of both that became right, and of those that became wrong."""
    both = sorted(before.keys() & after.keys())
    better = tuple(id_ for id_ in both if after[id_] and not before[id_])
    return better, tuple(id_ for id_ in both if before[id_] and not after[id_])


def mcnemar(better: int, worse: int) -> float:
    """The chance of so uneven a split of the cases that differ, either way, if either were as likely.

    McNemar's test (1947) in its exact, binomial form: twice the smaller tail, at most 1.
    """
    differ = better + worse
    tail = sum(comb(differ, k) for k in range(min(better, worse) + 1))
    share: float = 2 * tail / 2**differ
    return min(1.0, share)


def paired_difference_interval(better: float, worse: float, n: float) -> tuple[float, float]:
    """The 95 % interval of the difference of two rates over the same n cases, between -1 and 1.

    Wald's interval after half a case was added to each of the four cells (Agresti and Min 2005, "Simple
    Improved Confidence Intervals for Comparing Matched Proportions").
    """
    more, less, cases = better + 0.5, worse + 0.5, n + 2
    difference = (more - less) / cases
    half = Z * sqrt(more + less - (more - less) ** 2 / cases) / cases
    return max(-1.0, difference - half), min(1.0, difference + half)


def cases_needed(better: int, worse: int, n: int, margin: float) -> int | None:
    """How many cases in all bring the interval's lower end to the margin, if they go on to differ as these do.

    None if no number does: the difference itself is at or below the margin, such as -0.05. n is positive.
    """
    if (better - worse) / n <= margin:
        return None

    def enough(cases: int) -> bool:
        return paired_difference_interval(better * cases / n, worse * cases / n, cases)[0] >= margin

    few, many = 0, 1
    while not enough(many):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


def paired_bootstrap(columns: Sequence[Sequence[float | None]], articles: Sequence[str | None]) -> list[Estimate]:
    """The mean difference of each of some measures, with the interval of resampled pairs.

    Args:
        columns: differences of each measure, one a pair; None where the measure does not apply to both.
        articles: of each pair; pairs about one article are drawn together, as `evals.metrics.Sample` does.
    """
    sample = Sample(articles)
    table = sample.table(columns)
    resampled = sample.resampled_means(table)
    estimates = []
    for at in range(len(columns)):
        values = table[~np.isnan(table[:, at]), at]
        mean = fsum(values) / len(values) if len(values) else None
        estimates.append(sample.estimate(len(values), mean, resampled[:, at]))
    return estimates
