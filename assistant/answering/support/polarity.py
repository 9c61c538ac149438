"""Does a claim deny what its source says, or say what the source denies?

A negation reaches over the words of its clause. Of the words that a claim shares with a sentence, those that one
of the two denies should be denied by the other, too; nearer words weigh more. A claim's own word whose opposite
stands in its place in the sentence contradicts it unless one of the two is denied; so do `before` and `after`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.support.alignment import Alignment, align, is_telling, refers
from assistant.answering.support.clauses import Clause, clause_of, clauses
from assistant.answering.support.lexicon import SYNONYM, kinship
from assistant.answering.support.opposites import are_opposites
from assistant.answering.support.roles import AGENT, Role, roles
from assistant.answering.support.tagging import ADVERB, AUXILIARY, GERUND, NAME, NOMINAL, NUMBER, PARTICIPLE, VERB, VERBAL, tags
from assistant.answering.support.words import Word, words

_NOT = frozenset({"not", "never", "cannot", "neither", "nor", "without", "nowhere", "hardly", "scarcely", "barely", "rarely", "seldom"})
_NO = frozenset({"no", "none", "nobody", "nothing", "little", "few"})
"""Before what is denied; `little` and `few` unless an article makes them some."""
DENYING = frozenset(
    "deny decline refuse fail omit abandon unable unwilling unlikely impossible silent absent absence failure refusal "
    "denial".split()
)
"""Words that deny what depends on them."""
_OPPOSING = frozenset({"reject", "dismiss", "oppose", "resist", "dispute"})
"""These do before a clause or a gerund."""
_SOFT = frozenset(
    "avert avoid prevent forestall block stop halt end cease ban prohibit forbid lack drop cancel scrap against "
    "instead free".split()
)
"""Words for which a negation may stand, or not."""
_LEFT_OUT = frozenset("unmentioned unclear unknown uncertain unsaid unanswered undecided".split())
"""Said of what stands before them: `was left unmentioned`."""
_PHRASES = (("walk", "away"), ("rule", "out"), ("back", "away"), ("pull", "out"), ("turn", "down"), ("leave", "open"), ("far", "from"))
_CROSSED = frozenset({"that", "to", "and", "or", "whether", "if"})
_BEFORE = frozenset("before until till prior preceding ahead".split())
_AFTER = frozenset("after following since".split())
_PREFIXES = frozenset("semi quarter anti non ex pre deputy acting interim co vice".split())
_OFFICES = frozenset({"former", "ex", "deputy", "acting", "interim", "onetime"})
_FORMER = frozenset({"former", "ex", "once", "formerly", "previously", "then", "onetime", "used", "past", "late"})
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
        best = max(sentences, key=lambda sentence: (_shared(claim, sentence, [*within, *led]) + _shared(claim, sentence, telling) / 2))
        reason = _denial(claim, best, within) or _opposed(align(claim, best), within, sentences)
        if reason:
            return reason
    return _turned_round(claim, sentences) or _prefixed(claim, sentences) or _unqualified(claim, sentences)


def _prefixed(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a claim puts before a word what makes another of it: `semi-final`, `former minister`."""
    tokens = words(claim)
    for at, word in enumerate(tokens[:-1]):
        place = at + 2 if tokens[at + 1].kind == "hyphen" else at + 1
        if word.lower not in _PREFIXES or place >= len(tokens) or any(at in align(claim, each).by_claim for each in sentences):
            continue
        if any(place in align(claim, sentence).by_claim for sentence in sentences):
            return f"no cited sentence says “{word.text}” of {tokens[place].text}"
    return None


def _unqualified(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a claim leaves out that an office is a former one, or a deputy's."""
    tokens = words(claim)
    said = {base for word in tokens for base in (word.lower, *word.bases)}
    for sentence in sentences:
        matched = align(claim, sentence).by_source
        for at, word in enumerate(words(sentence)[:-1]):
            if word.lower not in _OFFICES or not any(place in matched for place in range(at + 1, at + 3)):
                continue
            if word.lower not in said and not (word.lower in _FORMER and said & _FORMER):
                return f"the sentence says “{word.text} {words(sentence)[at + 1].text}”"
    return None


def _is_until(claim: str, source: str, within: Sequence[int]) -> bool:
    """`no deal until they meet` is `they meet before a deal`: what is denied there comes after `before` here."""
    until = any(word.lower in {"until", "unless"} for word in words(source))
    return until and any(words(claim)[at].lower == "before" for at in range(max(0, within[0] - 3), within[0]))


def _leading(claim: str, clause: Clause, telling: Sequence[int]) -> list[int]:
    """The words of the clause before one that has no subject of its own: `... and will not close`."""
    known = tags(claim)
    if clause.opener not in {"and", "but", "or"} or clause.start + 1 >= len(known) or known[clause.start + 1] in NOMINAL:
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
    same, here, there = 0.0, [], []
    for at in within:
        match = alignment.by_claim.get(at)
        if match is None or match.strength < SYNONYM or tags(claim)[at] in {NAME, NUMBER}:
            continue
        own, other = ours.get(at, 0.0), theirs.get(match.source, 0.0)
        if clause_of(claim, at).opener in _OPEN and own != other:
            continue  # a clause that asserts nothing
        if bool(own) != bool(other) and (at in softly_denied(claim) or match.source in softly_denied(source)):
            continue  # `would not rise`, `averted a rise`
        if own and other:
            same += max(own, other)
        elif own:
            here.append(own)
        elif other:
            there.append(other)
    weights = [*here, *there]
    if there and not here and _is_until(claim, source, within):
        return None
    if sum(weights) <= same or not (max(weights, default=0) == 1 or (len(weights) > 1 and not agreed)):
        return None
    return "the claim denies what the sentence says" if sum(here) > sum(there) else "the sentence denies what the claim says"


@lru_cache(maxsize=256)
def softly_denied(text: str) -> frozenset[int]:
    """The words that depend on one such as `avert` or `end`, which may be said with a negation as well."""
    found: set[int] = set()
    for at, word in enumerate(words(text)):
        if word.is_word and not _SOFT.isdisjoint(word.bases):
            found.update(range(at, clause_of(text, at).end))
    return frozenset(found)


@lru_cache(maxsize=256)
def denied(text: str) -> dict[int, float]:
    """The words of a text that are denied, with how directly: 1 next to the negation, less further on.

    What is denied twice is not denied.
    """
    found: dict[int, float] = {}
    for at, word in enumerate(words(text)):
        for place, weight in _scope(text, at, word).items():
            if place in found:
                del found[place]
            else:
                found[place] = weight
    return found


def _scope(text: str, at: int, word: Word) -> dict[int, float]:
    """The telling words that a word denies."""
    tokens = words(text)
    if word.lower in _LEFT_OUT and at and tags(text)[at - 1] in {AUXILIARY, PARTICIPLE}:
        return _weighted(text, range(at - 1, -1, -1))
    clause = clause_of(text, at)
    if word.lower in _NO:
        if _lower(tokens, at + 1) == "other":
            return {}  # `no other country has such a deficit`
        if word.lower in {"little", "few"} and at and tokens[at - 1].lower in {"a", "the", "too", "these", "those", "last", "next"}:
            return {}
        verb = _verb_before(text, at, clause.start)
        return ({} if verb is None else {verb: 1.0}) | _weighted(text, range(at + 1, clause.end))
    if word.lower in _NOT or word.kind == "not":
        if at + 1 < len(tokens) and tokens[at + 1].lower == "only":
            return {}
        return _weighted(text, range(at + 1, clause.end))
    if _denies(text, at):
        return _weighted(text, _complement(text, at))
    if not _OPPOSING.isdisjoint(word.bases) and (begins := _deed_after(text, at)):
        return _weighted(text, range(begins, clause_of(text, begins).end))
    return {}


def _denies(text: str, at: int) -> bool:
    tokens = words(text)
    bases = tokens[at].bases
    if any((base, particle) in _PHRASES for base in bases for particle in (_lower(tokens, at + 1), _lower(tokens, at + 2))):
        return True
    return tokens[at].is_word and not DENYING.isdisjoint({*bases, tokens[at].lower})


def _deed_after(text: str, at: int) -> int | None:
    """Where the deed begins that `reject` or `oppose` denies: `rejected reports that it ...`, `opposes relaxing`."""
    known, tokens = tags(text), words(text)
    if at + 1 < len(known) and known[at + 1] == GERUND:
        return at + 1
    return next((place + 1 for place in range(at + 1, min(at + 4, len(tokens) - 1)) if tokens[place].lower == "that"), None)


def _lower(tokens: Sequence[Word], at: int) -> str:
    return tokens[at].lower if at < len(tokens) else ""


def _complement(text: str, at: int) -> list[int]:
    """The words that depend on a denying one: `denied that it had offered ...`, up to the next clause beside it."""
    places: list[int] = []
    for clause in clauses(text):
        if clause.end <= at:
            continue
        if clause.start > at and clause.opener not in _CROSSED - {"and", "or"}:
            break
        places += range(max(clause.start, at + 1), clause.end)
    return places


def _verb_before(text: str, at: int, first: int) -> int | None:
    """The verb whose object `no` denies: `provided no amounts`."""
    for place in range(at - 1, first - 1, -1):
        if tags(text)[place] in VERBAL:
            return place
    return None


def _weighted(text: str, places: Sequence[int]) -> dict[int, float]:
    rank, found = 0, {}
    for place in places:
        if is_telling(words(text)[place]):
            found[place] = 1 / (1 + rank)
            rank += tags(text)[place] != ADVERB  # `did not immediately respond`
        elif tags(text)[place] in VERBAL:
            rank += 1  # `refused to say more about purchases`
    return found


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
    if not any(ours.among(one) and theirs.among(other) for pair in _CONVERSES for one, other in (pair, pair[::-1])):
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
    return any(is_telling(other) and kinship(other.lower, word.lower) >= SYNONYM for other in words(alignment.claim))


def _is_to_last(alignment: Alignment, at: int, place: int) -> bool:
    """`was to last a month` is no opposite of `first`."""
    return (tags(alignment.claim)[at] == VERB) != (tags(alignment.source)[place] == VERB) and bool(
        {"first", "last", "long", "near"} & {words(alignment.claim)[at].lower, words(alignment.source)[place].lower}
    )


def _turned_round(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if what the claim puts before something stands after it in the sentence, or the other way."""
    tokens = words(claim)
    for at, word in enumerate(tokens):
        for listed, against in ((_BEFORE, _AFTER), (_AFTER, _BEFORE)):
            if word.lower in listed and _all_against(claim, at, sentences, listed, against):
                return f"the sentence does not say “{word.text}”"
    return None


def _all_against(claim: str, at: int, sentences: Sequence[str], listed: frozenset[str], against: frozenset[str]) -> bool:
    opposed = False
    for sentence in sentences:
        alignment = align(claim, sentence)
        anchors = [alignment.by_claim[place].source for place in range(at + 1, at + 8) if place in alignment.by_claim][:2]
        for anchor in anchors:
            near = [word.lower for word in words(sentence)[max(0, anchor - _REACH - 1) : anchor]]
            if not listed.isdisjoint(near):
                return False
            opposed = opposed or not against.isdisjoint(near)
    return opposed
