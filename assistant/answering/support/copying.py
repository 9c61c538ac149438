"""Where a claim copies a sentence but for a few words, did it put in a negation or an opposite, or take one out?

In a long sentence such a word may stand far from all that both texts deny; beside an exact copy it cannot hide.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import product

from assistant.answering.support.lexicon import are_opposites, kinship
from assistant.answering.support.negation import DENYING, SOFT
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import Word, words

_MOST_OTHER = 0.3
"""Share of a claim's words that may differ from the sentence for it to be a copy."""
_FEWEST = 6
_FEW = 3
_NOT = listed("not no never neither nor cannot without none nobody nothing")


def altered(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if the claim is a copy of a sentence that says the contrary."""
    ours = _spoken(claim)
    for sentence in sentences:
        theirs = _spoken(sentence)
        matcher = SequenceMatcher(None, [word.lower for word in theirs], [word.lower for word in ours], False)
        kept = sum(block.size for block in matcher.get_matching_blocks())
        if len(ours) < _FEWEST or kept < (1 - _MOST_OTHER) * len(ours):
            continue
        parted = _denials(ours) != _denials(theirs)
        for kind, first, last, start, end in matcher.get_opcodes():
            within = start > 0 and end < len(ours)
            if kind != "equal" and _turns(theirs[first:last], ours[start:end], within, parted):
                return "the sentence says the contrary"
        return None
    return None


def _spoken(text: str) -> list[Word]:
    return [word for word in words(text) if word.is_word or word.kind == "number"]


def _turns(was: Sequence[Word], is_now: Sequence[Word], within: bool, parted: bool) -> bool:
    """Whether an edit says the contrary; what is cut off at the ends took nothing out."""
    if any(are_opposites(old.lower, new.lower) for old, new in product(was, is_now)):
        return True
    if not parted or _denials(was) == _denials(is_now) or any(word.among(SOFT) for word in (*was, *is_now)):
        return False
    said_otherwise = any(
        kinship(old.lower, new.lower) > 0
        for old, new in product(was, is_now)
        if _denials([old]) or _denials([new])
    )
    return not said_otherwise and len(was) <= _FEW and (bool(is_now) or within)


def _denials(edit: Sequence[Word]) -> int:
    return sum(word.lower in _NOT or word.among(DENYING) for word in edit) % 2
