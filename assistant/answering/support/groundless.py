"""Does a claim deny, or speak of somebody or of its prompt, where none of its sentences does?

`It did not say when` needs a sentence that denies it, by `not`, by `declined to`, by `was silent on`: that a
sentence leaves something out proves nothing, for the article may say it elsewhere. `He` needs a sentence that
speaks of a person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.support.alignment import align, is_telling
from assistant.answering.support.names import names
from assistant.answering.support.negation import denied, is_negation, may_deny, softly_denied
from assistant.answering.support.tagging import NAME, tags
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

_REACH = 3
"""Telling words behind a negation, of which a sentence has to deny one."""
_OPEN = listed("whether if remain remains unless until yet before only question")
"""Where a sentence says so, it leaves open what a claim may call not certain."""
_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_PASSAGE = re.compile(r"\bpassages?\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(?:who|whose|man|woman|official|adviser|president|premier|chancellor|minister|secretary|leader|chief|"
    r"director|spokesman|spokeswoman|king|queen|pope|author|actor|actress|singer|player)\b",
    re.IGNORECASE,
)


def denies_alone(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if the claim says `not` to what no sentence denies, or to what is a denial itself."""
    if any(not _OPEN.isdisjoint({word.lower for word in words(text)}) for text in sentences):
        return None
    for negation in (at for at, _ in enumerate(words(claim)) if is_negation(claim, at)):
        behind = range(negation + 1, len(words(claim)))
        told = [at for at in behind if is_telling(words(claim)[at]) and tags(claim)[at] != NAME][:_REACH]
        if told and not any(_is_denied(claim, at, text) for at in told for text in sentences):
            return f"no cited sentence denies that “{words(claim)[told[0]].text}”"
        if told and may_deny(claim, told[0]) and not any(_says_not(text) for text in sentences):
            return "it denies what the sentence denies"
    return None


def speaks_of_nobody_known(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if the claim says `he` or `she`, and no sentence speaks of a person."""
    spoken = _PERSON.search(claim)
    if spoken is None or any(_may_mean_a_person(text) for text in (*sentences, claim[: spoken.start()])):
        return None
    return f"no cited sentence says who “{spoken.group()}” is"


def speaks_of_its_prompt(claim: str, sentences: Sequence[str]) -> str | None:
    """A reason if the claim is about `the passage`, a word of the prompt: who reads the answer knows of none."""
    if _PASSAGE.search(claim) and not any(_PASSAGE.search(text) for text in sentences):
        return "it speaks of what the model was shown, not of what stands there"
    return None


def _is_denied(claim: str, at: int, sentence: str) -> bool:
    """Whether the sentence has the word or a kindred one, and denies it, or is its denial."""
    match = align(claim, sentence).by_claim.get(at)
    return match is not None and (
        match.source in denied(sentence)
        or match.source in softly_denied(sentence)
        or may_deny(sentence, match.source)
    )


def _says_not(text: str) -> bool:
    return any(is_negation(text, at) for at, _ in enumerate(words(text)))


def _may_mean_a_person(text: str) -> bool:
    return bool(_PERSON.search(text) or _SOMEBODY.search(text)) or any(not name.country for name in names(text))
