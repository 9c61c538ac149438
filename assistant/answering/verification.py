"""Claim against quote, decided by code and not by a model; pure, no file is opened here.

A citation holds when its quote is, character for character, what stands between its offsets in the
article's text. A claim is verbatim when it is one of its quotes, white space folded.
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
        reason = _why_not(draft, read_article)
        if reason:
            claims.append(Claim(draft.text, (), "unsupported", reason))
            continue
        numbers = [_number(quoted, numbered) for quoted in draft.quoted]
        claims.append(Claim(draft.text, tuple(dict.fromkeys(numbers)), "verbatim"))
    return claims, list(numbered.values())


def quote_holds(text: str | None, start: int, end: int, quote: str) -> bool:
    """True if the text holds the quote at just these offsets."""
    return text is not None and 0 <= start < end <= len(text) and text[start:end] == quote


def _why_not(draft: DraftClaim, read_article: ReadArticle) -> str | None:
    if not draft.quoted:
        return "no passage is cited for it"
    for quoted in draft.quoted:
        article = quoted.evidence.source.article
        text = read_article(article)
        if text is None:
            return f"{article} can no longer be read"
        if not quote_holds(text, quoted.sentence.start, quoted.sentence.end, quoted.text):
            return f"{article} no longer holds the quoted sentence at {quoted.sentence.start}"
    if all(_folded(draft.text) != _folded(quoted.text) for quoted in draft.quoted):
        return "it is not what the cited sentence says"
    return None


def _number(quoted: Quoted, numbered: dict[tuple[str, int, int], Citation]) -> int:
    source = quoted.evidence.source
    span = (source.article, quoted.sentence.start, quoted.sentence.end)
    if span not in numbered:
        numbered[span] = Citation(len(numbered) + 1, source, span[1], span[2], quoted.text)
    return numbered[span].id


def _folded(text: str) -> str:
    return " ".join(text.split())
