"""A logistic model: signals in, a chance out."""

from __future__ import annotations

import math
from collections.abc import Mapping

INTERCEPT = "intercept"
"""The name of the weight that belongs to no signal."""


def logistic(weights: Mapping[str, float], signals: Mapping[str, float]) -> float:
    """The chance, 0 to 1, by the signals that have weights; all of those must be given."""
    logit = sum(weight * (1.0 if name == INTERCEPT else signals[name]) for name, weight in weights.items())
    return 1 / (1 + math.exp(-logit))
