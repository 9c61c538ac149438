"""How else a number may be written: `1,000` and `1000`, `375bn` and `375 billion`, `twenty-five` and `25`.

Only ways that FTS5 takes for other words matter: it divides `375.2` at the point and drops the percent sign.
"""

from __future__ import annotations

import re
from itertools import chain

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = dict(enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2))
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
             "nine": "ninth", "twelve": "twelfth"}  # fmt: skip
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}

IN_WORDS = {number: word for number, word in enumerate(_ONES) if number > 1} | {
    number: " ".join([_TENS[number // 10], *([_ONES[number % 10]] if number % 10 else [])])
    for number in range(20, 100)
}
"""Two to ninety-nine; `one` is a pronoun most of the time."""
IN_DIGITS = {word: number for number, word in IN_WORDS.items()}


def _ordinal_in_words(cardinal: str) -> str:
    head, blank, last = cardinal.rpartition(" ")
    ending = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return head + blank + ending


def _ordinal_in_digits(number: int) -> str:
    return f"{number}{'th' if 10 < number % 100 < 14 else _ENDINGS.get(number % 10, 'th')}"


ORDINALS = {_ordinal_in_digits(number): _ordinal_in_words(word) for number, word in IN_WORDS.items()} | {
    "1st": "first"
}
"""`19th` to `nineteenth`."""
FROM_ORDINALS = {word: digits for digits, word in ORDINALS.items()}

MAGNITUDES = {
    "thousand": ("k",),
    "million": ("m", "mn", "mln"),
    "billion": ("b", "bn", "bln"),
    "trillion": ("tn", "trn", "trln"),
}
"""What may touch the digits instead; from two letters on it may stand apart."""
_MAGNITUDE_OF = {short: name for name, shorts in MAGNITUDES.items() for short in shorts} | {
    name: name for name in MAGNITUDES
}
_TOUCHING = "|".join(sorted((short for shorts in MAGNITUDES.values() for short in shorts), key=len, reverse=True))
_APART = "|".join(sorted((name for name in _MAGNITUDE_OF if len(name) > 1), key=len, reverse=True))
END = r"(?![^\W_]|[\u0300-\u036f])"
"""A pattern for where a word ends: combining accents belong to their letter."""
NUMBER = (
    r"(?<![\w.,])(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?"
    rf"(?P<magnitude>{_TOUCHING}|[ -](?:{_APART}))?(?P<percent> ?%)?{END}"
)
"""A pattern for a number in digits, lower case."""
PERCENT = ("percent", "per cent")
_YEARS = range(1500, 2100)
_LONGEST = 20
"""Digits; what is longer is a serial number at most."""


def writings_of_number(found: re.Match[str]) -> list[tuple[str, ...]]:
    """The words of a number in digits, each in all its ways, the one at hand first.

    Args:
        found: a match of `NUMBER`.
    """
    whole, decimals = found["whole"], found["decimals"]
    magnitude = _MAGNITUDE_OF.get((found["magnitude"] or "").strip(" -"))
    digits = whole.replace(",", "")
    value = int(digits) if len(digits) <= _LONGEST else 0
    if magnitude == "thousand" and value and not decimals:
        words = [_in_digits(1000 * value)]
    else:
        words = [(whole.replace(",", " "), *(() if decimals else _otherwise(value, plain="," not in whole)))]
        if decimals:
            words.append((decimals[1:],))
        if magnitude:
            words = _magnified(words, magnitude)
    if found["percent"]:
        words.append(PERCENT)
    return [tuple(dict.fromkeys(ways)) for ways in words]


def _otherwise(value: int, *, plain: bool) -> tuple[str, ...]:
    if value in IN_WORDS:
        return (IN_WORDS[value],)
    if value < 1000 or (plain and value in _YEARS):
        return ()
    return _in_digits(value)


def _in_digits(value: int) -> tuple[str, ...]:
    """The ways to write a number from a thousand on."""
    ways = f"{value:,}".replace(",", " "), str(value)
    return ways if value % 1000 else (*ways, f"{value // 1000}k", f"{value // 1000} thousand")


def _magnified(words: list[tuple[str, ...]], name: str) -> list[tuple[str, ...]]:
    """The parts of a number and its magnitude, each of which may be one word with it: `375.2` may be `375bn`."""
    shorts = MAGNITUDES[name]
    together = [tuple(ways[0].rpartition(" ")[2] + short for short in shorts) for ways in words]
    apart = tuple(short for short in shorts if len(short) > 1)
    return [
        *((*ways, *touching) for ways, touching in zip(words, together, strict=True)),
        (name, *apart, *chain.from_iterable(together)),
    ]
