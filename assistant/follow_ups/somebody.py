"""Whether a name or a noun may be somebody's; the names of a text, without words that ask."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.answering.support.countries import COUNTRY_OF
from assistant.answering.support.lexicon import parts
from assistant.answering.support.names import TITLES, Name, names
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import MODALS

WH = listed("who whom whose what which when where why how")
ASKING = listed("do does did is are was were am have has had") | MODALS
"""Verbs that change places with the subject in a question."""
_PERSON = re.compile(r"(?:man|woman|person|boy|girl|[a-z]{2}(?:er|or|[iy]st|ian|eer))\Z")
_WITH_ARTICLE = frozenset({"US", "UK", "EU", "UN", "Netherlands", "Philippines"})
PERSONS = listed(
    "president minister secretary chairman chief coach king queen prince princess pope general captain judge "
    "mayor "
    "father mother son daughter brother sister wife husband friend guest agent spokesman duke head aide official "
    "candidate suspect victim patient student witness bride hero heir author star pilot guide driver chancellor "
    "premier somebody someone anyone anybody everyone nobody"
)
_THINGS = listed(
    "order paper number matter letter power water quarter center centre border tower river summer winter chapter "
    "offer answer newspaper computer disaster register corner error factor motor terror sector mirror harbor "
    "labor "
    "favor color monitor reactor tractor weather fever filter theater theatre property over under barrier career "
    "frontier member danger murder charter cancer series dinner transfer leather feather wonder shutter fiber"
)
_PLACES = re.compile(r"\b(?:in|at|near|to|from|outside|over|across)\s+(?:the\s+)?\Z", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sir|President|Premier|Gen|Sen|Rep|Gov|Secretary|Minister)\b\.?\s*\Z")
_BODY = listed(
    "committee house department ministry union party bank school university council company act treaty court army "
    "agency office corps river lake island islands city county state states street park war battle hurricane "
    "storm "
    "times post news bloomberg reuters congress senate cup league games award awards system system's sea gulf bay"
)


def with_article(country: str) -> str:
    """A country as a sentence names it."""
    return f"the {country}" if country in _WITH_ARTICLE else country


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


def names_person(noun: str) -> bool:
    """Whether a noun in lower case is one for somebody."""
    if noun in PERSONS:
        return True
    usual = parts(noun)
    return _PERSON.search(noun) is not None and noun not in _THINGS and (not usual or "n" in usual)
