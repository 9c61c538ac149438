"""A question that a sentence should answer, and what the patterns that make one share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answering.support.names import TITLES, Name
from assistant.answering.support.wordlists import listed
from assistant.follow_ups.somebody import is_person
from assistant.starters.reading import Phrase, Reading

OPENING = r"\A(?:(?:[PG][^,;VX]{0,8}|W+|B),)?"
"""A date, an adverb or a phrase with a preposition before the subject."""
ACTOR = rf"{OPENING}(?:D?[NA]+)?(?P<actor>D?E+)(?:,D?[^,;VX]*,)?B?"
"""Whoever does something, at the beginning of a sentence."""
SPEECH = listed("said warned suggested argued explained admitted conceded acknowledged insisted claimed stressed")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a sentence should answer."""

    kind: str
    """What it asks for, by which starters are told apart."""
    question: str
    reading: Reading
    answer: str = ""
    """The words of the sentence that answer it, where they are known."""


Pattern = Callable[[Reading], Iterator[Candidate]]


def somebody(name: Name | None) -> str:
    """A name without titles, if it may be somebody's in full; else empty."""
    if name is None:
        return ""
    core = [part for part in name.text.split() if part.lower().strip(".,") not in TITLES | {"the", "of"}]
    fits = is_person(name) and 2 <= len(core) <= 4 and all(part[0].isupper() for part in core)
    return " ".join(core) if fits and "The" not in core else ""


def is_clear(phrase: Phrase) -> bool:
    """Whether it may be repeated as an object: `the song` may not, `the song about Elvis` and `records` may."""
    return not phrase.vague and (phrase.specific or not phrase.text.startswith("the "))
