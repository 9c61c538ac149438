"""Which words of a text are denied, by `not`, by `no`, by `declined to` and the like.

A negation reaches over the words of its clause, those next to it first.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.support.alignment import is_telling
from assistant.answering.support.clauses import clause_of, clauses
from assistant.answering.support.tagging import ADVERB, AUXILIARY, GERUND, PARTICIPLE, VERBAL, tags
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import Word, words

_NOT = listed("not never cannot neither nor without nowhere hardly scarcely barely rarely seldom")
_NO = frozenset({"no", "none", "nobody", "nothing", "little", "few"})
"""Before what is denied; `little` and `few` unless an article makes them some."""
DENYING = listed(
    "deny decline refuse fail omit abandon unable unwilling unlikely impossible silent absent absence "
    "failure refusal denial"
)
"""Words that deny what depends on them."""
_OPPOSING = frozenset({"reject", "dismiss", "oppose", "resist", "dispute"})
"""These do before a clause or a gerund."""
SOFT = listed(
    "avert avoid prevent forestall block stop halt end cease ban prohibit forbid lack drop cancel scrap "
    "against instead free"
)
"""Words for which a negation may stand, or not."""
_LEFT_OUT = listed("unmentioned unclear unknown uncertain unsaid unanswered undecided")
"""Said of what stands before them: `was left unmentioned`."""
_PHRASES = (
    ("walk", "away"),
    ("rule", "out"),
    ("back", "away"),
    ("break", "away"),
    ("turn", "away"),
    ("step", "away"),
    ("pull", "out"),
    ("turn", "down"),
    ("leave", "open"),
    ("far", "from"),
)
_CROSSED = frozenset({"that", "to", "and", "or", "whether", "if"})


@lru_cache(maxsize=256)
def softly_denied(text: str) -> frozenset[int]:
    """The words that depend on one such as `avert` or `end`, which may be said with a negation as well."""
    found: set[int] = set()
    for at, word in enumerate(words(text)):
        if word.is_word and not SOFT.isdisjoint(word.bases):
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


def is_negation(text: str, at: int) -> bool:
    """Whether a word is `not`, `never`, `no` or the like, and denies something."""
    tokens = words(text)
    if tokens[at].lower in _NOT or tokens[at].kind == "not":
        return _lower(tokens, at + 1) != "only"
    return tokens[at].lower in _NO - {"little", "few"} and _lower(tokens, at + 1) not in {"other", "one", "doubt"}


def may_deny(text: str, at: int) -> bool:
    """Whether a word may stand for a negation, as `declined`, `halted`, `unknown` or `little` do."""
    word = words(text)[at]
    known = {word.lower, *word.bases}
    return _denies(text, at) or bool(known & (SOFT | _OPPOSING | _LEFT_OUT | {"little", "few", "yet", "only"}))


def _scope(text: str, at: int, word: Word) -> dict[int, float]:
    """The telling words that a word denies."""
    tokens = words(text)
    if word.lower in _LEFT_OUT and at and tags(text)[at - 1] in {AUXILIARY, PARTICIPLE}:
        return _weighted(text, range(at - 1, -1, -1))
    clause = clause_of(text, at)
    if word.lower in _NO:
        if _lower(tokens, at + 1) == "other":
            return {}  # `no other country has such a deficit`
        if (
            word.lower in {"little", "few"}
            and at
            and tokens[at - 1].lower in {"a", "the", "too", "these", "those", "last", "next"}
        ):
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
    if any(
        (base, particle) in _PHRASES
        for base in bases
        for particle in (_lower(tokens, at + 1), _lower(tokens, at + 2))
    ):
        return True
    return tokens[at].is_word and not DENYING.isdisjoint({*bases, tokens[at].lower})


def _deed_after(text: str, at: int) -> int | None:
    """Where the deed begins that `reject` or `oppose` denies: `rejected reports that it ...`."""
    known, tokens = tags(text), words(text)
    if at + 1 < len(known) and known[at + 1] == GERUND:
        return at + 1
    return next(
        (place + 1 for place in range(at + 1, min(at + 4, len(tokens) - 1)) if tokens[place].lower == "that"), None
    )


def _lower(tokens: Sequence[Word], at: int) -> str:
    return tokens[at].lower if at < len(tokens) else ""


def _complement(text: str, at: int) -> list[int]:
    """The words that depend on a denying one, up to the next clause beside it: `denied that it had offered`."""
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
