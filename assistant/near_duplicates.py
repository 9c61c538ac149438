"""Near-duplicate passages: what several articles carry is shown once, with the names of the others.

A passage is a near-duplicate of another if most of its runs of five words stand in the other, too: the
containment of Broder, On the Resemblance and Containment of Documents, 1997.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer import Evidence, Place
from index.lexical import words
from index.numerals import IN_DIGITS

SHINGLE = 5
"""Words in a row."""
CONTAINED = 0.8
"""The share of a passage's shingles that must stand in the better one."""
ALIKE = 0.5
"""The share of its words, punctuation and all, below which its shingles are not looked at: they take longer."""


def collapse(ranked: Iterable[Evidence], count: int) -> list[Evidence]:
    """The first `count` passages without near-duplicates of better ones, which name them as copies."""
    kept: list[Evidence] = []
    held: list[set[str]] = []
    copies: list[list[Place]] = []
    for evidence in ranked:
        own = set(evidence.text.lower().split())
        for better, its_copies, its in zip(kept, copies, held, strict=True):
            if len(own & its) >= ALIKE * len(own) and carries(better, evidence):
                its_copies.append((evidence.source.article, evidence.start, evidence.end))
                break
        else:
            if len(kept) < count:
                kept.append(evidence)
                held.append(own)
                copies.append([])
    return [replace(evidence, copies=tuple(places)) for evidence, places in zip(kept, copies, strict=True)]


def carries(better: Evidence, other: Evidence) -> bool:
    """Whether nothing is lost without the other passage.

    That is so if the better one is of another article and holds most of its shingles and each of its numbers:
    a story that was brought up to date differs in these first.
    """
    if better.source.article == other.source.article:
        return False
    ours, theirs = words(better.text), words(other.text)
    if not numbers(theirs) <= numbers(ours):
        return False
    runs = shingles(theirs)
    return len(runs & shingles(ours)) >= CONTAINED * len(runs)


def shingles(told: Sequence[str]) -> set[tuple[str, ...]]:
    """The different runs of five words of a text; of a shorter one the whole."""
    return set(zip(*(told[first:] for first in range(SHINGLE)), strict=False)) or {tuple(told)}


def numbers(told: Iterable[str]) -> set[str]:
    """Which of some words in lower case are numbers, in digits or in words."""
    return {word for word in told if word in IN_DIGITS or any(sign.isdigit() for sign in word)}
