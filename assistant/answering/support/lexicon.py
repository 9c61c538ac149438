"""What an English word is a form of, and which words mean the same or the opposite.

Most of it is WordNet's (`wordnet/words.txt`, read at first use, some 30 ms); spellings of both sides of the
Atlantic are the index's; groups of words that newspapers use for one another stand in `alike.txt`, opposites in
`opposites.txt`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from index.spellings import other_spellings

WORDS = Path(__file__).parent / "wordnet" / "words.txt"
SAME = 1.0
SYNONYM = 0.9
AKIN = 0.6
"""One of the two is wider: `criticise` and `condemn`."""

ALIKE = Path(__file__).with_name("alike.txt")
"""Words that newspapers use for one another and WordNet does not join, a group a line."""


@cache
def _groups() -> dict[str, frozenset[int]]:
    """The numbers of the groups that a word is in."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(ALIKE.read_text(encoding="utf-8").splitlines()):
        for word in group.split():
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


OPPOSITES = Path(__file__).with_name("opposites.txt")
"""Words that newspapers use as opposites, beside those of WordNet: a pair of groups a line."""


@cache
def _sides() -> dict[str, frozenset[str]]:
    """What stands on the other side of each word."""
    known: dict[str, set[str]] = {}
    for line in OPPOSITES.read_text(encoding="utf-8").splitlines():
        one, _, other = line.partition("/")
        for ours, theirs in ((one, other), (other, one)):
            for word in ours.split():
                known.setdefault(word, set()).update(theirs.split())
    return {word: frozenset(against) for word, against in known.items()}


_ENDINGS = (
    *(
        ("ies", "y"),
        ("ied", "y"),
        ("ier", "y"),
        ("iest", "y"),
        ("ily", "y"),
        ("sses", "ss"),
        ("es", ""),
        ("es", "e"),
    ),
    *(("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("est", "")),
    *(("est", "e"), ("ly", ""), ("ally", "")),
)
"""Inflections and comparison, and adverbs of manner, which mean what their adjectives do."""
_COMPARING = frozenset({"ier", "iest", "er", "est", "ly", "ily", "ally"})
_NONE: frozenset[int] = frozenset()
_VOWELS = frozenset("aeiou")
_SHORTEST = 3
_DERIVING = (
    *(
        "abilities",
        "ability",
        "ibility",
        "ations",
        "ation",
        "itions",
        "ition",
        "ions",
        "ion",
        "ments",
        "ment",
        "ances",
        "ance",
        "ences",
        "ence",
        "ities",
    ),
    *(
        "ity",
        "ness",
        "ably",
        "en",
        "able",
        "ible",
        "ively",
        "ive",
        "fully",
        "ful",
        "ings",
        "ing",
        "ied",
        "ed",
        "ers",
    ),
    *("er", "ors", "or", "als", "ally", "al", "ly", "ies", "es", "s"),
)
_LEAST_ROOT = 3
_COMPOUNDED = 5


class Entry(NamedTuple):
    """A word of the lexicon."""

    parts: str
    """`n`, `v`, `a`, `r`: what it is used as, the most usual first."""
    meanings: frozenset[str]
    wider: frozenset[str]
    opposites: frozenset[str]


@cache
def _lines() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """The line of each word, and the bases of each irregular form."""
    words: dict[str, str] = {}
    irregular: dict[str, tuple[str, ...]] = {}
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition("\t")
        if rest.startswith("~"):
            irregular[word] = (*irregular.get(word, ()), rest[1:])
        else:
            words[word] = rest
    return words, irregular


@cache
def _of_irregular() -> dict[str, tuple[str, ...]]:
    """The irregular forms of each base form."""
    found: dict[str, list[str]] = {}
    for form, of in _lines()[1].items():
        for base in of:
            found.setdefault(base, []).append(form)
    return {base: tuple(sorted(forms)) for base, forms in found.items()}


def irregular_forms(base: str) -> tuple[str, ...]:
    """The forms of a base form that no rule makes: `began`, `beginning` and `begun` of `begin`."""
    return _of_irregular().get(base, ())


@lru_cache(maxsize=16_384)
def entry(base: str) -> Entry | None:
    """What the lexicon knows of a base form."""
    line = _lines()[0].get(base)
    if line is None:
        return None
    parts, own, wider, opposites = (*line.split("\t"), "", "", "")[:4]
    return Entry(parts, *(frozenset(field.split()) for field in (own, wider, opposites)))


@lru_cache(maxsize=16_384)
def bases(word: str) -> tuple[str, ...]:
    """The base forms that a word in lower case may be a form of; itself where none is known.

    `talks` may be of `talk`, `left` of `leave` and of `left`.
    """
    words, irregular = _lines()
    found = dict.fromkeys(irregular.get(word, ()))
    if word in words or word in _groups():
        found[word] = None
    known = word in words
    found |= dict.fromkeys(base for base in _regular(word, compared=not known) if base in words)
    for other in other_spellings(word):
        if other in words:
            found[other] = None
    return tuple(found) or (word,)


def _regular(word: str, *, compared: bool) -> list[str]:
    """What a word may be formed of; `offer` is a word of its own and no more `off`."""
    made = []
    for ending, put in _ENDINGS:
        if not compared and ending in _COMPARING:
            continue
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST - len(put):
            base = word[: len(word) - len(ending)] + put
            made.append(base)
            if not put and len(base) > _SHORTEST and base[-1] == base[-2] and base[-1] not in _VOWELS:
                made.append(base[:-1])
    return made


@lru_cache(maxsize=16_384)
def verb_form(word: str) -> str:
    """`ing`, `past` (or participle) or `base` (`-s` included) of a verb in lower case; empty for other words."""
    verbs = [base for base in bases(word) if (known := entry(base)) and "v" in known.parts]
    if word.endswith("ing") and any(base != word for base in verbs):
        return "ing"
    if any(base != word for base in verbs) and (word.endswith("ed") or word in _lines()[1]):
        return "past"
    return "base" if any(base == word or word.endswith("s") for base in verbs) else ""


@lru_cache(maxsize=16_384)
def parts(word: str) -> str:
    """What a word in lower case may be used as: `n`, `v`, `a`, `r`, the most usual first; empty if unknown."""
    return "".join(dict.fromkeys("".join(known.parts for base in bases(word) if (known := entry(base)))))


@lru_cache(maxsize=65_536)
def kinship(one: str, other: str) -> float:
    """How far two words in lower case mean the same: 1 for forms of one word, 0 for different ones."""
    ones, others = bases(one), bases(other)
    if one == other or not set(ones).isdisjoint(others):
        return SAME
    groups = _groups()
    if any(not groups.get(a, _NONE).isdisjoint(groups.get(b, _NONE)) for a in ones for b in others):
        return SYNONYM
    known = [found for base in ones if (found := entry(base))]
    beside = [found for base in others if (found := entry(base))]
    if any(not a.meanings.isdisjoint(b.meanings) for a in known for b in beside):
        return SYNONYM
    if any(
        not a.meanings.isdisjoint(b.wider) or not a.wider.isdisjoint(b.meanings) for a in known for b in beside
    ):
        return AKIN
    return _of_one_root(one, other)


@lru_cache(maxsize=16_384)
def _root(word: str) -> str:
    """A word without what makes a noun, a verb or an adjective of it: `relax` of `relaxation` and `relaxing`."""
    for ending in _DERIVING:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_ROOT:
            return word[: len(word) - len(ending)].rstrip("e")
    return word.rstrip("e")


def _of_one_root(one: str, other: str) -> float:
    """Words that the lexicon does not know or join: `multibillion` and `billion` are none, `Chinese-made` is."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _COMPOUNDED and longer.endswith(shorter):
        return AKIN  # `cybertheft`
    if not {_root(base) for base in bases(one)}.isdisjoint(_root(base) for base in bases(other)):
        return SYNONYM
    if len(shorter) < 6:
        return 0.0
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return AKIN if shared >= 5 and shared >= max(len(one), len(other)) - 4 else 0.0


@lru_cache(maxsize=65_536)
def are_opposites(one: str, other: str) -> bool:
    """Whether two words in lower case say the opposite of each other, in any of their forms."""
    ours, theirs = {one, *bases(one)}, {other, *bases(other)}
    return any(not theirs.isdisjoint(_sides().get(word, ())) for word in ours) or any(
        (known := entry(word)) is not None and not known.opposites.isdisjoint(against)
        for group, against in ((ours, theirs), (theirs, ours))
        for word in group
    )
