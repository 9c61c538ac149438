"""A text's words and marks, in order, with their offsets; which of them carry meaning and which only grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.answering.support.lexicon import bases
from assistant.answering.support.wordlists import listed

_TOKEN = re.compile(
    r"(?P<abbreviation>(?:[A-Za-z]\.){2,}|(?<!\w)[A-Z]\.(?=\s[A-Z])|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|St|Jr|Sr|No|Inc|Co|Corp|Ltd)\.)"
    r"|(?P<number>[$€£¥]?\d[\d.,]*\d%?|[$€£¥]?\d%?)"
    r"|(?P<not>(?<=[a-z])n['’]t\b)"
    r"|(?P<word>(?:(?!n['’]t\b)[^\W\d_])+)"
    r"|(?P<own>(?<=[\w.])['’]s?(?!\w))"
    r"|(?P<quote>[\"“”„«»]|(?<!\w)['‘]|['’](?!\w))"
    r"|(?P<dash>--+|[–—]|(?<=\s)-(?=\s))"
    r"|(?P<hyphen>-)"
    r"|(?P<mark>[^\w\s])"
)


DETERMINERS = listed(
    "the a an this that these those each every some any all both its his her their our my your no such"
)
PREPOSITIONS = listed(
    "of in on at by for from to with without about against between among into onto over under above below "
    "after before during since until till through throughout across along around behind beside beyond despite "
    "toward towards upon within amid near off out up down as than like per via following including regarding "
    "concerning besides except"
)
AUXILIARIES = listed("be is are was were been being am has have had having do does did doing done get gets got 's")
MODALS = listed("will would shall should can could may might must cannot wo ca")
PRONOUNS = listed(
    "i you he she it we they me him us them himself herself itself themselves who whom whose which what one "
    "ones someone anyone everyone something anything everything nothing nobody there here"
)
JOINING = listed("and or but nor yet so")
SUBORDINATING = listed(
    "that if whether when while although though because unless until since before after as where whereas once lest"
)
LIGHT_VERBS = listed(
    "go going goes went gone come comes came coming give gives gave given giving take takes took taken taking "
    "make makes made making put puts hold holds held holding keep keeps kept bring brings brought bringing "
    "help helps helped lasted lasts get gets got getting gotten"
)
"""Verbs that say little by themselves, and yet may be denied or turned into their opposite."""
_LIGHT = listed(
    "also however only just even then too very much more most less least rather quite still already yet again "
    "ever hardly scarcely barely nearly almost well far now soon long right away not n't so same other others "
    "another own thus therefore meanwhile instead otherwise perhaps make made makes making take took taken "
    "takes taking give gave given gives giving put puts go goes went gone going come comes came coming let "
    "lets way ways thing things kind sort called so-called part parts said say says saying tell told tells "
    "telling according state stated states mr mrs ms dr many few several some number worth else how little "
    "neither get gets got getting gotten due bring brings brought bringing hold holds held holding lasted "
    "lasts lasting stand stands stood remain remains remained keep keeps kept help helps helped up reporters "
    "journalists use used uses using able order fact case one's lot etc"
)
FUNCTION_WORDS = DETERMINERS | PREPOSITIONS | AUXILIARIES | MODALS | PRONOUNS | JOINING | SUBORDINATING | _LIGHT
"""Words that any sentence may hold without asserting more; polarity, speakers and figures are looked at apart."""


@dataclass(frozen=True)
class Word:
    """A word, number or mark of a text."""

    text: str
    start: int
    end: int
    kind: str
    """`word`, `number`, `own` (the possessive ending), `not`, `quote`, `dash`, `hyphen` or `mark`."""

    @cached_property
    def lower(self) -> str:
        """In lower case, without the points of an abbreviation; `n't` is `not`."""
        if self.kind == "not":
            return "not"
        lowered = self.text.lower().replace("’", "'")
        return lowered.replace(".", "") if self.kind == "abbreviation" else lowered

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.kind in {"word", "abbreviation", "not"}

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The base forms that it may be a form of."""
        return bases(self.lower)

    @cached_property
    def tells(self) -> bool:
        """Whether it carries meaning of its own."""
        return self.kind in {"word", "abbreviation"} and self.lower not in FUNCTION_WORDS and len(self.lower) > 1

    def among(self, listed: frozenset[str]) -> bool:
        """Whether it or a base form of it is one of these."""
        return self.lower in listed or not listed.isdisjoint(self.bases)


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Word, ...]:
    """The words and marks of a text; white space and what is no character are left out."""
    return tuple(
        Word(found.group(), found.start(), found.end(), found.lastgroup or "mark")
        for found in _TOKEN.finditer(text)
    )
