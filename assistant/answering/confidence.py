"""Is the answer here? The probability that a sentence holds it, from signals that mean the same in any corpus.

A logistic model; `confidence.json` holds its coefficients, where they come from and what they were measured to be
worth. `evals/performance/fit_confidence.py` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.logistic import logistic

if TYPE_CHECKING:
    from assistant.answering.ranking import RankedSentence

FITTED = Path(__file__).with_name("confidence.json")


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a sentence, each from 0 to 1, but for the margin."""

    similarity: float
    """Cosine of sentence and question."""
    overlap: float
    """Share of the question's words, weighted by idf, in the sentence."""
    coverage: float
    """The same share in its passage, title included."""
    passage: float
    """Cosine of its passage and the question."""
    margin: float | None
    """How sure the reader is of words in it, from -1 to 1; None where none has read it."""


def signals_of(sentence: RankedSentence) -> Signals:
    """The signals of a ranked sentence."""
    dense = sentence.quoted.evidence.dense
    return Signals(
        sentence.similarity,
        sentence.overlap,
        sentence.coverage,
        # Where vectors could not be asked, the sentence has to stand for its passage.
        sentence.similarity if dense is None else max(dense, 0.0),
        sentence.margin if sentence.read else None,
    )


def probability(signals: Signals) -> float:
    """The chance that the sentence holds the answer, 0 to 1."""
    return logistic(coefficients(read=signals.margin is not None), asdict(signals))


def threshold(*, read: bool) -> float:
    """Below this probability the answer is "not found", unless somebody asked for another bound."""
    return float(_fitted()["models"][_kind(read)]["threshold"])


def coefficients(*, read: bool) -> Mapping[str, float]:
    """The weight of each signal, and the intercept; with a reader or without."""
    weights: Mapping[str, float] = _fitted()["models"][_kind(read)]["coefficients"]
    return weights


def _kind(read: bool) -> str:
    return "read" if read else "unread"


@cache
def _fitted() -> Any:
    return json.loads(FITTED.read_bytes())
