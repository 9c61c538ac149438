"""Are the parts in a claim played by those who play them in its source: who spoke, who did it to whom?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.support.alignment import align, refers
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.clauses import clause_of
from assistant.answering.support.lexicon import SAME, SYNONYM, kinship, parts
from assistant.answering.support.roles import AGENT, PATIENT, SAYING, SPEECH_ACTS, Role, roles
from assistant.answering.support.tagging import NOUN, VERBAL, tags
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_MUTUAL = listed(
    "meet talk agree negotiate differ clash trade fight quarrel marry cooperate work be have do go come"
)
"""What one party does with another, or what says nothing."""
_EMPTY = frozenset(
    {"addition", "return", "case", "spite", "favour", "favor", "light", "view", "regard", "respect", "front"}
)
"""Nouns of which a preposition is made: `in addition to`."""
_MUTUALLY = re.compile(r"\b(?:each other|one another)\b")
_OPPOSITE = {AGENT: PATIENT, PATIENT: AGENT}


def swapped_part(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if somebody or something in the claim has a part that its source gives to another."""
    credited = credit_spans(claim, cited)
    sentences = [each.text for each in cited]
    for role in roles(claim):
        verb = words(claim)[role.head]
        if (
            verb.among(_MUTUAL | _EMPTY)
            or not (verb.tells or verb.among(SAYING))
            or any(inside(credited, name.start, name.end) for name in role.names)
        ):
            continue
        source = _nearest(claim, role, sentences)
        other = _other_party(claim, role, source) if role.names else _other_thing(claim, role, source)
        if other:
            party = " ".join(name.text for name in role.names) or words(claim)[role.at].text
            return f"the sentence says “{words(claim)[role.head].text}” of {other}, not of {party}"
    return None


def _nearest(claim: str, role: Role, sentences: Sequence[str]) -> str:
    """The sentence that the words around a role follow most, and that has its head."""
    clause = clause_of(claim, role.head)

    def shared(sentence: str) -> float:
        matched = align(claim, sentence).by_claim
        return sum(matched[at].strength * (2 if clause.holds(at) else 1) for at in matched)

    return max(sentences, key=lambda sentence: (bool(_same_heads(claim, role, sentence)), shared(sentence)))


def _other_party(claim: str, role: Role, source: str) -> str | None:
    """Who plays the claim's part in the source, if it is somebody else by name."""
    if _MUTUALLY.search(source):
        return None
    fitting = _same_heads(claim, role, source)
    same = [other for other in fitting if other.role == role.role]
    if any(_agree(role, other) for other in same):
        return None
    if same and all(other.names or other.closed for other in same):
        return " and ".join(dict.fromkeys(_party(source, other) for other in same))
    turned = [other for other in fitting if other.role == _OPPOSITE.get(role.role)]
    if not same and any(other.names and _agree(role, other) for other in turned):
        others = [other for other in fitting if other.names and not _agree(role, other)]
        if not others and not words(claim)[role.head].among(SAYING):
            return "somebody else"
        return others[0].names[0].text if others else None
    return None


def _party(text: str, role: Role) -> str:
    return role.names[0].text if role.names else words(text)[role.at].text


def _other_thing(claim: str, role: Role, source: str) -> str | None:
    """What has the part of a claim's common noun in the source, if it is something else."""
    ours, theirs = words(claim), words(source)
    if role.role not in _OPPOSITE or tags(claim)[role.head] not in VERBAL or not ours[role.at].tells:
        return None

    def alike(other: Role) -> bool:
        return kinship(ours[role.at].lower, theirs[other.at].lower) > 0

    verb = ours[role.head].lower
    fitting = [
        other
        for other in _same_heads(claim, role, source)
        if other.role in _OPPOSITE and kinship(verb, theirs[other.head].lower) == SAME
    ]
    same = [other for other in fitting if other.role == role.role]
    # In the other part, too: a firm closes its plant, and the plant closes.
    if not same or any(map(alike, fitting)) or not all(theirs[other.at].tells for other in same):
        return None
    elsewhere = [other for other in roles(source) if other.role in {AGENT, PATIENT} and alike(other)]
    alignment = align(claim, source)
    in_place = (
        role.at not in alignment.by_claim
        and same[0].at not in alignment.by_source
        and _is_thing(claim, role.at)
        and _is_thing(source, same[0].at)
        and not ours[role.head].among(SAYING)
    )
    return theirs[same[0].at].text if elsewhere or in_place else None


def _is_thing(text: str, at: int) -> bool:
    return tags(text)[at] == NOUN and parts(words(text)[at].lower)[:1] in {"n", ""}


def _agree(role: Role, other: Role) -> bool:
    return (not other.names and not other.closed) or any(
        refers(ours, theirs) for ours in role.names for theirs in other.names
    )


def _same_heads(claim: str, role: Role, source: str) -> list[Role]:
    """The source's roles about the same word; where it has none, those of any verb of saying for another."""
    ours, theirs = words(claim), words(source)
    verbal = tags(claim)[role.head] in VERBAL
    same = [
        other
        for other in roles(source)
        if (tags(source)[other.head] in VERBAL) == verbal
        and kinship(ours[role.head].lower, theirs[other.head].lower) >= SYNONYM
    ]
    if ours[role.head].among(SAYING) and verbal and role.role == AGENT:
        speaking = [
            other for other in roles(source) if other.role == AGENT and theirs[other.head].among(SPEECH_ACTS)
        ]
        if any(_agree(role, other) and other.names for other in speaking):
            return same
        saying = [other for other in roles(source) if other.role == AGENT and theirs[other.head].among(SAYING)]
        if any(_agree(role, other) and other.names for other in saying):
            return [other for other in same if other.role == AGENT] or saying
        return [*same, *saying]
    return same
