"""How sure a median of noisy measurements is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the median (Efron and Tibshirani 1993, chapter 13)."""
    drawn = np.random.default_rng(0).choice(np.array(ratios), size=(10_000, len(ratios)))
    low, high = np.percentile(np.median(drawn, axis=1), (2.5, 97.5))
    return float(low), float(high)
