"""Means and rates over a group of cases, with 95 % intervals that heed that cases about one article are alike.

Resamples are drawn once for a group, with a fixed seed, and shared by all its measures. For their
means, values are rounded to multiples of 2^-36, so that sums are exact: whatever the order in which a processor
adds, every figure is the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import count
from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from evals.results import Estimate

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""From weights, resamples by cases, to one figure a resample, NaN where it is undefined."""

RESAMPLES = 1000
CLUSTERED_FROM = 20
"""Different articles from which on the variance between them is estimated well enough to be used."""
Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
_SEED = 1979
_BLOCK = 1 << 20
"""Most weights that are looked at together: 8 MiB."""
_STEPS = 2.0**36


def wilson(successes: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a rate (Wilson 1927); n may be an effective, fractional number of cases.

    Raises:
        ValueError: n is not positive, or successes lie outside 0..n.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} successes of {n}")
    rate = successes / n
    centre = rate + Z * Z / (2 * n)
    half = Z * sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low = 0.0 if successes == 0 else (centre - half) / scale
    return low, 1.0 if successes == n else (centre + half) / scale


def clusters_of(articles: Sequence[str | None]) -> NDArray[np.intp]:
    """The number of each case's cluster, from 0 on; shape (cases,).

    From `CLUSTERED_FROM` different articles on, the cases about one article are a cluster, and a case about
    none is a cluster of its own; below that, each case is its own.
    """
    named = {article: number for number, article in enumerate(dict.fromkeys(articles)) if article is not None}
    if len(named) < CLUSTERED_FROM:
        return np.arange(len(articles), dtype=np.intp)
    alone = count(len(articles))
    labels = [next(alone) if article is None else named[article] for article in articles]
    return np.unique(labels, return_inverse=True)[1].astype(np.intp)


def design_effect(values: Floats, clusters: NDArray[np.intp]) -> float:
    """How many times the variance of a rate exceeds that of as many independent cases, at least 1 (Kish 1965).

    The variance is that of the linearised ratio mean, between clusters: with z the sum of (value - mean) in
    each of m clusters, m / (m - 1) * sum(z²) / n², over p (1 - p) / (n - 1). It is 1 where nothing can be
    estimated: all values are equal, or they are of one cluster. Both arguments have the shape (cases,).
    """
    n, drawn = len(values), np.unique(clusters)
    rate = fsum(values) / n if n else 0.0
    if len(drawn) < 2 or rate in (0.0, 1.0):
        return 1.0
    sums = np.bincount(clusters, weights=values) - rate * np.bincount(clusters)
    between = len(drawn) / (len(drawn) - 1) * fsum(sums * sums)
    return max(1.0, between / (n * rate * (1 - rate) * n / (n - 1)))


def spread(resampled: Floats) -> tuple[float, float] | None:
    """The 95 % percentile interval of a resampled figure (Efron 1979; Efron and Tibshirani 1993, chapter 13).

    Resamples in which it is undefined (NaN) are left out. None where the others all agree: this says that
    the cases cannot tell, not that the figure is certain. Shape (resamples,).
    """
    defined = resampled[~np.isnan(resampled)]
    if defined.size == 0 or defined.min() == defined.max():
        return None
    # As numpy.quantile, which imports masked arrays, 0.1 s, to do it.
    low, high = np.interp([0.025, 0.975], np.linspace(0, 1, defined.size), np.sort(defined))
    return float(low), float(high)


class Sample:
    """A group of cases, by the articles they are about; every sequence of values is in the order of these."""

    def __init__(self, articles: Sequence[str | None]) -> None:
        self._cases = len(articles)
        self._clusters = clusters_of(articles)
        self._size = int(self._clusters.max(initial=-1)) + 1
        self._clustered = self._size < self._cases

    def table(self, columns: Sequence[Sequence[float | None]]) -> Floats:
        """Measures side by side, NaN where one does not apply; shape (cases, measures)."""
        # numpy makes NaN of None.
        return np.array(columns, dtype=np.float64).reshape(len(columns), self._cases).T

    def rate(self, values: Sequence[float | None]) -> Estimate:
        """The share of ones among zeros and ones, with the Wilson interval; None where it does not apply.

        Under clustering the interval is that of n / design effect cases (Franco, Little, Louis and Slud 2019,
        "Comparative Study of Confidence Intervals for Proportions in Complex Sample Surveys").
        """
        column = self.table([values])[:, 0]
        applies = ~np.isnan(column)
        return self._rate(column[applies], self._clusters[applies])

    def _rate(self, values: Floats, clusters: NDArray[np.intp]) -> Estimate:
        n = len(values)
        if n == 0:
            return Estimate(0, None, None, None, "none")
        value = fsum(values) / n
        effective = n / design_effect(values, clusters) if self._clustered else n
        low, high = wilson(value * effective, effective)
        return Estimate(n, value, low, high, "wilson, clustered" if self._clustered else "wilson")

    def mean(self, values: Sequence[float | None]) -> Estimate:
        """As `means`, for one measure."""
        return self.means([values])[0]

    def means(self, columns: Sequence[Sequence[float | None]]) -> list[Estimate]:
        """The mean of each of some measures, with its bootstrap interval; None where one does not apply.

        Values lie between 0 and 1. Where all are 0 or all are 1, no resample could differ, and the interval is
        that of a rate: of all that lies between 0 and 1, a rate varies most.
        """
        table = self.table(columns)
        resampled = self.resampled_means(table)
        return [self._mean(table[:, at], resampled[:, at]) for at in range(len(columns))]

    def _mean(self, column: Floats, resampled: Floats) -> Estimate:
        applies = ~np.isnan(column)
        values = column[applies]
        if len(values) and (not values.any() or (values == 1).all()):
            return self._rate(values, self._clusters[applies])
        return self.estimate(len(values), fsum(values) / len(values) if len(values) else None, resampled)

    def resampled_means(self, table: Floats) -> Floats:
        """The means of columns in each resample; (cases, measures) becomes (resamples, measures).

        A value of NaN is left out, numerator and denominator; the mean of nothing is NaN.
        """
        applies = ~np.isnan(table)
        sums = self._by_cluster(np.round(np.where(applies, table, 0.0) * _STEPS) / _STEPS)
        sizes = self._by_cluster(applies.astype(np.float64))
        blocks = [ratio(block @ sums, block @ sizes) for block in self._blocks()]
        return np.concatenate(blocks)

    def pooled(self, statistic: Statistic, among: Sequence[bool] | None = None) -> Estimate:
        """A figure of all cases together, such as an area under a curve, with its bootstrap interval.

        Args:
            statistic: gets weights of the shape (resamples, cases) and returns one figure a resample, NaN
                where it is undefined; the value is that of weights of one. Called with blocks of resamples.
            among: which cases it looks at, by default all; its weights are of these only.
        """
        chosen = self._clusters if among is None else self._clusters[np.asarray(among, dtype=bool)]
        n = len(chosen)
        value = float(statistic(np.ones((1, n)))[0]) if n else float("nan")
        if np.isnan(value):
            return Estimate(n, None, None, None, "none")
        return self.estimate(n, value, np.concatenate([statistic(block[:, chosen]) for block in self._blocks()]))

    def estimate(self, n: int, value: float | None, resampled: Floats) -> Estimate:
        """A figure with the interval of its resamples, where they have one; `resampled` is (resamples,)."""
        found = spread(resampled)
        if value is None or found is None:
            return Estimate(n, value, None, None, "none")
        return Estimate(n, value, *found, "bootstrap, clustered" if self._clustered else "bootstrap")

    def _by_cluster(self, table: Floats) -> Floats:
        totals = np.zeros((self._size, table.shape[1]))
        np.add.at(totals, self._clusters, table)
        return totals

    @cached_property
    def _draws(self) -> NDArray[np.uint16]:
        """How often each resample holds each cluster, (resamples, clusters): whole clusters are drawn.

        The cases of a cluster are not drawn again within it (Davison and Hinkley 1997, section 3.8; Field and
        Welsh 2007).
        """
        random = np.random.default_rng(_SEED)
        draws = np.empty((RESAMPLES, self._size), dtype=np.uint16)
        for block in self._rows():
            rows = len(draws[block])
            # Each resample counts in a range of numbers of its own.
            drawn = random.integers(max(1, self._size), size=(rows, self._size))
            drawn += np.arange(rows)[:, None] * self._size
            draws[block] = np.bincount(drawn.ravel(), minlength=rows * self._size).reshape(rows, self._size)
        return draws

    def _rows(self) -> Iterator[slice]:
        rows = max(1, _BLOCK // max(1, self._cases))
        return (slice(start, start + rows) for start in range(0, RESAMPLES, rows))

    def _blocks(self) -> Iterator[Floats]:
        return (self._draws[rows].astype(np.float64) for rows in self._rows())


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Elementwise quotients, NaN where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator > 0)
