"""What a question asks for, by its words: a yes or no, a reason, several things, or one thing."""

from __future__ import annotations

import re
from typing import Literal

QuestionKind = Literal["yes_or_no", "reason", "several", "one"]

_AUXILIARIES = (
    "is are was were am do does did has have had can could will would shall should may might must "
    "isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't "
    "wouldn't shouldn't"
)
_YES_OR_NO = re.compile(rf"\W*(?:and |but |so )?(?:{'|'.join(_AUXILIARIES.split())})\b(?! you\b)")
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_CHOICE = re.compile(rf"\bor\b|\b{_WH}\b")
_MEASURE = (
    "many much long far old often big large high low tall deep wide fast heavy great soon late likely well bad "
    "badly strong steep small young close quickly"
)
_REASON = re.compile(
    rf"\b(?:why|how come|what (?:caused|causes)|for what (?:reason|purpose)s?)\b"
    rf"|\bwhat (?:is|are|was|were) (?:\w+ ){{0,2}}(?:reason|cause|purpose)s?\b"
    rf"|^\W*how\b(?! (?:{'|'.join(_MEASURE.split())})\b)|^\W*(?:explain|describe)\b"
)
_NUMBER = "two three four five six seven eight nine ten several"
_SEVERAL = re.compile(
    rf"\b{_WH}\b.*\b(?:and|but) {_WH}\b"  # two questions in one
    rf"|\b(?:which|what|who|name|list)(?: (?:are|were|the|all|of))* (?:{'|'.join(_NUMBER.split())})\b"
    rf"|\b(?:who|what|which) (?:are|were) (?:all |some of )?the (?:\w+ )?\w+s\b"
    rf"|^\W*list\b|\bdifferences? between\b|\brespectively\b"
)


def kind_of(question: str) -> QuestionKind:
    """What the question asks for; a question whose words tell nothing asks for one thing."""
    asked = " ".join(question.lower().replace("’", "'").split())
    if _SEVERAL.search(asked):
        return "several"
    if _YES_OR_NO.match(asked) and not _CHOICE.search(asked):
        return "yes_or_no"
    return "reason" if _REASON.search(asked) else "one"
