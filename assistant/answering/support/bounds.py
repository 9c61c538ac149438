"""What bounds a figure: `at least`, `up to`, `about`; and whether a claim may bound a source's figure so."""

from __future__ import annotations

import re
from decimal import Decimal

_BOUNDS = {
    "least": r"at least|no (?:less|fewer) than|not (?:less|fewer) than|a minimum of|upwards? of",
    "more": r"(?:a (?:little|bit)|slightly|just|well)? ?(?:more than|over|above|exceeding|in excess of)"
    r"|north of|\w+(?<!young)(?<!low)(?<!few)(?<!short)(?<!small)er than",
    "most": r"at (?:the )?most|up to|as (?:much|many|high) as|no more than|not more than|a maximum of",
    "less": r"(?:a (?:little|bit)|slightly|just|well)? ?(?:less than|fewer than|under|below|short of)"
    r"|(?:younger|lower|shorter|smaller) than",
    "nearly": r"nearly|almost|close to|not quite|approaching",
    "about": r"about|roughly|around|approximately|some|circa|an estimated|estimated|in the region of|more or less",
}
_BEFORE = re.compile(
    f"(?:{'|'.join(rf'(?P<{name}>{chr(92)}b(?:{pattern}))' for name, pattern in _BOUNDS.items())})"
    r"(?: (?:an?|the|another|additional|further|extra|roughly|about|around))*\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s*(?:(?P<least>(?:or|and) (?:more|above|over|up)\b|at (?:the )?least\b)"
    r"|(?P<most>or (?:less|fewer|below)\b|at (?:the )?most\b)|(?P<about>or so\b))"
    r"|[^\d.;]{0,45}, at (?:the )?(?:(?P<latest>least)|(?P<highest>most))\b",
    re.IGNORECASE,
)
_FURTHER_ON = {"latest": "least", "highest": "most"}
_LOOKED_BACK = 40
"""Characters before a figure in which its bound is looked for."""
LOWER, UPPER = frozenset({"least", "more"}), frozenset({"most", "less", "nearly"})


def bound_of(text: str, start: int, end: int) -> str | None:
    """How a figure between two offsets is bounded: `least`, `more`, `most`, `less`, `nearly`, `about`, or not."""
    after = _AFTER.match(text, end)
    if after is not None and after.lastgroup:
        return _FURTHER_ON.get(after.lastgroup, after.lastgroup)
    before = _BEFORE.search(text[max(0, start - _LOOKED_BACK) : start])
    return before.lastgroup if before else None


def bounds_agree(value: Decimal, wanted: Decimal, stated: str | None, claimed: str | None) -> bool:
    """Whether a claimed bound is true of a source's figure, which may be bounded itself."""
    if stated in LOWER:
        return claimed not in UPPER
    if stated in UPPER:
        return claimed in {stated, "about"} or (claimed in UPPER and stated != "nearly") or stated == "nearly"
    if claimed == "more":
        return value > wanted
    if claimed == "less":
        return value < wanted
    if claimed == "most":
        return False
    if claimed == "least":
        return value >= wanted
    return claimed != "nearly" or value <= wanted
