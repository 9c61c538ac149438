"""A span in its article: some context around it, cut at words, with what is cited and what is gold told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from evals.cases import Span

CONTEXT = 200
"""Characters shown on each side of a span."""
LONGEST = 1200
"""Characters shown of a span itself: a page of thousands of cases has to stay usable."""
BEGINNING = 160
"""Characters shown of a retrieved passage."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article that is marked alike."""

    text: str
    mark: Literal["", "cited", "gold", "cited gold"]


def around(text: str, cited: Span, gold: Iterable[Span]) -> list[Piece]:
    """The cited span with its context, and those parts of gold spans that stand there, too."""
    start, end = cited[0], min(cited[1], cited[0] + LONGEST)
    first, last = _word_from(text, start), _word_until(text, end)
    overlapping = [span for span in gold if span[0] < last and first < span[1]]
    edges = {first, start, end, last, *(edge for span in overlapping for edge in span)}
    within = sorted(edge for edge in edges if first <= edge <= last)
    pieces = []
    for low, high in pairwise(within):
        is_gold = any(span[0] <= low and high <= span[1] for span in overlapping)
        is_cited = start <= low and high <= end
        pieces.append(Piece(text[low:high], _MARKS[is_cited, is_gold]))
    before = [Piece("… ", "")] if first else []
    after = [Piece(" …", "")] if last < len(text) else []
    return [*before, *pieces, *after]


_MARKS: dict[tuple[bool, bool], Literal["", "cited", "gold", "cited gold"]] = {
    (False, False): "",
    (True, False): "cited",
    (False, True): "gold",
    (True, True): "cited gold",
}


def beginning(text: str, span: Span) -> str:
    """The first words of a passage, on one line."""
    shown = text[span[0] : min(span[1], _word_until(text, span[0], BEGINNING))]
    return " ".join(shown.split()) + (" …" if span[0] + len(shown) < span[1] else "")


def _word_from(text: str, end: int) -> int:
    """Where the first whole word stands of the context that ends here."""
    far = max(0, end - CONTEXT)
    if far == 0 or text[far - 1].isspace():
        return far
    gap = re.compile(r"\s+").search(text, far, end)
    return gap.end() if gap else far


def _word_until(text: str, start: int, reach: int = CONTEXT) -> int:
    """Where the last whole word ends of so many characters from here on."""
    far = start + reach
    if far >= len(text):
        return len(text)
    if text[far].isspace():
        return far
    shown = text[start:far]
    whole = re.match(r"(?s).*\S(?=\s)", shown)
    return start + whole.end() if whole else far
