"""What the answerer sees of each sentence, for a sample of a suite's questions: tables to try other weights on.

Twice as many passages are read, and of all of them the sentences encoded, as an answer reads: what ships, and
less, and more, are then cut from the same table, so that their difference is the recipe's and not chance's.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.ranking import FOUND, RankedSentence, SentenceRanker
from assistant.answering.reader import Reader
from assistant.retrieval import Retrieval, Retriever
from evals.cases import Case, Suite
from evals.performance.retrieval_quality import index_suite
from evals.squad_text import token_f1
from index.encoder import Embedder
from index.lexical import Stemmer

MARGIN = 3
"""The column of the signals that holds the reader's margin."""
DEEPEST = 10
"""Passages that are read for the tables."""
SEED = 7

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """The candidate sentences of one question, in the order of their passages."""

    article: str
    """What the case is about; questions of one article are resampled together."""
    place: NDArray[np.int64]
    """The rank of each sentence's passage, from 0 on: shape (sentences,)."""
    signals: Values
    """Similarity, the sentence's own, overlap, score of the passage and margin: shape (sentences, 4)."""
    dense: Values
    """Cosine of each sentence's passage and the question: shape (sentences,)."""
    met: NDArray[np.bool_]
    """Which need each sentence meets: shape (sentences, needs)."""
    f1: Values
    """Token F1 of the words that the reader points at in each sentence; 0 where it points at none."""
    found: NDArray[np.bool_]
    """Which need each passage meets, in the order of retrieval: shape (passages, needs)."""
    fit: Values
    """The score of each passage: shape (passages,)."""

    def read(self, first: int, passages: int) -> int:
        """How many passages are read: all of `passages` where none of the first surely holds the answer."""
        margins = self.signals[self.place < first, MARGIN]
        return first if len(margins) and margins.max() >= FOUND else passages

    def scores(self, weights: Sequence[float], passages: int, encoded: int) -> Values:
        """The rank scores with these weights, where so many passages are read and so many encoded.

        Minus infinity for sentences of passages that are not read: shape (sentences,).
        """
        signals = self.signals.copy()
        signals[:, 0] = np.where(self.place < encoded, signals[:, 0], self.dense)
        return np.where(self.place < passages, signals @ np.array(weights), -np.inf)

    def passages(self, weight: float, read: int) -> list[int]:
        """The places of the passages, those that are read put in order by score plus so much of their best margin.

        One without a sentence of its own, a copy or a list of headings, stays behind the one it was found after.
        """
        scored: list[float] = []
        for place, score in enumerate(self.fit):
            margins = self.signals[self.place == place, MARGIN]
            if len(margins) and place < read:
                scored.append(float(score + weight * margins.max()))
            else:
                scored.append(min([*scored[-1:], float(score)]))
        order: list[int] = np.argsort(-np.array(scored), kind="stable").tolist()
        return order


def observe(suite: Suite, embedder: Embedder, reader: Reader, states: Path, count: int) -> list[Seen]:
    """Ask `count` answerable questions, drawn with a fixed seed; those for which nothing is found are left out."""
    retriever = Retriever(embedder)
    ranker = SentenceRanker(embedder, Stemmer(), first=DEEPEST, passages=DEEPEST, encoded=DEEPEST)
    cases = [case for case in suite.cases if case.answerable and case.needs]
    random.Random(SEED).shuffle(cases)  # noqa: S311  a sample, no secret
    seen = []
    with closing(index_suite(suite, states, embedder)) as kept, kept.reader.view() as view:
        for case in cases[:count]:
            retrieval = retriever.retrieve(view, case.question, DEEPEST)
            ranked = ranker.rank(retrieval, reader)
            if ranked:
                seen.append(_table(suite, case, retrieval, ranked))
    return seen


def _table(suite: Suite, case: Case, retrieval: Retrieval, ranked: Sequence[RankedSentence]) -> Seen:
    place = {id(passage): number for number, passage in enumerate(retrieval.evidence)}
    passages = [(passage.source.article, passage.start, passage.end) for passage in retrieval.evidence]
    spans = [
        (item.quoted.evidence.source.article, item.quoted.sentence.start, item.quoted.sentence.end)
        for item in ranked
    ]
    signals = [(item.similarity, item.overlap, item.quoted.evidence.score, item.margin) for item in ranked]
    return Seen(
        str(case.article),
        np.array([place[id(item.quoted.evidence)] for item in ranked]),
        np.array(signals, float),
        np.array([max(item.quoted.evidence.dense or 0.0, 0.0) for item in ranked]),
        np.array([suite.needs_met(case, [span]) for span in spans], bool),
        np.array([_f1(item, case) for item in ranked]),
        np.array([suite.needs_met(case, [span]) for span in passages], bool),
        np.array([passage.score for passage in retrieval.evidence]),
    )


def _f1(item: RankedSentence, case: Case) -> float:
    if item.pointed is None or not case.answers:
        return 0.0
    passage, pointed = item.quoted.evidence, item.pointed
    return token_f1(passage.text[pointed.start - passage.start : pointed.end - passage.start], case.answers)
