"""Questions that are only a piece of one: `Why?`, `And Europe?`, `Who said that?`, `What else?`, `And then?`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answering.support.lexicon import parts, verb_form
from assistant.answering.support.words import words
from assistant.follow_ups.somebody import ASKING, WH, named_in
from assistant.follow_ups.wording import without_end

Sort = Literal["asks", "said", "else", "next", "instead"]
"""`asks`: only the word that asks. `instead`: something in place of what the last question named."""
MOST_WORDS = 8
"""Words of a fragment that puts something in place of something else."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a question."""

    sort: Sort
    text: str
    """The words that ask, or what is put in place of something."""


_LEAD = r"(?:(?:and|but|or|so|ok|okay|well|now|then),? )*"
_ASKS = re.compile(
    rf"{_LEAD}(?P<asks>why not|why|how come|when exactly|where exactly|since when|until when|when|where"
    rf"|how exactly|how"
    r"|by whom|with whom|against whom|for whom|to whom|from where|on what date|in (?:what|which) (?:year|month"
    r"|city|country)"
    r"|(?:on )?(?:what|which) (?:day|date|year|month)|at what time|for how long|how long|how often|how many"
    r"|how much|who)"
    r"(?:,? (?:is|was|were|are|did|does|has|had|would|will) (?:this|that|it|so)"
    r"(?: happen| happened| be| been| done| come about| take place| so| the case)?)?(?: so)?",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"{_LEAD}(?:who (?:exactly )?(?:said|says|told (?:them|us|him|her)|claims?|claimed|reported|reports|stated"
    rf"|wrote) "
    r"(?:that|this|so|it)|says who|said who|according to whom|where (?:does|did) (?:it|this|that) say (?:that|so)"
    r"|whose (?:words|view|opinion|claim) (?:is|are|was|were) (?:that|this|those|these))",
    re.IGNORECASE,
)
_ELSE = re.compile(
    rf"{_LEAD}(?:(?P<asks>what|who|where|when|why|how) else(?: (?:was|is|did) (?:there|that|it|happen))?"
    rf"|anything else"
    r"|anyone else|anybody else|somewhere else|any others?|what more|is that all|any more)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"{_LEAD}(?:then|then what|what then|what (?:happened|came) (?:next|then|after(?: that| this)?|afterwards?"
    rf"|later)"
    r"|and then|what next|after (?:that|this)|afterwards|later)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"{_LEAD}(?:(?:what|how) about|what of|what with|and|but|or|as for|regarding) (?P<text>.+)", re.IGNORECASE
)
_LEADING = re.compile(rf"\A{_LEAD}(?=\w)", re.IGNORECASE)


def fragment_of(question: str) -> Fragment | None:
    """The piece that a question is; None where it is a whole one."""
    asked = without_end(question)
    if (found := _NEXT.fullmatch(asked)) is not None:
        return Fragment("next", asked)
    if _SAID.fullmatch(asked):
        return Fragment("said", asked)
    if (found := _ELSE.fullmatch(asked)) is not None:
        return Fragment("else", (found["asks"] or "what").lower())
    if (found := _ASKS.fullmatch(asked)) is not None:
        return Fragment("asks", found["asks"].lower())
    if (found := _ABOUT.fullmatch(asked)) is not None and _is_phrase(found["text"]):
        return Fragment("instead", found["text"])
    if question.rstrip().endswith("?") and len(asked.split()) <= 4 and _is_phrase(asked) and not _is_query(asked):
        return Fragment("instead", asked)
    return None


def _is_phrase(text: str) -> bool:
    """Whether a text is only a name or a noun with what belongs to it, and asks nothing by itself."""
    tokens = words(text)
    if not tokens or len(tokens) > MOST_WORDS or "," in text or ":" in text:
        return False
    named = [(name.start, name.end) for name in named_in(text)]
    for at, token in enumerate(tokens):
        if any(start <= token.start and token.end <= end for start, end in named):
            continue
        if token.lower in WH or token.lower in ASKING:
            return False
        finite = verb_form(token.lower) in {"past", "base"} and parts(token.lower)[:1] == "v"
        if finite and at > 0 and "n" not in parts(token.lower) and "a" not in parts(token.lower):
            return False
    return True


def _is_query(text: str) -> bool:
    """Whether a few words may be a search of their own: more than a name, or than an article with a noun."""
    telling = [token for token in words(text) if token.tells]
    return len(telling) > 2 and len(named_in(text)) == 0
