"""Answers without a model: the sentences of the best passages, ranked for the question, shown verbatim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.confidence import THRESHOLD, Signals, probability
from assistant.answering.drafting import Draft, DraftClaim, Quoted
from assistant.retrieval import Retrieval
from index.lexical import StemmedText, Stemmer, Term

if TYPE_CHECKING:
    from index.encoder import Embedder

PASSAGES = 6
"""Passages whose sentences are ranked; the right one is among them far more often than it is first."""
MOST_SENTENCES = 3
CLOSE = 0.05
"""A further sentence is shown when its score is at most so far below the best one's."""
WEIGHTS = (0.3, 0.2, 0.5)
"""Of cosine similarity, weighted overlap and passage score in the rank of a sentence."""


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with what speaks for it, each from 0 to 1."""

    quoted: Quoted
    similarity: float
    overlap: float

    @property
    def score(self) -> float:
        """The weighted sum by which sentences are ranked."""
        similarity, overlap, passage = WEIGHTS
        return similarity * self.similarity + overlap * self.overlap + passage * self.quoted.evidence.score


class ExtractiveAnswerer:
    """Quotes the one to three sentences that fit the question best, or finds no answer."""

    name = "extractive"

    def __init__(self, embedder: Embedder, stemmer: Stemmer, threshold: float = THRESHOLD) -> None:
        self._embedder = embedder
        self._stemmer = stemmer
        self._threshold = threshold

    def draft(self, retrieval: Retrieval) -> Draft:
        """Quote the best sentences, or none where the answer is probably not there."""
        ranked = self.rank(retrieval)
        if not ranked:
            return Draft((), 0.0)
        best = ranked[0]
        confidence = probability(signals_of(retrieval, ranked))
        if confidence < self._threshold:
            return Draft((), confidence)
        chosen = [item for item in _distinct(ranked) if item.score >= best.score - CLOSE][:MOST_SENTENCES]
        return Draft(tuple(DraftClaim(item.quoted.text, (item.quoted,)) for item in chosen), confidence)

    def rank(self, retrieval: Retrieval) -> list[RankedSentence]:
        """The prose sentences of the first passages, best first."""
        candidates = [
            Quoted(evidence, sentence)
            for evidence in retrieval.evidence[:PASSAGES]
            for sentence in evidence.sentences
            if sentence.prose
        ]
        if not candidates:
            return []
        texts = [quoted.text for quoted in candidates]
        vectors = self._embedder.embed([retrieval.question, *texts])
        similarities = vectors[1:] @ vectors[0]
        overlaps = [overlap(retrieval.term_weights, stems) for stems in self._stemmer.stems(texts)]
        ranked = [
            RankedSentence(quoted, max(float(similarity), 0.0), shared)
            for quoted, similarity, shared in zip(candidates, similarities, overlaps, strict=True)
        ]
        return sorted(ranked, key=lambda item: -item.score)


def signals_of(retrieval: Retrieval, ranked: list[RankedSentence]) -> Signals:
    """What is known of the best of at least one ranked sentence."""
    best = ranked[0]
    dense = best.quoted.evidence.dense
    # Where vectors could not be asked, the sentence has to stand for its passage.
    return Signals(best.similarity, best.overlap, best.similarity if dense is None else dense)


def overlap(weights: Mapping[Term, float], stems: list[str]) -> float:
    """The share of the question's words, weighted by idf, that stand in the sentence; 0 to 1."""
    total = sum(weights.values())
    text = StemmedText(stems)
    # In the order of the question: that of a set, and with it the last digit, changes from process to process.
    return sum(weight for term, weight in weights.items() if term.count(text)) / total if total else 0.0


def _distinct(ranked: list[RankedSentence]) -> list[RankedSentence]:
    """Without sentences that say again, word for word, what a better one says."""
    by_text = {item.quoted.text: item for item in reversed(ranked)}
    return [item for item in ranked if by_text[item.quoted.text] is item]
