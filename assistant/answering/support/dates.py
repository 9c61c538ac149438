"""Whether one date bears out another.

Where the day of publication is known, what counts from it and weekdays become days of the calendar; where it is
not, they have to be said in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta

from assistant.answering.support.moments import Moment

_SEASONS = frozenset(
    {"spring", "summer", "autumn", "fall", "winter", "season", "night", "morning", "evening", "weekend"}
)


def bears_out(source: Moment, claimed: Moment, published: date | None) -> bool:
    """Whether a source's date proves a claimed one, which may be coarser but not finer."""
    if {source.side, claimed.side} == {"until", "since"}:
        return False
    if _says_all(source, claimed) or _last_day_before(source, claimed):
        return True
    wanted, known = _spans(claimed, published), _spans(source, published)
    return any(first <= start and end <= last for first, last in wanted for start, end in known)


def is_published(claimed: Moment, published: date) -> bool:
    """Whether a date is that of a publication, or the month or year of it."""
    if claimed.year is None:
        return False
    return any(first <= published <= last for first, last in _spans(claimed, published))


def follows(claimed: Moment, anchor: Moment, source: Moment, published: date | None) -> bool:
    """Whether a source's date is `the day before` (or after) the anchor, which the claim names, too."""
    if claimed.beside is None:
        return False
    if anchor.weekday is not None and source.weekday is not None:
        return (anchor.weekday + claimed.beside) % 7 == source.weekday
    step = timedelta(days=claimed.beside)
    known = _spans(source, published)
    return any((first + step, last + step) in known for first, last in _spans(anchor, published))


def _says_all(source: Moment, claimed: Moment) -> bool:
    """Whether the source says everything that the claim does, in the same terms."""
    told = [
        (getattr(claimed, field.name), getattr(source, field.name))
        for field in fields(Moment)
        if field.name not in {"start", "end", "side"}
    ]
    # `the weekend` is `this weekend`, but `in March` is not `last March` of another year.
    return all(wanted is None or wanted == known for wanted, known in told) and any(
        wanted is not None for wanted, _ in told
    )


def _last_day_before(source: Moment, claimed: Moment) -> bool:
    """`before 2021` is `by the end of 2020`, and the other way round."""
    for one, other in ((source, claimed), (claimed, source)):
        if one.year and other.year and one.side == other.side == "until" and one.part == "late" and not other.part:
            return other.year == one.year + 1 and not other.month and not one.month
    return False


def _spans(moment: Moment, published: date | None) -> list[tuple[date, date]]:
    """The days that a date may mean, first and last; none where that cannot be told."""
    try:
        return list(_possible(moment, published))
    except (ValueError, OverflowError):  # 31 February; before the calendar begins
        return []


def _possible(moment: Moment, published: date | None) -> Iterator[tuple[date, date]]:
    if moment.part or moment.decade or moment.beside is not None:
        return
    if moment.year:
        yield _calendar(moment.year, moment.month, moment.day)
    elif published is None:
        return
    elif moment.month:
        years = (published.year - 1, published.year, published.year + 1)
        spans = [_calendar(year, moment.month, moment.day) for year in years if _is_day(year, moment)]
        yield from _nearest(spans, published, moment.shift)
    elif moment.weekday is not None:
        yield from _weekdays(moment, published)
    elif moment.shift is not None and moment.unit and moment.unit not in _SEASONS:
        yield _shifted(published, moment.shift, moment.unit)


def _is_day(year: int, moment: Moment) -> bool:
    leap = moment.month == 2 and moment.day == 29
    return not leap or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _nearest(spans: list[tuple[date, date]], published: date, shift: int | None) -> Iterator[tuple[date, date]]:
    if shift is not None and shift < 0:
        spans = [span for span in spans if span[1] < published]
        yield from spans[-1:]
    elif shift is not None and shift > 0:
        yield from [span for span in spans if span[0] > published][:1]
    else:
        yield min(spans, key=lambda span: abs((span[0] - published).days))


def _weekdays(moment: Moment, published: date) -> Iterator[tuple[date, date]]:
    back = (published.weekday() - (moment.weekday or 0)) % 7
    if moment.shift is None or moment.shift < 0:
        day = published - timedelta(days=back or (7 if moment.shift else 0))
        yield day, day
    if moment.shift is None or moment.shift >= 0:
        day = published + timedelta(days=(7 - back) if back else 0)
        yield day, day


def _shifted(published: date, shift: int, unit: str) -> tuple[date, date]:
    if unit == "day":
        day = published + timedelta(days=shift)
        return day, day
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        month = published.year * 12 + published.month - 1 + shift
        return _calendar(month // 12, month % 12 + 1, None)
    if unit == "year":
        return _calendar(published.year + shift, None, None)
    raise ValueError(unit)


def _calendar(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    return date(year, month, day), date(year, month, day)
