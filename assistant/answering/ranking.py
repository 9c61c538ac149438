"""The sentences of the best passages, ranked for a question, each with what speaks for it.

Where there is a reader it tells of each sentence how surely it holds the answer, and in which words; the words
and the meaning of the sentence and of its passage speak, too, and alone where there is no reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Evidence, Sentence
from assistant.answering.drafting import Quoted
from assistant.answering.near_duplicates import Story, collapse
from assistant.retrieval import Retrieval
from index.lexical import StemmedText, Stemmer, Term

if TYPE_CHECKING:
    from assistant.answering.reader import Reader, Reading
    from index.encoder import Embedder

FIRST = 4
"""Passages that are read of each question."""
PASSAGES = 8
"""So many are read where none of the first surely holds the answer."""
FOUND = 0.2
"""From this margin on, on the scale of RankedSentence.margin, one does."""
ENCODED = 0
"""Of so many passages the sentences are encoded where there is a reader; it costs more than it gives."""
RERANK = 0.1
"""What the margin of its best sentence counts beside a passage's own score in the order of the passages."""
SURE = 12.0
"""A margin of so many logits is as sure as a reader gets; what lies beyond says nothing more."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts in the rank of a sentence; docs/answering.md has the figures that chose it."""

    similarity: float
    overlap: float
    passage: float
    margin: float


READ = Weights(similarity=0.2, overlap=0.1, passage=0.7, margin=0.3)
UNREAD = Weights(similarity=0.3, overlap=0.2, passage=0.5, margin=0.0)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The words in a sentence that answer best, as the reader sees it; characters of the article."""

    start: int
    end: int
    margin: float
    """Score of the words less that of no answer in the passage, in logits."""


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with what speaks for it."""

    quoted: Quoted
    similarity: float
    """Cosine with the question, 0 to 1; of its passage where the sentence was not encoded."""
    overlap: float
    """Share of the question's words, weighted by idf, in the sentence; 0 to 1."""
    coverage: float
    """The same share in its passage and title: what the passage lacks, it was perhaps not written about."""
    pointed: Pointed | None
    """None where no reader looked, or it points at other sentences."""
    read: bool
    """Whether a reader looked at its passage."""

    @property
    def margin(self) -> float:
        """How sure the reader is, from -1 to 1; -1 where it points at other sentences, 0 where none looked."""
        if self.pointed is None:
            return -1.0 if self.read else 0.0
        return max(-1.0, min(1.0, self.pointed.margin / SURE))

    @property
    def score(self) -> float:
        """The weighted sum by which sentences are ranked."""
        weights = READ if self.read else UNREAD
        return (
            weights.similarity * self.similarity
            + weights.overlap * self.overlap
            + weights.passage * self.quoted.evidence.score
            + weights.margin * self.margin
        )


class SentenceRanker:
    """Ranks the prose sentences of the first passages."""

    def __init__(
        self,
        embedder: Embedder,
        stemmer: Stemmer,
        first: int = FIRST,
        passages: int = PASSAGES,
        encoded: int = ENCODED,
    ) -> None:
        self._embedder = embedder
        self._stemmer = stemmer
        self._first = first
        self._passages = passages
        self._encoded = encoded

    def rank(self, retrieval: Retrieval, reader: Reader | None) -> list[RankedSentence]:
        """The sentences, best first; raises ReaderError when the reader cannot read."""
        stories = collapse(retrieval.evidence, self._passages if reader else self._first)
        pointed = self._read(retrieval.question, stories[: self._first], reader)
        if reader and all(words.margin < FOUND * SURE for words in pointed.values()):
            pointed |= self._read(retrieval.question, stories[self._first :], reader)
        else:
            stories = stories[: self._first]
        evidence = [story.told for story in stories]
        candidates = [
            Quoted(story.told, sentence, story.copies)
            for story in stories
            for sentence in story.told.sentences
            if sentence.prose
        ]
        if not candidates:
            return []
        depth = self._encoded if reader else len(evidence)
        # Where vectors could not be asked, a passage has no likeness to lend to its sentences.
        encoded = [passage for number, passage in enumerate(evidence) if number < depth or passage.dense is None]
        similarities = self._similarities(retrieval, candidates, encoded)
        overlaps = self._overlaps(retrieval.term_weights, [quoted.text for quoted in candidates])
        passages = [f"{passage.source.title or ''} {passage.text}" for passage in evidence]
        coverages = dict(zip(map(id, evidence), self._overlaps(retrieval.term_weights, passages), strict=True))
        ranked = [
            RankedSentence(
                quoted,
                similarity,
                overlap,
                coverages[id(quoted.evidence)],
                pointed.get((id(quoted.evidence), quoted.sentence)),
                reader is not None,
            )
            for quoted, similarity, overlap in zip(candidates, similarities, overlaps, strict=True)
        ]
        return sorted(ranked, key=lambda item: -item.score)

    def _read(
        self, question: str, stories: Sequence[Story], reader: Reader | None
    ) -> dict[tuple[int, Sentence], Pointed]:
        """The reader's best words in each sentence that it points at, by passage and sentence."""
        if reader is None:
            return {}
        evidence = [story.told for story in stories]
        found: dict[tuple[int, Sentence], Pointed] = {}
        readings = reader.read(question, [passage.text for passage in evidence])
        for passage, reading in zip(evidence, readings, strict=True):
            for sentence, pointed in _pointed(passage, reading):
                found.setdefault((id(passage), sentence), pointed)
        return found

    def _similarities(
        self, retrieval: Retrieval, candidates: Sequence[Quoted], encoded: Sequence[Evidence]
    ) -> list[float]:
        texts = [quoted.text for quoted in candidates if quoted.evidence in encoded]
        vectors = self._embedder.embed([retrieval.question, *texts])
        known = dict(zip(texts, (float(value) for value in vectors[1:] @ vectors[0]), strict=True))
        found = (known.get(quoted.text, quoted.evidence.dense) for quoted in candidates)
        return [max(value or 0.0, 0.0) for value in found]

    def _overlaps(self, weights: Mapping[Term, float], texts: Sequence[str]) -> list[float]:
        return [overlap(weights, stems) for stems in self._stemmer.stems(texts)]


def rerank(evidence: Sequence[Evidence], ranked: Sequence[RankedSentence]) -> tuple[Evidence, ...]:
    """The passages by their score and the margin of their best sentence.

    One without a sentence among the ranked, not read, a copy or a list of headings, stays behind the one it was
    found after.
    """
    margins: dict[int, float] = {}
    for item in ranked:
        if item.read:
            key = id(item.quoted.evidence)
            margins[key] = max(margins.get(key, -1.0), item.margin)
    scored: list[tuple[float, Evidence]] = []
    for passage in evidence:
        if id(passage) in margins:
            scored.append((passage.score + RERANK * margins[id(passage)], passage))
        else:
            scored.append((min([passage.score, *(score for score, _ in scored[-1:])]), passage))
    return tuple(passage for _, passage in sorted(scored, key=lambda pair: -pair[0]))


def _pointed(passage: Evidence, reading: Reading) -> list[tuple[Sentence, Pointed]]:
    """The spans of a reading that lie inside one sentence, best first."""
    found = []
    for span in reading.spans:
        start, end = passage.start + span.start, passage.start + span.end
        for sentence in passage.sentences:
            if sentence.start <= start < end <= sentence.end:
                found.append((sentence, Pointed(start, end, span.margin)))
    return found


def overlap(weights: Mapping[Term, float], stems: Sequence[str]) -> float:
    """The share of the question's words, weighted by idf, that stand in a text; 0 to 1."""
    total = sum(weights.values())
    text = StemmedText(stems)
    # In the order of the question: that of a set, and with it the last digit, changes from process to process.
    return sum(weight for term, weight in weights.items() if term.count(text)) / total if total else 0.0
