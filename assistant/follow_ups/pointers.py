"""Words that point at what came before, and are known by themselves: `the other side`, `a year later`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.follow_ups.phrases import phrases

PointerKind = Literal["side", "one", "time", "event", "person"]

_OTHER_SIDE = re.compile(
    r"\bthe (?:other|opposing) (?:side|party|team|country|camp|one)s?\b|\bthe others?\b(?=\W*\Z)", re.I
)
_ONE = re.compile(
    r"\b(?:the|an?|that|this|which) (?:(?!who\b|that\b)[\w-]+ ){0,2}ones?\b(?! (?:of the|of these|of those|who"
    r"|that|which|year|day|week|hundred|million|thing|\w+ing)\b)"
    r"|\bthe (?:former|latter)\b(?= (?:say|said|want|wants|do|did|is|was|has|had|think|thinks|mean|agree)\b"
    r"|\W*\Z)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:(?:the|an?|one|two|three|four|five|six|seven|eight|nine|ten|some|\d+) (?:same )?"
    r"(?:day|week|month|year|hour|minute|decade|night|season|game|round)s? "
    r"(?:after|before|later|earlier)|afterwards?|beforehand|(?<!or )later|before|after|earlier|then|next|meanwhile"
    r"|the (?:next|following|same|previous) (?:day|week|month|year|time))(?=\W*\Z)",
    re.IGNORECASE,
)
_ASKS_EVER = re.compile(
    r"\A\W*(?:has|have|had)\b.*\b(?:before|later)\W*\Z|\b(?:to|will|would) (?:\w+ )?next\W*\Z", re.I
)
"""Where `before` means ever, and `next` from now on."""
_SO = re.compile(
    r"\b(?:do|did|does|doing|say|said|says|think|thinks|thought|why) (so|the same)(?=\W*\Z|\W+(?:too|also))", re.I
)
_THE_MAN = re.compile(
    r"\bthe (?:(?:new|old|other|young) )?(?:man|woman|guy|lady)\b(?! (?:who|that|in|of|with|from|whose|\w+ed)\b)",
    re.I,
)


def pointers(question: str) -> Iterator[tuple[PointerKind, int, int]]:
    """What points in a question, and from where to where."""
    kinds: tuple[tuple[re.Pattern[str], PointerKind, int], ...] = (
        (_OTHER_SIDE, "side", 0),
        (_ONE, "one", 0),
        (_TIME, "time", 0),
        (_SO, "event", 1),
        (_THE_MAN, "person", 0),
    )
    for pattern, kind, group in kinds:
        for match in pattern.finditer(question):
            if not _is_told(question, kind, match.start(group), match.group().lower()):
                yield kind, match.start(group), match.end(group)


def _is_told(question: str, kind: PointerKind, start: int, text: str) -> bool:
    """Whether the question says itself what such words mean."""
    before = question[:start]
    if kind == "side":
        return re.search(r"\b(?:one|each|either|both)\b", before, re.IGNORECASE) is not None
    if kind == "event":
        return re.search(r"\b(?:and|but|when|if|that)\b|:", before, re.IGNORECASE) is not None
    if kind == "time":
        return _ASKS_EVER.search(question) is not None
    if kind == "one" and text.startswith(("which", "an ", "a ")):
        return any(
            phrase.name is not None or not phrase.bare for phrase in phrases(question) if phrase.end <= start
        )
    return False
