"""What a claim cites: sentences with what is known of their articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cited:
    """A sentence that a claim cites."""

    text: str
    """Verbatim."""
    outlet: str | None = None
    title: str | None = None
    published: date | None = None
    context: str = ""
    """The passage or the text around it, for who `he` is or a first name; it proves nothing by itself."""


def credit_spans(claim: str, cited: Sequence[Cited]) -> list[tuple[int, int]]:
    """Where a claim names the outlet or the title of an article that it cites, first and last offset."""
    spans = []
    for credit in {credit for source in cited for credit in (source.outlet, source.title) if credit}:
        pattern = r"\s+".join(re.escape(word) for word in credit.split())
        spans += [found.span() for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", claim, re.IGNORECASE)]
    return sorted(spans)


def inside(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a stretch lies in one of the spans."""
    return any(first <= start and end <= last for first, last in spans)
