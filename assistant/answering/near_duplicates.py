"""Near-duplicate passages: what several articles carry is read once, and known to stand in the others.

A passage is a near-duplicate of another if most of its runs of five words stand in the other, too: the
containment of Broder, On the Resemblance and Containment of Documents, 1997.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answer import Evidence
from index.lexical import words
from index.numerals import IN_DIGITS, MAGNITUDES

NEGATIONS = frozenset(
    (
        "no",
        "not",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "cannot",
        "without",
        "denied",
        "rejected",
        "t",
    )
)
"""Words that turn a sentence round; `t` is what `didn't` ends with."""

SHINGLE = 5
"""Words in a row."""
CONTAINED = 0.8
"""The share of a passage's shingles that must stand in the better one."""
ALIKE = 0.5
"""The share of its words, punctuation and all, below which its shingles are not looked at: they take longer."""


@dataclass(frozen=True, slots=True)
class Story:
    """A passage, and those of other articles that say the same, nearly word for word."""

    told: Evidence
    copies: tuple[Evidence, ...]


def collapse(ranked: Iterable[Evidence], count: int) -> list[Story]:
    """The first `count` passages that are no near-duplicates of better ones, with those as their copies."""
    kept: list[tuple[Evidence, set[str], list[Evidence]]] = []
    for evidence in ranked:
        own = set(evidence.text.lower().split())
        for better, held, copies in kept:
            if len(own & held) >= ALIKE * len(own) and carries(better, evidence):
                copies.append(evidence)
                break
        else:
            if len(kept) < count:
                kept.append((evidence, own, []))
    return [Story(evidence, tuple(copies)) for evidence, _, copies in kept]


def carries(better: Evidence, other: Evidence) -> bool:
    """Whether nothing is lost without the other passage.

    That is so if the better one is of another article and holds most of its shingles, each of its numbers and
    negations: a story that was brought up to date, or denied, differs in these first.
    """
    if better.source.article == other.source.article:
        return False
    ours, theirs = words(better.text), words(other.text)
    if not numbers(theirs) | (NEGATIONS & set(theirs)) <= numbers(ours) | (NEGATIONS & set(ours)):
        return False
    runs = shingles(theirs)
    return len(runs & shingles(ours)) >= CONTAINED * len(runs)


def shingles(told: Sequence[str]) -> set[tuple[str, ...]]:
    """The different runs of five words of a text; of a shorter one the whole."""
    return set(zip(*(told[first:] for first in range(SHINGLE)), strict=False)) or {tuple(told)}


def numbers(told: Iterable[str]) -> set[str]:
    """Which of some words in lower case are numbers or parts of them, in digits or in words."""
    return {
        word
        for word in told
        if word in IN_DIGITS or word == "hundred" or word in MAGNITUDES or any(sign.isdigit() for sign in word)
    }
