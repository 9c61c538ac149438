"""The figures of an English text, and whether one of them bears out another.

Read are numbers in digits and in words, magnitudes after either, money, percentages and other units, ordinals,
fractions, multiples (`doubled`, `twice`) and round words (`dozens`, `tens of billions`), each with what bounds it:
`at least`, `up to`, `about`. Years and days of a month are left to `dates.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.answering.support.bounds import bound_of, bounds_agree
from assistant.answering.support.measures import DOLLARS, MONEY, SYMBOLS, UNITS, in_base_unit
from assistant.answering.support.numerals import numeral_at, round_word_at
from assistant.answering.support.words import Word, words

ORDINAL, TIMES, POINTS = "ordinal", "times", "percentage points"

_MULTIPLES = {
    **dict.fromkeys(("double", "doubles", "doubled", "doubling", "twice", "twofold"), 2),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling", "thrice", "threefold", "treble", "trebled"), 3),
    **dict.fromkeys(("quadruple", "quadrupled", "quadrupling", "fourfold"), 4),
    **dict.fromkeys(("fivefold", "quintuple", "quintupled"), 5),
    **dict.fromkeys(("tenfold",), 10),
}
_HALVES = frozenset({"half", "halve", "halved", "halving"})
_RANGE = re.compile(r"\s*(?:-|–|to|and|or)\s*\$?")
_DIGITS_ONLY = re.compile(r"[\d,.]{4,}\Z")
_THOUSAND = Decimal(1000)
_ROUNDED = Decimal("0.01")
_ROUGHLY = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure as it stands between two offsets of a text."""

    value: Decimal
    """With its magnitude, a share in percent; of a round word the least that it can mean: 20 for `tens`."""
    unit: str | None
    """An ISO code, `%`, a measure in the singular, or one of the kinds above; None for a number alone."""
    start: int
    end: int
    step: Decimal = Decimal(0)
    """What its last written digit is worth: of `$375.2bn` a tenth of a billion."""
    bound: str | None = None
    """`least`, `more`, `most`, `less`, `nearly`, `about` or None."""
    vague: bool = False
    """True for round words: `dozens`, `tens of billions`."""
    loose: bool = False
    """True for `a week` and the like: it can bear out `one week`, and asserts nothing."""


@lru_cache(maxsize=512)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every figure of a text, in its order. Raises on no text."""
    return tuple(_ranged(text, (_bounded(text, found) for found in _read(words(text)))))


def bears_out(source: Quantity, claimed: Quantity) -> bool:
    """Whether a source's figure proves a claimed one.

    A claim may round, by at most 1 % (5 % where it says `about` or the like), but not be more exact; its bound
    has to be true of the source's figure.
    """
    value, unit = in_base_unit(source.value, source.unit)
    wanted, wanted_unit = in_base_unit(claimed.value, claimed.unit)
    if not _same_unit(unit, wanted_unit):
        return False
    if source.vague != claimed.vague or (wanted_unit in {ORDINAL, TIMES} and value != wanted):
        return False
    if source.vague:
        return value == wanted
    return _close(value, wanted, source, claimed) and bounds_agree(value, wanted, source.bound, claimed.bound)


def figure_text(text: str, quantity: Quantity) -> str:
    """The figure as the text writes it."""
    return text[quantity.start : quantity.end]


def kind_of(quantity: Quantity) -> str:
    """What a reader is told it is."""
    if quantity.unit in MONEY:
        return "amount"
    return "percentage" if quantity.unit in {"%", POINTS} else "figure"


def _same_unit(one: str | None, other: str | None) -> bool:
    if one == other:
        return True
    # A number whose unit the reader of a text has to supply may have any, but no rank or multiple.
    return None in {one, other} and not {one, other} & {ORDINAL, TIMES, "%", POINTS}


def _close(value: Decimal, wanted: Decimal, source: Quantity, claimed: Quantity) -> bool:
    if value == wanted:
        return True
    if not wanted or not value or (claimed.step and source.step and claimed.step < source.step):
        return False
    difference = abs(value - wanted)
    tolerance = _ROUGHLY if claimed.bound else _ROUNDED
    return difference <= abs(value) * tolerance and difference * 2 <= max(claimed.step, _written_step(claimed))


def _written_step(quantity: Quantity) -> Decimal:
    """A round number such as 400 or 1,200 may be one to its last digit that is not nought."""
    shifted = quantity.value.normalize()
    exponent = shifted.as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(0)


def _bounded(text: str, found: Quantity) -> Quantity:
    bound = bound_of(text, found.start, found.end)
    return replace(found, bound=bound) if bound else found


def _ranged(text: str, found: Iterable[Quantity]) -> Iterator[Quantity]:
    """As they are, but that `10 to 20 %` and `$10-20 billion` give unit and magnitude to both ends."""
    first: Quantity | None = None
    for second in found:
        if first is not None and _RANGE.fullmatch(text, first.end, second.start) and _alike(first, second):
            unit = first.unit or second.unit
            factor = _magnitude(text, second) if first.value < _THOUSAND and first.step <= 1 else Decimal(1)
            first = replace(first, unit=unit, value=first.value * factor, step=first.step * factor)
            second = replace(second, unit=second.unit or unit)
        if first is not None:
            yield first
        first = second
    if first is not None:
        yield first


def _alike(first: Quantity, second: Quantity) -> bool:
    """Whether two figures may be the ends of a range: `fell 12% to $1.8 billion` has none."""
    return first.unit is None or second.unit is None or first.unit == second.unit


def _magnitude(text: str, quantity: Quantity) -> Decimal:
    """A thousand, a million ... where the figure is written with such a word."""
    written = figure_text(text, quantity).lstrip("$€£¥")
    power = (quantity.value.adjusted() // 3) * 3
    return Decimal(10) ** power if _DIGITS_ONLY.match(written) is None and power > 0 else Decimal(1)


def _read(tokens: tuple[Word, ...]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        read = _round(tokens, at) or _number(tokens, at) or _multiple(tokens, at) or _loose(tokens, at)
        if read is None:
            at += 1
            continue
        quantity, at = read
        yield quantity


def _round(tokens: tuple[Word, ...], at: int) -> tuple[Quantity, int] | None:
    found = round_word_at(tokens, at)
    if found is None:
        return None
    value, end = found
    unit, after = _unit_after(tokens, end + 1 if end < len(tokens) and tokens[end].lower == "of" else end)
    if unit is None or unit not in MONEY:
        unit, after = None, end
    return Quantity(value, unit, tokens[at].start, tokens[after - 1].end, step=value, vague=True), after


def _number(tokens: tuple[Word, ...], at: int) -> tuple[Quantity, int] | None:
    found = numeral_at(tokens, at)
    if found is None:
        return None
    start, end = tokens[at].start, found.end
    unit = found.unit
    if found.kind == "ordinal":
        return Quantity(found.value, ORDINAL, start, tokens[end - 1].end), end
    if found.kind == "share":
        return Quantity(100 * found.value, "%", start, tokens[end - 1].end), end
    prefix = SYMBOLS.get(tokens[at].text[0])
    if prefix:
        unit = _dollar_of(tokens, at) or prefix
        start = tokens[at - 1].start if _dollar_of(tokens, at) else start
    if unit is None:
        unit, end = _unit_after(tokens, end)
    return Quantity(found.value, unit, start, tokens[end - 1].end, step=found.step), end


def _dollar_of(tokens: tuple[Word, ...], at: int) -> str | None:
    """The country before a dollar sign that touches it: `US$200`, `A$5`."""
    if at and tokens[at].text[0] == "$" and tokens[at - 1].end == tokens[at].start:
        return DOLLARS.get(tokens[at - 1].lower)
    return None


def _unit_after(tokens: tuple[Word, ...], at: int) -> tuple[str | None, int]:
    """The unit that follows a number, perhaps after a hyphen or a country: `10-day`, `3 US dollars`."""
    place = at
    if place < len(tokens) and tokens[place].kind == "hyphen":
        place += 1
    if place < len(tokens) and tokens[place].lower in {"us", "american", "chinese", "british"}:
        following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
        if UNITS.get(following) in MONEY:
            return UNITS[following], place + 2
    if place >= len(tokens):
        return None, at
    lower = tokens[place].lower
    following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    if lower in {"percent", "pct", "%"}:
        return (POINTS, place + 2) if following in {"point", "points"} else ("%", place + 1)
    if lower == "percentage" and following in {"point", "points"}:
        return POINTS, place + 2
    if lower == "per" and following == "cent":
        return "%", place + 2
    if lower == "times" and tokens[place].kind == "word":
        return TIMES, place + 1
    unit = UNITS.get(lower)
    return (unit, place + 1) if unit else (None, at)


def _multiple(tokens: tuple[Word, ...], at: int) -> tuple[Quantity, int] | None:
    token = tokens[at]
    if token.lower in _MULTIPLES:
        return Quantity(Decimal(_MULTIPLES[token.lower]), TIMES, token.start, token.end), at + 1
    if token.lower in _HALVES:
        return Quantity(Decimal(50), "%", token.start, token.end), at + 1
    return None


def _loose(tokens: tuple[Word, ...], at: int) -> tuple[Quantity, int] | None:
    """`a week`, `an hour`."""
    if tokens[at].lower not in {"a", "an"} or at + 1 == len(tokens):
        return None
    unit = UNITS.get(tokens[at + 1].lower)
    if unit is None or unit in MONEY:
        return None
    return Quantity(Decimal(1), unit, tokens[at].start, tokens[at + 1].end, loose=True), at + 2
