"""The noun phrases of a question or of a sentence, and what each may be: somebody, something, several, a place.

No parser: closed classes of words, the names, and which words may be verbs. What is taken for a phrase and is
none costs a completed question its wording, not its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.answering.support.lexicon import parts, verb_form
from assistant.answering.support.moments import moments
from assistant.answering.support.names import Name
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import DETERMINERS, FUNCTION_WORDS, Word, words
from assistant.follow_ups.somebody import WH, is_person, named_in, names_person, stands_as_place, titled
from assistant.follow_ups.verbs import main_verb

_ADJECTIVES = listed("same other others many much few several more most next last first second third own new")
_LIGHT_NOUNS = listed("order fact case lot way ways thing things kind sort part parts number state use reporters")
"""Nouns that say little, and still end a phrase that has begun."""
_PEOPLE = re.compile(r"(?:men|people|women|folk|police|[eo]rs|ists|ians|ants)\Z")
GROUPS = listed(
    "team committee company group government side band party union council administration delegation family court "
    "police army board crew staff firm club public media press duo"
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
    owner: Name | None
    """Whoever may be somebody and owns it: `Trump's advisers`."""
    bare: bool
    """Without anything before its noun, such as an article."""


def _owns(text: str, name: Name) -> bool:
    return text[name.end : name.end + 1] in {"'", "’"}


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
    many = plural or _PEOPLE.search(head) is not None or head in GROUPS
    person = (is_person(name) and not stands_as_place(text, name)) if name else names_person(head)
    return Phrase(
        text=text[start:end],
        start=start,
        end=end,
        head=head,
        name=name,
        person=person and not plural,
        thing=(not person or (name is not None and not titled(text, name))) and not plural,
        owner=next((one for one in found if one is not name and is_person(one) and _owns(text, one)), None),
        several=many or (name is not None and not person),
        bare=tokens[0].lower not in DETERMINERS | WH and not found,
    )


def _nominal(tokens: Sequence[Word], text: str) -> list[bool]:
    """Which words may stand in a noun phrase."""
    named = [any(name.start <= word.start and word.end <= name.end for name in named_in(text)) for word in tokens]
    dated = [
        any(moment.start <= word.start and word.end <= moment.end for moment in moments(text)) for word in tokens
    ]
    main = main_verb(text)
    result: list[bool] = []
    for at in range(len(tokens)):
        result.append(named[at] or (not dated[at] and at != main and _may_be_nominal(tokens, at, result)))
    return result


def _may_be_nominal(tokens: Sequence[Word], at: int, before: Sequence[bool]) -> bool:
    word = tokens[at]
    within = at > 0 and before[at - 1]
    if word.kind in {"own", "hyphen"}:
        return within
    if word.kind == "number":
        return True
    if word.kind == "quote" or not word.is_word:
        return False
    closed = _of_closed_class(tokens, at, within=within)
    return _may_be_noun(tokens, at, before) if closed is None else closed


def _of_closed_class(tokens: Sequence[Word], at: int, *, within: bool) -> bool | None:
    """Whether a word of grammar may stand in a phrase; None for other words."""
    lower = tokens[at].lower
    if lower in DETERMINERS:
        return at + 1 < len(tokens) and tokens[at + 1].is_word and not _leads_clause(tokens, at)
    if lower in _ADJECTIVES or lower in {"reporters", "journalists"} or (within and lower in _LIGHT_NOUNS):
        return True
    if lower in {"which", "what", "whose"}:
        following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        return following not in FUNCTION_WORDS and verb_form(following) != "past" and following.isalpha()
    return False if lower in FUNCTION_WORDS or lower in WH else None


def _may_be_noun(tokens: Sequence[Word], at: int, before: Sequence[bool]) -> bool:
    """Whether a word that carries meaning may be a noun or stand before one."""
    lower = tokens[at].lower
    within = at > 0 and before[at - 1]
    form = verb_form(lower)
    if within and form == "base" and parts(lower)[:1] == "v" and tokens[at - 1].lower.endswith("s"):
        return lower.endswith("s")  # `which countries pay`
    after_determiner = within and (tokens[at - 1].lower in DETERMINERS or tokens[at - 1].kind == "own")
    if (form == "past" and lower.endswith("ed")) or (form in {"past", "ing"} and "n" not in parts(lower)[:1]):
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
