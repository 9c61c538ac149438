"""Numbers in digits and in words, read from tokens: how much, how exactly written, where they end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from assistant.answering.support.measures import UNITS
from assistant.answering.support.words import Word
from index.numerals import FROM_ORDINALS, IN_DIGITS, MAGNITUDES

_NUMERAL = re.compile(r"[$€£¥₹]?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<percent>%?)")
_POWERS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MAGNITUDE = {name: Decimal(10) ** power for name, power in _POWERS.items()}
_SHORT = {short: _MAGNITUDE[name] for name, shorts in MAGNITUDES.items() for short in shorts}
_HUNDRED = Decimal(100)
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_PARTS = {
    **{"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6},
    **{"seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10},
    **{"half": 2, "halves": 2},
}
_ROUND = {"tens": 20, "scores": 40, "dozens": 24, "hundreds": 200, "thousands": 2000}
_ROUND_MAGNITUDES = {"millions": 6, "billions": 9, "trillions": 12}
_LONGEST = 20
"""Digits; what is longer is a serial number, and no figure."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number between the token that it was looked for at and the one before `end`."""

    value: Decimal
    step: Decimal
    """What its last written digit is worth."""
    end: int
    kind: str = "cardinal"
    """`cardinal`, `ordinal` or `share`."""
    unit: str | None = None
    """`%` where the sign touches the digits."""


def numeral_at(tokens: tuple[Word, ...], at: int) -> Numeral | None:
    """The number that begins at a token; one that is part of a name (`5G`, `G20`) is none."""
    if tokens[at].kind == "number":
        return _in_digits(tokens, at)
    if tokens[at].kind == "word":
        return _in_words(tokens, at)
    return None


def round_word_at(tokens: tuple[Word, ...], at: int) -> tuple[Decimal, int] | None:
    """`dozens`, `tens of thousands`, `billions`: the least that is meant, and where it ends."""
    lower = tokens[at].lower
    if lower in _ROUND_MAGNITUDES:
        return Decimal(2) * 10 ** _ROUND_MAGNITUDES[lower], at + 1
    if lower not in _ROUND:
        return None
    value, end = Decimal(_ROUND[lower]), at + 1
    if _lower(tokens, end) == "of":
        power = _ROUND_MAGNITUDES.get(_lower(tokens, end + 1)) or (
            3 if _lower(tokens, end + 1) == "thousands" else 0
        )
        if power:
            return value * 10**power, end + 2
    return value, end


def _lower(tokens: tuple[Word, ...], at: int) -> str:
    return tokens[at].lower if 0 <= at < len(tokens) else ""


def _in_digits(tokens: tuple[Word, ...], at: int) -> Numeral | None:
    token = tokens[at]
    found = _NUMERAL.fullmatch(token.text)
    touches_before = at > 0 and tokens[at - 1].end == token.start and tokens[at - 1].is_word
    if found is None or len(found["digits"]) > _LONGEST or (touches_before and token.text[0].isdigit()):
        return None
    digits = found["digits"].replace(",", "")
    value = Decimal(digits)
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    if found["percent"]:
        return Numeral(value, step, at + 1, unit="%")
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is not None and following.start == token.end and following.is_word:
        if following.lower in _ORDINAL_ENDINGS:
            return Numeral(value, step, at + 2, "ordinal")
        if following.lower in _SHORT:
            return _magnified(value, step, _SHORT[following.lower], at + 2)
        return None if following.lower not in UNITS else Numeral(value, step, at + 1)
    return _with_magnitude(tokens, value, step, at + 1)


def _with_magnitude(tokens: tuple[Word, ...], value: Decimal, step: Decimal, end: int) -> Numeral:
    place = end + 1 if end < len(tokens) and tokens[end].kind == "hyphen" else end
    name = _lower(tokens, place)
    factor = _MAGNITUDE.get(name) or (_SHORT.get(name) if len(name) > 1 else None)
    if factor is None:
        return Numeral(value, step, end)
    return _magnified(value, step, factor, place + 1)


def _magnified(value: Decimal, step: Decimal, factor: Decimal, end: int) -> Numeral:
    return Numeral(value * factor, step * factor, end)


def _in_words(tokens: tuple[Word, ...], at: int) -> Numeral | None:
    ordinal = _ordinal(tokens, at)
    share = _share(tokens, at)
    if share or ordinal:
        return share or ordinal
    value, end = _below_hundred(tokens, at)
    article = tokens[at].lower in {"a", "an"}
    if value is None and article:
        value, end = Decimal(1), at + 1
    if value is None or (article and _lower(tokens, end) not in {"hundred", "dozen", *_MAGNITUDE}):
        return None
    step = Decimal(1)
    total = Decimal(0)
    while _lower(tokens, end) in {"hundred", "dozen", *_MAGNITUDE}:
        name = _lower(tokens, end)
        factor = _HUNDRED if name == "hundred" else Decimal(12) if name == "dozen" else _MAGNITUDE[name]
        value, step, end = value * factor, factor, end + 1
        more, after = _below_hundred(tokens, end + 1 if _lower(tokens, end) == "and" else end)
        if more is None or name == "dozen":
            continue
        if name == "hundred" and _lower(tokens, after) not in _MAGNITUDE:
            return Numeral(total + value + more, Decimal(1), after)
        if name == "hundred":
            value, end = value + more, after
        else:
            total, value, step, end = total + value, more, Decimal(1), after
    return Numeral(total + value, step, end)


def _below_hundred(tokens: tuple[Word, ...], at: int) -> tuple[Decimal | None, int]:
    lower = _lower(tokens, at)
    if lower == "one":
        return (Decimal(1), at + 1) if _counts(tokens, at) else (None, at)
    if lower == "zero":
        return Decimal(0), at + 1
    if lower not in IN_DIGITS or " " in lower:
        return None, at
    value = Decimal(IN_DIGITS[lower])
    place = at + 2 if _lower(tokens, at + 1) == "-" else at + 1
    ones = _lower(tokens, place)
    if value >= 20 and not value % 10 and (ones == "one" or (ones in IN_DIGITS and IN_DIGITS[ones] < 10)):
        return value + (1 if ones == "one" else IN_DIGITS[ones]), place + 1
    return value, at + 1


def _counts(tokens: tuple[Word, ...], at: int) -> bool:
    """Whether `one` is a number here and no pronoun: `one month`, `one million`, `one-year`."""
    place = at + 2 if _lower(tokens, at + 1) == "-" else at + 1
    return _lower(tokens, place) in {"hundred", "dozen", "percent", "per", *_MAGNITUDE, *UNITS}


def _ordinal(tokens: tuple[Word, ...], at: int) -> Numeral | None:
    lower = tokens[at].lower
    joined = f"{lower} {_lower(tokens, at + 2)}" if _lower(tokens, at + 1) == "-" else ""
    for words, end in ((joined, at + 3), (lower, at + 1)):
        # `second` may be a time and `first` may mean "before all"; both are ranks more often than not.
        if words in FROM_ORDINALS:
            return Numeral(Decimal(FROM_ORDINALS[words][:-2]), Decimal(1), end, "ordinal")
    return None


def _share(tokens: tuple[Word, ...], at: int) -> Numeral | None:
    """`a third`, `two thirds`, `three-quarters`; `half` alone is read elsewhere."""
    lower = tokens[at].lower
    count = 1 if lower in {"a", "one"} else IN_DIGITS.get(lower)
    place = at + 2 if _lower(tokens, at + 1) == "-" else at + 1
    part = _PARTS.get(_lower(tokens, place))
    if count is None or part is None or count >= part:
        return None
    measured = _lower(tokens, at - 1) == "by" or _lower(tokens, place + 1) in {"of", "more", "less", "as"}
    if count == 1 and lower == "a" and not measured:
        return None  # `a third country`, `a quarter`
    return Numeral(Decimal(count) / part, Decimal(0), place + 1, "share")
