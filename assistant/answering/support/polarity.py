"""Does a claim deny what its source says, or say what the source denies?

Of the words that a claim shares with a sentence, those that one of the two denies should be denied by the other,
too; nearer words weigh more. A claim's own word whose opposite
stands in its place in the sentence contradicts it unless one of the two is denied; so do `before` and `after`.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.support.alignment import Alignment, Match, align, is_telling
from assistant.answering.support.clauses import clause_of, clauses
from assistant.answering.support.lexicon import SYNONYM, are_opposites, kinship, parts
from assistant.answering.support.negation import denied, softly_denied
from assistant.answering.support.tagging import NAME, NUMBER, VERBAL, tags
from assistant.answering.support.words import Word, words

_BEFORE = frozenset({"before", "until", "till", "prior", "preceding", "ahead"})
_AFTER = frozenset({"after", "following", "since"})
_OPEN = frozenset({"whether", "if", "unless"})
_REACH = 3


def contradiction(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a sentence that the claim follows says the contrary."""
    telling = [at for at, word in enumerate(words(claim)) if is_telling(word)]
    for clause in clauses(claim):
        within = [at for at in telling if clause.holds(at)]
        if not within:
            continue
        # Where a clause has little of its own, it goes with the sentence that the whole claim follows.
        best = max(
            sentences,
            key=lambda sentence: _shared(claim, sentence, within) + _shared(claim, sentence, telling) / 2,
        )
        reason = _denial(claim, best, within) or _opposed(align(claim, best), within, sentences)
        if reason:
            return reason
    return _turned_round(claim, sentences)


def _is_until(claim: str, source: str, within: Sequence[int]) -> bool:
    """`no deal until they meet` is `they meet before a deal`: what is denied there comes after `before` here."""
    until = any(word.lower in {"until", "unless"} for word in words(source))
    return until and any(words(claim)[at].lower == "before" for at in range(max(0, within[0] - 3), within[0]))


def _shared(claim: str, sentence: str, within: Sequence[int]) -> float:
    matched = align(claim, sentence).by_claim
    return sum(matched[at].strength ** 2 / _length(claim, at) for at in within if at in matched)


def _length(text: str, at: int) -> int:
    """How many words a word's name has, so that all of them count as one; 1 for other words."""
    known = tags(text)
    if known[at] != NAME:
        return 1
    first = last = at
    while first and known[first - 1] == NAME:
        first -= 1
    while last + 1 < len(known) and known[last + 1] == NAME:
        last += 1
    return last - first + 1


def _denial(claim: str, source: str, within: Sequence[int]) -> str | None:
    """A reason if what is denied on one side is not on the other.

    A word next to the negation decides. Where that word is said in another way, two further ones do, unless both
    sides deny something together elsewhere.
    """
    alignment = align(claim, source)
    ours, theirs = denied(claim), denied(source)
    agreed = any(at in ours and match.source in theirs for at, match in alignment.by_claim.items())
    same = 0.0
    here: list[float] = []
    there: list[float] = []
    for at in within:
        match = alignment.by_claim.get(at)
        if match is None or match.strength < SYNONYM or tags(claim)[at] in {NAME, NUMBER}:
            continue
        own, other = ours.get(at, 0.0), theirs.get(match.source, 0.0)
        if own and other:
            same += max(own, other)
        elif (own or other) and not _is_left_open(alignment, match):
            (here if own else there).append(own or other)
    weights = [*here, *there]
    if there and not here and _is_until(claim, source, within):
        return None
    if sum(weights) <= same or not (max(weights, default=0) == 1 or (len(weights) > 1 and not agreed)):
        return None
    sides = ("claim", "sentence") if sum(here) > sum(there) else ("sentence", "claim")
    return f"the {sides[0]} denies what the {sides[1]} says"


def _is_left_open(alignment: Alignment, match: Match) -> bool:
    """Whether a word may be denied on one side alone without contradiction."""
    claim, source = alignment.claim, alignment.source
    if clause_of(claim, match.claim).opener in _OPEN:
        return True  # a clause that asserts nothing
    # `would not rise`, `averted a rise`
    return match.claim in softly_denied(claim) or match.source in softly_denied(source)


def _opposed(alignment: Alignment, within: Sequence[int], sentences: Sequence[str]) -> str | None:
    """A reason if the sentence has the opposite of a word that no cited sentence holds."""
    ours, theirs = words(alignment.claim), words(alignment.source)
    for at in within:
        if tags(alignment.claim)[at] in {NAME, NUMBER} or _is_said(alignment.claim, at, sentences):
            continue
        for place, other in enumerate(theirs):
            if not is_telling(other) or tags(alignment.source)[place] == NAME or _is_met(alignment, other):
                continue
            if ("v" in parts(ours[at].lower)) != ("v" in parts(other.lower)) and VERBAL & {
                tags(alignment.claim)[at],
                tags(alignment.source)[place],
            }:
                continue  # `was to last a month` is no opposite of `first`
            if not are_opposites(ours[at].lower, other.lower):
                continue
            if (at in denied(alignment.claim)) == (place in denied(alignment.source)):
                return f"the sentence says “{other.text}”, not “{ours[at].text}”"
    return None


def _is_said(claim: str, at: int, sentences: Sequence[str]) -> bool:
    """Whether a cited sentence has a word of the claim, or a synonym."""
    matches = [align(claim, sentence).by_claim.get(at) for sentence in sentences]
    return any(match is not None and match.strength >= SYNONYM for match in matches)


def _is_met(alignment: Alignment, word: Word) -> bool:
    """Whether the claim says a word of the sentence, too, wherever."""
    return any(
        is_telling(other) and kinship(other.lower, word.lower) >= SYNONYM for other in words(alignment.claim)
    )


def _turned_round(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if what the claim puts before something stands after it in the sentence, or the other way."""
    tokens = words(claim)
    for at, word in enumerate(tokens):
        for listed, against in ((_BEFORE, _AFTER), (_AFTER, _BEFORE)):
            if word.lower in listed and _all_against(claim, at, sentences, listed, against):
                return f"the sentence does not say “{word.text}”"
    return None


def _all_against(
    claim: str, at: int, sentences: Sequence[str], listed: frozenset[str], against: frozenset[str]
) -> bool:
    opposed = False
    for sentence in sentences:
        alignment = align(claim, sentence)
        anchors = [
            alignment.by_claim[place].source for place in range(at + 1, at + 8) if place in alignment.by_claim
        ][:2]
        for anchor in anchors:
            near = [word.lower for word in words(sentence)[max(0, anchor - _REACH - 1) : anchor]]
            if not listed.isdisjoint(near):
                return False
            opposed = opposed or not against.isdisjoint(near)
    return opposed
