"""Is the answer here? The probability that the best sentence holds it, from signals that no corpus size moves."""

from __future__ import annotations

import math
from dataclasses import dataclass

COEFFICIENTS = (-6.0, 5.0, 3.0, 3.0)
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of the best sentence, each from 0 to 1."""

    similarity: float
    overlap: float
    passage: float


def probability(signals: Signals) -> float:
    """A logistic model over the signals, 0 to 1."""
    intercept, similarity, overlap, passage = COEFFICIENTS
    logit = intercept + similarity * signals.similarity + overlap * signals.overlap + passage * signals.passage
    return 1 / (1 + math.exp(-logit))
