"""Where a span of characters may begin and end: it cuts no word, and drags no loose punctuation along."""

from __future__ import annotations

import unicodedata

CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "‘": "’", "«": "»", "「": "」", "『": "』"}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
QUOTES = frozenset("\"'")
LOOSE = frozenset(" ,;:，、；：。")
SEPARATORS = frozenset(".,:")
"""Between two digits they belong to the number."""
JOINERS = frozenset("\u00ad\u200c\u200d")
"""Soft hyphen, zero-width non-joiner and joiner: unseen, inside words."""
MINUS = frozenset("-\u2212")
# Scripts without spaces, in which the tokenizer or a reader takes a character for a word: kana, ideographs.
UNSPACED = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


def whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span widened to whole words, without white space, loose punctuation or half a pair at its ends.

    None where it holds no letter and no digit. Offsets count characters; what is given must lie in the text.
    """
    while 0 < start < end and inside_word(text, start):
        start -= 1
    while start < end < len(text) and inside_word(text, end):
        end += 1
    while start < end and _is_loose(text[start:end], 0):
        start += 1
    while start < end and _is_loose(text[start:end], -1):
        end -= 1
    if _is_signed(text, start):
        start -= 1
    return (start, end) if any(map(str.isalnum, text[start:end])) else None


def inside_word(text: str, at: int) -> bool:
    """Whether a word, or a number with its sign of money or share, goes on from one character to the next."""
    before, after = text[at - 1], text[at]
    if _is_letter(before) and _is_letter(after):
        return True
    if before.isdecimal():
        return after in "%‰" or _is_money(after) or _separates(text, at)
    return after.isdecimal() and (_is_money(before) or _separates(text, at - 1))


def _is_letter(character: str) -> bool:
    """A letter, digit or what is written on one, in a script that puts spaces between words."""
    if any(first <= ord(character) <= last for first, last in UNSPACED):
        return False
    return character.isalnum() or character in JOINERS or unicodedata.category(character).startswith("M")


def _is_money(character: str) -> bool:
    return unicodedata.category(character) == "Sc"


def _separates(text: str, at: int) -> bool:
    """Whether the character stands between two digits as a part of their number."""
    return text[at] in SEPARATORS and text[at - 1 : at].isdecimal() and text[at + 1 : at + 2].isdecimal()


def _is_signed(text: str, start: int) -> bool:
    """Whether a number begins there whose minus sign stands before it: `-5`, but not `F-16` or `1914-18`."""
    digit, sign, before = (
        text[start : start + 1],
        text[max(start - 1, 0) : start],
        text[max(start - 2, 0) : start - 1],
    )
    return digit.isdecimal() and sign in MINUS and (before.isspace() or start == 1)


def _is_loose(span: str, end: int) -> bool:
    """Whether the first (0) or last (-1) character of a span is no part of what it says."""
    character = span[end]
    if character in CLOSING:
        return end == -1 or span.count(character) > span.count(CLOSING[character])
    if character in OPENING:
        return end == 0 or span.count(character) > span.count(OPENING[character])
    if character in QUOTES:
        return span.count(character) % 2 == 1
    return character in LOOSE or not character.isprintable()
