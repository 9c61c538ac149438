"""The words of a question that point at what came before it: pronouns that nothing in the question binds, and kin.

Taken for bound is what has something to stand for earlier in the question, in another clause (or, for `his` and
the like, in the same): `What did Pasteur say that he found?`. An `it` that stands for nothing, as in `Is it true
that`, points at nothing, either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.support.lexicon import parts, verb_form
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import DETERMINERS, PREPOSITIONS, SUBORDINATING, Word, words
from assistant.follow_ups.dummies import dummies
from assistant.follow_ups.phrases import Phrase, phrases
from assistant.follow_ups.pointers import pointers
from assistant.follow_ups.somebody import ASKING, named_in, names_person
from assistant.follow_ups.verbs import main_verb

Kind = Literal["person", "thing", "several", "event", "place", "noun", "one", "side", "time", "subject"]
"""`event`: what was said or happened (`that`). `noun`: `that deal`. `subject`: nothing in it says what it is "
"about."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Some words of a question that mean something that it does not name."""

    kind: Kind
    start: int
    end: int
    owner: bool = False
    """Whether they say whose something is: `his`."""


_PRONOUNS: dict[str, Kind] = {
    **dict.fromkeys(listed("he him his she her hers himself herself"), "person"),
    **dict.fromkeys(listed("it its itself"), "thing"),
    **dict.fromkeys(listed("they them their theirs themselves"), "several"),
}
_IDENTIFIED = re.compile(
    r"\A(?:and |but |so )?(?:(?:which|what) \w+|who|when|where|why|what) (?:is|was) it(?: about| called)?\W*\Z",
    re.I,
)
"""`Which song was it?` asks about all that was said."""
_WHICH_OF = re.compile(r"\A(?:and |but |so )?which of\b", re.IGNORECASE)
_OWNERS = listed("his its their")
_BE = listed("is are was were be been 's isn't wasn't")
_JOINS = SUBORDINATING | listed("who whom which what where how and but or so")
_DEICTIC = listed(
    "year week month time morning summer winter spring autumn fall century decade weekend quarter season day way "
    "corpus article articles folder"
)
_GENERIC = listed("people person persons happen happened exactly there many much")
_DEFINITE = re.compile(r"\b(?:is|was|are|were) the (?:\w+ )?(?P<noun>\w+)\W*\Z", re.IGNORECASE)
_OF_SOMETHING = listed(
    "result results outcome reason reasons cause causes consequence consequences effect effects price cost "
    "costs aim "
    "aims goal purpose answer reply response reaction alternative difference terms details conditions size amount "
    "date year place number name title author author date point background context problem problems"
)
"""Nouns that mean little without what they are of."""


def references(question: str, persons: frozenset[str] = frozenset()) -> tuple[Reference, ...]:
    """What points out of a question, in its order; `persons` are names, in lower case, known to be somebody's.

    A question that is put in two halves, `When was this: the talks in Beijing?`, says itself what it means.
    """
    if explained(question):
        return ()
    found = [
        *_pronouns(question, persons),
        *_demonstratives(question),
        *_places(question),
        *(Reference(kind, start, end) for kind, start, end in pointers(question)),
    ]
    found.sort(key=lambda reference: (reference.start, -reference.end))
    apart: list[Reference] = []
    for reference in found:
        if not apart or reference.start >= apart[-1].end:
            apart.append(reference)
    if not apart and _says_no_subject(question):
        apart.append(Reference("subject", len(question), len(question)))
    return tuple(apart)


def explained(question: str) -> bool:
    """Whether a question says after a colon what it is about."""
    asked, colon, about = question.partition(": ")
    return (
        bool(colon)
        and len(about.split()) > 1
        and re.match(
            r"(?:and |but |so )?(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|did|does|do|by"
            r"|with|for|to|"
            r"has|have|had|can|could|will|would)\b",
            asked,
            re.IGNORECASE,
        )
        is not None
    )


def _pronouns(question: str, persons: frozenset[str]) -> list[Reference]:
    tokens, empty = words(question), dummies(question)
    found = []
    for at, token in enumerate(tokens):
        kind = _PRONOUNS.get(token.lower)
        if kind is None or token.start in empty or _is_name_or_clause(tokens, at):
            continue
        owner = token.lower in _OWNERS or (token.lower == "her" and _owns(tokens, at))
        if kind == "thing" and _IDENTIFIED.match(question):
            kind = "event"
        if not _bound(question, tokens, at, kind, owner, persons):
            found.append(Reference(kind, token.start, token.end, owner))
    return found


def _is_name_or_clause(tokens: Sequence[Word], at: int) -> bool:
    """`Liu He`, `the IT sector`, `he who led them`."""
    before = tokens[at - 1] if at else None
    capital = before is not None and tokens[at].text[:1].isupper() and before.is_word
    unknown = before is not None and tokens[at].lower == "he" and before.tells and not parts(before.lower)
    capital = capital or unknown  # `who is liu he`
    return capital or (at + 1 < len(tokens) and tokens[at + 1].lower == "who")


def _owns(tokens: Sequence[Word], at: int) -> bool:
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or not following.is_word or "n" not in parts(following.lower):
        return False
    beyond = tokens[at + 2].lower if at + 2 < len(tokens) else ""
    return not (_may_be_done(following) and beyond in DETERMINERS | _PRONOUNS.keys())


def _may_be_done(word: Word) -> bool:
    """`helped her design it`."""
    return verb_form(word.lower) == "base" and not word.lower.endswith("s")


def _bound(
    question: str, tokens: Sequence[Word], at: int, kind: Kind, owner: bool, persons: frozenset[str]
) -> bool:
    """Whether something earlier in the question is what a pronoun stands for."""
    if kind == "thing" and _WHICH_OF.match(question):
        return any(token.lower in _JOINS for token in tokens[2:at])
    beside = at > 0 and tokens[at - 1].lower in {"with", "around", "behind"}  # `Whom did Trump bring with him?`
    fits = _fitting(kind, persons)
    if kind == "several" and sum(name.end <= tokens[at].start for name in named_in(question)) > 1:
        return any(token.lower in _JOINS for token in tokens[1:at])  # `when they met`
    main = main_verb(question)
    for phrase in phrases(question):
        if phrase.end > tokens[at].start:
            continue
        if kind == "person" and phrase.owner:  # `What did Trump's advisers tell him?`
            return True
        if not fits(phrase):
            continue
        between = [place for place in range(at) if tokens[place].start >= phrase.end]
        parted = any(tokens[place].lower in _JOINS or tokens[place].text in {",", ":", ";"} for place in between)
        if parted or ((owner or beside) and not (kind == "several" and _is_one(phrase))):
            return True
        verbs = [place for place in between if place == main or _is_verb(tokens[place])]
        if verbs and _is_subject(tokens, at):
            return True
    return False


def _fitting(kind: Kind, persons: frozenset[str]) -> Callable[[Phrase], bool]:
    def surely_person(phrase: Phrase) -> bool:
        return (
            phrase.name is not None
            and phrase.person
            and (len(phrase.name.text.split()) > 1 or phrase.name.text.lower() in persons)
        )

    if kind == "person":
        return lambda phrase: phrase.person
    if kind == "thing":
        return lambda phrase: phrase.thing and not phrase.bare and not surely_person(phrase)
    return lambda phrase: phrase.several and not surely_person(phrase)


def _is_one(phrase: Phrase) -> bool:
    """Whether it is a single name: `China` and `their demands` are two sides."""
    return phrase.name is not None and not phrase.name.text.endswith("s")


def _is_verb(token: Word) -> bool:
    return bool(verb_form(token.lower)) and token.lower not in ASKING and parts(token.lower)[:1] == "v"


def _is_subject(tokens: Sequence[Word], at: int) -> bool:
    """Whether a verb follows that a pronoun may be the subject of."""
    following = tokens[at + 1].lower if at + 1 < len(tokens) else ""
    return following in ASKING or (bool(verb_form(following)) and following not in PREPOSITIONS)


def _demonstratives(question: str) -> list[Reference]:
    tokens = words(question)
    heads = [phrase.head for phrase in phrases(question)]
    found = []
    for at, token in enumerate(tokens):
        if token.lower not in {"this", "that", "these", "those"}:
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        phrase = next((p for p in phrases(question) if p.start == token.start), None)
        if token.lower == "those" and following is not None and verb_form(following.lower) == "past":
            continue  # `those involved`
        if phrase is not None and phrase.head != token.lower:
            told = phrase.head in _DEICTIC and token.lower != "that"
            if (
                not told
                and heads.count(phrase.head) < 2
                and (token.lower != "that" or _shown(question, tokens, at))
            ):
                found.append(Reference("noun", phrase.start, phrase.end))
        elif _stands_alone(tokens, at, following):
            found.append(Reference("event", token.start, token.end))
    return found


def _shown(question: str, tokens: Sequence[Word], at: int) -> bool:
    """Whether `that` before a noun points, and does not begin a clause."""
    before = tokens[at - 1].lower if at else ""
    if at and any(phrase.end == tokens[at - 1].end for phrase in phrases(question)):
        return False
    phrase = next(p for p in phrases(question) if p.start == tokens[at].start)
    rest = [token for token in tokens if token.start >= phrase.end and token.is_word]
    if rest and (rest[0].lower in {"who", "which", "that", "where"} or verb_form(rest[0].lower) == "past"):
        return False  # `that company called ZTE`
    told = any(token.lower in ASKING or _is_verb(token) for token in rest)
    ends = not rest or rest[0].lower in PREPOSITIONS or not told
    return before in PREPOSITIONS | ASKING or not before or ends


def _stands_alone(tokens: Sequence[Word], at: int, following: Word | None) -> bool:
    lower, before = tokens[at].lower, tokens[at - 1].lower if at else ""
    if following is None or not following.is_word:
        return following is None or following.text in {"?", ",", ".", "!", ";"} or before in PREPOSITIONS
    if lower == "those" and following.lower in {"who", "that", "of", "which", "in", "with"}:
        return False
    if lower == "that":
        return before in ASKING or (before in PREPOSITIONS and following.lower not in DETERMINERS) or at == 0
    return (
        following.lower in ASKING | PREPOSITIONS or bool(verb_form(following.lower)) or following.lower in _JOINS
    )


def _places(question: str) -> list[Reference]:
    tokens = words(question)
    found = []
    for at, token in enumerate(tokens):
        if token.lower != "there":
            continue
        beside = {tokens[place].lower for place in (at - 1, at + 1) if 0 <= place < len(tokens)}
        exists = not beside.isdisjoint(_BE | listed("has have had will would may might could been"))
        placed = any(name.end <= token.start for name in named_in(question)) and any(
            earlier.lower in _JOINS for earlier in tokens[1:at]
        )
        if not exists and not placed and (at + 1 == len(tokens) or tokens[at + 1].kind != "hyphen"):
            found.append(Reference("place", token.start, token.end))
    return found


def _says_no_subject(question: str) -> bool:
    """Whether a question with a word that asks names hardly anything: `Who won?`, `Who was the drummer?`."""
    tokens = words(question)
    if named_in(question) or any(token.kind == "number" for token in tokens) or len(tokens) > 8:
        return False
    asks = tokens and tokens[0].lower in {"who", "what", "when", "where", "why", "how", "which", "whose"}
    telling = [token for token in tokens if token.tells and token.lower not in _GENERIC]
    if not asks or len(telling) > 1:
        return False
    bare = bool(telling) and verb_form(telling[0].lower) == "past" and tokens[-1].text == "?"
    found = _DEFINITE.search(question)
    noun = found["noun"].lower() if found else ""
    return not telling or bare or noun in _OF_SOMETHING or (bool(noun) and names_person(noun))
