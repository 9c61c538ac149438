"""Does a claim say more around a sentence that it copies whole than any sentence says?

Whoever copies a sentence may name its outlet, and join it to another. A reason for it, a word that vouches for it,
or somebody who is to have said it has to be a sentence's own: `it is proven that`, `because of this order`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answering.support.alignment import align
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.likeness import CREDITING
from assistant.answering.support.names import held, names
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

_FEWEST = 3
"""Words of a sentence, below which it may stand in a claim by chance."""
_JOINING = listed("also however then too meanwhile while although though whereas that where further addition")
_FREE = (DETERMINERS | PREPOSITIONS | AUXILIARIES | PRONOUNS | JOINING | _JOINING) - listed("so despite since until")
"""Words that any claim may put around a sentence."""


def added(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if something stands around a copied sentence that none of the sentences says."""
    copied = [(source, span) for source in cited for span in _copies(claim, source.text)]
    if not copied:
        return None
    around = [
        at
        for at, word in enumerate(words(claim))
        if _is_spoken(word) and not any(first <= at < last for _, (first, last) in copied)
    ]
    speaker = _speaker(claim, around, cited, [source for source, _ in copied])
    if speaker:
        return f"the sentence does not say it of {speaker}"
    foreign = next((at for at in around if not _may_stand(claim, at, cited)), None)
    return None if foreign is None else f"no cited sentence says “{words(claim)[foreign].text}”"


def _copies(claim: str, sentence: str) -> Iterator[tuple[int, int]]:
    """Where the claim has all words of the sentence in a row, by the numbers of its words."""
    ours = [(at, word.lower) for at, word in enumerate(words(claim)) if _is_spoken(word)]
    theirs = [word.lower for word in words(sentence) if _is_spoken(word)]
    if len(theirs) < _FEWEST:
        return
    for begin in range(len(ours) - len(theirs) + 1):
        row = ours[begin : begin + len(theirs)]
        if [lower for _, lower in row] == theirs:
            yield row[0][0], row[-1][0] + 1


def _speaker(claim: str, around: Sequence[int], cited: Sequence[Cited], copied: Sequence[Cited]) -> str | None:
    """Who is to have said a copied sentence that does not name him."""
    tokens, credited = words(claim), credit_spans(claim, cited)
    if not any(tokens[at].among(SAYING) for at in around):
        return None
    starts = {tokens[at].start for at in around}
    for name in names(claim):
        said_of = name.start in starts and not inside(credited, name.start, name.end)
        if said_of and not any(held(name, source.text) for source in copied):
            return name.text
    return None


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
