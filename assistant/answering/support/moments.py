"""The dates that an English text names, read as far as they are told.

Read are days, months, years and decades, weekdays, and what counts from the day of writing: `last year`,
`yesterday`, `two months ago`, `late this month`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.answering.support.wordlists import listed
from index.numerals import IN_DIGITS

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NUMBER = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {
    "Sept": 9
}
_WEEKDAY_NUMBER = {name: number for number, name in enumerate(_WEEKDAYS)}
_EACH_MONTH, _EACH_WEEKDAY = "|".join(_MONTHS), "|".join(_WEEKDAYS)
_MONTH = rf"(?P<month>(?:{_EACH_MONTH})|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_UNIT = (
    "year|month|week(?:end)?|quarter|decade|century|season|spring|summer|autumn|fall|winter|night|morning|evening"
)
_NUMBER = rf"(?P<number>\d+|a|an|one|{'|'.join(word for word, value in IN_DIGITS.items() if value < 32)})"
_BEFORE_MONTH = listed(
    "in by since until of from to and or before after during early late a the this that through for last next"
)
_LEADING = "|".join([*(rf"(?<=\b(?i:{word}) )" for word in sorted(_BEFORE_MONTH)), r"(?<=\b(?i:mid)-)"])
"""What stands before a month that has no day or year: `May` is a name and a verb, too."""
_COUNTED = "people|percent|per cent|dollars|million|billion|miles|metres|tonnes|jobs"
"""What makes of four digits a number that is no year."""
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<iso>(?:1[5-9]|20)\d\d-[01]\d-[0-3]\d)\b",
        rf"\b(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?(?!\w)",
        rf"\b{_MONTH} {_DAY}(?!\d)(?:,? {_YEAR})?(?!\w)",
        rf"\b{_MONTH},? (?:of )?{_YEAR}\b",
        r"\b(?P<which>(?i:last|this|next|past|previous|coming|that|same))"
        rf" (?:(?P<wweekday>{_EACH_WEEKDAY})|(?P<wmonth>{_EACH_MONTH})|(?P<unit>(?i:{_UNIT})))\b(?!-)",
        r"\b(?P<word>(?i:yesterday|today|tomorrow|tonight))\b",
        r"\b(?i:the) (?P<beside>day before|previous day|day after|following day|next day)\b"
        r"(?! (?:yesterday|tomorrow|of|the|he|she|it|they)\b)",
        rf"\b(?i:{_NUMBER}) (?P<ago>day|week|month|year|decade)s? (?P<way>ago|earlier|later|from now)\b",
        rf"\b(?P<weekday>{_EACH_WEEKDAY})\b",
        r"\b(?:[Tt]he )?(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b",
        rf"(?<![\w$€£¥.,])(?:(?<!-)|(?<=mid-)){_YEAR}(?:[-–/]\d\d(?!\d))?(?![\w%-]|[.,]\d)(?! (?:{_COUNTED}))",
        rf"(?:{_LEADING}){_MONTH}(?!\w)",
        r"\b[Tt]he (?P<definite>weekend)\b",
    )
)
"""What is found by one is not looked at by those after it."""
_PART = re.compile(
    r"\b(?:(?P<late>late|(?:the |at the |by the )?(?:end|close) of|later)"
    r"|(?P<early>early|(?:the |at the )?(?:beginning|start) of|earlier)"
    r"|(?P<mid>mid|(?:the |in the )?middle of))[ -](?:in )?(?:the )?\Z",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(?:(?P<until>by|before|until|till|prior to|no later than|ahead of|through)"
    r"|(?P<since>after|since|from|as of|following))"
    r"\s+(?:the |a )?(?:(?:late|early|mid|end of|middle of|beginning of|start of|close of)[ -]?(?:the )?)?\Z",
    re.IGNORECASE,
)
_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this": 0, "that": 0, "same": 0, "next": 1, "coming": 1}
_WORDS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_LOOKED_BACK = 30
"""Characters before a date in which its part and side are looked for."""


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
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if all(match.end() <= other.start or other.end <= match.start() for other in found):
                moment = _moment(text, match)
                if moment is not None:
                    found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.start))


def _moment(text: str, match: re.Match[str]) -> Moment | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    before = text[max(0, match.start() - _LOOKED_BACK) : match.start()]
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
    """What the parts of a date that were found mean, by field of Moment."""
    known: dict[str, int | str | None] = {
        name: int(parts[name]) for name in ("year", "day", "decade") if name in parts
    }
    month, weekday = parts.get("month") or parts.get("wmonth"), parts.get("weekday") or parts.get("wweekday")
    if month:
        known["month"] = _MONTH_NUMBER[month.strip(".")]
    if weekday:
        known["weekday"] = _WEEKDAY_NUMBER[weekday]
    return known | _reckoned(parts)


def _reckoned(parts: dict[str, str]) -> dict[str, int | str | None]:
    """What counts from the day of writing or from another date."""
    if "which" in parts:
        return {"shift": _SHIFTS[parts["which"].lower()], "unit": parts.get("unit", "").lower() or None}
    if "definite" in parts:
        return {"unit": "weekend"}
    if "word" in parts:
        return {"shift": _WORDS[parts["word"].lower()], "unit": "day"}
    if "beside" in parts:
        return {"beside": -1 if parts["beside"] in {"day before", "previous day"} else 1}
    if "ago" in parts:
        number = parts["number"].lower()
        count = int(number) if number.isdigit() else IN_DIGITS.get(number, 1)
        return {"shift": count if parts["way"] in {"later", "from now"} else -count, "unit": parts["ago"]}
    return {}
