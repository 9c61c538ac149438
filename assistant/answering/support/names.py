"""The proper names of an English text, who or what each stands for, and whether a text holds one.

A name is a run of capitalised words, with what joins them (`Alliance for American Manufacturing`). A title before
it (`Mr.`, `President`) is no part of it. A country is known by its name, by what is theirs and, as a government,
by its capital.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answering.support.countries import COUNTRY_OF, SEAT_OF
from assistant.answering.support.lexicon import bases, parts, verb_form
from assistant.answering.support.moments import moments
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import FUNCTION_WORDS, Word, words

TITLES = listed(
    "mr mrs ms dr prof sir lord lady dame president vice premier chancellor minister secretary senator "
    "sen rep governor gov general gen colonel captain judge justice king queen prince princess pope "
    "professor ambassador chairman chairwoman chair director mayor congressman congresswoman "
    "representative leader spokesman spokeswoman chief deputy former foreign prime treasury commerce "
    "trade defense defence state interior finance attorney speaker economist analyst ceo us u.s uk"
)
"""What may stand before a person's name without being part of it."""
_JOINING = frozenset({"of", "for", "the", "and", "on", "&", "de", "la", "von", "van", "al", "bin"})
_NOT_NAMES = listed("i monday tuesday wednesday thursday friday saturday sunday")
_BODIES = listed(
    "alliance association bank bureau campaign center centre committee council department foundation fund "
    "institute ministry office organisation organization secretary minister agency society union party "
    "university court coalition commission committee league movement partnership program programme "
    "project school"
)
"""What may be `for` something by name: `Alliance for American Manufacturing`."""
_OF_SOMETHING = _BODIES | listed(
    "republic kingdom house states board court chamber chambers hall museum gulf bay strait isle cape "
    "city lake mount sea coast tower statue order declaration treaty battle war lord lords prince duke "
    "king queen earl archbishop bishop church cathedral college academy ministry secretary bill book game "
    "lady people's emirates nation nations federation confederation congress province state daughters "
    "sons knights voice"
)
_PLURAL = re.compile(r"(?:[eo]rs|ists|ings|[ts]ions|ments|ities)\Z")
"""Endings of common words that the lexicon may not have: `negotiators`."""
_LONGEST_JOIN = 2
_SHORT_PART = 4
"""Letters of the part behind a hyphen that is written small."""


@dataclass(frozen=True)
class Name:
    """A proper name between two offsets of a text."""

    text: str
    start: int
    end: int
    doubtful: bool = False
    """True where it begins a sentence and may be a common word there."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its words in lower case, without points, endings of possession and what joins them."""
        return tuple(word.lower for word in words(self.text) if word.is_word and word.lower not in _JOINING)

    @cached_property
    def country(self) -> str | None:
        """The country that the whole name stands for, its government's seat included."""
        known = " ".join(word.lower for word in words(self.text) if word.is_word).removeprefix("the ")
        return COUNTRY_OF.get(known) or SEAT_OF.get(known)

    @cached_property
    def is_seat(self) -> bool:
        """Whether it names a country by its capital."""
        return self.text.lower() in SEAT_OF

    @cached_property
    def key(self) -> str:
        """What all writings of the same share: the country, or the last word of a person's or body's name."""
        core = [part for part in self.parts if part not in TITLES] or list(self.parts)
        return self.country or " ".join(core)


@lru_cache(maxsize=512)
def names(text: str) -> tuple[Name, ...]:
    """The proper names of a text, in its order."""
    tokens = words(text)
    dated = [(moment.start, moment.end) for moment in moments(text)]
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        end = _run(tokens, at, dated)
        if end == at:
            at += 1
            continue
        begins = at + (tokens[at].lower in {"the", "a", "an"})
        for first, last in _divided(tokens, begins, end):
            name = _name(text, tokens, first, last)
            if name is not None:
                found.append(name)
        at = end
    return tuple(found)


def held(name: Name, text: str) -> bool:
    """Whether a text holds the name: all of its words in one name of the text, a country in any of its names.

    A title may stand elsewhere in the text: `Dana Whitlock, the mayor`.
    """
    return any(same(name, other) for other in names(text)) or _spelled(name, text) or _titled(name, text)


def _titled(name: Name, text: str) -> bool:
    titles = {part for part in name.parts if part in TITLES} - {"us", "uk"}
    core = set(name.parts) - titles
    if not titles or not core:
        return False
    beside = {base for word in words(text) for base in (word.lower, *word.bases)}
    return titles <= beside | {"mr", "mrs", "ms"} and any(core <= set(other.parts) for other in names(text))


def same(one: Name, other: Name) -> bool:
    """Whether `one` may be another writing of `other`, or a shorter form of it."""
    if one.country and one.country == other.country:
        return True
    if set(one.parts) <= set(other.parts):
        return True
    return _initials(one, other) or _initials(other, one)


def core(name: Name) -> frozenset[str]:
    """The words of a name without titles."""
    return frozenset(name.parts) - TITLES


def _initials(short: Name, full: Name) -> bool:
    letters = "".join(part for part in short.parts)
    if len(short.parts) != 1 or not short.text.replace(".", "").isupper() or not 2 <= len(letters) <= 6:
        return False
    spelled = "".join("us" if part == "us" else part[0] for part in full.parts)
    return spelled == letters


def _spelled(name: Name, text: str) -> bool:
    """A title or body may be written without capitals: `U.S. treasury secretary Steven Mnuchin`."""
    if len(name.parts) < 2:
        return False
    lowered = [word.lower for word in words(text) if word.is_word and word.lower not in _JOINING]
    size = len(name.parts)
    return any(tuple(lowered[at : at + size]) == name.parts for at in range(len(lowered) - size + 1))


def _capital(token: Word) -> bool:
    return token.is_word and token.text[0].isupper()


def _run(tokens: Sequence[Word], at: int, dated: Sequence[tuple[int, int]]) -> int:
    """Where the run of capitalised words that begins at a token ends; the token itself if there is none."""
    end = at
    place = at
    while place < len(tokens):
        token = tokens[place]
        if any(start <= token.start < stop for start, stop in dated):
            break
        joined = place > at and tokens[place - 1].kind == "hyphen" and _goes_on(tokens[: place + 2], place)
        if (_capital(token) and token.lower not in _NOT_NAMES) or joined:
            place = end = place + 1
        elif end > at and place - end < _LONGEST_JOIN and _goes_on(tokens, place):
            place += 1
        else:
            break
    return end


def _goes_on(tokens: Sequence[Word], place: int) -> bool:
    """Whether a token that is no capitalised word may join two parts of a name."""
    token, before = tokens[place], tokens[place - 1]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None:
        return False
    if token.kind == "hyphen":
        return following.start == token.end and (_capital(following) or before.lower not in COUNTRY_OF)
    if before.kind == "hyphen":
        return token.is_word and len(token.text) <= _SHORT_PART  # `Kim Jong-un`
    if token.kind == "own":
        return True
    if token.lower in {"for", "on"}:
        return before.lower in _BODIES
    if token.lower == "of":
        return before.lower in _OF_SOMETHING and before.kind != "own"
    if token.lower == "the":
        return before.lower in {"of", "for"}
    return token.lower in {"&", "de", "la", "von", "van", "bin"}


def _divided(tokens: Sequence[Word], at: int, end: int) -> list[tuple[int, int]]:
    """A run without its possessors: `China's Xinhua News Agency` is two names, `People's Daily` is one."""
    spans, first = [], at
    for place in range(at, end):
        token = tokens[place]
        owner = " ".join(word.lower for word in tokens[first:place])
        if token.kind == "own" and (owner in COUNTRY_OF or owner in SEAT_OF or place - first > 1):
            spans.append((first, place))
            first = place + 1
        elif token.kind == "hyphen" and all(
            tokens[beside].lower in COUNTRY_OF for beside in (place - 1, place + 1) if at <= beside < end
        ):
            spans.append((first, place))  # `US-China talks`
            first = place + 1
    spans.append((first, end))
    parted = [span for start, stop in spans for span in _countries_apart(tokens, start, stop)]
    return [(start, stop) for start, stop in parted if stop > start]


def _countries_apart(tokens: Sequence[Word], first: int, end: int) -> list[tuple[int, int]]:
    """`US Commerce Department` is a country's body: the country stands apart where more follows it."""
    if " ".join(word.lower for word in tokens[first:end]) in COUNTRY_OF:
        return [(first, end)]
    for size in (2, 1):
        phrase = " ".join(word.lower for word in tokens[first : first + size])
        if end - first > size and phrase in COUNTRY_OF and not _is_joining(tokens[first + size]):
            return [(first, first + size), *_countries_apart(tokens, first + size, end)]
    return [(first, end)]


def _is_joining(token: Word) -> bool:
    return token.lower in _JOINING or token.kind in {"hyphen", "own"}


def _name(text: str, tokens: Sequence[Word], first: int, end: int) -> Name | None:
    while first < end and tokens[first].lower in {"the", "a", "an"}:
        first += 1
    if _begins_sentence(tokens, first):
        first = _skip_common(tokens, first, end)
    if first >= end:
        return None
    if end - first == 1:
        token = tokens[first]
        if len(token.lower) < 2 or (token.lower in FUNCTION_WORDS and not token.text.replace(".", "").isupper()):
            return None
        if token.lower.rstrip("s") in TITLES and token.lower not in COUNTRY_OF:
            return None
    doubtful = end - first == 1 and _begins_sentence(tokens, first) and _may_be_common(tokens[first])
    if doubtful and _is_common(tokens[first].lower):
        return None
    return Name(
        text[tokens[first].start : tokens[end - 1].end], tokens[first].start, tokens[end - 1].end, doubtful
    )


def _begins_sentence(tokens: Sequence[Word], at: int) -> bool:
    before = at - 1
    while before >= 0 and tokens[before].kind == "quote":
        before -= 1
    return before < 0 or tokens[before].text in {".", "!", "?", ":"} or before < at - 1


def _skip_common(tokens: Sequence[Word], first: int, end: int) -> int:
    """`After Trump`, `Closer Chinese ties`: a sentence's first word, where it is no name."""
    token = tokens[first]
    if first + 1 < end and token.lower in FUNCTION_WORDS and token.lower not in COUNTRY_OF:
        return _skip_common(tokens, first + 1, end)
    usual = parts(token.lower)
    if first + 1 < end and tokens[first + 1].is_word and usual and token.lower not in TITLES | COUNTRY_OF.keys():
        # `Asian stocks` has no second capital; `Defense Department` begins with a noun, `Closer China` does not.
        return first if "n" in usual else first + 1
    return first


def _may_be_common(token: Word) -> bool:
    known = bool(parts(token.lower)) or bool(_PLURAL.search(token.lower))
    return known and token.lower not in COUNTRY_OF and not token.text.replace(".", "").isupper()


def _is_common(lower: str) -> bool:
    """Whether a word with which a sentence begins is an adjective, a plural or a form of a verb, as no name is."""
    usual = parts(lower)
    formed = usual[:1] in {"a", "r"} or verb_form(lower) in {"ing", "past"} or lower not in bases(lower)
    return formed or (not usual and bool(_PLURAL.search(lower)))
