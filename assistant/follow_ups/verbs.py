"""The verbs of a question: the one that stands before its subject, and the one that says what was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.support.lexicon import parts, verb_form
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import (
    DETERMINERS,
    FUNCTION_WORDS,
    MODALS,
    PRONOUNS,
    SUBORDINATING,
    Word,
    words,
)
from assistant.follow_ups.somebody import ASKING, PERSONS, named_in

_DOING = listed("do does did") | MODALS
_ADJECTIVES = listed("same other others many much few several more most next last first second third own new")


@lru_cache(maxsize=256)
def main_verb(question: str) -> int | None:
    """Which word of a question is its verb, where another verb before it asks: `did China want`; else None."""
    tokens = words(question)
    aux = asking_verb(question)
    if aux is None or tokens[aux].lower not in _DOING:
        return None
    begun = False
    maybe: int | None = None
    for at in range(aux + 1, len(tokens)):
        word = tokens[at]
        if _is_named(question, word):
            begun = True
        elif (begun and word.lower in DETERMINERS | PRONOUNS) or not word.is_word or word.lower in SUBORDINATING:
            break
        elif word.lower in DETERMINERS:  # as a subject of its own in `What does this mean?`
            begun = word.lower in {"this", "that"} and at + 2 < len(tokens) and _is_verb(tokens[at + 1].lower)
        elif begun and _may_be_verb(tokens, at):
            if parts(word.lower)[:1] == "v" or word.lower in FUNCTION_WORDS or tokens[at - 1].lower in PRONOUNS:
                return at
            maybe = at
        elif maybe is not None and word.lower in FUNCTION_WORDS - _ADJECTIVES:
            break
        else:
            begun = True
    return maybe


def _is_named(question: str, word: Word) -> bool:
    """Whether a word belongs to a name, or joins what belongs together."""
    return word.kind in {"own", "hyphen"} or any(
        name.start <= word.start and word.end <= name.end for name in named_in(question)
    )


def _may_be_verb(tokens: Sequence[Word], at: int) -> bool:
    lower = tokens[at].lower
    return _is_base(lower) and lower not in PERSONS and not _qualifies(tokens[at - 1])


def _qualifies(word: Word) -> bool:
    return word.lower in DETERMINERS | _ADJECTIVES or parts(word.lower)[:1] == "a"


def _is_verb(lower: str) -> bool:
    return _is_base(lower) and parts(lower)[:1] == "v"


def _is_base(lower: str) -> bool:
    return lower in {"be", "have", "do", "get", "say"} or (
        verb_form(lower) == "base" and (not lower.endswith("s") or lower.endswith("ss"))
    )


@lru_cache(maxsize=256)
def asking_verb(question: str) -> int | None:
    """Which word of a question is the verb that stands before its subject; None where there is none."""
    for at, word in enumerate(words(question)[:12]):
        if word.lower in ASKING:
            return at
        if word.kind == "mark" and word.text not in {",", "%", "$"}:
            return None
    return None
