"""What each word of a sentence does there: a part of speech, from word lists, endings and neighbours.

No parser: a few rules that hold for most news prose. What they get wrong makes the checks that use them find
less, as those compare a claim and its sources word by word and need the same reading on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.support.countries import COUNTRY_OF
from assistant.answering.support.lexicon import entry, parts, verb_form
from assistant.answering.support.moments import moments
from assistant.answering.support.names import names
from assistant.answering.support.quantities import quantities
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import (
    AUXILIARIES,
    DETERMINERS,
    JOINING,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATING,
    Word,
    words,
)

DETERMINER, PREPOSITION, CONJUNCTION, SUBORDINATOR, RELATIVE = "D", "P", "C", "S", "R"
AUXILIARY, MODAL, TO, NOUN, NAME, ADJECTIVE, VERB, GERUND = "X", "M", "T", "N", "E", "A", "V", "G"
PARTICIPLE, ADVERB, NUMBER, OWN, PRONOUN, NEGATION, MARK, QUOTE, DATE = "Q", "B", "#", "O", "U", "Z", ".", "'", "W"
VERBAL = frozenset({VERB, GERUND, PARTICIPLE})
NOMINAL = frozenset({NOUN, NAME, PRONOUN})

_RELATIVES = frozenset({"who", "which", "whom", "whose"})
_ADVERBS = listed(
    "also however only just even then too very much more most less least rather quite still already yet "
    "again ever well far now soon thus therefore meanwhile instead otherwise perhaps later earlier "
    "recently so first officially previously both either neither back ahead away forward together abroad"
)
_BEFORE_NOUN = frozenset({DETERMINER, ADJECTIVE, OWN, NUMBER})
_PERSONAL = listed("i you he she it we they who which that what this those these")
_SHORT_COUNTRIES = frozenset({"us", "uk", "eu", "un"})
_UNCHANGED = listed("hit put set cut let cost hurt shut spread quit split bet cast rid beat")
"""Verbs whose past is their base form."""
_OBJECT_BEGINS = frozenset(
    {DETERMINER, NAME, PRONOUN, NUMBER, SUBORDINATOR, TO, PREPOSITION, ADJECTIVE, DATE, OWN, QUOTE}
)


@lru_cache(maxsize=256)
def tags(text: str) -> tuple[str, ...]:
    """The part of speech of each of the text's words and marks."""
    tokens = words(text)
    found = [_closed(token) for token in tokens]
    _mark(found, tokens, [(name.start, name.end) for name in names(text)], NAME)
    _mark(found, tokens, [(figure.start, figure.end) for figure in quantities(text) if not figure.loose], NUMBER)
    for at, token in enumerate(tokens[:-1]):
        if token.lower == "first" and verb_form(tokens[at + 1].lower) == "past":
            found[at] = ADVERB
    for at, token in enumerate(tokens):
        if token.lower in {"each", "all"} and at and found[at - 1] == AUXILIARY:
            found[at] = ADVERB  # `have each threatened`
    _mark(found, tokens, [(moment.start, moment.end) for moment in moments(text)], DATE)
    for at, token in enumerate(tokens):
        if found[at] == "":
            found[at] = _open(tokens, found, at)
        elif token.lower == "to" and found[at] == PREPOSITION:
            found[at] = _to(tokens, found, at)
    return tuple(found)


def _mark(found: list[str], tokens: Sequence[Word], spans: Sequence[tuple[int, int]], tag: str) -> None:
    for at, token in enumerate(tokens):
        if any(start <= token.start and token.end <= end for start, end in spans):
            found[at] = tag


def _closed(token: Word) -> str:
    lower = token.lower
    if token.kind in {"own", "not", "quote"}:
        return {"own": OWN, "not": NEGATION, "quote": QUOTE}[token.kind]
    if token.kind == "number":
        return NUMBER
    if not token.is_word:
        return MARK
    tagged = (
        (_RELATIVES, RELATIVE),
        (MODALS, MODAL),
        (AUXILIARIES, AUXILIARY),
        (_ADVERBS, ADVERB),
        (SUBORDINATING, SUBORDINATOR),
        (DETERMINERS, DETERMINER),
        (PREPOSITIONS, PREPOSITION),
        (PRONOUNS, PRONOUN),
        (JOINING, CONJUNCTION),
    )
    if lower in {"not", "never"}:
        return NEGATION
    return next((tag for listed, tag in tagged if lower in listed), "")


def _to(tokens: Sequence[Word], found: list[str], at: int) -> str:
    """`to` before a verb's base form."""
    following = at + 1
    while following < len(tokens) and (tokens[following].lower.endswith("ly") or found[following] == ADVERB):
        following += 1
    if following == len(tokens) or found[following] not in {"", AUXILIARY}:
        return PREPOSITION
    lower = tokens[following].lower
    known = entry(lower)
    if (
        at
        and found[at - 1] in {"", NOUN}
        and parts(lower)[:1] == "n"
        and (following + 1 == len(tokens) or found[following + 1] in {MARK, PREPOSITION})
    ):
        return PREPOSITION  # `a letter to staff`
    return (
        TO if lower in {"be", "have", "do", "get"} or (known is not None and "v" in known.parts) else PREPOSITION
    )


def _open(tokens: Sequence[Word], found: list[str], at: int) -> str:
    """The part of speech of a word that no list holds; those before it are known."""
    token = tokens[at]
    lower, usual = token.lower, parts(token.lower)
    before = _before(found, at)
    if lower.endswith("ly") and "n" not in usual and "v" not in usual:
        return ADVERB
    if usual in {"n", "a", "r", "na", "an"} or (not usual and not verb_form(lower)):
        return (
            {"a": ADJECTIVE, "r": ADVERB}.get(usual[:1], NOUN)
            if usual != "an"
            else _adjective_or_noun(tokens, found, at)
        )
    if at + 1 < len(tokens) and tokens[at + 1].kind == "hyphen" and before in {*_BEFORE_NOUN}:
        return ADJECTIVE  # `the first sit-down talks`
    if "v" in usual or not usual:
        if before in {TO, MODAL} or (before in {AUXILIARY, NEGATION} and _fits_auxiliary(tokens, found, at)):
            return _after_auxiliary(lower)
        return _verb_or_other(tokens, found, at, usual)
    return _adjective_or_noun(tokens, found, at)


def _fits_auxiliary(tokens: Sequence[Word], found: list[str], at: int) -> bool:
    """Whether a form of a verb may follow its auxiliary: after `is` no base form does (`is part of`)."""
    lower = tokens[at].lower
    if verb_form(lower) != "base" or lower in _UNCHANGED:
        return True
    place = at - 1
    while place > 0 and found[place] in {ADVERB, NEGATION}:
        place -= 1
    asked = found[place] in {MODAL, TO} or tokens[place].lower in {"do", "does", "did"}
    return asked and not (lower.endswith("s") and not lower.endswith("ss"))


def _before(found: list[str], at: int) -> str:
    """The tag before a word, adverbs aside."""
    place = at - 1
    while place >= 0 and found[place] == ADVERB:
        place -= 1
    return found[place] if place >= 0 else MARK


def _after_auxiliary(lower: str) -> str:
    if lower.endswith("ing"):
        return GERUND
    return PARTICIPLE if verb_form(lower) == "past" or lower in _UNCHANGED else VERB


def _verb_or_other(tokens: Sequence[Word], found: list[str], at: int, usual: str) -> str:
    """A word that may be a verb, with no auxiliary before it."""
    lower, before = tokens[at].lower, _before(found, at)
    form = verb_form(lower)
    following = _following(tokens, found, at)
    if before in _BEFORE_NOUN and before != NUMBER:
        return (
            ADJECTIVE
            if form == "past" and following in {"", NOUN, NAME}
            else NOUN
            if form != "past"
            else ADJECTIVE
        )
    if form == "ing":
        if usual[:1] == "n" and following == "" and parts(tokens[at + 1].lower)[:1] == "n":
            return NOUN  # `marketing director`
        if before in {VERB, PARTICIPLE} and following in {DETERMINER, NAME, ""}:
            return GERUND  # `opposes relaxing penalties`
        return GERUND if usual[:1] == "v" or before in {PREPOSITION, MARK, SUBORDINATOR, CONJUNCTION} else NOUN
    if form == "past":
        return PARTICIPLE if "a" not in usual[:1] or before in NOMINAL else ADJECTIVE
    if (
        "n" in usual
        and form == "base"
        and ((_is_owned(tokens, found, at) and usual[:1] == "n") or _before_verb(tokens, at))
    ):
        return NOUN  # `Chinese companies`, `world markets rose`
    if (
        before in NOMINAL | {DATE, RELATIVE}
        and _agrees(tokens, found, at)
        and following in _OBJECT_BEGINS | {ADVERB, ""}
    ):
        return VERB
    if set(usual) == {"v"}:
        return VERB
    if before == CONJUNCTION and following in {DETERMINER, SUBORDINATOR} and usual[:1] == "v":
        return VERB
    return NOUN if "n" in usual else ADJECTIVE


def _is_owned(tokens: Sequence[Word], found: list[str], at: int) -> bool:
    """Whether the word before is a country as an adjective, which is no subject."""
    before = tokens[at - 1].lower if at and found[at - 1] == NAME else ""
    return before in COUNTRY_OF and (before in _SHORT_COUNTRIES or before.endswith(("an", "ese", "ish", "ch")))


def _before_verb(tokens: Sequence[Word], at: int) -> bool:
    """Whether a finite verb follows, to which the word is a subject: `markets rose`."""
    lower = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    return tokens[at].lower.endswith("s") and (lower in AUXILIARIES | MODALS or verb_form(lower) == "past")


def _following(tokens: Sequence[Word], found: list[str], at: int) -> str:
    return found[at + 1] if at + 1 < len(tokens) else MARK


def _agrees(tokens: Sequence[Word], found: list[str], at: int) -> bool:
    """Whether a present form fits the noun before it: `China wants`, `officials want`, `they want`."""
    place = at - 1
    while place >= 0 and found[place] in {ADVERB, DATE}:
        place -= 1
    subject = tokens[place]
    singular = tokens[at].lower.endswith("s") and not tokens[at].lower.endswith("ss")
    if found[place] == RELATIVE:
        return True
    if found[place] == PRONOUN:
        return subject.lower in (
            _PERSONAL - {"i", "you", "we", "they", "these", "those"} if singular else _PERSONAL
        )
    if tokens[at].lower in _UNCHANGED and _following(tokens, found, at) != "":
        return True
    plural = subject.lower.endswith("s") and found[place] == NOUN
    return (
        singular != plural
        and (singular or plural)
        and (found[place] == NAME or _following(tokens, found, at) != "")
    )


def _adjective_or_noun(tokens: Sequence[Word], found: list[str], at: int) -> str:
    """`official` before a noun is an adjective."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    noun_next = (
        following is not None
        and found[at + 1] == ""
        and ("n" in parts(following.lower)[:1] or verb_form(following.lower) in {"ing", "past"})
    )
    usual = parts(tokens[at].lower)
    if "n" in usual and "a" in usual:
        return (
            ADJECTIVE
            if noun_next
            else NOUN
            if usual[:1] == "n" or _before(found, at) in {DETERMINER, OWN}
            else ADJECTIVE
        )
    return ADJECTIVE if "a" in usual else ADVERB if "r" in usual else NOUN
