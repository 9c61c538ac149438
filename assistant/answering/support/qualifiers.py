"""What a claim may neither add nor leave out before an office or a thing: `former`, `deputy`, `semi-`."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.support.alignment import align
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_PREFIXES = listed("semi quarter anti non ex pre deputy acting interim co vice")
_OFFICES = frozenset({"former", "ex", "deputy", "acting", "interim", "onetime"})
_FORMER = listed("former ex once formerly previously then onetime used past late")


def requalified(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a claim makes another thing or office of what its sentences name."""
    return _prefixed(claim, sentences) or _unqualified(claim, sentences)


def _prefixed(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if a claim puts before a word what makes another of it: `semi-final`, `former minister`."""
    tokens = words(claim)
    for at, word in enumerate(tokens[:-1]):
        place = at + 2 if tokens[at + 1].kind == "hyphen" else at + 1
        if (
            word.lower not in _PREFIXES
            or place >= len(tokens)
            or any(at in align(claim, each).by_claim for each in sentences)
        ):
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
