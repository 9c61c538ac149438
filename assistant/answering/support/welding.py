"""Does a claim join what its sentences say apart: a figure of one with the deed of another?

A clause of a claim should follow one sentence. What it has from another has to bring its company along, or be a
name that the sentence means by `he`. Clauses that follow different sentences may stand side by side; a word that
makes one the cause, time or purpose of the other has to be a sentence's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.support.alignment import align, counts, shares
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.clauses import Clause, clauses
from assistant.answering.support.lexicon import SYNONYM
from assistant.answering.support.roles import SAYING
from assistant.answering.support.tagging import (
    AUXILIARY,
    DATE,
    MODAL,
    NAME,
    NOMINAL,
    NUMBER,
    PARTICIPLE,
    VERB,
    VERBAL,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_RELATING = listed("because when after before since until if unless once so for by despite")
_TAKING_UP = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|this|these|such|both|each|that)\b"
    r"|\bthe (?:two|statement|country|countries|company|agreement|deal|move|decision|plan|talks|announcement)\b"
    r"|\bthe (?:comments|rules|offer)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|him|[Hh]er|them|[Hh]is|[Ii]ts|[Tt]heir|[Bb]oth|[Ww]e|[Oo]ur)\b"
)
_BEGINS_AGAIN = re.compile(
    r"(?:\W|However|But|And|Earlier|Later)*(?:these|this|those|they|it|he|she|such)\b", re.IGNORECASE
)
"""How a sentence begins that speaks of what the one before spoke of."""
_OWN_WORDS = 2
"""So many words that only one sentence has, and as many that only another has, make a clause a weld."""
_NEAR = 4
_HELD = 0.6
_CLEARLY = 0.25


@dataclass(frozen=True)
class _Part:
    """A clause of the claim, with those that go on with it: numbers of its telling words, and its opener."""

    places: tuple[int, ...]
    opener: str
    before: int | None
    """The word before its opener."""


def weld(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if the claim joins what its sentences say apart."""
    sentences = list(dict.fromkeys(source.text for source in cited))
    if len(sentences) < 2:
        return None
    skipped = credit_spans(claim, cited)
    parts = _parts(claim, skipped)
    for part in parts:
        reason = _mixed(claim, part, sentences)
        if reason:
            return reason
    for number, part in enumerate(parts):
        reason = _related(claim, parts, number, sentences) if part.opener else None
        if reason:
            return reason
    return None


def _parts(claim: str, skipped: Sequence[tuple[int, int]]) -> list[_Part]:
    parts: list[_Part] = []
    subject: int | None = None
    for clause in clauses(claim):
        places = tuple(
            at
            for at in range(clause.start, clause.end)
            if counts(claim, at) and not inside(skipped, words(claim)[at].start, words(claim)[at].end)
        )
        # `ZTE, a Chinese firm, was ...` has a part of its own; `..., including soybeans.` goes on to the end.
        last = clause.end >= len(words(claim)) - 1
        goes_on = _lacks_subject(claim, clause) or (last and _lacks_verb(claim, clause))
        if clause.opener in {",", "—", "–"} and goes_on and subject is not None:
            # `offering relief to ZTE, a Chinese firm, could compromise ...` goes on with its first part.
            known = parts[subject]
            parts[subject] = _Part((*known.places, *places), known.opener, known.before)
            continue
        if clause.opener not in {",", "(", "—", "–", ")"} or subject is None:
            subject = len(parts)
        parts.append(_Part(places, clause.opener, clause.start - 1 if clause.start else None))
    return [part for part in parts if part.places]


def _lacks_subject(claim: str, clause: Clause) -> bool:
    first = clause.start + 1
    return first < clause.end and tags(claim)[first] in {AUXILIARY, MODAL, VERB, PARTICIPLE}


def _lacks_verb(claim: str, clause: Clause) -> bool:
    return not any(tags(claim)[at] in {AUXILIARY, MODAL, *VERBAL} for at in range(clause.start, clause.end))


def _mixed(claim: str, part: _Part, sentences: Sequence[str]) -> str | None:
    """A reason if one clause has words of its own from two sentences."""
    held = [
        {at for at in part.places if at in matched and matched[at].strength >= SYNONYM}
        for matched in (align(claim, sentence).by_claim for sentence in sentences)
    ]
    best = max(range(len(sentences)), key=lambda number: _weight(claim, sentences[number], held[number]))
    for number, sentence in enumerate(sentences):
        foreign = held[number] - held[best]
        if number == best or not foreign:
            continue
        own = held[best] - held[number]
        refers = bool(_PRONOUN.search(sentences[best]))
        apart = [at for at in foreign if not (tags(claim)[at] == NAME and refers)]
        if _is_added(claim, part, own, apart, sentence) or _is_taken_up(claim, part, apart, sentences[best]):
            continue
        figures = [at for at in apart if tags(claim)[at] in {NUMBER, DATE, NAME}]
        for at in figures:
            window = _window(claim, part, at)
            here, there = shares(claim, [sentence, sentences[best]], window)
            if there >= here + _CLEARLY:
                return _told(claim, at)
        lone = [at for at in apart if at not in figures and not _in_company(claim, part, at, sentence)]
        if _terms(claim, own) >= _OWN_WORDS and (lone or _terms(claim, set(apart)) >= _OWN_WORDS):
            return "it joins what two sentences say apart"
    return None


def _is_added(claim: str, part: _Part, own: set[int], apart: Sequence[int], sentence: str) -> bool:
    """Whether what is foreign is a further object of a verb that its sentence has, too: `wants A and B`."""
    if not own or not apart:
        return False
    between = range(max(own) + 1, min(apart)) if max(own) < min(apart) else range(max(apart) + 1, min(own))
    joined = any(words(claim)[at].lower in {"and", "or"} or words(claim)[at].text == "," for at in between)
    verbs = [at for at in range(part.places[0], max(*own, *apart)) if tags(claim)[at] in VERBAL]
    return joined and bool(verbs) and verbs[0] in align(claim, sentence).by_claim


def _is_taken_up(claim: str, part: _Part, apart: Sequence[int], best: str) -> bool:
    """Whether what is foreign is the subject, which the followed sentence takes up by `these` or `it`."""
    verbs = [at for at in part.places if tags(claim)[at] in VERBAL]
    return bool(verbs) and bool(_BEGINS_AGAIN.match(best)) and all(at < verbs[0] for at in apart)


def _terms(claim: str, places: set[int]) -> int:
    """How many words, figures and names these are; those of several words count once."""
    known = tags(claim)
    return sum(
        not (at - 1 in places and known[at - 1] == known[at] and known[at] in {NAME, NUMBER, DATE})
        for at in places
    )


def _told(claim: str, at: int) -> str:
    return f"the sentence that has {words(claim)[at].text} says it of something else"


def _weight(claim: str, sentence: str, places: set[int]) -> float:
    matched = align(claim, sentence).by_claim
    return sum(matched[at].strength for at in places)


def _window(claim: str, part: _Part, at: int) -> list[int]:
    """The four telling words nearest to one, of the same clause and no part of the same name or figure."""
    known = tags(claim)
    group = {at}
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(known) and known[place] == known[at]:
            group.add(place)
            place += step
    others = [place for place in part.places if place not in group and known[place] not in {NUMBER, DATE, NAME}]
    return sorted(others, key=lambda place: abs(place - at))[:4]


def _in_company(claim: str, part: _Part, at: int, sentence: str) -> bool:
    """Whether a word stands beside one of its neighbours in the sentence, too."""
    matched = align(claim, sentence).by_claim
    beside = sorted((place for place in part.places if place != at), key=lambda place: abs(place - at))[:2]
    return any(place in matched and abs(matched[place].source - matched[at].source) <= _NEAR for place in beside)


def _related(claim: str, parts: Sequence[_Part], number: int, sentences: Sequence[str]) -> str | None:
    """A reason if a clause is bound to another by a word that no sentence has between the two."""
    part = parts[number]
    if part.opener in _RELATING:
        others = (
            [parts[number - 1]] if number and len(parts[number - 1].places) > 1 else parts[number + 1 : number + 2]
        )
    elif part.opener in {"that", "which", "who", "whose"} and number and _binds(claim, part, sentences):
        others = [parts[number - 1]]
    else:
        return None
    if part.before is not None and part.before in align(claim, _best(claim, part, sentences)).by_claim:
        return None
    for other in others:
        if _apart(claim, part, other, sentences):
            return f"no cited sentence joins the two by “{part.opener}”"
    return None


def _binds(claim: str, part: _Part, sentences: Sequence[str]) -> bool:
    """Whether `that` or `who` asserts more than that somebody said so: `fear that`, `the news that`."""
    if part.before is None:
        return False
    before = words(claim)[part.before]
    if tags(claim)[part.before] in VERBAL and before.among(SAYING):
        return False
    if tags(claim)[part.before] in NOMINAL:
        best = _best(claim, part, sentences)
        return not (part.before in align(claim, best).by_claim or _TAKING_UP.match(best))
    return tags(claim)[part.before] in VERBAL


def _best(claim: str, part: _Part, sentences: Sequence[str]) -> str:
    found = shares(claim, sentences, part.places)
    return sentences[found.index(max(found))]


def _apart(claim: str, one: _Part, other: _Part, sentences: Sequence[str]) -> bool:
    """Whether the two clauses follow different sentences, neither of which has much of the other clause."""
    first, second = shares(claim, sentences, one.places), shares(claim, sentences, other.places)
    return (
        all(min(a, b) < _HELD for a, b in zip(first, second, strict=True)) and max(first) > 0 and max(second) > 0
    )
