"""The words of a question, each with the other ways in which a text may write the same.

FTS5 knows words only: `U.S.` is `u s` to it, `375bn` one word and `1,000` two. So each word of a question is
searched in all its ways at once, and all of them together count as one term, as in the synonym operator of
structured queries (Pirkola, The Effects of Query Structure ..., SIGIR 1998).
"""

from __future__ import annotations

import re

from index.numerals import (
    END,
    FROM_ORDINALS,
    IN_DIGITS,
    MAGNITUDES,
    NUMBER,
    ORDINALS,
    PERCENT,
    writings_of_number,
)
from index.spellings import other_spellings

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")  # combining accents belong to their letter

NAMES = (
    ("us", "u s", "usa", "united states"),
    ("uk", "u k", "united kingdom"),
    ("eu", "e u", "european union"),
    ("un", "u n", "united nations"),
)
"""Names that are written short more often than not: capitals, with points, and in full last."""
_BY_CAPITALS = {short: ways for ways in NAMES for short in ways if " " not in short}
_IN_FULL = {ways[-1]: tuple(way for way in ways[:-1] if way != "us") for ways in NAMES}
"""`us` is a pronoun, too; the country's is met as `u s`, see `spelled_out`."""
_ABBREVIATED = range(2, 6)
"""Letters of an abbreviation."""

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UP_TO_NINE = "one|two|three|four|five|six|seven|eight|nine"
_PREFIXES = "anti|counter|cyber|micro|mid|multi|non|post|pre|semi|ultra"
_JOINED = re.compile(rf"({_PREFIXES})(\w{{3,}})|(e)(mail|book|commerce)|(co)(o\w{{3,}})|(re)(e\w{{3,}})")
_TOKEN = re.compile(
    rf"(?P<number>{NUMBER})"
    rf"|(?P<dotted>(?<![\w.])[a-z](?:\.[a-z])+{END})"
    rf"|(?P<cardinal>\b(?:{_TENS})[ -](?:{_UP_TO_NINE})\b{END})"
    rf"|(?P<full>\b(?:{'|'.join(_IN_FULL)})\b{END})"
    rf"|(?P<per_cent>\bper ?cent\b{END})"
    rf"|(?P<compound>\b[^\W\d_]+-[^\W\d_]{{2,}}\b{END}(?!-))"
    rf"|(?P<word>{WORD.pattern})"
)


def writings(question: str) -> list[tuple[str, ...]]:
    """The words of a question, in order, each in all its ways, the one at hand first.

    A way is one word or several parted by blanks, all in lower case, as FTS5 divides them.
    """
    found: list[tuple[str, ...]] = []
    lowered = question.lower()
    # Where lower case has other lengths than the question, its capitals cannot be looked up.
    capitals = question if len(lowered) == len(question) else lowered
    for match in _TOKEN.finditer(lowered):
        text, kind = match.group(), match.lastgroup
        if match["number"]:
            found += writings_of_number(match)
        elif kind == "dotted":
            found.append(_dotted(text.replace(".", " ")))
        elif kind == "cardinal":
            found.append(_cardinal(text.replace("-", " ")))
        elif kind == "full":
            found += [(word, *_IN_FULL[text]) for word in text.split()]
        elif kind == "per_cent":
            found.append(PERCENT)
        elif kind == "compound":
            found += _compound(text)
        elif text.isalpha() and capitals[match.start() : match.end()].isupper() and len(text) in _ABBREVIATED:
            found.append(_abbreviation(text))
        else:
            found.append(_word(text))
    return found


def _abbreviation(letters: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((letters, *_BY_CAPITALS.get(letters, ()), " ".join(letters))))


def _dotted(letters: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((letters, *_abbreviation(letters.replace(" ", "")))))


def _cardinal(words: str) -> tuple[str, ...]:
    return (words, str(IN_DIGITS[words]))


def _compound(text: str) -> list[tuple[str, ...]]:
    first, second = text.split("-")
    return [(*_word(first), first + second), (*_word(second), first + second)]


def _word(word: str) -> tuple[str, ...]:
    if word in IN_DIGITS:
        return _cardinal(word)
    if word in ORDINALS or word in FROM_ORDINALS:
        return (word, ORDINALS.get(word) or FROM_ORDINALS[word])
    if word in MAGNITUDES:
        return (word, *(short for short in MAGNITUDES[word] if len(short) > 1))
    joined = _JOINED.fullmatch(word)
    parted = (" ".join(part for part in joined.groups() if part),) if joined else ()
    return (word, *other_spellings(word), *parted)


_LOST = re.compile(r"%|\bUS\b")
_SPELLED_OUT = {"%": "% percent", "US": "US U.S."}


def spelled_out(text: str) -> str:
    """A text with what FTS5 drops put into words behind it: the percent sign, and the capitals of `US`."""
    if not any(lost in text for lost in _SPELLED_OUT):  # much quicker than the pattern
        return text
    return _LOST.sub(lambda match: _SPELLED_OUT[match.group()], text)
