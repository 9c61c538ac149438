"""Where a claim copies a sentence word for word but for a few places, what did it put into these places?

A figure, a name or a word that stands in for one of another meaning changes what is said, even if the sentence
has it elsewhere: so two figures or names that changed places are found. A negation that came or went does, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from assistant.answering.support import dates
from assistant.answering.support.alignment import refers
from assistant.answering.support.lexicon import SYNONYM, are_opposites, bases, kinship
from assistant.answering.support.moments import moments
from assistant.answering.support.names import names
from assistant.answering.support.negation import DENYING, SOFT
from assistant.answering.support.quantities import bears_out, quantities
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_MOST_OTHER = 0.3
"""Share of a claim's words that may differ from the sentence for it to be a copy."""
_FEWEST = 6
_FEW = 3
_COUNTED = {"date": "figure"}
"""A year may have changed places with a number."""
_NOT = listed("not no never neither nor cannot without none nobody nothing")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word, or a whole name, figure or date, which is compared as one."""

    text: str
    """In lower case."""
    kind: str
    """`name`, `figure`, `date`, `word`, or empty for a word of grammar."""
    place: int
    """Where it begins in its text."""
    shown: str
    """As it is written."""


def altered(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if the claim is a copy of a sentence in which something was exchanged."""
    for sentence in sentences:
        reason = _altered(claim, sentence)
        if reason is None and _is_copy(claim, sentence):
            return None
        if reason:
            return reason
    return None


def _matcher(claim: str, sentence: str) -> tuple[list[_Piece], list[_Piece], SequenceMatcher[str]]:
    ours, theirs = list(_pieces(claim)), list(_pieces(sentence))
    matcher = SequenceMatcher(
        None, [piece.text for piece in theirs], [piece.text for piece in ours], autojunk=False
    )
    return ours, theirs, matcher


def _is_copy(claim: str, sentence: str) -> bool:
    ours, _, matcher = _matcher(claim, sentence)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    return len(ours) >= _FEWEST and kept >= (1 - _MOST_OTHER) * len(ours)


def _altered(claim: str, sentence: str) -> str | None:
    if not _is_copy(claim, sentence):
        return None
    ours, theirs, matcher = _matcher(claim, sentence)
    edits = [
        (theirs[first:last], ours[start:end], start > 0 and first > 0 and end < len(ours) and last < len(theirs))
        for kind, first, last, start, end in matcher.get_opcodes()
        if kind != "equal"
    ]
    if _denials(ours) != _denials(theirs) and any(_denial_changed(*edit) for edit in edits):
        return "the sentence says the contrary"
    for was, is_now, _ in edits:
        other = _exchanged(claim, sentence, was, is_now)
        if other:
            return f"the sentence says “{other[0].shown}” where the claim says “{other[1].shown}”"
    if _reordered(ours, theirs):
        return "figures of the sentence changed places"
    return None


def _denial_changed(was: Sequence[_Piece], is_now: Sequence[_Piece], within: bool) -> bool:
    """Whether an edit brought a negation or took one out; what is cut off at the ends took nothing out."""
    if _denials(was) == _denials(is_now) or _denied_otherwise(was, is_now):
        return False
    return bool(is_now) or (within and len(was) <= _FEW)


def _reordered(ours: Sequence[_Piece], theirs: Sequence[_Piece]) -> bool:
    """Whether figures or dates that stand once on either side come in another order, as no copy would put them."""
    written = [piece.text for piece in theirs if piece.kind in {"figure", "date"}]
    copied = [piece.text for piece in ours if piece.kind in {"figure", "date"}]
    once = [text for text in written if written.count(text) == copied.count(text) == 1]
    return [text for text in copied if text in once] != once


def _denials(pieces: Sequence[_Piece]) -> int:
    return sum(piece.text in _NOT or not DENYING.isdisjoint(bases(piece.text)) for piece in pieces) % 2


def _denied_otherwise(was: Sequence[_Piece], is_now: Sequence[_Piece]) -> bool:
    """`rejected` for `denied`, `avoid` for `not engage in`."""
    if any(not SOFT.isdisjoint(bases(piece.text)) for piece in (*was, *is_now)):
        return True
    pairs = product(was, is_now)
    return any(kinship(old.text, new.text) > 0 for old, new in pairs if _denials([old]) or _denials([new]))


def _exchanged(
    claim: str, sentence: str, was: Sequence[_Piece], is_now: Sequence[_Piece]
) -> tuple[_Piece, _Piece] | None:
    """A piece of the sentence and what stands in its place, if they differ in meaning."""
    gone = [piece for piece in was if piece.kind]
    come = [piece for piece in is_now if piece.kind]
    for old, new in product(was, is_now):
        if are_opposites(old.text, new.text):
            return old, new
    for new in come:
        if any(_alike(claim, new, sentence, old) for old in gone):
            continue
        for old in gone:
            if _is_other(old, new) and not any(_alike(claim, other, sentence, old) for other in come):
                swapped = _has(sentence, new) and _has(claim, old)
                if new.kind != "word" or swapped:
                    return old, new
    return None


def _is_other(old: _Piece, new: _Piece) -> bool:
    return _COUNTED.get(old.kind, old.kind) == _COUNTED.get(new.kind, new.kind)


def _has(text: str, piece: _Piece) -> bool:
    """Whether a text has a word anywhere."""
    return any(other.kind == "word" and kinship(other.text, piece.text) >= SYNONYM for other in _pieces(text))


def _alike(claim: str, new: _Piece, sentence: str, old: _Piece) -> bool:
    if new.kind == "word" and old.kind == "word":
        return kinship(new.text, old.text) > 0
    if new.kind == old.kind == "name":
        ours = next(name for name in names(claim) if name.start == new.place)
        theirs = next(name for name in names(sentence) if name.start == old.place)
        return refers(ours, theirs)
    if new.kind == old.kind == "date":
        claimed_day = next(moment for moment in moments(claim) if moment.start == new.place)
        return dates.bears_out(next(day for day in moments(sentence) if day.start == old.place), claimed_day, None)
    if new.kind == old.kind == "figure":
        claimed = next(figure for figure in quantities(claim) if figure.start == new.place)
        return bears_out(next(figure for figure in quantities(sentence) if figure.start == old.place), claimed)
    return False


def _pieces(text: str) -> Iterator[_Piece]:
    spans = [(moment.start, moment.end, "date") for moment in moments(text)]
    spans += [(name.start, name.end, "name") for name in names(text)]
    spans += [(figure.start, figure.end, "figure") for figure in quantities(text) if not figure.loose]
    begun = -1
    for word in words(text):
        if not (word.is_word or word.kind == "number"):
            continue
        span = next((span for span in spans if span[0] <= word.start and word.end <= span[1]), None)
        if span is None:
            yield _Piece(word.lower, "word" if word.tells else "", word.start, word.text)
        elif span[0] != begun:
            begun = span[0]
            shown = " ".join(text[span[0] : span[1]].split())
            yield _Piece(shown.lower(), span[2], span[0], shown)
