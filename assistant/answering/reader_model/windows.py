"""A question and a paragraph as windows of wordpieces, and the best span of a window.

As in Devlin et al., BERT, 2019, section 4.2 and 4.3: `[CLS] question [SEP] passage [SEP]`, overlapping windows
where the passage is long, and the null score of a window is that of a span that is `[CLS]` alone. Only numpy and
tokenizers are needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.encoder import MODEL_FOLDER
from index.onnx_runtime import open_tokenizer

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS = 224
"""Wordpieces of a window, its three markers included."""
QUESTION_TOKENS = 64
"""Wordpieces of a question that are read."""
OVERLAP = 64
"""Wordpieces that two neighbouring windows share."""
SPAN_TOKENS = 30
"""Wordpieces of the longest span that is given as an answer."""

Floats = NDArray[np.float32]
Characters = tuple[int, int]


@dataclass(frozen=True)
class Window:
    """A question and a part of a paragraph."""

    ids: list[int]
    first: int
    """The position of the passage's first wordpiece; the last one stands before the final marker."""
    spans: list[Characters]
    """Where each of the passage's wordpieces stands in the paragraph."""

    @property
    def types(self) -> list[int]:
        """0 for the question and its markers, 1 for the passage and its."""
        return [0] * self.first + [1] * (len(self.ids) - self.first)

    def locate(self, start: int, end: int) -> tuple[int, int] | None:
        """Positions of the first and last wordpiece of a span of characters; None where some is not in here."""
        if not self.spans or start < self.spans[0][0] or end > self.spans[-1][1]:
            return None
        inside = [number for number, (a, b) in enumerate(self.spans) if a < end and start < b]
        return (self.first + inside[0], self.first + inside[-1]) if inside else None

    def characters(self, start: int, end: int) -> Characters:
        """The characters of the paragraph from one position to another, that one included."""
        return self.spans[start - self.first][0], self.spans[end - self.first][1]


@dataclass(frozen=True)
class Span:
    """The best span of a window."""

    start: int
    """Characters before it in the paragraph."""
    end: int
    """Characters up to its end."""
    score: float
    """Sum of the logits at its ends."""
    margin: float
    """The score less the null score: the higher, the surer that the window holds the answer."""


class Cutter:
    """Cuts paragraphs into windows. A paragraph's wordpieces are kept for the next question on it."""

    def __init__(self, tokenizer: Tokenizer, tokens: int = TOKENS, overlap: int = OVERLAP) -> None:
        """`tokenizer` neither pads nor cuts. Raises ValueError when windows would hold little passage."""
        if tokens < 2 * QUESTION_TOKENS:
            raise ValueError(f"A window of {tokens} wordpieces is too short: take {2 * QUESTION_TOKENS} or more.")
        self._tokenizer, self._tokens, self._overlap = tokenizer, tokens, overlap
        self._begin, self._end = tokenizer.encode("").ids  # [CLS] and [SEP]
        self._known: tuple[str, list[int], list[Characters]] = ("", [], [])

    def cut(self, question: str, paragraph: str) -> list[Window]:
        """The windows of a question over a paragraph, in order, at least one; together they hold all of it."""
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        head = [self._begin, *asked, self._end]
        ids, spans = self._read(paragraph)
        room = self._tokens - len(head) - 1
        return [
            Window([*head, *ids[start : start + room], self._end], len(head), spans[start : start + room])
            for start in _starts(len(ids), room, min(self._overlap, room // 2))
        ]

    def _read(self, paragraph: str) -> tuple[list[int], list[Characters]]:
        known = self._known  # once: another thread may put its own paragraph there
        if known[0] != paragraph:
            read = self._tokenizer.encode(paragraph, add_special_tokens=False)
            self._known = known = (paragraph, read.ids, read.offsets)
        return known[1:]


def open_cutter(tokens: int = TOKENS) -> Cutter:
    """A cutter with the shipped encoder's tokenizer, which is the official one."""
    return Cutter(open_tokenizer((MODEL_FOLDER / "tokenizer.json").read_bytes()), tokens)


def _starts(length: int, room: int, overlap: int) -> Iterator[int]:
    """Where windows of `room` begin; the last one ends with the text, so that none is short of context."""
    start = 0
    while start + room < length:
        yield start
        start = min(start + room - overlap, length - room)
    yield start


def best_span(window: Window, starts: Floats, ends: Floats) -> Span:
    """The span of the passage, of 30 wordpieces at most, with the highest sum of logits at its ends.

    `starts` and `ends` have one number a wordpiece of the window; what follows is padding and not looked at.
    Of equal sums the earliest is taken. Where the window holds no passage, the span is empty and the margin
    minus infinity.
    """
    found = best_spans(window, starts, ends, 1)
    return found[0] if found else Span(0, 0, -np.inf, -np.inf)


def best_spans(window: Window, starts: Floats, ends: Floats, count: int) -> list[Span]:
    """Up to `count` spans that share no wordpiece, best first; none where the window holds no passage.

    Each is the one with the highest sum of logits among those clear of the better ones (Neubeck and Van Gool,
    Efficient Non-Maximum Suppression, 2006); the first is `best_span`.
    """
    first, last = window.first, len(window.ids) - 1
    null = float(starts[0] + ends[0])
    sums = starts[first:last, None] + ends[None, first:last]
    allowed = np.triu(np.ones(sums.shape, bool)) & ~np.triu(np.ones(sums.shape, bool), SPAN_TOKENS)
    found: list[Span] = []
    while len(found) < count and allowed.any():
        best = int(np.where(allowed, sums, -np.inf).argmax())
        start, end = divmod(best, last - first)
        score = float(sums[start, end])
        found.append(Span(*window.characters(first + start, first + end), score, score - null))
        allowed[: end + 1, start:] = False  # what begins by its end and ends from its start on
    return found


def best_of(spans: Iterable[Span]) -> Span:
    """The span whose window is surest that it holds the answer; of equal ones the first."""
    return max(spans, key=lambda span: span.margin)
