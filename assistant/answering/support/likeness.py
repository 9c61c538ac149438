"""How much of what a claim says stands in its sentences at all: the words, and the meaning of the whole.

A logistic model over signals of words and a floor of the cosine; `likeness.json` holds both, where they come from
and what they were measured to be worth. `evals/performance/fit_support.py` writes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.logistic import logistic
from assistant.answering.support.alignment import align, positions, refers
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.clauses import Clause, clauses
from assistant.answering.support.lexicon import SYNONYM, kinship, parts, verb_form
from assistant.answering.support.names import names
from assistant.answering.support.phrases import name_at
from assistant.answering.support.roles import SAYING
from assistant.answering.support.tagging import (
    ADJECTIVE,
    CONJUNCTION,
    DATE,
    DETERMINER,
    NAME,
    NOUN,
    NUMBER,
    VERBAL,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

FITTED = Path(__file__).with_name("likeness.json")
CREDITING = re.compile(
    r"\b(?:articles?|reports?|reported|reporting|stor(?:y|ies)|published|writes?|wrote|cites?|cited|quote[sd]?|quoting|headed|"
    r"titled|described|accounts?|according|speaks?|spoke)\b",
    re.IGNORECASE,
)
"""Words that tell where something was reported, and nothing of what."""
_RELATING = listed("because when after before since until if unless once so for by despite while")
_RELATIVE = frozenset({"that", "who", "which", "whose"})
_RANKS = listed("chief top senior main key leading own big large major new recent official general")
"""What may stand before a noun beside that which tells it from others."""
_LONGEST_RUN = 4
_MOST_THINGS = 3
_GENERIC = listed(
    "reporter journalist member side country nation place time amount quantity extent scale addition doing day "
    "week month year people thing something part case way means kind number"
)
"""Nouns that take up what was named, or that a sentence needs for its grammar: no sentence has to hold them."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of a claim beside its sentences, each from 0 to 1."""

    coverage: float
    """Share of its telling words that a cited sentence holds; synonyms count a little less."""
    weakest: float
    """The same share of that clause which has least, or of a clause of reason or time."""
    run: float
    """The longest row of telling words that no cited sentence holds; 1 for four and more."""
    things: float
    """How many of its nouns no cited sentence holds; 1 for three and more."""
    similarity: float | None
    """The cosine of the claim and the cited sentences together; None where no encoder was asked."""


def unlike(
    claim: str, cited: Sequence[Cited], similarity: Callable[[str, Sequence[str]], Sequence[float]] | None
) -> str | None:
    """A reason if too little of the claim stands in its sentences."""
    exchanged = exchanged_modifier(claim, cited) or unheld_instance(claim, cited)
    if exchanged:
        return exchanged
    signals = signals_of(claim, cited, similarity)
    if signals.similarity is not None and signals.similarity < floor():
        return "the cited sentences speak of something else"
    if logistic(coefficients(), asdict(signals)) >= bound():
        return None
    missing = unheld(claim, [source.text for source in cited], _places(claim, cited))
    if missing:
        return f"no cited sentence speaks of “{words(claim)[missing[0]].text}”"
    return "too little of it stands in the cited sentences"


def signals_of(
    claim: str, cited: Sequence[Cited], similarity: Callable[[str, Sequence[str]], Sequence[float]] | None
) -> Signals:
    """The signals of a claim and the sentences that it cites."""
    sentences = [source.text for source in cited]
    places = _places(claim, cited)
    strength = {at: _strength(claim, sentences, at) for at in places}
    cosine = max(similarity(claim, [" ".join(sentences), *sentences])) if similarity else None
    return Signals(
        _mean(list(strength.values())),
        min((_mean(of_clause) for of_clause in _by_clause(claim, strength)), default=1.0),
        min(_longest_run(claim, strength), _LONGEST_RUN) / _LONGEST_RUN,
        min(sum(_is_thing(claim, at) and not strength[at] for at in places), _MOST_THINGS) / _MOST_THINGS,
        None if cosine is None else max(0.0, min(1.0, cosine)),
    )


def unheld(claim: str, sentences: Sequence[str], places: Sequence[int]) -> list[int]:
    """Those of the words that no sentence holds."""
    return [at for at in places if not _strength(claim, sentences, at)]


def _places(claim: str, cited: Sequence[Cited]) -> list[int]:
    """The telling words of a claim; figures, dates, names and credits are proven in other ways."""
    tokens, known = words(claim), tags(claim)
    skipped = credit_spans(claim, cited)
    return [
        at
        for at, word in enumerate(tokens)
        if word.tells
        and known[at] not in {NAME, NUMBER, DATE}
        and not inside(skipped, word.start, word.end)
        and not CREDITING.fullmatch(word.text)
        and not (word.among(_GENERIC) and not _strength(claim, [source.text for source in cited], at))
    ]


def _strength(claim: str, sentences: Sequence[str], at: int) -> float:
    found = [matched.strength for sentence in sentences if (matched := align(claim, sentence).by_claim.get(at))]
    if not found and tags(claim)[at] in VERBAL and words(claim)[at].among(SAYING):
        # Who said it is looked at elsewhere; that somebody did is enough here.
        found = [SYNONYM for sentence in sentences if any(word.among(SAYING) for word in words(sentence))]
    return max(found, default=0.0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _by_clause(claim: str, strength: Mapping[int, float]) -> list[list[float]]:
    """The strengths of the words of each clause that says enough to be judged by itself."""
    found = []
    for clause in clauses(claim):
        inner = [value for at, value in strength.items() if clause.holds(at)]
        if len(inner) > 1 or (
            inner and (clause.opener in _RELATING | _RELATIVE or _names_somebody(claim, clause))
        ):
            found.append(inner)
    return found


def _is_thing(claim: str, at: int) -> bool:
    return tags(claim)[at] == NOUN and parts(words(claim)[at].lower)[:1] in {"n", ""}


def _names_somebody(claim: str, clause: Clause) -> bool:
    """Whether a clause says something of a name: `and Donald Trump attended`."""
    known = tags(claim)[clause.start : clause.end]
    return NAME in known and not VERBAL.isdisjoint(known)


def _longest_run(claim: str, strength: Mapping[int, float]) -> int:
    """The longest row of words that nothing holds; names and figures, which are proven, end one."""
    longest = run = 0
    for at, tag in enumerate(tags(claim)):
        if tag in {NAME, NUMBER, DATE}:
            run = 0
        elif at in strength:
            run = 0 if strength[at] else run + 1
            longest = max(longest, run)
    return longest


def unheld_instance(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a claim gives an instance that no sentence has: `including cars`."""
    tokens, known = words(claim), tags(claim)
    sentences = [source.text for source in cited]
    for at, word in enumerate(tokens[:-1]):
        if word.lower != "including" and not (word.lower == "as" and at and tokens[at - 1].lower == "such"):
            continue
        for place in range(at + 1, len(tokens)):
            if known[place] not in {NOUN, ADJECTIVE, CONJUNCTION, DETERMINER} and tokens[place].text != ",":
                break
            if known[place] == NOUN and tokens[place].tells and not _strength(claim, sentences, place):
                return f"no cited sentence speaks of “{tokens[place].text}”"
    return None


def exchanged_modifier(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a noun keeps its place but not what tells it from others: `foreign` for `commerce ministry`."""
    for source in cited:
        alignment = align(claim, source.text)
        for match in alignment.matches:
            ours, theirs = match.claim - 1, match.source - 1
            if match.strength < 1 or not _modifies(claim, ours) or not _modifies(source.text, theirs):
                continue
            if _is_modified_alike(claim, ours, source.text, theirs, cited):
                continue
            if words(claim)[ours].among(_RANKS) or words(source.text)[theirs].among(_RANKS):
                continue
            pair = words(source.text)[theirs].text, words(claim)[ours].text
            return f"the sentence says “{pair[0]} {words(source.text)[match.source].text}”, not “{pair[1]}”"
    return None


def _is_modified_alike(claim: str, ours: int, source: str, theirs: int, cited: Sequence[Cited]) -> bool:
    """Whether the two may say the same; a country has to stand before such a noun in some sentence, too."""
    kinds = {tags(claim)[ours], tags(source)[theirs]}
    if kinds == {NAME}:
        return any(
            there + 1 == place
            for each in cited
            for place, word in enumerate(words(each.text))
            if kinship(words(claim)[ours + 1].lower, word.lower)
            for there in _places_of(claim, ours, each.text)
        )
    return (
        NOUN not in kinds
        or theirs in align(claim, source).by_source
        or any(ours in align(claim, each.text).by_claim for each in cited)
    )


def _places_of(claim: str, at: int, source: str) -> list[int]:
    """The last words of the names of the sentence that a name of the claim stands for."""
    own = name_at(claim, at)
    known = [other for other in names(source) if own is not None and refers(own, other)]
    return [positions(source, other.start, other.end)[-1] for other in known]


def _modifies(text: str, at: int) -> bool:
    """Whether a word stands before a noun as what kind of it is meant."""
    if at < 0 or at + 1 >= len(tags(text)):
        return False
    if tags(text)[at] == NAME:
        name = name_at(text, at)
        return name is not None and name.country is not None and tags(text)[at + 1] == NOUN
    word = words(text)[at]
    kind = tags(text)[at] in {NOUN, ADJECTIVE} and (
        parts(word.lower)[:1] == "n" or verb_form(word.lower) not in {"ing", "past"}
    )
    return word.tells and kind and tags(text)[at + 1] == NOUN


def coefficients() -> Mapping[str, float]:
    """The weight of each signal of words, and the intercept."""
    weights: Mapping[str, float] = _fitted()["words"]["coefficients"]
    return weights


def bound() -> float:
    """Below this chance a claim is struck."""
    return float(_fitted()["words"]["bound"])


def floor() -> float:
    """Below this cosine a claim is struck, too, where an encoder was asked."""
    return float(_fitted()["similarity"]["floor"])


@cache
def _fitted() -> Any:
    return json.loads(FITTED.read_bytes())
