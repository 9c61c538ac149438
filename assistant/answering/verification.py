"""Claim against quote, decided by code and not by a model; pure, no file is opened here.

A citation holds when its quote is, character for character, what stands between its offsets in the
article's text. Where the text has moved since it was indexed, the same characters are looked for again
and the offsets follow them. A claim is verbatim when it is one of its quotes, or all of them in the order
of the article, white space folded. One in other words is supported where the proof that is passed in finds
nothing against it; without a proof it is struck. A short answer holds when its sentence does: it is a span
of that citation, and moves with it. Other articles are named beside a citation only as long as their files
hold its sentence, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Claim, ShortAnswer
from assistant.answering.drafting import Draft, DraftClaim, DraftShort, Quoted
from assistant.answering.word_edges import inside_word

ReadArticle = Callable[[str], str | None]
"""Gives the text of an article as its file holds it now, or None if there is none."""
Proof = Callable[[str, Sequence[Quoted]], str | None]
"""Why some sentences do not prove a claim in other words than theirs; None where they do."""


Place = tuple[str, int, int]
"""An article, and where a sentence of it begins and ends."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What is left of a draft: all of its claims, the citations of those that hold, and the short answers."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    shorts: tuple[ShortAnswer, ...]


def verify(draft: Draft, read_article: ReadArticle, proof: Proof | None = None) -> Verified:
    """Check every claim; citations are numbered in the order of the text, each span once.

    A claim with a quote that its article does not hold is struck: it comes back unsupported, with the
    reason and without citations, and no citation of it remains. A short answer goes with its sentence.
    """
    claims: list[Claim] = []
    numbered: dict[Place, Citation] = {}
    shown: dict[tuple[Place, str], Citation] = {}
    for drafted in draft.claims:
        starts = [_place(quoted, read_article) for quoted in drafted.quoted]
        reason = next((start for start in starts if isinstance(start, str)), None) or _why_not(drafted)
        verbatim = reason is None and _is_verbatim(drafted, starts)
        if reason is None and not verbatim:
            reason = proof(drafted.text, drafted.quoted) if proof else "it is not what the cited sentence says"
        if reason:
            claims.append(Claim(drafted.text, (), "unsupported", reason))
            continue
        citations = [
            _cite(quoted, start, numbered, read_article)
            for quoted, start in zip(drafted.quoted, starts, strict=True)
            if isinstance(start, int)
        ]
        shown |= zip(map(_drafted_place, drafted.quoted), citations, strict=True)
        numbers = dict.fromkeys(citation.id for citation in citations)
        claims.append(Claim(drafted.text, tuple(numbers), "verbatim" if verbatim else "supported"))
    shorts = (_short(short, shown) for short in draft.shorts)
    return Verified(tuple(claims), tuple(numbered.values()), tuple(short for short in shorts if short is not None))


def quote_holds(text: str, start: int, end: int, quote: str) -> bool:
    """True if the text holds the quote at just these offsets."""
    return 0 <= start < end <= len(text) and text[start:end] == quote


def find_again(text: str, quote: str, near: int) -> int | None:
    """Where the quote begins in a text that has changed: of several places the one nearest to `near`.

    As a part of other words or numbers it says something else: `5 people left.` is not in `25 people left.`
    """
    places = []
    start = text.find(quote)
    while start >= 0:
        if not any(0 < edge < len(text) and inside_word(text, edge) for edge in (start, start + len(quote))):
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


def _why_not(drafted: DraftClaim) -> str | None:
    return None if drafted.quoted else "no sentence is cited for it"


def _is_verbatim(drafted: DraftClaim, starts: Sequence[int | str]) -> bool:
    said = _folded(drafted.text)
    # As they stand now: sentences that changed places may mean somebody else by "he".
    placed = sorted(
        (quoted.evidence.source.article, start, quoted.text)
        for quoted, start in zip(drafted.quoted, starts, strict=True)
    )
    return said == _folded(" ".join(text for _, _, text in placed)) or any(
        said == _folded(quoted.text) for quoted in drafted.quoted
    )


def _cite(quoted: Quoted, start: int, numbered: dict[Place, Citation], read_article: ReadArticle) -> Citation:
    source = quoted.evidence.source
    place = (source.article, start, start + len(quoted.text))
    if place not in numbered:
        number = len(numbered) + 1
        also_in = tuple(article for article in quoted.also_in if _says(read_article(article), quoted.text))
        numbered[place] = Citation(number, source, place[1], place[2], quoted.text, also_in=also_in)
    return numbered[place]


def _says(text: str | None, quote: str) -> bool:
    """Whether a text holds the quote anywhere, white space folded."""
    return text is not None and find_again(_folded(text), _folded(quote), 0) is not None


def _drafted_place(quoted: Quoted) -> tuple[Place, str]:
    """What a sentence is known by: several passages may hold it."""
    sentence = quoted.sentence
    return (quoted.evidence.source.article, sentence.start, sentence.end), quoted.text


def _short(drafted: DraftShort, shown: Mapping[tuple[Place, str], Citation]) -> ShortAnswer | None:
    """The span, cut from the citation that its sentence became: so it stands in the file as that does."""
    sentence, citation = drafted.quoted.sentence, shown.get(_drafted_place(drafted.quoted))
    if citation is None or not sentence.start <= drafted.start < drafted.end <= sentence.end:
        return None
    text = citation.quote[drafted.start - sentence.start : drafted.end - sentence.start]
    if not text.strip():
        return None
    shift = citation.start - sentence.start
    return ShortAnswer(text, citation.id, drafted.start + shift, drafted.end + shift)


def _folded(text: str) -> str:
    return " ".join(text.split())
