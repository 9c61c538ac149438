"""What the reader says of an article and of what is cited of it, harmless and on one line each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.sanitize import sanitize, sanitize_line
from tui.reading import PASSAGE

if TYPE_CHECKING:
    from assistant.answer import Citation, Source
    from tui.reading import Found


def title_of(source: Source | None, path: str = "") -> str:
    """An article's title; its file name where it states none."""
    if source is None:
        return sanitize_line(path)
    return sanitize_line(source.title or source.article)


def subtitle(source: Source | None, current: Citation | None, citations: Sequence[Citation]) -> str:
    """Which citation is read, then outlet, date and file name of its article."""
    parts = []
    if current is not None and current.id == PASSAGE:
        parts.append("passage")
    elif current is not None:
        parts.append(f"[{current.id}] {citations.index(current) + 1} of {len(citations)}")
    if source is not None:
        parts.append(source.outlet or "outlet unknown")
        parts.append(source.published.isoformat() if source.published else "undated")
        parts += [source.article] if source.title else []
    return sanitize_line(" · ".join(parts))


def notice_of(citation: Citation, found: Found) -> str:
    """What people have to know of a sentence that does not stand where it was cited from; else nothing."""
    what = "passage" if citation.id == PASSAGE else "sentence"
    if found.standing == "stands":
        return ""
    if found.mark is not None:
        return (
            f"This {what} no longer stands here, at {citation.start}-{citation.end}: the article has changed"
            f" since. It is marked where it stands now, at {found.mark.start}-{found.mark.end}."
        )
    return (
        f"This {what} no longer stands here: the article has changed since, and does not hold it any more."
        f" It was: “{sanitize_line(citation.quote)}”"
    )


def cited_quote(citation: Citation, found: Found | None) -> str:
    """A quote with its reference, to be pasted somewhere: outlet, date, title, and where it stands."""
    from assistant.phrasing import name_place, name_source  # 50 ms

    mark = found.mark if found else None
    start, end = (mark.start, mark.end) if mark else (citation.start, citation.end)
    place = name_place(citation.source, start, end)
    gone = "" if mark else " (no longer there)"
    quote = " ".join(sanitize(citation.quote).split())
    return f"“{quote}” {name_source(citation.source)}, {place}{gone}"
