"""A sentence as patterns look at it: its words, and one letter for what each of them does there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.support.lexicon import parts
from assistant.answering.support.names import Name, names
from assistant.answering.support.tagging import ADVERB, DETERMINER, tags
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import Word, words

SHORTEST, LONGEST = 30, 320
"""Characters of a sentence that is looked at."""
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_DEEPEST = 3
"""Brackets within brackets that are taken out."""
_LIFETIME = re.compile(r"\A[^()]{4,60}\([^()]*(?:\bborn\b|\d{4} ?[–—-] ?[^()]*\d{4})")
_DATELINE = re.compile(r"\A[A-Z][A-Za-z.,/ ]{1,40} (?:—|–|--|-) (?=[A-Z])")
_JOINS = listed("of for with between against to on")
_VAGUE = listed(
    "last next previous other others another same latest current new such several many few some more most "
    "following former latter second way ways thing things lot kind sort part parts number numbers "
    "additional further extra remaining time times day days week weeks month months year years today "
    "yesterday tomorrow result results example fact case side sides people person reporters journalists "
    "total comment comments statement question questions answer anything something one two name term word "
    "article section city country state company team group area region character role position place use "
    "type form set list member members end beginning series name names rest "
)
"""Words that say too little, or mean something that stands elsewhere."""

CORE = "D?(?:E+O)?(?:[AN#E]-?)*[NE]"
PHRASE = rf"{CORE}(?:P{CORE})?(?![-NEO])"
"""A noun phrase in letters of `Reading.letters`, perhaps with another behind a preposition."""


@dataclass(frozen=True)
class Phrase:
    """Some words of a sentence that a question repeats."""

    text: str
    """As it goes on in the middle of a question: `The deficit` is `the deficit`."""
    name: Name | None
    """The name that it ends with."""
    specific: bool
    """Whether it says by itself what it means: it holds a name, or says what it is of."""
    vague: bool
    """Whether one of its words says too little, or points elsewhere."""


@dataclass(frozen=True)
class Reading:
    """A sentence of an article, asides left out."""

    article: str
    """Path relative to the corpus."""
    start: int
    end: int
    """Offsets of the whole sentence in the article's text."""
    text: str
    lifetime: bool = False
    """Whether somebody's birth or life stands in brackets behind its first words."""
    leads: bool = False
    """Whether it is the first of its article, which tells what that is about."""
    known: frozenset[str] = frozenset()
    """Names that stand within a sentence somewhere, and so are no common nouns with a capital."""

    @classmethod
    def of(cls, article: str, start: int, end: int, text: str) -> Reading | None:
        """The reading of a sentence, or None where it is too long, too short, or no plain statement."""
        plain = text
        for _ in range(_DEEPEST):
            plain = _ASIDE.sub("", plain)
        plain = _DATELINE.sub("", " ".join(plain.split()))
        fits = SHORTEST <= len(plain) <= LONGEST and plain[0].isupper() and plain[-1] == "."
        return cls(article, start, end, plain, _LIFETIME.match(text) is not None) if fits else None

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words and marks."""
        return words(self.text)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names that are surely some."""
        found = names(self.text)
        return tuple(name for name in found if name.start or name.text in self.known or not _may_be_common(name))

    @cached_property
    def letters(self) -> str:
        """A letter a word as in `tagging`; besides `,`, `;` and `-` for themselves, `d` for `its` and the like."""
        return "".join(map(_letter, self.words, tags(self.text)))

    def find(self, pattern: str) -> Iterator[re.Match[str]]:
        """Where a pattern of letters fits; the spans count words."""
        return re.finditer(pattern, self.letters)

    def phrase(self, match: re.Match[str], group: str) -> Phrase | None:
        """The words of a group of a match; None where it took no part."""
        first, last = match.span(group)
        if first >= last:
            return None
        start, end = self.words[first].start, self.words[last - 1].end
        text, inside = self.text[start:end], self.words[first:last]
        held = [name for name in self.names if start <= name.start and name.end <= end]
        if first == 0 and not any(name.start == start for name in held) and not _is_capital(inside[0].text):
            text = f"{text[0].lower()}{text[1:]}"
        return Phrase(
            text,
            next((name for name in held if name.end == end), None),
            bool(held) or any(word.lower in _JOINS for word in inside[1:]),
            any(word.lower in _VAGUE for word in inside),
        )

    def actor(self, match: re.Match[str]) -> Phrase | None:
        """Whoever acts, if that is a name."""
        phrase = self.phrase(match, "actor")
        return phrase if phrase and phrase.name else None

    def topic(self, match: re.Match[str], group: str = "what") -> Phrase | None:
        """The words of a group, if they say by themselves what they mean."""
        phrase = self.phrase(match, group)
        return phrase if phrase and phrase.specific and not phrase.vague else None

    def text_of(self, match: re.Match[str], group: str) -> str:
        """The words of a group as they stand; empty where it took no part."""
        first, last = match.span(group)
        return self.text[self.words[first].start : self.words[last - 1].end] if first < last else ""

    def end_of(self, match: re.Match[str]) -> int:
        """The offset in the text at which a match ends."""
        return self.words[match.end() - 1].end

    def lower(self, match: re.Match[str], group: str) -> str:
        """The first word of a group in lower case."""
        first, last = match.span(group)
        return self.words[first].lower if first < last else ""


def _letter(word: Word, tag: str) -> str:
    if word.kind == "hyphen":
        return "-"
    if word.text in {",", ";"}:
        return word.text
    if tag == DETERMINER:
        return tag if word.lower in {"the", "a", "an"} else "d"
    return ADVERB if word.lower in {"also", "now", "then"} else tag


def _is_capital(word: str) -> bool:
    """Whether a word is written in capitals throughout, as `NATO`, and not as `A`."""
    return len(word) > 1 and word.isupper()


def _may_be_common(name: Name) -> bool:
    """Whether a name with which a sentence begins is as well a common noun: `Orders`."""
    return name.country is None and name.text[1:].islower() and bool(parts(name.text.lower()))
