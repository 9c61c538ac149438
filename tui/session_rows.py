"""Sessions as rows of a list: which is open, when it was used, how long it is; pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from assistant.sanitize import sanitize_line
from tui.when import say_when

if TYPE_CHECKING:
    from assistant.sessions.summary import Summary

CURRENT = "●"
"""Stands before the session that one is in, which is called open, too."""


def row_of(summary: Summary, current: str | None, now: datetime) -> Content:
    """A session on two lines: its name, and below it when it was used and how many questions it holds."""
    here = summary.id == current
    questions = "1 question" if summary.turns == 1 else f"{summary.turns} questions"
    name = Content.styled(sanitize_line(summary.name), "bold" if here else "")
    told = f"  {'open · ' if here else ''}{say_when(summary.used, now)} · {questions}"
    return Content.assemble(f"{CURRENT} " if here else "  ", name, "\n", (told, "$quiet"))


def title_of(shown: int, known: int) -> str:
    """What stands above the rows: how many there are, and where the first one will come from."""
    if not known:
        return "Sessions: none yet. Each is kept with its first answer."
    return f"Sessions: {known}" if shown == known else f"Sessions: {shown or 'none'} of {known}"
