"""Articles as rows of a list: what is filtered by, and how a row is laid out; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from assistant.sanitize import sanitize_line

if TYPE_CHECKING:
    from assistant.engine.notices import ArticleSummary

OUTLET, DATE, WORDS = 16, 10, 7
"""Columns of an outlet, a date, and a number of words."""
ROOM_FOR_OUTLET = 60
"""Columns from which on the outlet is shown."""


def folded(text: str) -> str:
    """A text as it is compared: accents and case do not count."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def sought_in(article: ArticleSummary) -> str:
    """What the words of a filter are looked for in: title, outlet, date and file name, folded."""
    source = article.source
    day = source.published.isoformat() if source.published else "undated"
    return folded("\n".join(filter(None, (source.title, source.outlet, day, source.article))))


def matching(sought: Sequence[str], words: str) -> list[int]:
    """The numbers of those that hold each of the words, or begin of a word, in any order."""
    wanted = folded(words).split()
    return [number for number, text in enumerate(sought) if all(word in text for word in wanted)]


def row_of(article: ArticleSummary, width: int) -> str:
    """An article on one line of `width` columns: title or file name, outlet, date, words."""
    source = article.source
    day = source.published.isoformat() if source.published else "undated"
    parts = [_fitted(day, DATE), f"{article.words:,}".rjust(WORDS)]
    if width >= ROOM_FOR_OUTLET:
        parts.insert(0, _fitted(source.outlet or "outlet unknown", OUTLET))
    return _after_title(source.title or source.article, parts, width)


def heading(width: int) -> str:
    """What the columns of the rows are."""
    parts = [_fitted("Date", DATE), "Words".rjust(WORDS)]
    if width >= ROOM_FOR_OUTLET:
        parts.insert(0, _fitted("Outlet", OUTLET))
    return _after_title("Title", parts, width)


def _after_title(title: str, parts: Sequence[str], width: int) -> str:
    rest = "  ".join(parts)
    return f"{_fitted(title, max(width - cell_len(rest) - 2, 1))}  {rest}"


def _fitted(text: str, width: int) -> str:
    """The text in just so many columns, harmless."""
    clean = sanitize_line(text[: width * 4])  # what is beyond is not seen
    return set_cell_size(clean, width) if cell_len(clean) <= width else f"{set_cell_size(clean, width - 1)}…"
