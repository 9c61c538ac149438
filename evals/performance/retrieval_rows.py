"""The rows of the ablation of retrieval: what ships with one thing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from assistant.answer import Evidence
from assistant.answering.near_duplicates import collapse
from assistant.retrieval import DENSE_WEIGHT, Retriever
from index.encoder import Embedder
from index.lexical import LexicalIndex, query_words
from index.passages import WIDEST_GAP
from index.view import IndexView

Ask = Callable[[IndexView, str, int], Sequence[Evidence]]
"""Question to passages, best first."""
WHOLE = 1000
"""More passages than two legs of a hundred candidates give."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing changed; what is not stated is as it ships."""

    asking: Mapping[str, Any] = field(default_factory=dict)
    """What is patched while questions are asked."""
    tokens: tuple[int, int] | None = None
    """Fewest and most tokens of a passage."""
    header: str = "title"
    weight: float = DENSE_WEIGHT
    neighbours_of: int = 0
    """The passages beside so many of the best ones become candidates, too."""
    collapsed: bool = False
    """Near-duplicates of better passages are left out, as they are where an answer is drawn from passages."""
    context: float = 0.0
    """A passage gains this share of the better score among its two neighbours, where they were found, too."""

    @contextmanager
    def indexing(self) -> Iterator[None]:
        """Within it passages are made as this row wants them."""
        with ExitStack() as stack:
            if self.tokens:
                fewest, most = self.tokens
                stack.enter_context(patch("index.passages.FEWEST_TOKENS", fewest))
                stack.enter_context(patch("index.passages.MOST_TOKENS", most))
            yield

    @contextmanager
    def asker(self, embedder: Embedder) -> Iterator[Ask]:
        """A function that asks as this row wants it."""
        retriever = Retriever(embedder, self.weight)

        def ask(view: IndexView, question: str, count: int) -> Sequence[Evidence]:
            if self.neighbours_of:
                return _beside(retriever, view, question, count, self.neighbours_of)
            if self.collapsed:
                return [
                    story.told for story in collapse(retriever.retrieve(view, question, WHOLE).evidence, count)
                ]
            if self.context:
                pool = retriever.retrieve(view, question, WHOLE).evidence
                return in_context(pool, self.context)[:count]
            return retriever.retrieve(view, question, count).evidence

        with ExitStack() as stack:
            for name, value in self.asking.items():
                stack.enter_context(patch(name, value))
            yield ask


def _beside(retriever: Retriever, view: IndexView, question: str, count: int, best: int) -> tuple[Evidence, ...]:
    """Retrieval with the passages beside the best ones among the candidates."""
    keys: list[int] = []
    for evidence in retriever.retrieve(view, question, best).evidence:
        keys += [
            row[0]
            for row in view.catalog.connection.execute(
                "SELECT beside.key FROM passages p JOIN articles a ON a.id = p.article JOIN passages beside"
                " ON beside.article = p.article AND abs(beside.ordinal - p.ordinal) = 1"
                " WHERE a.path = ? AND p.start = ?",
                (evidence.source.article, evidence.start),
            )
        ]
    found = LexicalIndex.candidates

    def more(index: LexicalIndex, *asked: Any) -> list[int]:
        return list(dict.fromkeys([*found(index, *asked), *keys]))

    with patch.object(LexicalIndex, "candidates", more):
        return retriever.retrieve(view, question, count).evidence


def in_context(pool: Sequence[Evidence], share: float) -> list[Evidence]:
    """The passages ranked with a share of their better neighbour's score added."""
    in_order = sorted(pool, key=lambda item: (item.source.article, item.start))
    beside = dict.fromkeys(((item.source.article, item.start) for item in pool), 0.0)
    for left, right in pairwise(in_order):
        if left.source == right.source and right.start - left.end <= WIDEST_GAP:
            for one, other in ((left, right), (right, left)):
                place = one.source.article, one.start
                beside[place] = max(beside[place], other.score)
    lifted = [replace(item, score=item.score + share * beside[item.source.article, item.start]) for item in pool]
    return sorted(lifted, key=lambda item: -item.score)


def one_way(question: str) -> list[tuple[str, ...]]:
    """The words of a question as they are, and no other way to write them."""
    return [(word,) for word in query_words(question)]


ROWS: Mapping[str, Row] = {
    "no-variants": Row({"index.lexical.search_words": one_way, "index.lexical.spelled_out": str}),
    "collapsed": Row(collapsed=True),
    **{f"depth-{depth}": Row({"assistant.retrieval.DEPTH": depth}) for depth in (20, 100)},
    **{f"weight-{weight}": Row(weight=weight) for weight in (0.3, 0.4, 0.6)},
    **{f"neighbours-{best}": Row(neighbours_of=best) for best in (3, 10)},
    **{f"context-{share}": Row(context=share) for share in (0.1, 0.2, 0.3)},
    **{f"header-{header}": Row(header=header) for header in ("none", "full")},
    **{f"tokens-{most}": Row(tokens=(most // 2, most)) for most in (80, 110, 150, 190)},
}
