"""A claim without sentences that prove it, and the sentences among those given that do; found by its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from assistant.answering.drafting import Quoted
from assistant.answering.verification import Proof
from index.lexical import STOP_WORDS, words

CANDIDATES = 4
"""Sentences that share most words with a claim, the very same one first, tried alone and in pairs."""


def attribute(
    claim: str,
    stated: Sequence[Quoted],
    shown: Sequence[Quoted],
    proof: Proof,
) -> tuple[Quoted, ...]:
    """The first sentence, or two, that prove the claim; none where none do.

    Args:
        claim: a sentence of a reply.
        stated: the sentences that the reply names for it; tried with others, where they are not enough alone.
        shown: all sentences that the model was given.
        proof: why some sentences do not prove a claim, or None.
    """
    told = set(words(claim)) - STOP_WORDS
    same = " ".join(claim.split())
    shared = sorted(
        shown,
        key=lambda quoted: (" ".join(quoted.text.split()) != same, -len(told & set(words(quoted.text)))),
    )[:CANDIDATES]
    alone = [(one,) for one in shared]
    added = [(*stated, one) for one in shared if one not in stated] if stated else []
    for tried in (*alone, *added, *combinations(shared, 2)):
        if proof(claim, tried) is None:
            return tried
    return ()
