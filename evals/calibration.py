"""Is the confidence worth anything? Does it tell right from wrong, and is it right as often as it says?

What takes weights, resamples by cases, returns one figure a resample: see `evals.metrics.Sample.pooled`.
`right`, `positive`, `predicted`, `actual` (true or false) and `confidence` (0 to 1) have the shape (cases,).
"""

from __future__ import annotations

from math import fsum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evals.metrics import Floats, ratio
from evals.results import Bin

BINS = 10
EDGES = np.arange(1, BINS) / BINS
"""A confidence that equals one belongs to the bin above it."""


def auroc(positive: ArrayLike, confidence: ArrayLike, weights: Floats) -> Floats:
    """The chance that a positive case is surer than a negative one, ties counted half.

    The area under the ROC curve by the Mann-Whitney statistic (Hanley and McNeil 1982). NaN where a resample
    holds no positive or no negative case.
    """
    truth = np.asarray(positive, dtype=bool)
    up = _by_level(confidence, weights * truth)
    down = _by_level(confidence, weights * ~truth)
    below = np.cumsum(down, axis=1) - down
    return ratio((up * (below + down / 2)).sum(axis=1), up.sum(axis=1) * down.sum(axis=1))


def area_under_risk_coverage(right: ArrayLike, confidence: ArrayLike, weights: Floats) -> Floats:
    """The mean, over answered cases from the surest on, of the share of wrong ones so far.

    AURC (Geifman and El-Yaniv 2017). Cases of equal confidence enter together, each with the risk after all
    of them, so that their order is of no matter. NaN where a resample holds no case.
    """
    sure = -np.asarray(confidence, dtype=np.float64)
    entering = _by_level(sure, weights)
    wrong = _by_level(sure, weights * ~np.asarray(right, dtype=bool))
    answered = np.cumsum(entering, axis=1)
    risk = np.divide(np.cumsum(wrong, axis=1), answered, out=np.zeros_like(answered), where=answered > 0)
    return ratio((entering * risk).sum(axis=1), weights.sum(axis=1))


def expected_calibration_error(right: ArrayLike, confidence: ArrayLike, weights: Floats) -> Floats:
    """By how much confidence and share of right ones differ, averaged over answered cases.

    ECE with ten bins of equal width (Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017). NaN where a
    resample holds no case.
    """
    sure = np.asarray(confidence, dtype=np.float64)
    gaps = _by_level(_bin_of(sure), weights * (np.asarray(right, dtype=bool) - sure))
    return ratio(np.abs(gaps).sum(axis=1), weights.sum(axis=1))


def f1(predicted: ArrayLike, actual: ArrayLike, weights: Floats) -> Floats:
    """The harmonic mean of precision and recall (van Rijsbergen 1979).

    NaN where a resample holds neither a case that is so nor one that was said to be.
    """
    said, true = np.asarray(predicted, dtype=bool), np.asarray(actual, dtype=bool)
    both = (weights * (said & true)).sum(axis=1)
    return ratio(2 * both, (weights * said).sum(axis=1) + (weights * true).sum(axis=1))


def risk_coverage_curve(right: ArrayLike, confidence: ArrayLike, cases: int) -> tuple[tuple[float, float], ...]:
    """Coverage and risk at each different confidence, surest first (El-Yaniv and Wiener 2010).

    Coverage is the share of all `cases`, refusals included, that are answered at least as surely; risk is
    the share of these answers that are wrong. `right` and `confidence` are of the answered cases only.
    """
    ones = np.ones((1, np.size(confidence)))
    sure = -np.asarray(confidence, dtype=np.float64)
    answered = np.cumsum(_by_level(sure, ones)[0])
    wrong = np.cumsum(_by_level(sure, ones * ~np.asarray(right, dtype=bool))[0])
    return tuple(zip((answered / cases).tolist(), (wrong / answered).tolist(), strict=True))


def reliability_bins(right: ArrayLike, confidence: ArrayLike) -> tuple[Bin, ...]:
    """The bins of a reliability diagram (DeGroot and Fienberg 1983), those of `expected_calibration_error`.

    Bins without a case are left out.
    """
    sure, truth = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=bool)
    bins = []
    for number in sorted(set(_bin_of(sure).tolist())):
        here = _bin_of(sure) == number
        n = int(here.sum())
        bins.append(Bin(number / BINS, (number + 1) / BINS, n, fsum(sure[here]) / n, int(truth[here].sum()) / n))
    return tuple(bins)


def _bin_of(confidence: Floats) -> NDArray[np.intp]:
    return np.searchsorted(EDGES, confidence, side="right")


def _by_level(values: ArrayLike, weights: Floats) -> Floats:
    """Weights of equal values added up: (resamples, cases) becomes (resamples, different values, ascending)."""
    order = np.argsort(values, kind="stable")
    starts = np.unique(np.asarray(values)[order], return_index=True)[1]
    if starts.size == 0:
        return np.zeros((len(weights), 0))
    return np.add.reduceat(weights[:, order], starts, axis=1)
