"""Is the answer here? The probability that the best sentence holds it, from signals that no corpus size moves."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

COEFFICIENTS = (-6.0, 5.0, 3.0, 3.0, 3.0)
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of the best sentence, each from 0 to 1."""

    similarity: float
    """Cosine of sentence and question."""
    overlap: float
    """Share of the question's words, weighted by idf, in the sentence."""
    lexical: float
    """BM25 of its passage, as a share of the bound."""
    dense: float
    """Cosine of its passage and the question."""


def probability(signals: Signals) -> float:
    """A logistic model over the signals, 0 to 1."""
    intercept, *weights = COEFFICIENTS
    logit = intercept + sum(weight * signal for weight, signal in zip(weights, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-logit))
