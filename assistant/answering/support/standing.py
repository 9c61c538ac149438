"""Does a claim state as done or certain what its source only asks, plans or holds possible?

Where a sentence has a verb under `whether` or `if`, after `might`, or as what somebody plans or promises, a claim
with that verb has to hedge it, too. Which hedge it takes is left open.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.support.alignment import Alignment, align
from assistant.answering.support.clauses import clause_of
from assistant.answering.support.lexicon import SYNONYM
from assistant.answering.support.tagging import (
    ADVERB,
    AUXILIARY,
    GERUND,
    MODAL,
    NEGATION,
    TO,
    VERBAL,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_ASKING = frozenset({"whether", "if", "unless"})
_POSSIBLE = frozenset({"might", "may", "could"})
_MEANING_TO = listed(
    "plan want promise pledge threaten vow offer seek hope intend aim propose consider refuse decline "
    "agree ask order urge demand expect prepare try attempt commit wish need willing ready set due likely "
    "unlikely order tell"
)
_HEDGES = listed(
    "whether if unless might may could can would should will shall possible possibly possibility perhaps "
    "potential potentially likely risk prospect chance plan want promise pledge threaten vow offer seek "
    "hope intend aim goal propose proposal consider weigh mull refuse decline agree ask order urge demand "
    "expect prepare try attempt commit wish need fear warn suggest idea ready set due call should must "
    "question open undecided unclear want target"
)


def overstated(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a verb of the claim is a fact there and none in the sentence that the claim follows."""
    hedged = any(word.among(_HEDGES) or word.lower in _HEDGES for word in words(claim))
    if hedged or not sentences:
        return None
    source = max(sentences, key=lambda sentence: sum(match.strength for match in align(claim, sentence).matches))
    alignment = align(claim, source)
    for match in alignment.matches:
        if match.strength < SYNONYM or not _is_stated(claim, match.claim):
            continue
        word = _hedge(alignment, match.source)
        if word is not None:
            return f"the sentence says “{word}”, and the claim states it as a fact"
    return None


def _is_stated(claim: str, at: int) -> bool:
    """Whether a verb of the claim is finite, as something that is or was so."""
    return tags(claim)[at] in VERBAL - {GERUND} and _before(claim, at) not in {TO, MODAL}


def _before(text: str, at: int) -> str:
    known = tags(text)
    place = at - 1
    while place >= 0 and known[place] in {ADVERB, NEGATION, AUXILIARY}:
        place -= 1
    return known[place] if place >= 0 else ""


def _hedge(alignment: Alignment, at: int) -> str | None:
    """What makes the source's verb no fact, if anything does."""
    source = alignment.source
    if tags(source)[at] not in VERBAL:
        return None
    clause = clause_of(source, at)
    if clause.opener in _ASKING:
        return clause.opener
    tokens, known = words(source), tags(source)
    place = at - 1
    while place >= 0 and known[place] in {ADVERB, NEGATION, AUXILIARY}:
        place -= 1
    if place >= 0 and tokens[place].lower in _POSSIBLE:
        return tokens[place].lower
    if place > 0 and known[place] == TO:
        governing = tokens[max(0, place - 4) : place]
        return next((word.text for word in reversed(governing) if word.among(_MEANING_TO)), None)
    return None
