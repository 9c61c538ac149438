"""The things that a sentence speaks of: nominal phrases with their heads, and whom each of them stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.support.names import Name, names
from assistant.answering.support.tagging import (
    ADJECTIVE,
    DETERMINER,
    GERUND,
    NAME,
    NOUN,
    NUMBER,
    OWN,
    PARTICIPLE,
    PRONOUN,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

AGENTS = listed(
    "side official officer administration government team delegation leader president ministry minister "
    "department company corporation firm bank court party army force police troop regulator agency office "
    "spokesman spokeswoman spokesperson lawmaker senator negotiator diplomat businessman executive "
    "authority embassy parliament congress senate council commission committee union group club player "
    "people citizen soldier secretary premier chancellor adviser representative envoy ambassador "
    "president's leadership negotiators tech giant maker producer exporter importer farmer worker "
    "consumer investor economist analyst"
)
"""Heads that act for whom they belong to: `the Chinese side` is China, `Chinese imports` are not."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A nominal phrase: words from `start` up to `end`, by number."""

    start: int
    end: int
    head: int
    owner: Phrase | None = None
    """What stands before its `'s`."""

    def holds(self, at: int) -> bool:
        """Whether a word is in it, or in its owner."""
        return self.start <= at < self.end


@lru_cache(maxsize=256)
def phrases(text: str) -> tuple[Phrase, ...]:
    """The nominal phrases of a text, in order; none overlaps another, owners lie inside."""
    found: list[Phrase] = []
    at = 0
    while at < len(words(text)):
        end = _end(text, at)
        phrase = _made(text, at, end) if end > at else None
        if phrase is not None:
            found.append(phrase)
            at = phrase.end
        else:
            at += 1
    return tuple(found)


def _end(text: str, at: int) -> int:
    known, tokens = tags(text), words(text)
    place = at
    while place < len(known):
        tag = known[place]
        plain = tag in {DETERMINER, ADJECTIVE, NUMBER, NOUN, NAME}
        owned = tag == OWN and place > at
        joined = tokens[place].kind == "hyphen" and place > at
        bracket = (
            tag in {PARTICIPLE, GERUND}
            and at < place
            and _before_noun(text, place)
            and known[place - 1] in {DETERMINER, ADJECTIVE, OWN}
        )
        if tag == DETERMINER and place > at:
            break
        if tag == PRONOUN:
            return place + 1 if place == at else place
        if not (plain or owned or joined or bracket):
            break
        place += 1
    return place


def _before_noun(text: str, place: int) -> bool:
    return place + 1 < len(tags(text)) and tags(text)[place + 1] in {NOUN, NAME, ADJECTIVE}


def _made(text: str, at: int, end: int) -> Phrase | None:
    known = tags(text)
    while end > at and known[end - 1] not in {NOUN, NAME, NUMBER, PRONOUN, ADJECTIVE}:
        end -= 1
    if end == at or (known[end - 1] == ADJECTIVE and known[at] != DETERMINER):
        return None
    owner = None
    first = at
    for place in range(at, end):
        if known[place] == OWN and place > first:
            owner = Phrase(first, place, place - 1, owner)
            first = place + 1
    return Phrase(at, end, end - 1, owner) if first < end else None


def name_at(text: str, at: int) -> Name | None:
    """The name that a word is part of."""
    word = words(text)[at]
    return next((name for name in names(text) if name.start <= word.start and word.end <= name.end), None)


def names_in(text: str, start: int, end: int) -> Iterator[Name]:
    """The names among the words from `start` up to `end`."""
    tokens = words(text)
    if start >= end:
        return
    first, last = tokens[start].start, tokens[end - 1].end
    yield from (name for name in names(text) if first <= name.start and name.end <= last)


def parties(text: str, phrase: Phrase) -> tuple[Name, ...]:
    """Whom a phrase stands for: the name that is its head, or those of whom its head acts for; none if unknown."""
    head = name_at(text, phrase.head)
    if head is not None:
        return (head,)
    word = words(text)[phrase.head]
    if word.among(AGENTS):
        return tuple(names_in(text, phrase.start, phrase.end))
    return ()
