"""Claim against quote, decided by code and not by a model; pure, no file is opened here.

A citation holds when its quote is, character for character, what stands between its offsets in the
article's text. Where the text has moved since it was indexed, the same characters are looked for again
and the offsets follow them. A claim is verbatim when it is one of its quotes, white space folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answer import Citation, Claim
from assistant.answering.drafting import DraftClaim, Quoted

ReadArticle = Callable[[str], str | None]
"""Gives the text of an article as its file holds it now, or None if there is none."""


def verify(drafted: Sequence[DraftClaim], read_article: ReadArticle) -> tuple[list[Claim], list[Citation]]:
    """Check every claim; citations are numbered in the order of the text, each span once.

    A claim with a quote that its article does not hold is struck: it comes back unsupported, with the
    reason and without citations, and no citation of it remains.
    """
    claims: list[Claim] = []
    numbered: dict[tuple[str, int, int], Citation] = {}
    for draft in drafted:
        starts = [_place(quoted, read_article) for quoted in draft.quoted]
        reason = next((start for start in starts if isinstance(start, str)), None) or _why_not(draft)
        if reason:
            claims.append(Claim(draft.text, (), "unsupported", reason))
            continue
        numbers = [
            _number(quoted, start, numbered)
            for quoted, start in zip(draft.quoted, starts, strict=True)
            if isinstance(start, int)
        ]
        claims.append(Claim(draft.text, tuple(dict.fromkeys(numbers)), "verbatim"))
    return claims, list(numbered.values())


def quote_holds(text: str, start: int, end: int, quote: str) -> bool:
    """True if the text holds the quote at just these offsets."""
    return 0 <= start < end <= len(text) and text[start:end] == quote


def find_again(text: str, quote: str, near: int) -> int | None:
    """Where the quote begins in a text that has changed: of several places the one nearest to `near`."""
    places = []
    start = text.find(quote)
    while start >= 0:
        places.append(start)
        start = text.find(quote, start + 1)
    return min(places, key=lambda place: abs(place - near), default=None)


def _place(quoted: Quoted, read_article: ReadArticle) -> int | str:
    """Where the quote begins in its article now, or why it cannot be shown."""
    article, start, end = quoted.evidence.source.article, quoted.sentence.start, quoted.sentence.end
    quote = quoted.text
    if not quote or len(quote) != end - start:
        return f"what it cites of {article} lies outside of the passage"
    text = read_article(article)
    if text is None:
        return f"{article} can no longer be read"
    if quote_holds(text, start, end, quote):
        return start
    moved = find_again(text, quote, start)
    return f"{article} no longer holds the quoted sentence" if moved is None else moved


def _why_not(draft: DraftClaim) -> str | None:
    if not draft.quoted:
        return "no passage is cited for it"
    if all(_folded(draft.text) != _folded(quoted.text) for quoted in draft.quoted):
        return "it is not what the cited sentence says"
    return None


def _number(quoted: Quoted, start: int, numbered: dict[tuple[str, int, int], Citation]) -> int:
    source = quoted.evidence.source
    span = (source.article, start, start + len(quoted.text))
    if span not in numbered:
        numbered[span] = Citation(len(numbered) + 1, source, span[1], span[2], quoted.text)
    return numbered[span].id


def _folded(text: str) -> str:
    return " ".join(text.split())
