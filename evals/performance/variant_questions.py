"""Questions of a suite in other words for the same: other spellings, numbers and abbreviations.

The rules are written down here apart from those of `index.variants`, so that questions made by them test those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from evals.cases import Case

_OUR = "arm|behavi|col|fav|flav|harb|hon|hum|lab|neighb|rum|tum|vap"
_ROOTS_OF_ISE = (
    "author|character|civil|colon|criminal|emphas|item|legal|memor|modern|organ|recogn|real|standard|util"
)
_IN_DIGITS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "twelve": "12", "fifteen": "15", "twenty": "20", "thirty": "30", "fifty": "50",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
}  # fmt: skip
RULES: Mapping[str, Sequence[tuple[str, str]]] = {
    "abbreviations": [
        (r"\bU\.S\.A?\.?", "US"),
        (r"\bU\.K\.", "UK"),
        (r"\bUSA?\b", "U.S."),
        (r"\bUnited States\b", "U.S."),
        (r"\bUK\b", "U.K."),
        (r"\bUnited Kingdom\b", "UK"),
        (r"\bEuropean Union\b", "EU"),
        (r"\bEU\b", "E.U."),
        (r"\bUnited Nations\b", "UN"),
        (r"\b([A-Z])\.([A-Z])\.", r"\1\2"),
        (r"\b([B-Z])([B-HJ-Z])([A-Z])\b", r"\1.\2.\3."),
    ],
    "numbers": [
        (r"\b(\d{1,3}),(\d{3})\b", r"\1\2"),
        (r"\b(\d+) million\b", r"\1m"),
        (r"\b(\d+) billion\b", r"\1bn"),
        (r"\bpercent\b", "per cent"),
        (r"(\d)%", r"\1 percent"),
        *((rf"\b{word}\b", digits) for word, digits in _IN_DIGITS.items()),
        (r"\b16th\b", "sixteenth"),
        (r"\b17th\b", "seventeenth"),
        (r"\b18th\b", "eighteenth"),
        (r"\b19th\b", "nineteenth"),
        (r"\b20th\b", "twentieth"),
    ],
    "spelling": [
        (rf"\b({_OUR})our", r"\1or"),
        (rf"\b({_OUR})or", r"\1our"),
        (rf"\b({_ROOTS_OF_ISE})iz", r"\1is"),
        (rf"\b({_ROOTS_OF_ISE})is(?=e|ing|ation)", r"\1iz"),
        (r"\b(cent|theat)re", r"\1er"),
        (r"\b(cent|theat)er\b", r"\1re"),
        (r"\b(kilo)?metre", r"\1meter"),
        (r"\b(kilo)?meter", r"\1metre"),
        (r"\b(def|off)ense\b", r"\1ence"),
        (r"\b(def|off)ence\b", r"\1ense"),
        (r"\bprogramme", "program"),
        (r"\bprogram(s?)\b", r"programme\1"),
        (r"\baluminum\b", "aluminium"),
        (r"\baluminium\b", "aluminum"),
        (r"\blicense", "licence"),
        (r"\bgray\b", "grey"),
        (r"\banalyz", "analys"),
    ],
    "hyphens": [(r"\b(anti|non|post|pre|multi|co|semi|micro|counter)-([a-z]{3,})\b", r"\1\2"),
                (r"\b([a-z]{3,})-([a-z]{3,})\b", r"\1\2")],
}  # fmt: skip


def rewrite(question: str, kind: str) -> str:
    """The question after the first rule of a kind that changes it; the same if none does."""
    for written, other in RULES[kind]:
        changed = re.sub(written, other, question)
        if changed != question:
            return changed
    return question


def rewritten(cases: Sequence[Case], kinds: Sequence[str]) -> Iterator[Case]:
    """The cases whose question can be put otherwise by one of these kinds of rules, so put by each of them."""
    for case in cases:
        question = case.question
        for kind in kinds:
            question = rewrite(question, kind)
        if question != case.question:
            yield replace(case, question=question)
