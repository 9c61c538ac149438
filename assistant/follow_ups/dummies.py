"""An `it` that stands for nothing: `Is it true that`, `Which storm was it that`, `How long will it take to`."""

from __future__ import annotations

import re

_BE = r"(?:(?:is|was)(?:n['’]t)?|be|been|seems?|become)"
_CLAUSE = r"(?:that|whether|if|when|where|why|how|who|what|which)"
_MANNER = r"(?:(?:not|so|still|too|very|ever|also|now|\w+ly) )*"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_BE} (?P<it>it) {_MANNER}\w+ (?:{_CLAUSE}\b|to \w+|for [^?]* to \w+)",
        rf"\b(?P<it>it) (?:is|was|be|been|ever been|has been|seems?) {_MANNER}\w+"
        rf" (?:{_CLAUSE}\b|to \w+|for [^?]* to \w+)",
        rf"\b(?:has|had) (?P<it>it) (?:ever )?(?:been \w+ |happened ){_CLAUSE}\b",
        # The first part of a sentence that is parted for stress.
        rf"\b{_BE} (?P<it>it)(?: [^?,]{{1,60}}?)? (?:that|who)\b",
        r"\b(?:could|may|might|can) (?P<it>it) be that\b",
        rf"\b(?P<it>it) (?:is|was|be|has been) (?:said|reported|known|true|clear|likely) {_CLAUSE}\b",
        r"\b(?:does|did|would|will|can|do|could) (?P<it>it)"
        r" (?:take|cost|mean|help|hurt|matter|make|surprise)\b[^?]*\b(?:to|that|if|when|who|whether|what)\b",
        r"\b(?P<it>it) (?:takes?|took|costs?|helps?|helped|matters?|happens?|happened)"
        r"\b[^?]*\b(?:to|that|if|who)\b",
        r"\bhow long (?:is|was|did|does|will) (?P<it>it) (?:be |take )?(?:before|until|since|till)\b",
        r"\b(?:is|was|will|did|does) (?P<it>it) (?:rain|snow|going)\w*\b",
        r"\b(?P<it>it) (?:is |was |be |get |so |very |too )*(?:cold|hot|warm|dark|late|early|sunny|windy)\b",
        r"\bwhat['’]s in (?P<it>it) for\b",
        r"\bwhat (?:time|day|date|year) (?:is|was) (?P<it>it)\b",
        r"\b(?:is|was) (?P<it>it) (?:like|to \w+)\b",
        r"\b(?:said|says|say|thinks?|calls?|called) (?P<it>it) (?:was|is) an? \w+ \w+ (?:for|to)\b",
        rf"\b(?:makes?|made|making|finds?|found|finding|thinks?|thought|considers?|considered) (?P<it>it)"
        rf" {_MANNER}\w+ (?:to|for|that)\b",
    )
)


def dummies(question: str) -> frozenset[int]:
    """Where in a question an `it` stands that points at nothing."""
    return frozenset(found.start("it") for pattern in _PATTERNS for found in pattern.finditer(question))
