"""A sentence in clauses, each with the words that open it and bind it to the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.support.tagging import (
    AUXILIARY,
    CONJUNCTION,
    GERUND,
    MARK,
    MODAL,
    PARTICIPLE,
    PRONOUN,
    RELATIVE,
    SUBORDINATOR,
    VERB,
    tags,
)
from assistant.answering.support.words import words

_FINITE = frozenset({VERB, PARTICIPLE, AUXILIARY, MODAL})
_BREAKING = frozenset({",", ";", ":", "(", ")", "."})
_WITH_GERUND = frozenset({"for", "by", "after", "before", "without", "since", "while", "despite"})
"""Before a gerund they open a clause: `for stealing technology`."""
_DASHES = frozenset({"dash"})


@dataclass(frozen=True, slots=True)
class Clause:
    """The words from `start` up to `end`, by number."""

    start: int
    end: int
    opener: str
    """What opens it, in lower case: `that`, `because`, `and`, `,`; empty for a sentence's first clause."""

    def holds(self, at: int) -> bool:
        """Whether a word is in it."""
        return self.start <= at < self.end


@lru_cache(maxsize=256)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, in order; together they are all of its words but the marks between them."""
    breaks = list(_breaks(text))
    found = []
    for (start, opener), (end, _) in zip(breaks, [*breaks[1:], (len(words(text)), "")], strict=True):
        if end > start:
            found.append(Clause(start, end, opener))
    return tuple(found)


def clause_of(text: str, at: int) -> Clause:
    """The clause that a word is in."""
    return next(clause for clause in clauses(text) if clause.holds(at))


def _breaks(text: str) -> Iterator[tuple[int, str]]:
    tokens, known = words(text), tags(text)
    yield 0, tokens[0].lower if tokens and known[0] in {SUBORDINATOR, RELATIVE} else ""
    for at, token in enumerate(tokens):
        if at == 0:
            continue
        if known[at] == MARK and (token.text in _BREAKING or token.kind in _DASHES):
            yield at, token.text
        elif (
            (known[at] in {SUBORDINATOR, RELATIVE} and token.lower != "as")
            or (token.lower in _WITH_GERUND and at + 1 < len(tokens) and known[at + 1] == GERUND)
            or (
                known[at] == CONJUNCTION
                and (token.lower in {"but", "nor", "yet"} or _has_verb_before_break(known, at))
            )
        ):
            yield at, token.lower


def _has_verb_before_break(known: Sequence[str], at: int) -> bool:
    """Whether what a conjunction joins is a clause and no mere thing: its verb stands near."""
    for place in range(at + 1, min(at + 7, len(known))):
        if known[place] in {MARK, CONJUNCTION, SUBORDINATOR, RELATIVE}:
            return False
        if known[place] in _FINITE:
            return True
        if known[place] == PRONOUN:
            continue
    return False
