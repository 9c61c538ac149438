"""Does a claim say more around a sentence that it copies whole than any sentence says?

Whoever copies a sentence may name its outlet, and join it to another. A reason for it, a word that vouches for it,
or somebody who is to have said it has to be a sentence's own: `it is proven that`, `because of this order`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.support.alignment import align
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.likeness import CREDITING
from assistant.answering.support.names import held, names
from assistant.answering.support.referring import may_refer
from assistant.answering.support.roles import SAYING
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import (
    AUXILIARIES,
    DETERMINERS,
    JOINING,
    PREPOSITIONS,
    PRONOUNS,
    Word,
    words,
)

_FEWEST = 2
"""Words of a sentence, below which it may stand in a claim by chance."""
_BESIDE = 8
"""Words beside a copied sentence in which is looked who says it."""
_JOINING = listed("also however then too meanwhile while although though whereas that where further addition")
_REASONS = listed("so despite since until")
_FREE = (DETERMINERS | PREPOSITIONS | AUXILIARIES | PRONOUNS | JOINING | _JOINING) - _REASONS
"""Words that any claim may put around a sentence."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """A cited sentence that stands whole in a claim, from its word `first` up to `end`, by number."""

    source: Cited
    first: int
    end: int


def added(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if something stands around a copied sentence that none of the sentences says."""
    copied = [copy for source in cited for copy in _copies(claim, source)]
    if not copied:
        return None
    around = [
        at
        for at, word in enumerate(words(claim))
        if _is_spoken(word) and not any(copy.first <= at < copy.end for copy in copied)
    ]
    speaker = _speaker(claim, cited, copied)
    if speaker:
        return f"the sentence does not say it of {speaker}"
    foreign = next((at for at in around if not _may_stand(claim, at, cited)), None)
    return None if foreign is None else f"no cited sentence says “{words(claim)[foreign].text}”"


def _copies(claim: str, source: Cited) -> Iterator[_Copy]:
    """Where the claim has all words of a sentence in a row."""
    ours = [(at, word.lower) for at, word in enumerate(words(claim)) if _is_spoken(word)]
    theirs = [word.lower for word in words(source.text) if _is_spoken(word)]
    if len(theirs) < _FEWEST:
        return
    for begin in range(len(ours) - len(theirs) + 1):
        row = ours[begin : begin + len(theirs)]
        if [lower for _, lower in row] == theirs:
            yield _Copy(source, row[0][0], row[-1][0] + 1)


def _speaker(claim: str, cited: Sequence[Cited], copied: Sequence[_Copy]) -> str | None:
    """Who is to have said a copied sentence that does not speak of him: `Ross said that`, `, said Ross`."""
    tokens, credited = words(claim), credit_spans(claim, cited)
    spoken = [at for at, word in enumerate(tokens) if _is_spoken(word)]
    for copy in copied:
        before = [at for at in spoken if at < copy.first][-_BESIDE:]
        behind = [at for at in spoken if at >= copy.end][:_BESIDE]
        for beside in (before, behind):
            if not _is_said(claim, beside[::-1] if beside is before else beside):
                continue
            starts = {tokens[at].start for at in beside}
            for name in names(claim):
                known = inside(credited, name.start, name.end) or held(name, copy.source.text)
                if name.start in starts and not known and not may_refer(name, copy.source):
                    return name.text
    return None


def _is_said(claim: str, beside: Sequence[int]) -> bool:
    """Whether the words beside a copied sentence, the nearest first, begin with one of saying, names apart."""
    spans = [(name.start, name.end) for name in names(claim)]
    for at in beside:
        word = words(claim)[at]
        if word.among(SAYING):
            return True
        if word.lower != "that" and not inside(spans, word.start, word.end):
            return False
    return False


def _may_stand(claim: str, at: int, cited: Sequence[Cited]) -> bool:
    word = words(claim)[at]
    if word.kind == "number" or word.lower in _FREE or word.among(SAYING) or CREDITING.fullmatch(word.text):
        return True
    own = [*credit_spans(claim, cited), *((name.start, name.end) for name in names(claim))]
    if inside(own, word.start, word.end):
        return True  # names are looked at as such
    said = {other.lower for source in cited for other in words(source.text)}
    return word.lower in said or any(at in align(claim, source.text).by_claim for source in cited)


def _is_spoken(word: Word) -> bool:
    return word.is_word or word.kind == "number"
