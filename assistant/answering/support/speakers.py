"""Does a claim have somebody say what its sentences say of another, or of nobody?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.support.alignment import align, counts, positions, refers, shares
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.clauses import clauses
from assistant.answering.support.names import names
from assistant.answering.support.referring import before
from assistant.answering.support.roles import AGENT, SAYING, Role, roles
from assistant.answering.support.words import words

_SAID_OF = re.compile(r"\b(?:he|she|it|they|we|i)\b", re.IGNORECASE)
"""Whom a sentence may mean to speak, or to be spoken of, without a name."""
_SIDE_BY_SIDE = frozenset({"and", "but", "while", "whereas", "although", "though", ";", ",", "nor", "yet"})
"""What opens a clause that is no part of what was said before."""


def put_into_mouth(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if the claim has somebody say what a sentence says that does not speak of him."""
    credited, sentences = credit_spans(claim, cited), [source.text for source in cited]
    for role in roles(claim):
        verb, spoken_of = words(claim)[role.head], words(claim)[role.at]
        if role.role != AGENT or not verb.among(SAYING) or inside(credited, spoken_of.start, spoken_of.end):
            continue
        speaker = _speaker(claim, role, sentences)
        said = [at for at in _said(claim, role.head) if at not in {*speaker, role.head}]
        held = shares(claim, sentences, said)
        best = cited[held.index(max(held))]
        if speaker and said and not _speaks(claim, role, speaker, best):
            return f"the sentence does not say it of {' '.join(words(claim)[at].text for at in sorted(speaker))}"
    return None


def _speaks(claim: str, role: Role, speaker: set[int], source: Cited) -> bool:
    """Whether a sentence names the speaker, or means him by `he`."""
    if speaker & align(claim, source.text).by_claim.keys():
        return True
    if not _SAID_OF.search(source.text):
        return False
    told = before(source)
    last = max(
        (other.names[0].start for other in roles(told) if _is_speech(told, other) and other.names), default=0
    )
    since = [other for other in names(told) if other.start >= last]
    return not since or not role.names or any(refers(ours, other) for ours in role.names for other in since)


def _is_speech(text: str, role: Role) -> bool:
    return role.role == AGENT and words(text)[role.head].among(SAYING)


def _speaker(claim: str, role: Role, sentences: Sequence[str]) -> set[int]:
    """The words that name who speaks; of a body of a country, the body. Empty where that cannot be told."""
    own = [name for name in role.names if name.country is None] or list(role.names)
    if own:
        named = set(positions(claim, own[0].start, own[0].end))
        return named | {role.at} if own[0].country else named
    held = any(role.at in align(claim, sentence).by_claim for sentence in sentences)
    return {role.at} if held and words(claim)[role.at].tells else set()  # `one article says` names nobody


def _said(claim: str, verb: int) -> list[int]:
    """The telling words that somebody is said to say: those behind the verb, or, where none follow, before it."""
    behind: list[int] = []
    for clause in clauses(claim):
        if clause.end <= verb:
            continue
        if clause.start > verb and clause.opener in _SIDE_BY_SIDE and behind:
            break
        behind += [at for at in range(max(clause.start, verb + 1), clause.end) if counts(claim, at)]
    return behind if len(behind) > 1 else [at for at in range(verb) if counts(claim, at)]
