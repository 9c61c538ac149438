"""The dates that an English text names, and whether one of them bears out another.

Read are days, months, years and decades, weekdays, and what counts from the day of writing: `last year`,
`yesterday`, `two months ago`, `late this month`. Where the day of publication is known, what counts from it and
weekdays become days of the calendar; where it is not, they have to be said in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache

from index.numerals import IN_DIGITS

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH_NUMBER = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {
    "Sept": 9
}
_WEEKDAY_NUMBER = {name[:length]: number for number, name in enumerate(_WEEKDAYS) for length in (3, len(name))}
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_UNIT = "year|month|week|weekend|quarter|decade|century|season|spring|summer|autumn|fall|winter|night|morning|evening"
_NUMBER = rf"(?P<number>\d+|a|an|one|{'|'.join(word for word, value in IN_DIGITS.items() if value < 32)})"
_LEADING = "|".join(
    rf"(?<=\b(?i:{word}){blank})"
    for words, blank in (
        ("in by since until of from to and or before after during early late a the this that through for last next", " "),
        ("mid", "-"),
    )
    for word in words.split()
)
"""What stands before a month that has no day or year: `May` is a name and a verb, too."""
_PATTERNS = (
    r"\b(?P<iso>(?:1[5-9]|20)\d\d-[01]\d-[0-3]\d)\b",
    rf"\b(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?(?!\w)",
    rf"\b{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?(?!\w)",
    rf"\b{_MONTH},? (?:of )?{_YEAR}\b",
    rf"\b(?P<which>last|this|next|past|previous|coming|that|same) (?:(?P<wweekday>{'|'.join(_WEEKDAYS)})|(?P<wmonth>{'|'.join(_MONTHS)})"
    rf"|(?P<unit>{_UNIT}))\b(?!-)",
    r"\b(?P<word>yesterday|today|tomorrow|tonight)\b",
    r"\bthe (?P<beside>day before|previous day|day after|following day|next day)\b(?! (?:yesterday|tomorrow|of|the|he|she|it|they))",
    rf"\b{_NUMBER} (?P<ago>day|week|month|year|decade)s? (?P<way>ago|earlier|later|from now)\b",
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b",
    r"\b(?:the )?(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b",
    rf"(?<![\w$€£¥.,])(?:(?<!-)|(?<=mid-)){_YEAR}(?:[-–/]\d\d(?!\d))?(?![\w%-]|[.,]\d)(?! (?:{'|'.join(('people', 'percent', 'per cent', 'dollars', 'million', 'billion', 'miles', 'metres', 'tonnes', 'jobs'))}))",
    rf"(?:{_LEADING}){_MONTH}(?!\w)",
    r"\bthe (?P<definite>weekend)\b",
)
_ANY = tuple(re.compile(pattern) for pattern in _PATTERNS)
_ANY_CASE = tuple(
    re.compile(pattern, re.IGNORECASE) if "<which>" in pattern or "<word>" in pattern or "<ago>" in pattern else known
    for pattern, known in zip(_PATTERNS, _ANY, strict=True)
)
_PART = re.compile(
    r"\b(?:(?P<late>late|(?:the |at the |by the )?(?:end|close) of|later)|(?P<early>early|(?:the |at the )?(?:beginning|start) of|earlier)"
    r"|(?P<mid>mid|(?:the |in the )?middle of))[ -](?:in )?(?:the )?\Z",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(?:(?P<until>by|before|until|till|prior to|no later than|ahead of|through)|(?P<since>after|since|from|as of|following))"
    r"\s+(?:the |a )?(?:(?:late|early|mid|end of|middle of|beginning of|start of|close of)[ -]?(?:the )?)?\Z",
    re.IGNORECASE,
)
_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this": 0, "that": 0, "same": 0, "next": 1, "coming": 1}
_SEASONS = {"spring", "summer", "autumn", "fall", "winter", "season", "night", "morning", "evening", "weekend"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it stands between two offsets; what it leaves open is None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """Monday is 0."""
    decade: int | None = None
    shift: int | None = None
    """How many units from the day of writing: -1 for `last year`."""
    unit: str | None = None
    part: str | None = None
    """`early`, `mid`, `late`."""
    side: str | None = None
    """`until` where it is said that something is so by or before then, `since` for after it or from then on."""
    beside: int | None = None
    """Days from another date that the text names: -1 for `the day before`."""


@lru_cache(maxsize=512)
def moments(text: str) -> tuple[Moment, ...]:
    """Every date of a text, in its order; none overlaps another. Raises on no text."""
    found: list[Moment] = []
    for pattern in _ANY_CASE:
        for match in pattern.finditer(text):
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                moment = _moment(text, match)
                if moment is not None:
                    found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.start))


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


def _moment(text: str, match: re.Match[str]) -> Moment | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    before = text[max(0, match.start() - 30) : match.start()]
    part, side = _PART.search(before), _SIDE.search(before)
    known: dict[str, int | str | None] = _named(parts)
    if "iso" in parts:
        try:
            day = date.fromisoformat(parts["iso"])
        except ValueError:
            return None
        known = {"year": day.year, "month": day.month, "day": day.day}
    known["part"] = part.lastgroup if part else None
    known["side"] = side.lastgroup if side else None
    return Moment(match.start(), match.end(), **known)  # type: ignore[arg-type]


def _named(parts: dict[str, str]) -> dict[str, int | str | None]:
    known: dict[str, int | str | None] = {}
    for name in ("year", "day", "decade"):
        if name in parts:
            known[name] = int(parts[name])
    for name in ("month", "wmonth"):
        if name in parts:
            known["month"] = _MONTH_NUMBER[parts[name].strip(".").capitalize()]
    for name in ("weekday", "wweekday"):
        if name in parts:
            known["weekday"] = _WEEKDAY_NUMBER[parts[name].capitalize()]
    if "which" in parts:
        known["shift"] = _SHIFTS[parts["which"].lower()]
        known["unit"] = parts.get("unit", "").lower() or None
    if "definite" in parts:
        known["unit"] = "weekend"
    if "word" in parts:
        known["shift"] = {"yesterday": -1, "tomorrow": 1}.get(parts["word"].lower(), 0)
        known["unit"] = "day"
    if "beside" in parts:
        known["beside"] = -1 if parts["beside"] in {"day before", "previous day"} else 1
    if "ago" in parts:
        number = parts["number"].lower()
        count = int(number) if number.isdigit() else IN_DIGITS.get(number, 1)
        known["shift"] = count if parts["way"].lower() in {"later", "from now"} else -count
        known["unit"] = parts["ago"].lower()
    return known


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
