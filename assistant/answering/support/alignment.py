"""Which words of a claim stand, in this or another form, at which places of a sentence that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answering.support.cited import inside
from assistant.answering.support.dates import bears_out as bears_out_date
from assistant.answering.support.lexicon import AKIN, SAME, SYNONYM, kinship
from assistant.answering.support.moments import moments
from assistant.answering.support.names import Name, core, names, same
from assistant.answering.support.quantities import bears_out, quantities
from assistant.answering.support.tagging import DATE, NAME, NUMBER, tags
from assistant.answering.support.words import AUXILIARIES, FUNCTION_WORDS, LIGHT_VERBS, MODALS, Word, words

_EXACTNESS = 40.0
_GRAMMAR = FUNCTION_WORDS - LIGHT_VERBS | AUXILIARIES | MODALS


@dataclass(frozen=True)
class Match:
    """A word of the claim, by its number, and the word of the sentence that it stands for."""

    claim: int
    source: int
    strength: float


@dataclass(frozen=True)
class Alignment:
    """A claim beside one sentence."""

    claim: str
    source: str
    matches: tuple[Match, ...]

    @cached_property
    def by_claim(self) -> dict[int, Match]:
        """The match of each word of the claim that has one."""
        return {match.claim: match for match in self.matches}

    @cached_property
    def by_source(self) -> dict[int, Match]:
        """The match of each word of the sentence that has one; of several the strongest."""
        return {match.source: match for match in sorted(self.matches, key=lambda match: match.strength)}


@lru_cache(maxsize=256)
def align(claim: str, source: str) -> Alignment:
    """Match each telling word of a claim with the nearest of its equals in the sentence.

    Of several equals that one is taken which lies nearest to what the claim's neighbouring words stand for.
    """
    options = _options(claim, source)
    settled = {at: places[0] for at, places in options.items() if len(places) == 1}
    matches = []
    for at, places in options.items():
        if len(places) > 1:
            around = [settled[other][0] for other in sorted(settled, key=lambda other: abs(other - at))[:4]]
            # A synonym next to the same words is meant rather than the word itself further off.
            least = SYNONYM if any(strength >= SYNONYM for _, strength in places) else AKIN
            equals = [place for place in places if place[1] >= least]
            places = [min(equals, key=lambda place: _remoteness(place, around))]
        matches.append(Match(at, *places[0]))
    return Alignment(claim, source, tuple(sorted(matches, key=lambda match: match.claim)))


def _remoteness(place: tuple[int, float], around: Sequence[int]) -> float:
    """How far a place lies from those of the neighbours, in words; an exact equal may lie a little further off."""
    at, strength = place
    return sum(abs(at - near) for near in around) / max(1, len(around)) + _EXACTNESS * (SAME - strength)


def _options(claim: str, source: str) -> dict[int, list[tuple[int, float]]]:
    """For each word of the claim its equals in the sentence, with how equal they are."""
    options: dict[int, list[tuple[int, float]]] = {}
    for at, places in (*_named(claim, source), *_counted(claim, source)):
        options[at] = [(place, SAME) for place in places]
    ours, theirs = words(claim), words(source)
    our_tags, their_tags = tags(claim), tags(source)
    for at, word in enumerate(ours):
        if at in options or our_tags[at] in {NUMBER, NAME, DATE} or not is_telling(word):
            continue
        found = [
            (place, strength)
            for place, other in enumerate(theirs)
            if is_telling(other)
            and (their_tags[place] != NAME or other.lower == word.lower)
            and (strength := kinship(word.lower, other.lower)) >= AKIN
        ]
        if found:
            options[at] = found
    return options


def is_telling(word: Word) -> bool:
    """Whether a word has a meaning that can be found in another sentence."""
    return word.kind in {"word", "abbreviation"} and word.lower not in _GRAMMAR and len(word.lower) > 1


def _named(claim: str, source: str) -> list[tuple[int, list[int]]]:
    """The words of each name of the claim with the first words of that name's places in the sentence."""
    found = []
    known = [(name, positions(source, name.start, name.end)) for name in names(source)]
    for name in names(claim):
        places = [places[-1] for other, places in known if places and refers(name, other)]
        if places:
            found += [(at, places) for at in positions(claim, name.start, name.end)]
    return found


def refers(name: Name, other: Name) -> bool:
    """Whether a claim's name and a sentence's are writings of one name, either of them the shorter."""
    ours, theirs = core(name), core(other)
    if ours and theirs and not name.country and not other.country and (ours <= theirs or theirs <= ours):
        return True
    # `US` is no short form of `US Trade Representative`.
    return same(name, other) or (same(other, name) and (other.country is None or name.country is not None))


def _counted(claim: str, source: str) -> list[tuple[int, list[int]]]:
    found = []
    dated = [(moment.start, moment.end) for moment in moments(claim)]
    for figure in quantities(claim):
        if inside(dated, figure.start, figure.end):
            continue
        places = [
            positions(source, other.start, other.end)[0]
            for other in quantities(source)
            if not other.loose and bears_out(other, figure)
        ]
        if places and not figure.loose:
            found += [(at, places) for at in positions(claim, figure.start, figure.end)]
    for moment in moments(claim):
        places = [
            positions(source, other.start, other.end)[0]
            for other in moments(source)
            if bears_out_date(other, moment, None)
        ]
        if places:
            found += [(at, places) for at in positions(claim, moment.start, moment.end)]
    return found


def positions(text: str, start: int, end: int) -> list[int]:
    """The numbers of the words between two offsets."""
    return [at for at, word in enumerate(words(text)) if start <= word.start and word.end <= end]


def shares(claim: str, sources: Sequence[str], within: Sequence[int]) -> list[float]:
    """For each sentence, how much of the telling words at these places it holds, 0 to 1."""
    telling = [at for at in within if counts(claim, at)]
    if not telling:
        return [0.0] * len(sources)
    found = []
    for source in sources:
        matched = align(claim, source).by_claim
        found.append(sum(matched[at].strength for at in telling if at in matched) / len(telling))
    return found


def counts(claim: str, at: int) -> bool:
    """Whether a word of the claim has to be found: those that only grammar needs do not."""
    tag = tags(claim)[at]
    return tag in {NUMBER, NAME, DATE} or words(claim)[at].tells
