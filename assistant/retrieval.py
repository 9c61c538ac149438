"""Question to evidence: words and meaning searched side by side, fused by a convex sum.

Both legs score every candidate of either, and each score means the same in a corpus of two articles as
in one of two thousand: BM25 as a share of its bound, cosine similarity with a fixed floor of nought.
(Bruch, Gai and Ingber, An Analysis of Fusion Functions for Hybrid Retrieval, 2023, find the convex sum
ahead of reciprocal rank fusion.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Citation, Evidence, Sentence, Source
from assistant.conversation import Turn
from index.catalog import PassageRecord
from index.lexical import Term
from index.places import passages_at
from index.view import DateRange, IndexView

if TYPE_CHECKING:
    from index.encoder import Embedder

DEPTH = 50
"""Candidates taken from each leg."""
DENSE_WEIGHT = 0.5
"""Share of the dense score in the sum; docs/retrieval.md has the figures that chose it."""
FIRST = 5
CARRIED = 2
"""So many carried passages come among the FIRST, whatever their score."""
LONGEST_QUERY = 2000
"""Characters of a question that are encoded; the encoder reads far fewer."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A question with the passages found for it, best first, and the weight of its words in this corpus."""

    question: str
    evidence: tuple[Evidence, ...]
    term_weights: Mapping[Term, float]
    """Inverse document frequency of each term of the question, in nats."""
    undated: int = 0
    """Articles that a date range left out because they state no date."""
    history: tuple[Turn, ...] = ()
    """Earlier turns of the conversation that the question belongs to, oldest first."""


class Retriever:
    """Ranks passages for a question."""

    def __init__(self, embedder: Embedder, dense_weight: float = DENSE_WEIGHT) -> None:
        self._embedder = embedder
        self._dense_weight = dense_weight
        """0 looks for words alone, 1 orders by meaning alone."""

    def retrieve(
        self,
        view: IndexView,
        question: str,
        count: int,
        dates: DateRange | None = None,
        carried: Sequence[Citation] = (),
    ) -> Retrieval:
        """The `count` passages that fit the question best; fewer where there are fewer.

        Passages of the sentences `carried` are candidates whether or not they are found; see `with_carried`.
        """
        dates = dates or DateRange()
        weights = view.lexical.term_weights(question)
        allowed, undated = view.catalog.dated_between(dates.since, dates.until) if dates else (None, 0)
        if (dates and not allowed) or not weights:  # without a single word nothing is asked
            return Retrieval(question, (), weights, undated)
        keys = view.lexical.candidates(question, DEPTH, dates.since, dates.until)
        kept = _carried_keys(view, carried, allowed)
        dense: dict[int, float] = {}
        if self._by_meaning(view):
            vector = self._embedder.embed([question[:LONGEST_QUERY]])[0]
            dense = view.nearest(vector, DEPTH, allowed)
        passages = list(view.catalog.passages(list(dict.fromkeys([*keys, *dense, *kept]))).values())
        if self._by_meaning(view):
            unscored = [passage for passage in passages if passage.key not in dense]
            dense |= view.similarities(vector, unscored)
        lexical = view.lexical.scores(weights, [_searched_text(passage) for passage in passages])
        ranked = [
            replace(
                self._evidence(passage, score, dense.get(passage.key, 0.0) if self._by_meaning(view) else None),
                carried=passage.key in kept,
            )
            for passage, score in zip(passages, lexical, strict=True)
        ]
        ranked.sort(key=lambda item: (-item.score, item.source.article, item.start))
        return Retrieval(question, tuple(with_carried(ranked)[:count]), weights, undated)

    def _by_meaning(self, view: IndexView) -> bool:
        """Asked anew each time: that vectors are lost may show only when one asks them."""
        return self._dense_weight > 0 and view.has_vectors

    def _evidence(self, passage: PassageRecord, lexical: float, dense: float | None) -> Evidence:
        article = passage.article
        return Evidence(
            source=Source(article.path, article.title, article.outlet, article.published),
            start=passage.start,
            end=passage.end,
            text=passage.text,
            sentences=tuple(Sentence(item.start, item.end, item.prose) for item in passage.sentences),
            lexical=lexical,
            dense=dense,
            score=fuse(lexical, dense, self._dense_weight),
        )


def fuse(lexical: float, dense: float | None, dense_weight: float = DENSE_WEIGHT) -> float:
    """The convex sum of both legs, 0 to 1; the lexical score alone where there is no other."""
    if dense is None:
        return lexical
    return dense_weight * max(dense, 0.0) + (1 - dense_weight) * lexical


def with_carried(ranked: Sequence[Evidence]) -> list[Evidence]:
    """The passages, where needed with the best carried ones moved up to the end of the first five."""
    moved = [item for item in [item for item in ranked if item.carried][:CARRIED] if item in ranked[FIRST:]]
    others = [item for item in ranked if item not in moved]
    ahead = FIRST - len(moved)
    return [*others[:ahead], *moved, *others[ahead:]]


def _carried_keys(view: IndexView, carried: Sequence[Citation], allowed: Sequence[str] | None) -> set[int]:
    found = passages_at(view.catalog, [(item.source.article, item.start, item.end) for item in carried])
    return {key for identity, key in found.items() if allowed is None or identity in allowed}


def _searched_text(passage: PassageRecord) -> str:
    """The passage after its article's title: what a question names often stands only there."""
    return f"{passage.article.title or ''} {passage.text}"
