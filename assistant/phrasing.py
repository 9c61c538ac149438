"""How answers and where they come from are worded for people: the same on a page of text and in an app."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from assistant.sanitize import sanitize_line

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Claim, ShortAnswer, Source

NOT_FOUND = "Not in these articles."
CERTAIN, LIKELY = 0.9, 0.5
"""The confidence from which on it is called so; below both it is called unsure."""
WORTH_A_LOOK = 0.05
"""The confidence from which on people are told that an answer was kept back."""
SHOWN_CLOSEST = 3
"""Passages that are shown where the articles do not hold the answer."""
CLOSEST = "Closest passages (confidence {:.2f} that one holds the answer):"
STRUCK = "Struck, for no cited sentence proves it:"
CUT_OFF = "The answer was cut off before its end."


def shorts_to_show(answer: Answer) -> list[ShortAnswer]:
    """The short answers, but for those that say as much as their whole sentence, which is shown anyway."""
    quotes = {citation.id: _bare(citation.quote) for citation in answer.citations}
    return [short for short in answer.shorts if _bare(short.text) != quotes.get(short.citation)]


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".")


def span_in(answer: Answer, claim: Claim, short: ShortAnswer) -> tuple[int, int] | None:
    """Where the short answer stands in a claim, if its sentence is in that."""
    for citation in answer.citations:
        if citation.id == short.citation and citation.id in claim.citations and citation.quote in claim.text:
            shift = claim.text.index(citation.quote) - citation.start
            return short.start + shift, short.end + shift
    return None


def counted(number: int, one: str) -> str:
    """So many of something, as `1 article` or `5 articles`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def on_one_line(text: str) -> str:
    """The text made harmless, with white space folded."""
    return " ".join(sanitize_line(text).split())


def name_others(citation: Citation) -> str:
    """The other articles that hold the sentence, to stand behind the place of the first; empty where none does."""
    return f", also in {', '.join(map(sanitize_line, citation.also_in))}" if citation.also_in else ""


def name_source(source: Source) -> str:
    """Outlet, date and title as far as the article states them, on one line."""
    day = source.published.isoformat() if source.published else "undated"
    parts = [source.outlet or "outlet unknown", day, source.title]
    return sanitize_line(" · ".join(part for part in parts if part))


def name_place(source: Source, start: int, end: int) -> str:
    """Where a span stands, as `parley show` takes it; a hostile file name comes out harmless."""
    return f"{sanitize_line(source.article)}:{start}-{end}"


def spent_in_words(answer: Answer) -> str:
    """Tokens, time to the first text, and cost, as far as they are known."""
    spent, first = answer.spent, answer.timings_ms.get("first_text")
    parts = [f"{spent.read:,} tokens read, {spent.written:,} written"] if spent else []
    parts += [f"first text after {first / 1000:.1f} s"] if first is not None else []
    parts += [f"cost {spent.cost:.6f}"] if spent and spent.cost is not None else []
    return " · ".join(parts)


def in_words(confidence: float) -> str:
    """A probability as people say it."""
    if confidence >= CERTAIN:
        return "certain"
    return "likely" if confidence >= LIKELY else "unsure"


def confidence_in_words(confidence: float) -> str:
    """A probability as people say it, and as a number."""
    return f"{in_words(confidence)} (confidence {confidence:.2f})"


def kept_back(answer: Answer) -> str:
    """That an uncertain answer is not shown, and what shows it; empty where none is worth a look."""
    if answer.confidence < WORTH_A_LOOK:
        return ""
    shows_it = math.floor(answer.confidence * 100) / 100  # rounded up it would keep it back again
    return f"An uncertain answer was kept back; show it with --min-confidence {shows_it:.2f}"
