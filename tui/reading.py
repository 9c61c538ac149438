"""What is marked in an article that is being read: cited sentences, what was searched for, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from assistant.answer import Citation, Evidence

PASSAGE = 0
"""Stands for the number of a passage, as markers count from 1."""
SLICE = 100_000
"""Characters that are looked through before the loop may do something else; 1 to 5 ms."""
LONGEST_LINK = 2_000
"""Characters of an address beyond which it is cut, as browsers do."""
LINK = re.compile(rf"\bhttps?://[^\s<>\"“”‘’`\x00-\x1f\x7f-\x9f]{{1,{LONGEST_LINK}}}", re.IGNORECASE)
_STANDS_FOR = {
    "'": "['’‘ʼ]",
    '"': '["“”„«»]',
    "-": "[-‐‑–—]",
    " ": r"\s",
}
"""What people type for characters that articles hold and keyboards do not."""

Standing = Literal["stands", "moved", "changed"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of an article, from `start` to before `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A cited sentence, or a passage where `number` is None, that stands at these very characters."""

    start: int
    end: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a citation in the text as it is now; `mark` is where it stands, if anywhere."""

    standing: Standing
    mark: Mark | None


def as_citation(passage: Evidence) -> Citation:
    """A passage as something to be read in its article, which no marker stands for."""
    from assistant.answer import Citation

    return Citation(PASSAGE, passage.source, passage.start, passage.end, passage.text)


def look_up(citation: Citation, text: str) -> Found:
    """Where the sentence of a citation stands in the text of its article as that is now."""
    from assistant.sessions.standing import standing_of  # 20 ms

    standing = standing_of(citation, lambda _: text)
    if standing.start is None or standing.end is None:
        return Found("changed", None)
    mark = Mark(standing.start, standing.end, citation.id or None)
    return Found("stands" if standing.state == "stands" else "moved", mark)


def search_pattern(words: str) -> re.Pattern[str]:
    """Finds these words, great or small, where a blank is any white space and quotes may be curly."""
    return re.compile("".join(_STANDS_FOR.get(letter, re.escape(letter)) for letter in words), re.IGNORECASE)


def occurrences(pattern: re.Pattern[str], text: str, reach: int) -> Iterator[list[Span]]:
    """All matches, in order, one list a slice of the text; none may be longer than `reach`."""
    begin = 0
    for base in range(0, len(text), SLICE):
        limit = base + SLICE
        found: list[Span] = []
        for match in pattern.finditer(text, max(base, begin), min(limit + reach, len(text))):
            if match.start() >= limit:
                break
            found.append(Span(*match.span()))
            begin = match.end()
        yield found


def trim_link(address: str) -> str:
    """An address without the punctuation of the sentence that it stands in."""
    while address:
        closing = address[-1]
        unopened = closing == ")" and address.count("(") < address.count(")")
        if not (unopened or closing in ".,;:!?'*_]}"):
            return address
        address = address[:-1]
    return address


def links_in(text: str) -> Iterator[list[Span]]:
    """Where the addresses of web pages stand, one list a slice of the text."""
    for spans in occurrences(LINK, text, LONGEST_LINK + len("https://")):
        yield [Span(span.start, span.start + len(trim_link(text[span.start : span.end]))) for span in spans]


def within(spans: Sequence[Span], start: int, end: int) -> Iterator[int]:
    """Which of many spans, in order and apart, hold a character from `start` to before `end`."""
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if spans[middle].end <= start else (low, middle)
    while low < len(spans) and spans[low].start < end:
        yield low
        low += 1


def margin_of(beside: Sequence[Mark], current: bool, start: int, width: int) -> str:
    """What stands in the margin of a line: a bar beside what is cited, the numbers of what begins there.

    `beside` are the marks on the line that begins at `start`; `current` tells whether the current one is of them.
    """
    bar = ("▌" if current else "│") if beside else " "
    numbers = [mark.number for mark in beside if mark.number is not None and mark.start >= start]
    named = f"[{','.join(map(str, numbers))}]" if numbers else ""
    if len(named) > width - 2:
        named = f"[{numbers[0]}…]"
    return f"{bar}{named}".ljust(width)


def line_number(text: str, offset: int) -> int:
    """The line of the file that a character stands in, counted from 1, as editors count."""
    return text.count("\n", 0, offset) + 1
