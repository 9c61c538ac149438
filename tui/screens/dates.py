"""Asks between which days articles must have been published for questions to be answered from them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from assistant.errors import ConfigurationError
from tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from index.view import DateRange

_ACCEPTED = "2019-01-31, 2019-01 or 2019; empty for any"


@dataclass(frozen=True, slots=True)
class DateChoice:
    """What somebody decided about days."""

    dates: DateRange | None
    """None where there is to be no filter."""


class DatesScreen(Dialog[DateChoice]):
    """Sets the first and the last day; left with None where all stays as it is."""

    DEFAULT_CSS = """
    DatesScreen .day { height: 3; }
    DatesScreen Label { width: 8; padding: 1 0; }
    DatesScreen Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Use these days", show=False),
        Binding("ctrl+n", "clear", "No filter by date"),
    ]
    CALLED = "Only articles published"
    KEYS = (("Enter", "use these days", "apply"), ("Ctrl+N", "no filter", "clear"), ("Esc", "cancel", "leave"))

    def __init__(self, dates: DateRange | None, undated: int | None = None) -> None:
        """Begins with the days that are set; `undated` counts the articles without a date, if that is known."""
        super().__init__()
        self._dates = dates
        self._undated = undated

    def body(self) -> Iterable[Widget]:
        """Two days, and what becomes of articles that have none."""
        for name in ("since", "until"):
            day = getattr(self._dates, name, None)
            field = Input(day.isoformat() if day else "", placeholder=_ACCEPTED, id=name)
            yield Horizontal(Label(name.capitalize()), field, classes="day")
        yield Static(Content(_undated_told(self._undated)), classes="quiet")

    @on(Input.Submitted)
    def action_apply(self) -> None:
        """Leave with these days, or say what is wrong with them."""
        since, until = (self.query_one(name, Input).value for name in ("#since", "#until"))
        try:
            dates = dates_between(since, until)
        except ConfigurationError as failure:
            self.show_failure(failure)
        else:
            self.dismiss(DateChoice(dates))

    def action_clear(self) -> None:
        """Leave with no filter."""
        self.dismiss(DateChoice(None))


def dates_between(since: str, until: str) -> DateRange | None:
    """The days that were typed, both inclusive; None where neither was.

    Raises:
        ConfigurationError: one is no day, month or year, or they are in the wrong order.
    """
    from index.view import DateRange  # 40 ms, which only those pay who set a date

    first, last = _day("since", since, at_end=False), _day("until", until, at_end=True)
    if first and last and first > last:
        raise ConfigurationError(f"since {since.strip()} is later than until {until.strip()}", "exchange the two")
    return DateRange(first, last) or None


def _day(field: str, typed: str, *, at_end: bool) -> date | None:
    """The day; of a month or a year its first day, or its last one."""
    text = typed.strip()
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}(-\d\d)?", text, re.ASCII):
            return date.fromisoformat(text)
        year, month = int(text[:4]), int(text[5:] or ("12" if at_end else "1"))
        return date(year, month, calendar.monthrange(year, month)[1] if at_end else 1)
    except ValueError:
        raise ConfigurationError(f"{field} {text!r} is not a day", "write it as 2019-01-31") from None


def _undated_told(undated: int | None) -> str:
    match undated:
        case None:
            return "Articles without a date fall outside of any filter."
        case 0:
            return "All articles have a date."
        case 1:
            return "1 article has no date, and falls outside of any filter."
    return f"{undated} articles have no date, and fall outside of any filter."
