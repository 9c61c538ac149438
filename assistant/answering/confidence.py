"""Is the answer here? The probability that the best sentence holds it, from signals that fit any corpus."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

COEFFICIENTS = (-5.65, 3.12, 2.09, 4.19)
"""Intercept, then one for each signal; `evals/performance/fit_confidence.py` fits them on public questions
with the evidence present, its article taken away, and its paragraphs taken away. Figures in docs/answering.md."""

THRESHOLD = 0.15
"""Below it the answer is "not found". Of questions whose evidence is there, one in twenty-five is refused."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of the best sentence, each from 0 to 1."""

    similarity: float
    """Cosine of sentence and question."""
    overlap: float
    """Share of the question's words, weighted by idf, in the sentence."""
    passage: float
    """Cosine of its passage and the question."""


def probability(signals: Signals) -> float:
    """A logistic model over the signals, 0 to 1."""
    intercept, *weights = COEFFICIENTS
    logit = intercept + sum(weight * signal for weight, signal in zip(weights, astuple(signals), strict=True))
    return 1 / (1 + math.exp(-logit))
