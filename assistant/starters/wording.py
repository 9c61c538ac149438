"""Candidates put so that they stand by themselves, or left out: full names, known topics, safe characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat

from assistant.answering.support.lexicon import parts
from assistant.answering.support.names import Name, names
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words
from assistant.follow_ups.somebody import names_person, titled
from assistant.follow_ups.wording import content
from assistant.starters.candidate import Candidate, somebody
from assistant.starters.reading import Reading

LONGEST_QUESTION = 79
"""Characters."""
_PLAIN = re.compile(r"[A-Z][A-Za-zÀ-ÖØ-öø-ɏ0-9 ,.'’&$€£%-]*\?")
"""What a question may hold: letters of the Latin script, digits and plain punctuation."""
_ORDERS = listed(
    "ignore disregard forget instruction instructions instructed prompt prompts system assistant assistants "
    "override password passwords command commands execute reveal user users click download http https www api "
    "token"
)
"""Words of texts that mean to steer a program; a question that holds one is not offered."""
_BEFORE = "of "
"""Put before a question's words while names are looked for, so that none seems to begin a sentence."""
_DANGLING = re.compile(r"\b(?:of|for|in|with|on) the \w+[^s]\?\Z")
"""An end such as `of the municipality`, where none is named."""
_SHARED, _REPEATED = 2, 3
"""Articles, or sentences of one, in which a word stands that may be a topic."""


class Wording:
    """What a sample of sentences tells of its names and words."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._people: dict[str, list[tuple[Reading, str]]] = {}
        self._used: dict[str, Counter[str]] = {}
        for reading in readings:
            self._used.setdefault(reading.article, Counter()).update(content(reading.text))
            for full in _people(reading):
                self._people.setdefault(full.split()[-1], []).append((reading, full))
        self._shared = Counter(word for used in self._used.values() for word in used)

    def spread(self, question: str) -> int:
        """In how many articles the best known name of a question stands; without a name, its commonest word."""
        topics = frozenset(word for name in named(question) for word in content(name)) or content(question)
        return max((self._shared[word] for word in topics), default=0)

    def put(self, candidates: Iterable[Candidate]) -> list[tuple[Candidate, ...]]:
        """Those that can be offered, in groups that ask the same of different sentences."""
        groups: dict[str, tuple[Candidate, ...]] = {}
        for found in filter(None, map(self._standalone, candidates)):
            groups[found.question] = (*groups.get(found.question, ()), found)
        return list(groups.values())

    def _standalone(self, candidate: Candidate) -> Candidate | None:
        """The candidate with full names for family names; None where it is not clear by itself, or not safe."""
        asked, _, rest = candidate.question.partition(" ")
        introduces = candidate.kind == "definition" and candidate.reading.leads
        if candidate.kind != "identity" and not introduces:
            named_fully = self._with_full_names(rest, candidate.reading)
            if named_fully is None or (named_fully != rest and candidate.kind == "definition"):
                return None  # of somebody it is not asked what that is
            rest = named_fully
        question = f"{asked} {rest}"
        return replace(candidate, question=question) if _is_safe(question) else None

    def _with_full_names(self, rest: str, reading: Reading) -> str | None:
        """A question's words with full names; None where nothing in them is known beyond the sentence."""
        held = names(f"{_BEFORE}{rest}")
        full = [self._full(name, reading) for name in held]
        if held and not any(map(self._is_known, held, full, repeat(rest))):
            return None
        if not held and not self._tells_of(rest, reading):
            return None
        for name, longer in reversed(list(zip(held, full, strict=True))):
            start, end = name.start - len(_BEFORE), name.end - len(_BEFORE)
            rest = f"{rest[:start]}{longer}{rest[end:]}"
        return rest

    def _full(self, name: Name, reading: Reading) -> str:
        """The full name for a family name, as the article gave it before or else another one does."""
        people = self._people.get(name.text, ())
        before = [
            full for other, full in people if other.article == reading.article and other.start < reading.start
        ]
        if before:
            return before[0]
        elsewhere = {full for other, full in people if other.article != reading.article}
        return elsewhere.pop() if len(elsewhere) == 1 else name.text

    def _is_known(self, name: Name, full: str, rest: str) -> bool:
        """Whether it is a full name, a country's, or one that several articles hold; `the Council` is none."""
        if name.country is None and f"the {name.text}" in rest and parts(name.text.lower()):
            return False
        shared = any(self._shared[word.lower] >= _SHARED for word in words(name.text))
        return name.country is not None or " " in full or shared or len(self._used) < _SHARED

    def _tells_of(self, rest: str, reading: Reading) -> bool:
        """Whether several articles, or the article itself repeatedly, tell of all that a question speaks of."""
        used = self._used[reading.article]
        return not _DANGLING.search(rest) and all(
            self._shared[word] >= _SHARED or used[word] >= _REPEATED for word in content(rest)
        )


def named(question: str) -> frozenset[str]:
    """The names in a question."""
    _, _, rest = question.partition(" ")
    return frozenset(name.text for name in names(f"{_BEFORE}{rest}"))


def _people(reading: Reading) -> Iterator[str]:
    """The full names of people: with a title, a life in brackets, or a first word that is no other word."""
    for name in reading.names:
        full = somebody(name)
        sure = titled(reading.text, name) or (reading.lifetime and name.start == 0)
        first = full.split()[0].lower() if full else ""
        if full and (sure or not (parts(first) or names_person(first))):
            yield full


def _is_safe(question: str) -> bool:
    plain = len(question) <= LONGEST_QUESTION and _PLAIN.fullmatch(question) is not None
    return plain and _ORDERS.isdisjoint(word.lower for word in words(question))
