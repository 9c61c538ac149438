"""Does a claim join what its sentences say apart: a figure of one with the deed of another?

Each clause of a claim has to follow one sentence: what only another one has may be a name that the sentence means
by `he`, or a further object of the same verb. Clauses that follow different sentences may stand side by side; a
word that makes one the cause, time or purpose of the other has to be a sentence's own, and so has whom or what
`who` and `which` take up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.support.alignment import align, counts, shares
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.clauses import Clause, clauses
from assistant.answering.support.lexicon import SYNONYM
from assistant.answering.support.phrases import name_at
from assistant.answering.support.referring import is_meant
from assistant.answering.support.roles import SAYING
from assistant.answering.support.tagging import (
    ADVERB,
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
_RELATIVE = frozenset({"which", "who", "whose"})
_BEGINS_AGAIN = re.compile(
    r"(?:\W|However|But|And|Earlier|Later)*(?:these|this|those|they|it|he|she|such)\b", re.IGNORECASE
)
"""How a sentence begins that speaks of what the one before spoke of."""
_DISTRIBUTING = re.compile(r"\bone\b.*\b(?:an)?other\b", re.IGNORECASE)
"""What sets figures of several articles side by side: `one says 3, another 4`."""
_COUNTED = frozenset({NUMBER, DATE})
_ASIDE = frozenset({"on", "in", "at", "from", "to"})
"""Behind these nobody stands whom a sentence means by `he`."""
_HELD = 0.6


@dataclass(frozen=True)
class _Part:
    """A clause of the claim, with those that go on with it: numbers of its telling words, and its opener."""

    places: tuple[int, ...]
    opener: str
    before: int | None
    """The word before its opener."""


def weld(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if the claim joins what its sentences say apart."""
    cited = list({source.text: source for source in cited}.values())
    if len(cited) < 2:
        return None
    parts = _parts(claim, credit_spans(claim, cited))
    if any(not _follows_one(claim, part, cited) for part in parts):
        return "it joins what two sentences say apart"
    reasons = (_related(claim, parts, number, cited) for number, part in enumerate(parts) if part.opener)
    return next((reason for reason in reasons if reason), None)


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
        goes_on = (goes_on and clause.opener in {",", "—", "–"}) or _is_said(claim, clause)
        if goes_on and subject is not None:
            # `offering relief to ZTE, a Chinese firm, could compromise ...` goes on with its first part.
            known = parts[subject]
            parts[subject] = _Part((*known.places, *places), known.opener, known.before)
            continue
        if clause.opener not in {",", "(", "—", "–", ")"} | _RELATIVE or subject is None:
            subject = len(parts)
        parts.append(_Part(places, clause.opener, clause.start - 1 if clause.start else None))
    return [part for part in parts if part.places]


def _is_said(claim: str, clause: Clause) -> bool:
    """Whether a clause tells what somebody said: it goes on with the words about the speech."""
    before = [other for other in clauses(claim) if other.end == clause.start]
    return clause.opener == "that" and any(
        words(claim)[at].among(SAYING) for other in before for at in range(other.start, other.end)
    )


def _lacks_subject(claim: str, clause: Clause) -> bool:
    first = clause.start + 1
    return first < clause.end and tags(claim)[first] in {AUXILIARY, MODAL, VERB, PARTICIPLE}


def _lacks_verb(claim: str, clause: Clause) -> bool:
    return not any(tags(claim)[at] in {AUXILIARY, MODAL, *VERBAL} for at in range(clause.start, clause.end))


def _follows_one(claim: str, part: _Part, cited: Sequence[Cited]) -> bool:
    """Whether there is a sentence to which a clause adds nothing that only others have."""
    held = [_held(claim, part, source) for source in cited]
    everything = set().union(*held)
    return any(
        _is_joined(claim, part, everything - own, source, cited) for own, source in zip(held, cited, strict=True)
    )


def _held(claim: str, part: _Part, source: Cited) -> set[int]:
    """The words of a clause that a sentence has; who says what is looked at elsewhere."""
    matched = align(claim, source.text).by_claim
    return {
        at
        for at in part.places
        if at in matched
        and matched[at].strength >= SYNONYM
        and not (tags(claim)[at] in _COUNTED and _DISTRIBUTING.search(claim))
        and tags(claim)[at] != ADVERB
        and not words(claim)[at].among(SAYING)
    }


def _is_joined(claim: str, part: _Part, foreign: set[int], source: Cited, cited: Sequence[Cited]) -> bool:
    """Whether what a sentence does not have is of those that it means, or of another in the same way."""
    apart = [at for at in foreign if not _is_meant(claim, at, source, cited)]
    if not apart:
        return True
    return _is_taken_up(claim, part, apart, source.text) or any(
        _is_added(claim, part, apart, source.text, other.text) for other in cited if other is not source
    )


def _is_meant(claim: str, at: int, source: Cited, cited: Sequence[Cited]) -> bool:
    name = name_at(claim, at)
    aside = at and words(claim)[at - 1].lower in _ASIDE
    return name is not None and not aside and is_meant(name, source, cited)


def _is_added(claim: str, part: _Part, apart: Sequence[int], first: str, second: str) -> bool:
    """Whether what is foreign is a further object of a verb that its sentence has, too: `wants A and B`."""
    ours, theirs = align(claim, first).by_claim, align(claim, second).by_claim
    own = [at for at in part.places if at in ours and at not in theirs]
    if not own or not all(at in theirs for at in apart):
        return False
    between = range(max(own) + 1, min(apart)) if max(own) < min(apart) else range(max(apart) + 1, min(own))
    joined = any(words(claim)[at].lower in {"and", "or"} or words(claim)[at].text == "," for at in between)
    verbs = [at for at in range(part.places[0], max(*own, *apart)) if tags(claim)[at] in VERBAL]
    return joined and bool(verbs) and verbs[0] in ours and verbs[0] in theirs


def _is_taken_up(claim: str, part: _Part, apart: Sequence[int], sentence: str) -> bool:
    """Whether what is foreign is the subject, which the followed sentence takes up by `these` or `it`."""
    verbs = [at for at in part.places if tags(claim)[at] in VERBAL]
    return bool(verbs) and bool(_BEGINS_AGAIN.match(sentence)) and all(at < verbs[0] for at in apart)


def _related(claim: str, parts: Sequence[_Part], number: int, cited: Sequence[Cited]) -> str | None:
    """A reason if a clause is bound to another by a word that no sentence has between the two."""
    part = parts[number]
    if part.opener in _RELATIVE:
        return _wrongly_taken_up(claim, part, cited)
    if part.opener not in _RELATING:
        return None
    sentences = [source.text for source in cited]
    if part.before is not None and part.before in align(claim, _best(claim, part, cited).text).by_claim:
        return None
    others = (
        [parts[number - 1]] if number and len(parts[number - 1].places) > 1 else parts[number + 1 : number + 2]
    )
    if any(_apart(claim, part, other, sentences) for other in others):
        return f"no cited sentence joins the two by “{part.opener}”"
    return None


def _wrongly_taken_up(claim: str, part: _Part, cited: Sequence[Cited]) -> str | None:
    """A reason if the sentence of a relative clause has not whom or what the clause is about."""
    known = tags(claim)
    antecedent = next(
        (at for at in range(part.before or 0, -1, -1) if known[at] in NOMINAL and counts(claim, at)), None
    )
    best = _best(claim, part, cited)
    if antecedent is None or antecedent in align(claim, best.text).by_claim:
        return None
    meant = (
        _is_meant(claim, antecedent, best, cited) if known[antecedent] == NAME else _BEGINS_AGAIN.match(best.text)
    )
    return None if meant else f"the sentence does not say so of “{words(claim)[antecedent].text}”"


def _best(claim: str, part: _Part, cited: Sequence[Cited]) -> Cited:
    found = shares(claim, [source.text for source in cited], part.places)
    return cited[found.index(max(found))]


def _apart(claim: str, one: _Part, other: _Part, sentences: Sequence[str]) -> bool:
    """Whether the two clauses follow different sentences, neither of which has much of the other clause."""
    first, second = shares(claim, sentences, one.places), shares(claim, sentences, other.places)
    return (
        all(min(a, b) < _HELD for a, b in zip(first, second, strict=True)) and max(first) > 0 and max(second) > 0
    )
