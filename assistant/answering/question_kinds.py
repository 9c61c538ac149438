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
_YES_OR_NO = re.compile(rf"\W*(?:and |but |so )?(?:{'|'.join(_AUXILIARIES.split())})\b(?! (?:you\b|\d))")
_WH = r"(?:who|whom|whose|what|which|when|where|why|how)"
_CHOICE = re.compile(rf"\bor\b|\b{_WH}\b")
_HOW = (
    "do does did don't doesn't didn't is are was were has have had can can't could couldn't will would should "
    "shall may might must to the a an"
)
"""What follows a `how` that asks for a way; after others it asks for a measure: `how expensive is it`."""
LONGEST_READ = 1000
"""Characters of a question that are looked at: the time grows with the square of their number."""
_REASON = re.compile(
    rf"\b(?:why|how come|what (?:caused|causes)|for what (?:reason|purpose)s?)\b"
    rf"|\bwhat (?:is|are|was|were) (?:\w+ ){{0,2}}(?:reason|cause|purpose)s?\b"
    rf"|^\W*how (?:{'|'.join(_HOW.split())})\b|^\W*(?:explain|describe)\b"
)
_NUMBER = "two three four five six seven eight nine ten several"
_SEVERAL = re.compile(
    rf"\b{_WH}\b.*\b(?:and|but) {_WH}\b"  # two questions in one
    rf"|\b(?:which|what|who|name|list)(?: (?:are|were|all of|all|the))* (?:{'|'.join(_NUMBER.split())})\b(?!-)"
    rf"|\b(?:who|what|which) (?:are|were) (?:all |some of )?the (?:\w+ )?\w+s\b"
    rf"|^\W*list\b|\bdifferences? between\b|\brespectively\b"
)


def kind_of(question: str) -> QuestionKind:
    """What the question asks for; a question whose words tell nothing asks for one thing."""
    asked = " ".join(question[:LONGEST_READ].lower().replace("’", "'").split())
    if _SEVERAL.search(asked):
        return "several"
    if _YES_OR_NO.match(asked) and not _CHOICE.search(asked):
        return "yes_or_no"
    return "reason" if _REASON.search(asked) else "one"
