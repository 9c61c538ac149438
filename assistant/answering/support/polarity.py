"""Does a claim deny what its source says, or say what the source denies?

Of the words that a claim shares with a sentence, those that one of the two denies should be denied by the other,
too; nearer words weigh more. A claim's own word whose opposite
stands in its place in the sentence contradicts it unless one of the two is denied; so do `before` and `after`.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.support.alignment import Alignment, Match, align, is_telling, refers
from assistant.answering.support.clauses import Clause, clause_of, clauses
from assistant.answering.support.lexicon import SYNONYM, kinship
from assistant.answering.support.negation import denied, softly_denied
from assistant.answering.support.opposites import are_opposites
from assistant.answering.support.roles import AGENT, Role, roles
from assistant.answering.support.tagging import NAME, NOMINAL, NUMBER, VERB, tags
from assistant.answering.support.words import Word, words

_BEFORE = frozenset({"before", "until", "till", "prior", "preceding", "ahead"})
_AFTER = frozenset({"after", "following", "since"})
_OPEN = frozenset({"whether", "if", "unless"})
_REACH = 3
_BESIDE = 2
_AROUND = 8
_CONVERSES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (("buy purchase acquire", "sell"), ("beat defeat win", "lose"), ("lend", "borrow"))
)


def contradiction(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a sentence that the claim follows says the contrary."""
    telling = [at for at, word in enumerate(words(claim)) if is_telling(word)]
    for clause in clauses(claim):
        within = [at for at in telling if clause.holds(at)]
        if not within:
            continue
        # Where a clause has little of its own, it goes with the sentence that the whole claim follows.
        led = _leading(claim, clause, telling)
        best = max(
            sentences,
            key=lambda sentence: _shared(claim, sentence, [*within, *led]) + _shared(claim, sentence, telling) / 2,
        )
        reason = _denial(claim, best, within) or _opposed(align(claim, best), within, sentences)
        if reason:
            return reason
    return _turned_round(claim, sentences)


def _is_until(claim: str, source: str, within: Sequence[int]) -> bool:
    """`no deal until they meet` is `they meet before a deal`: what is denied there comes after `before` here."""
    until = any(word.lower in {"until", "unless"} for word in words(source))
    return until and any(words(claim)[at].lower == "before" for at in range(max(0, within[0] - 3), within[0]))


def _leading(claim: str, clause: Clause, telling: Sequence[int]) -> list[int]:
    """The words of the clause before one that has no subject of its own: `... and will not close`."""
    known = tags(claim)
    if (
        clause.opener not in {"and", "but", "or"}
        or clause.start + 1 >= len(known)
        or known[clause.start + 1] in NOMINAL
    ):
        return []
    before = [other for other in clauses(claim) if other.end == clause.start]
    return [at for at in telling if any(other.holds(at) for other in before)]


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
    if _may_be(claim, match.claim) and clause_of(source, match.source).opener in _OPEN:
        return True  # `might not last`, `whether it would last`
    # `would not rise`, `averted a rise`
    return match.claim in softly_denied(claim) or match.source in softly_denied(source)


def _may_be(claim: str, at: int) -> bool:
    """Whether the clause of a word says only what may be."""
    clause = clause_of(claim, at)
    return any(words(claim)[place].lower in {"might", "may", "could"} for place in range(clause.start, clause.end))


def _opposed(alignment: Alignment, within: Sequence[int], sentences: Sequence[str]) -> str | None:
    """A reason if the sentence has the opposite of a word that no cited sentence holds."""
    ours, theirs = words(alignment.claim), words(alignment.source)
    for at in within:
        if tags(alignment.claim)[at] in {NAME, NUMBER} or _is_said(alignment.claim, at, sentences):
            continue
        for place, other in enumerate(theirs):
            if not is_telling(other) or tags(alignment.source)[place] == NAME or _is_met(alignment, other):
                continue
            if not are_opposites(ours[at].lower, other.lower) or _is_to_last(alignment, at, place):
                continue
            if not _in_place(alignment, at, place) or _is_converse(alignment, at, place):
                continue
            if (at in denied(alignment.claim)) == (place in denied(alignment.source)):
                return f"the sentence says “{other.text}”, not “{ours[at].text}”"
    return None


def _is_converse(alignment: Alignment, at: int, place: int) -> bool:
    """Whether the two tell one deed from its two sides: A sold it to B, B bought it from A."""
    ours, theirs = words(alignment.claim)[at], words(alignment.source)[place]
    if not any(
        ours.among(one) and theirs.among(other) for pair in _CONVERSES for one, other in (pair, pair[::-1])
    ):
        return False
    mine = [role for role in roles(alignment.claim) if role.head == at and role.role == AGENT]
    known = [role for role in roles(alignment.source) if role.head == place and role.role == AGENT]
    return any(not _may_be_one(alignment, one, other) for one in mine for other in known)


def _may_be_one(alignment: Alignment, one: Role, other: Role) -> bool:
    if one.names and other.names:
        return any(refers(ours, theirs) for ours in one.names for theirs in other.names)
    return kinship(words(alignment.claim)[one.at].lower, words(alignment.source)[other.at].lower) > 0


def _in_place(alignment: Alignment, at: int, place: int) -> bool:
    """Whether two words are said of the same thing: what is next to the one in the claim is near the other."""
    matched = sorted(alignment.by_claim, key=lambda other: abs(other - at))[:_BESIDE]
    return not matched or any(abs(alignment.by_claim[other].source - place) <= _AROUND for other in matched)


def _is_said(claim: str, at: int, sentences: Sequence[str]) -> bool:
    """Whether a cited sentence has a word of the claim, or a synonym."""
    matches = [align(claim, sentence).by_claim.get(at) for sentence in sentences]
    return any(match is not None and match.strength >= SYNONYM for match in matches)


def _is_met(alignment: Alignment, word: Word) -> bool:
    """Whether the claim says a word of the sentence, too, wherever."""
    return any(
        is_telling(other) and kinship(other.lower, word.lower) >= SYNONYM for other in words(alignment.claim)
    )


def _is_to_last(alignment: Alignment, at: int, place: int) -> bool:
    """`was to last a month` is no opposite of `first`."""
    return (tags(alignment.claim)[at] == VERB) != (tags(alignment.source)[place] == VERB) and bool(
        {"first", "last", "long", "near"}
        & {words(alignment.claim)[at].lower, words(alignment.source)[place].lower}
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
