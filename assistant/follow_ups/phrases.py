"""The noun phrases of a question or of a sentence, and what each may be: somebody, something, several, a place.

No parser: closed classes of words, the names, and which words may be verbs. What is taken for a phrase and is
none costs a completed question its wording, not its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.support.countries import COUNTRY_OF
from assistant.answering.support.lexicon import parts, verb_form
from assistant.answering.support.moments import moments
from assistant.answering.support.names import TITLES, Name, names
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

WH = listed("who whom whose what which when where why how")
ASKING = listed("do does did is are was were am have has had") | MODALS
"""Verbs that change places with the subject in a question."""
_DOING = listed("do does did") | MODALS
_POSSESSORS = listed("his her its their my our your")
_ADJECTIVES = listed("same other others many much few several more most next last first second third own new")
_PEOPLE = re.compile(r"(?:men|people|women|folk|police|[eo]rs|ists|ians|ants)\Z")
_PERSON = re.compile(r"(?:man|woman|person|boy|girl|[a-z]{2}(?:er|or|[iy]st|ian|eer))\Z")
_PERSONS = listed(
    "president minister secretary chairman chief coach king queen prince princess pope general captain judge mayor "
    "father mother son daughter brother sister wife husband friend guest agent spokesman duke head aide official "
    "candidate suspect victim patient student witness bride hero heir author star pilot guide driver chancellor "
    "premier somebody someone anyone anybody everyone nobody"
)
_THINGS = listed(
    "order paper number matter letter power water quarter center centre border tower river summer winter chapter "
    "offer answer newspaper computer disaster register corner error factor motor terror sector mirror harbor labor "
    "favor color monitor reactor tractor weather fever filter theater theatre property over under barrier career "
    "frontier member danger murder charter cancer series dinner transfer leather feather wonder shutter fiber"
)
_GROUPS = listed(
    "team committee company group government side band party union council administration delegation family court "
    "police army board crew staff firm club public media press duo"
)
_PLACES = re.compile(r"\b(?:in|at|near|to|from|outside|over|across)\s+(?:the\s+)?\Z", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sir|President|Premier|Gen|Sen|Rep|Gov|Secretary|Minister)\b\.?\s*\Z")
_BODY = listed(
    "committee house department ministry union party bank school university council company act treaty court army "
    "agency office corps river lake island islands city county state states street park war battle hurricane storm "
    "times post news bloomberg reuters congress senate cup league games award awards system system's sea gulf bay"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase between two offsets of a text."""

    text: str
    start: int
    end: int
    head: str
    """Its last word in lower case."""
    name: Name | None
    """The name that it is, or ends with."""
    person: bool
    """May be one somebody."""
    thing: bool
    """May be one something."""
    several: bool
    """May be called `they`."""
    bare: bool
    """Without anything before its noun, such as an article."""


def is_person(name: Name) -> bool:
    """Whether a name may be somebody's, for all that it says itself."""
    told = set(name.parts)
    return (
        name.country is None
        and told.isdisjoint(_BODY)
        and not told & COUNTRY_OF.keys()
        and not re.search(r"\d|\b(?:of|and|for|the)\b", name.text)
        and not (name.text.isupper() and len(name.text) < 6)
        and len(name.text.split()) <= 4
    )


def titled(text: str, name: Name) -> bool:
    """Whether a title stands before a name or in it, or a first name: then it is somebody's."""
    return _TITLED.search(text[: name.start]) is not None or not TITLES.isdisjoint(name.parts[:-1])


def stands_as_place(text: str, name: Name) -> bool:
    """Whether a name follows a word of place."""
    return _PLACES.search(text[: name.start]) is not None


@lru_cache(maxsize=256)
def named_in(text: str) -> tuple[Name, ...]:
    """The names of a text, without words that ask."""
    return tuple(name for name in names(text) if name.text.lower() not in WH | ASKING)


@lru_cache(maxsize=256)
def phrases(text: str) -> tuple[Phrase, ...]:
    """The noun phrases of a question or sentence, in its order; dates are none."""
    tokens = words(text)
    found = named_in(text)
    nominal = _nominal(tokens, text)
    result, at = [], 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and nominal[end] and (end == at or not _begins(tokens, end)):
            end += 1
        while end > at + 1 and _trails(tokens[end - 1]):
            end -= 1
        if end > at and tokens[end - 1].lower not in DETERMINERS:
            inside = [name for name in found if tokens[at].start <= name.start and name.end <= tokens[end - 1].end]
            result.append(_phrase(text, tokens[at:end], inside))
        at = max(end, at + 1)
    return tuple(result)


def _trails(word: Word) -> bool:
    """Whether a word is no noun that a phrase could end with: `Cuba first`, `pores smaller`."""
    return (
        word.lower in _ADJECTIVES - {"own"}
        or parts(word.lower) == "a"
        or not (word.is_word or word.kind == "number")
    )


def _begins(tokens: Sequence[Word], at: int) -> bool:
    """Whether an article or the like begins another phrase here."""
    return tokens[at].lower in DETERMINERS and tokens[at - 1].kind != "own"


def _phrase(text: str, tokens: Sequence[Word], found: Sequence[Name]) -> Phrase:
    start, end, head = tokens[0].start, tokens[-1].end, tokens[-1].lower
    name = found[-1] if found and found[-1].end == end else None
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is")) and name is None
    many = plural or _PEOPLE.search(head) is not None or head in _GROUPS
    person = (is_person(name) and not stands_as_place(text, name)) if name else names_person(head)
    return Phrase(
        text=text[start:end],
        start=start,
        end=end,
        head=head,
        name=name,
        person=person and not plural,
        thing=(not person or (name is not None and not titled(text, name))) and not plural,
        several=many or (name is not None and not person),
        bare=tokens[0].lower not in DETERMINERS | WH and not found,
    )


def names_person(noun: str) -> bool:
    """Whether a noun in lower case is one for somebody."""
    if noun in _PERSONS:
        return True
    usual = parts(noun)
    return _PERSON.search(noun) is not None and noun not in _THINGS and (not usual or "n" in usual)


def _nominal(tokens: Sequence[Word], text: str) -> list[bool]:
    """Which words may stand in a noun phrase."""
    named = [any(name.start <= word.start and word.end <= name.end for name in named_in(text)) for word in tokens]
    dated = [
        any(moment.start <= word.start and word.end <= moment.end for moment in moments(text)) for word in tokens
    ]
    main = main_verb(text)
    result: list[bool] = []
    for at, word in enumerate(tokens):
        inside = named[at] or (not dated[at] and at != main and _may_be_nominal(tokens, at, result))
        result.append(inside)
    return result


def _may_be_nominal(tokens: Sequence[Word], at: int, before: Sequence[bool]) -> bool:
    word = tokens[at]
    lower = word.lower
    within = at > 0 and before[at - 1]
    if word.kind in {"own", "hyphen"}:
        return within
    if word.kind == "number":
        return True
    if word.kind == "quote" or not word.is_word:
        return False
    if lower in DETERMINERS:
        return at + 1 < len(tokens) and tokens[at + 1].is_word and not _leads_clause(tokens, at)
    if lower in _ADJECTIVES:
        return True
    if lower in {"which", "what", "whose"}:
        following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        return following not in FUNCTION_WORDS and verb_form(following) != "past" and following.isalpha()
    if lower in FUNCTION_WORDS or lower in WH:
        return False
    form = verb_form(lower)
    if within and form == "base" and parts(lower)[:1] == "v" and tokens[at - 1].lower.endswith("s"):
        return lower.endswith("s")  # `which countries pay`
    after_determiner = within and (tokens[at - 1].lower in DETERMINERS or tokens[at - 1].kind == "own")
    if form in {"past", "ing"} and "n" not in parts(lower)[:1]:
        return after_determiner or (within and before[at - 1] and form == "ing" and "n" in parts(lower))
    return not (lower.endswith("ly") and "n" not in parts(lower))


def _leads_clause(tokens: Sequence[Word], at: int) -> bool:
    """Whether `that` or `this` stands by itself, or `that` begins a clause."""
    following = tokens[at + 1].lower
    if tokens[at].lower in {"that", "this", "these", "those", "such", "no"}:
        return following in FUNCTION_WORDS - _ADJECTIVES or (
            tokens[at].lower == "that"
            and (tokens[at + 1].text[:1].isupper() or following.endswith("s") or verb_form(following) == "past")
        )
    return tokens[at].lower == "her" and following in FUNCTION_WORDS - _ADJECTIVES


@lru_cache(maxsize=256)
def main_verb(question: str) -> int | None:
    """Which word of a question is its verb, where another verb before it asks: `did China want`; else None."""
    tokens = words(question)
    aux = asking_verb(question)
    if aux is None or tokens[aux].lower not in _DOING:
        return None
    named = {
        at
        for at, word in enumerate(tokens)
        if any(name.start <= word.start and word.end <= name.end for name in named_in(question))
    }
    begun = False
    maybe: int | None = None
    for at in range(aux + 1, len(tokens)):
        word = tokens[at]
        if at in named or word.kind in {"own", "hyphen"}:
            begun = True
        elif word.lower in DETERMINERS:
            if begun:
                break
            # `What does this mean?`
            begun = word.lower in {"this", "that"} and at + 2 < len(tokens) and _is_verb(tokens[at + 1].lower)
        elif word.lower in PRONOUNS:
            if begun:
                break
            begun = True
        elif not word.is_word or word.lower in SUBORDINATING:
            break
        elif begun and _is_base(word.lower) and word.lower not in _PERSONS and not _qualifies(tokens[at - 1]):
            if parts(word.lower)[:1] == "v" or word.lower in FUNCTION_WORDS or tokens[at - 1].lower in PRONOUNS:
                return at
            maybe = at
        elif word.lower in FUNCTION_WORDS - _ADJECTIVES and maybe is not None:
            break
        else:
            begun = True
    return maybe


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


def owns(word: Word) -> bool:
    """Whether a word says whose something is: `his`."""
    return word.lower in _POSSESSORS
