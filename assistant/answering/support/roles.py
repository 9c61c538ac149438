"""Who does what to whom: the parties of each verb and noun of a sentence, in the active and in the passive.

Read from parts of speech and word order, without a parser. What is not clear is left open, and an open role
contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.support.names import Name
from assistant.answering.support.phrases import Phrase, names_in, parties, phrases
from assistant.answering.support.subjects import SAYING as SAYING
from assistant.answering.support.subjects import Subjects
from assistant.answering.support.tagging import (
    ADVERB,
    AUXILIARY,
    DATE,
    GERUND,
    MODAL,
    NAME,
    NUMBER,
    PARTICIPLE,
    PREPOSITION,
    QUOTE,
    VERBAL,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

AGENT, PATIENT, OWNER = "agent", "patient", "owner"
SPEECH_ACTS = listed(
    "threaten promise pledge ask propose agree offer order demand want seek urge believe think hope fear "
    "complain vow accuse blame refuse decline respond reject oppose"
)
"""What is mostly done by saying something."""
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being"})
_NEW = listed("a an another some several two three four five many most")
_NEVER_FINITE = re.compile(
    r"\w+[^aeiou]en|\w*(?:shown|known|thrown|grown|flown|drawn)|begun|sung|done|gone|born|drunk|sunk"
)
"""Participles that no past looks like: without an auxiliary they are passive (`markets shaken by ...`)."""
_MEASURES = listed(
    "amount quantity number lot range series part share kind sort form portion volume pair group bit rest most"
)
_ACCORDING = frozenset({"according"})


@dataclass(frozen=True, slots=True)
class Role:
    """Who stands in which relation to a word, by its number."""

    head: int
    role: str
    """`agent`, `patient`, `owner`, or a preposition."""
    names: tuple[Name, ...]
    """Empty where it is somebody or something without a name."""
    at: int
    """The head of the phrase that says who."""
    closed: bool = False
    """True for somebody new to the reader, `a collector`: no name that stands elsewhere is meant."""


@lru_cache(maxsize=256)
def roles(text: str) -> tuple[Role, ...]:
    """The roles that a text gives, as far as they can be told."""
    return tuple(_Reading(text).read())


class _Reading:
    """Reads one text; `place` is always the number of a word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = words(text)
        self._tags = tags(text)
        self._phrases = phrases(text)
        self._ends = {phrase.end: phrase for phrase in self._phrases}
        self._starts = {phrase.start: phrase for phrase in self._phrases}
        self._subjects = Subjects(text)

    def read(self) -> Iterator[Role]:
        for head, tag in enumerate(self._tags):
            if tag in VERBAL:
                yield from self._of_verb(head)
        for phrase in self._phrases:
            yield from self._of_noun(phrase)

    def _of_verb(self, head: int) -> Iterator[Role]:
        start = self._subjects.group_start(head)
        passive = self._is_passive(start, head)
        if self._words[head].lower in _ACCORDING:
            yield from self._according(head)
            return
        agent = None if self._is_loose(start, head) else self._subjects.find(start, head)
        after = self._starts.get(self._skip(head + 1))
        if agent is None and not passive and after is not None and self._is_inverted(start, head):
            agent, after = after, None
        if agent is not None:
            self._subjects.note(head, agent)
            yield from self._roles(head, PATIENT if passive else AGENT, agent)
        if after is not None and not passive:
            yield from self._roles(head, PATIENT, after)
        for preposition, phrase in self._prepositional(after.end if after else head + 1):
            yield from self._roles(head, AGENT if passive and preposition == "by" else preposition, phrase)

    def _roles(self, head: int, role: str, phrase: Phrase) -> Iterator[Role]:
        """The role of a phrase and of those that `and` joins with it."""
        yield self._role(head, role, phrase)
        following: Phrase | None = phrase
        while following is not None:
            following = self._joined(following.end)
            if following is not None:
                yield self._role(head, role, following)
        before = self._ends.get(phrase.start - 1)
        if before is not None and self._words[phrase.start - 1].lower in {"and", "or"}:
            yield self._role(head, role, before)

    def _beside(self, phrase: Phrase) -> tuple[Name, ...]:
        """The name that a phrase explains: `Liu He, an adviser`, `its president, Tom Okoro`."""
        before = (
            self._ends.get(phrase.start - 1)
            if phrase.start and self._words[phrase.start - 1].text == ","
            else None
        )
        after = (
            self._starts.get(phrase.end + 1)
            if phrase.end < len(self._words) and self._words[phrase.end].text == ","
            else None
        )
        ended = self._words[phrase.end].text if phrase.end < len(self._words) else ""
        if ended not in {",", "who", "of", "for"}:
            before = None
        for other in (before, after):
            if other is not None and self._tags[other.head] == NAME:
                return parties(self._text, other)
        return ()

    def _is_loose(self, start: int, head: int) -> bool:
        """Whether a verb has no subject of its own to the left: `progress in easing`."""
        if not start or start != head or self._words[head].among(SAYING):
            return False
        before = self._tags[start - 1]
        return (self._tags[head] == GERUND and before == PREPOSITION) or (
            self._tags[head] == PARTICIPLE and self._words[start - 1].text == "," and self._is_ended(head + 1)
        )

    def _is_ended(self, place: int) -> bool:
        return place < len(self._tags) and self._tags[place] in {DATE, PREPOSITION, ADVERB}

    def _role(self, head: int, role: str, phrase: Phrase) -> Role:
        of = self._starts.get(phrase.end + 1)
        if of is not None and self._words[phrase.head].among(_MEASURES) and self._words[phrase.end].lower == "of":
            phrase = of  # `a substantial amount of soybeans` is soybeans
        known = parties(self._text, phrase) or self._beside(phrase)
        new = not known and self._words[phrase.start].lower in _NEW
        return Role(head, role, known, phrase.head, new)

    def _joined(self, end: int) -> Phrase | None:
        """The phrase that follows after `and`, perhaps with the preposition again: `by A for China and by B`."""
        if end < len(self._tags) and self._words[end].lower in {"and", "or"}:
            place = end + 1
            if place < len(self._tags) and self._words[place].lower == "by":
                place += 1
            phrase = self._starts.get(place)
            if phrase is not None and not self._is_subject(phrase):
                return phrase
        return None

    def _is_subject(self, phrase: Phrase) -> bool:
        place = self._skip(phrase.end)
        return place < len(self._tags) and self._tags[place] in {AUXILIARY, MODAL} | VERBAL

    def _is_passive(self, start: int, head: int) -> bool:
        if self._tags[head] != PARTICIPLE:
            return False
        if start == head and _NEVER_FINITE.fullmatch(self._words[head].lower):
            return True
        helping = [self._words[place].lower for place in range(start, head)]
        if any(word in _BE for word in helping):
            return True
        by = head + 1
        while by < len(self._tags) and self._tags[by] in {ADVERB, DATE}:
            by += 1
        return not helping and by + 1 in self._starts and self._words[by].lower == "by"

    def _skip(self, place: int) -> int:
        while place < len(self._tags) and self._tags[place] in {ADVERB, QUOTE}:
            place += 1
        return place

    def _is_inverted(self, start: int, head: int) -> bool:
        """`..., said Kudlow`."""
        return self._words[head].among(SAYING) and (start == 0 or self._words[start - 1].kind in {"quote", "mark"})

    def _according(self, head: int) -> Iterator[Role]:
        phrase = self._starts.get(head + 2)
        if phrase is not None:
            yield from self._roles(head, AGENT, phrase)

    def _prepositional(self, place: int) -> Iterator[tuple[str, Phrase]]:
        """The prepositions after a verb or its object, with their phrases, up to the next verb or mark."""
        while place < len(self._tags):
            if self._tags[place] == PREPOSITION and place + 1 in self._starts:
                phrase = self._starts[place + 1]
                yield self._words[place].lower, phrase
                place = phrase.end
            elif self._tags[place] in {ADVERB, DATE, QUOTE} or place in self._starts:
                place = self._starts[place].end if place in self._starts else place + 1
            elif (
                self._words[place].lower == "and"
                and place + 1 < len(self._tags)
                and self._tags[place + 1] in {PREPOSITION, QUOTE}
            ):
                place += 1
            else:
                return

    def _of_noun(self, phrase: Phrase) -> Iterator[Role]:
        if self._tags[phrase.head] == NUMBER:
            return
        owner = phrase.owner
        if owner is not None:
            yield Role(phrase.head, OWNER, parties(self._text, owner), owner.head)
        first = owner.end + 1 if owner else phrase.start
        for name in names_in(self._text, first, phrase.end):
            if not (name.start <= self._words[phrase.head].start < name.end):
                yield Role(phrase.head, OWNER, (name,), phrase.head)
        for preposition, other in self._prepositional(phrase.end):
            yield self._role(phrase.head, OWNER if preposition in {"of", "by"} else preposition, other)
            break
