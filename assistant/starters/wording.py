"""Candidates put so that they stand by themselves, or left out: full names, safe characters, nothing unheard of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.answering.support.lexicon import parts
from assistant.answering.support.names import Name, names
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words
from assistant.follow_ups.somebody import titled
from assistant.follow_ups.wording import content
from assistant.starters.patterns import Candidate, somebody
from assistant.starters.reading import Reading

LONGEST_QUESTION = 79
"""Characters."""
_PLAIN = re.compile(r"[A-Z][A-Za-zÀ-ÖØ-öø-ɏ0-9 ,.'’&$€£%-]*\?")
"""What a question may hold: letters of the Latin script, digits and plain punctuation."""
_ORDERS = listed(
    "ignore disregard forget instruction instructions instructed prompt prompts system assistant assistants override "
    "password passwords command commands execute reveal user users click download http https www api token"
)
"""Words of texts that mean to steer a program; a question that holds one is not offered."""
_DEFINING = frozenset({"identity", "definition"})


class Wording:
    """What a sample of sentences tells of its names and words."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._people: dict[str, list[tuple[Reading, str]]] = {}
        by_article: dict[str, set[str]] = {}
        for reading in readings:
            by_article.setdefault(reading.article, set()).update(content(reading.text))
            for full in _people(reading):
                self._people.setdefault(full.split()[-1], []).append((reading, full))
        self._shared = Counter(word for found in by_article.values() for word in found)
        self._enough = min(2, len(by_article))

    def spread(self, question: str) -> int:
        """In how many articles the question's most common telling word stands."""
        return max((self._shared[word] for word in content(question)), default=0)

    def put(self, candidates: Iterable[Candidate]) -> list[tuple[Candidate, ...]]:
        """Those that can be offered, in groups that ask the same of different sentences."""
        groups: dict[str, tuple[Candidate, ...]] = {}
        for found in filter(None, map(self._standalone, candidates)):
            groups[found.question] = (*groups.get(found.question, ()), found)
        return list(groups.values())

    def _standalone(self, candidate: Candidate) -> Candidate | None:
        """The candidate with full names for family names; None where it would not be understood, or is not safe."""
        asked, _, rest = candidate.question.partition(" ")
        if candidate.kind not in _DEFINING:
            held = names(f"of {rest}")
            known = [self._full(name, candidate.reading) for name in held]
            if not any(map(self._is_known, held, known)) and not (not held and self._is_common(rest)):
                return None
            for name, full in zip(held, known, strict=True):
                rest = re.sub(rf"\b{re.escape(name.text)}\b", full, rest, count=1)
        question = f"{asked} {rest}"
        return replace(candidate, question=question) if _is_safe(question) else None

    def _full(self, name: Name, reading: Reading) -> str:
        """The full name of somebody who is named by the family name, as the article named him before, or others."""
        people = self._people.get(name.text, ())
        before = [full for other, full in people if other.article == reading.article and other.start < reading.start]
        if before:
            return before[0]
        elsewhere = {full for other, full in people if other.article != reading.article}
        return elsewhere.pop() if len(elsewhere) == 1 else name.text

    def _is_known(self, name: Name, full: str) -> bool:
        """Whether it is a full name, a country's, or one that several articles hold."""
        shared = any(self._shared[word.lower] >= self._enough for word in words(name.text))
        return name.country is not None or " " in full or shared

    def _is_common(self, rest: str) -> bool:
        """Whether several articles tell of all that a question names."""
        return all(self._shared[word] >= self._enough for word in content(rest))


def _people(reading: Reading) -> Iterator[str]:
    """The full names of people: with a title, a life in brackets, or a first word that is no other word."""
    for name in reading.names:
        full = somebody(name)
        sure = titled(reading.text, name) or (reading.lifetime and name.start == 0)
        if full and (sure or not parts(full.split()[0].lower())):
            yield full


def _is_safe(question: str) -> bool:
    plain = len(question) <= LONGEST_QUESTION and _PLAIN.fullmatch(question) is not None
    return plain and _ORDERS.isdisjoint(word.lower for word in words(question))
