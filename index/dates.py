"""Dates as articles write them: a whole, unambiguous date, or none at all."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?[ \t]+)?"
_ZONE = r"(?:z|utc|gmt|[ecmp][sd]?t|bst|cest|cet|ist|jst|[+-]\d{2}:?\d{2})(?!\w)"
_TIME = (
    r"(?:(?:t|,?[ \t]+(?:at[ \t]+)?)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
    rf"(?:[ \t]*[ap]\.?m\b\.?)?(?:[ \t]*{_ZONE})?)?"
)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})(?![\d-]){_TIME}(?!\w)", re.IGNORECASE)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[ \t]+(?:of[ \t]+)?{_MONTH},?[ \t]+(\d{{4}})(?!\d){_TIME}(?!\w)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}{_MONTH}[ \t]+(\d{{1,2}})(?:st|nd|rd|th)?,?[ \t]+(\d{{4}})(?!\d){_TIME}(?!\w)",
    re.IGNORECASE,
)


def parse_date(text: str) -> date | None:
    """The date that `text` is, or None where it is anything else.

    Taken are ISO dates and times (the day as written, whatever the zone) and dates with the month's
    name. `02/03/2019` may be February or March, `March 2019` has no day: both are None.
    """
    found = leading_date(text.strip())
    return found[0] if found and not found[1] else None


def leading_date(text: str) -> tuple[date, str] | None:
    """The date that `text` begins with and what stands after it (stripped), or None."""
    if iso := _ISO.match(text):
        year, month, day = (int(part) for part in iso.groups())
        return _checked(year, month, day, text[iso.end() :])
    if written := _DAY_FIRST.match(text):
        return _checked(int(written[3]), _month(written[2]), int(written[1]), text[written.end() :])
    if written := _MONTH_FIRST.match(text):
        return _checked(int(written[3]), _month(written[1]), int(written[2]), text[written.end() :])
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _checked(year: int, month: int, day: int, rest: str) -> tuple[date, str] | None:
    try:
        return date(year, month, day), rest.strip()
    except ValueError:  # 30 February
        return None
