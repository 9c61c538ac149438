"""Answers without a model server: the words and sentences that a small reader points at, shown verbatim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.answering.confidence import probability, signals_of, threshold
from assistant.answering.drafting import Draft
from assistant.answering.ranking import RankedSentence, SentenceRanker, rerank
from assistant.answering.selection import choose, claims_of, shorts_of
from assistant.errors import ReaderError
from assistant.retrieval import Retrieval

if TYPE_CHECKING:
    from assistant.answering.reader import Reader
    from index.encoder import Embedder
    from index.lexical import Stemmer


class ExtractiveAnswerer:
    """Quotes the one to three sentences that answer best, with the words that do, or finds no answer."""

    name = "extractive"

    def __init__(
        self, embedder: Embedder, stemmer: Stemmer, reader: Reader | None, min_confidence: float | None = None
    ) -> None:
        """`min_confidence` replaces the fitted threshold; without a reader, likeness alone ranks the sentences."""
        self._ranker = SentenceRanker(embedder, stemmer)
        self._reader = reader
        self._min_confidence = min_confidence

    def load(self) -> None:
        """Load the reader now rather than at the first question. Raises ReaderError."""
        if self._reader is not None:
            self._reader.load()

    def stream(self, retrieval: Retrieval) -> Iterator[Draft]:
        """The draft, whole: nothing of it comes earlier."""
        yield self.draft(retrieval)

    def cancel(self) -> bool:
        """Nothing lasts long enough."""
        return False

    def close(self) -> None:
        """Nothing is held."""

    def draft(self, retrieval: Retrieval) -> Draft:
        """Quote the best sentences, or none where the answer is probably not there."""
        ranked, warning = self.rank(retrieval)
        if not ranked:
            return Draft((), 0.0, warning=warning)
        best = ranked[0]
        confidence = probability(signals_of(best))
        least = threshold(read=best.read) if self._min_confidence is None else self._min_confidence
        passages = rerank(retrieval.evidence, ranked)
        if confidence < least:
            return Draft((), confidence, passages=passages, warning=warning)
        chosen = choose(retrieval.question, ranked)
        shorts = shorts_of(retrieval.question, chosen)
        return Draft(claims_of(chosen), confidence, shorts, passages, warning)

    def rank(self, retrieval: Retrieval) -> tuple[list[RankedSentence], str | None]:
        """The sentences of the first passages, best first; without the reader where it fails, and then why."""
        try:
            return self._ranker.rank(retrieval, self._reader), None
        except ReaderError as error:
            self._reader = None
            ranked = self._ranker.rank(retrieval, None)
            return ranked, f"{error} Answering by ranked sentences alone. {error.hint}"
