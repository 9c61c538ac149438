"""The numbers that an English text states, as numbers: `$375bn` and `375 billion dollars` are one.

What counts is the exact value: 375 and 375.2 are two. Read are digits with thousands separators, numbers in
words (`two hundred and five thousand`), magnitudes after either (`bn`, `million`; `k`, `m` and `b` only where
they touch the digits, as `400 m` are metres), currencies before or after, and percent. Years and days of a month
are plain numbers, and so is `one` wherever it stands. `$` alone is the US dollar, `¥` the yen and a pound is
sterling unless the text says otherwise. No numbers are ordinals (`19th`, `twenty-first`), decades (`1990s`),
fractions in words (`two thirds`), digits that are part of a name (`G20`, `2D`) or of no well-formed number
(`3.14.15`, `375,2`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

_TOKEN = re.compile(
    r"(?P<digits>(?:(?<![\w.])\.)?[0-9]+(?:[.,][0-9]+)*)"
    r"|[Uu]\.[Ss]\.|[^\W\d_]+"
    r"|(?P<symbol>[$¢£¥€%\u20a0-\u20cf])"
)
_NUMERAL = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?|\.[0-9]+")
_LONGEST = 28
"""Digits that Decimal keeps when it multiplies; what is longer is a serial number at most."""

_Value = TypeVar("_Value")


def _listed(phrases: str) -> list[str]:
    return phrases.split(", ")


def _by_phrase(phrases: dict[_Value, str]) -> dict[str, _Value]:
    return {phrase: value for value, together in phrases.items() for phrase in _listed(together)}


_ONES = {
    word: value
    for value, word in enumerate(
        _listed(
            "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, "
            "fifteen, sixteen, seventeen, eighteen, nineteen"
        )
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(_listed("twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety"), 2)
}
# Powers of ten of one digit, so that no product needs more digits than its numeral has.
_THOUSAND, _MILLION, _BILLION, _TRILLION = (Decimal(f"1E{power}") for power in (3, 6, 9, 12))
_SCALES = _by_phrase(
    {
        _THOUSAND: "thousand",
        _MILLION: "million, mn, mln",
        _BILLION: "billion, bn, bln",
        _TRILLION: "trillion, tn, trn, trln",
    }
)
_MAGNITUDES = {"hundred": Decimal("1E2")} | _SCALES
_LETTERS = {"k": _THOUSAND, "m": _MILLION, "b": _BILLION}
_ORDINALS = frozenset(_listed("first, second, third, fourth, fifth, sixth, seventh, eighth, ninth"))
_PARTS = frozenset(
    _listed(
        "half, halves, third, thirds, quarter, quarters, fifths, sixths, sevenths, eighths, ninths, tenths, "
        "hundredth, hundredths, thousandth, thousandths, millionth, millionths, billionth, billionths"
    )
)

_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "¢": "cent"}
_DOLLARS = {"us": "USD", "a": "AUD", "c": "CAD", "nz": "NZD", "hk": "HKD", "s": "SGD", "nt": "TWD"}
_CODES = {
    **{
        code.lower(): code
        for code in _listed("USD, EUR, GBP, CNY, JPY, INR, AUD, CAD, NZD, HKD, SGD, TWD, CHF, KRW")
    },
    "rmb": "CNY",
}
_UNITS = _CODES | _by_phrase(
    {
        "USD": "dollar, dollars, us dollar, us dollars, american dollars",
        "AUD": "australian dollar, australian dollars",
        "CAD": "canadian dollar, canadian dollars",
        "EUR": "euro, euros",
        "GBP": "pound, pounds",
        "CNY": "yuan, renminbi, chinese yuan",
        "JPY": "yen, japanese yen",
        "INR": "rupee, rupees, indian rupees",
        "cent": "cent, cents",
        "%": "%, percent, per cent, pct, pc",
        "percentage point": "percentage point, percentage points",
    }
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text between two offsets, its sign and unit included."""

    value: Decimal
    """With its magnitude: 375,000,000,000 for `$375bn`."""
    unit: str | None
    """The ISO code of a currency, or its sign where it is a rare one; `%`, `percentage point`, `cent`; None if
    the number stands alone or beside something else."""
    start: int
    end: int


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of a text, in its order; takes time linear in its length, and raises on no text."""
    return tuple(_Reader(text).read())


def same(one: Quantity, other: Quantity) -> bool:
    """True if the values are equal, without tolerance, and the units are, as far as both are stated."""
    return one.value == other.value and (one.unit is None or other.unit is None or one.unit == other.unit)


def sole_quantity(text: str) -> Quantity | None:
    """The quantity that a text consists of, signs around it aside; None where it holds any other word."""
    found = quantities(text)
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + text[found[0].end :]
    return None if any(map(str.isalnum, rest)) else found[0]


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    """In lower case; empty for a break, which stands wherever what follows does not belong to what precedes."""
    start: int
    end: int
    kind: str | None = None


class _Reader:
    """Reads from left to right. Its methods take the place of a token and give the place after what they read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[_Token] = []
        end = 0
        for match in _TOKEN.finditer(text):
            if not _joins(text[end : match.start()]):
                self._tokens.append(_Token("", end, end))
            word = match.group() if match["digits"] else match.group().lower().replace(".", "")
            self._tokens.append(_Token(word, match.start(), match.end(), match.lastgroup))
            end = match.end()
        # Two, as phrases of two words are looked up; nothing reads on past a break.
        self._tokens += [_Token("", end, end)] * 2

    def read(self) -> list[Quantity]:
        found = []
        at = 0
        while at < len(self._tokens):
            quantity, at = self._quantity(at) if self._word(at) else (None, at + 1)
            if quantity:
                found.append(quantity)
        return found

    def _word(self, at: int) -> str:
        return self._tokens[at].word

    def _touches(self, at: int) -> bool:
        """True if nothing stands between a token and the one before it."""
        return self._tokens[at - 1].end == self._tokens[at].start

    def _quantity(self, at: int) -> tuple[Quantity | None, int]:
        """The quantity that begins at a token, if one does; else the next token is the place to go on from."""
        stated, begin = self._currency_before(at)
        number = self._numeral(begin) or self._cardinal(begin)
        if not number:
            return None, at + 1
        value, after = self._magnified(*number)
        unit, after = self._unit_after(after)
        start, end = self._tokens[at].start, self._tokens[after - 1].end
        if self._is_part_of_a_word(start, end) or self._is_part_or_rank(begin, after):
            return None, at + 1
        if self._tokens[begin].kind == "digits":
            if self._minus(start):  # `-$5`
                value, start = -value, start - 1
            elif self._minus(self._tokens[begin].start):  # `$-5`
                value = -value
        return Quantity(value, unit or stated, start, end), after

    def _currency_before(self, at: int) -> tuple[str | None, int]:
        token = self._tokens[at]
        if self._word(at + 1) == "$" and token.word in _DOLLARS and self._touches(at + 1):
            return _DOLLARS[token.word], at + 2
        if token.kind == "symbol" and token.word != "%":
            return _SYMBOLS.get(token.word, token.word), at + 1
        if token.word in _CODES:
            return _CODES[token.word], at + 1
        return None, at

    def _numeral(self, at: int) -> tuple[Decimal, int] | None:
        token = self._tokens[at]
        if token.kind != "digits" or len(token.word) > _LONGEST or not _NUMERAL.fullmatch(token.word):
            return None
        return Decimal(token.word.replace(",", "")), at + 1

    def _magnified(self, value: Decimal, at: int) -> tuple[Decimal, int]:
        if self._word(at) in _LETTERS and self._tokens[at - 1].kind == "digits" and self._touches(at):
            return value * _LETTERS[self._word(at)], at + 1
        for _ in range(2):  # `thousand million`
            if self._word(at) in _MAGNITUDES:
                value, at = value * _MAGNITUDES[self._word(at)], at + 1
        return value, at

    def _unit_after(self, at: int) -> tuple[str | None, int]:
        if self._tokens[at].kind == "symbol" and self._word(at) != "%":
            # `in 2018 $50 billion`: what stands apart belongs to what follows.
            return (_SYMBOLS.get(self._word(at), self._word(at)), at + 1) if self._touches(at) else (None, at)
        if self._word(at) in _CODES and self._tokens[at + 1].kind == "digits":
            return None, at
        pair = f"{self._word(at)} {self._word(at + 1)}"
        if pair in _UNITS:
            return _UNITS[pair], at + 2
        return (_UNITS[self._word(at)], at + 1) if self._word(at) in _UNITS else (None, at)

    def _is_part_of_a_word(self, start: int, end: int) -> bool:
        around = self._text[max(start - 1, 0) : start] + self._text[end : end + 1]
        return any(sign.isalnum() or sign == "_" for sign in around)

    def _is_part_or_rank(self, begin: int, after: int) -> bool:
        """True for `two thirds` and `twenty-first`."""
        if self._tokens[begin].kind == "digits":
            return False
        hyphen = self._text[self._tokens[after - 1].end : self._tokens[after].start].strip()
        return self._word(after) in (_PARTS | _ORDINALS if hyphen else _PARTS)

    def _minus(self, start: int) -> bool:
        """True if a minus precedes, and no dash of a range or of a compound."""
        before = self._text[max(start - 2, 0) : max(start - 1, 0)]
        sign = self._text[max(start - 1, 0) : start]
        return sign in {"-", "−"} and not before.isalnum() and before not in {"-", "–", "—"}

    def _cardinal(self, at: int) -> tuple[Decimal, int] | None:
        """A number in words, `two hundred and five thousand and one`."""
        group = self._group(at)
        if not group:
            return None
        total, lowest = Decimal(0), Decimal("Infinity")
        while group:
            value, at = group
            scale = _SCALES.get(self._word(at), lowest)
            if scale >= lowest:
                return total + value, at
            total, lowest, at = total + value * scale, scale, at + 1
            group = self._group(at + (self._word(at) == "and"))
        return total, at

    def _group(self, at: int) -> tuple[Decimal, int] | None:
        """Below a thousand, `two hundred and five`; also `a`, `half a` and `two and a half` before a magnitude."""
        below = self._below_hundred(at) or self._article(at)
        if not below:
            return None
        value, at = below
        if [token.word for token in self._tokens[at : at + 3]] == ["and", "a", "half"]:
            return value + Decimal("0.5"), at + 3
        if self._word(at) != "hundred":
            return value, at
        value, at = 100 * value, at + 1
        rest = self._below_hundred(at + (self._word(at) == "and"))
        return (value + rest[0], rest[1]) if rest else (value, at)

    def _article(self, at: int) -> tuple[Decimal, int] | None:
        half = self._word(at) == "half"
        article = at + half
        if self._word(article) in {"a", "an"} and self._word(article + 1) in _MAGNITUDES:
            return Decimal("0.5") if half else Decimal(1), article + 1
        return None

    def _below_hundred(self, at: int) -> tuple[Decimal, int] | None:
        word = self._word(at)
        if word in _ONES:
            return Decimal(_ONES[word]), at + 1
        if word not in _TENS:
            return None
        ones = _ONES.get(self._word(at + 1), 0)
        return (Decimal(_TENS[word] + ones), at + 2) if 0 < ones < 10 else (Decimal(_TENS[word]), at + 1)


def _joins(gap: str) -> bool:
    """True if two tokens may be one expression: nothing, a hyphen, or blanks without an empty line part them."""
    return gap in {"", "-", "‑"} or (gap.isspace() and gap.count("\n") < 2)
