"""Whether a cited sentence may mean somebody by `he` or `the country` whom only the text around it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.support.cited import Cited
from assistant.answering.support.names import TITLES, Name, names, same

_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:it|its|itself|they|their|them|themselves)\b"
    r"|\b(?:the|both|two)\s+(?:\w+\s+)?(?:nation|country|countries|company|firm|group|sides|side|powers|city|state|bank|club|team)\b",
    re.IGNORECASE,
)
_ITSELF = re.compile(r"(?:\A|[,\"”] )it\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(president|premier|chancellor|minister|secretary|leader|chief|director|spokesman|spokeswoman|king|queen|pope)\b",
    re.IGNORECASE,
)


_BESIDE = 28
"""Characters beside a name in which its office is looked for."""


def before(source: Cited) -> str:
    """The context up to the cited sentence."""
    at = source.context.find(source.text)
    return source.context[:at] if at >= 0 else ""


def may_refer(name: Name, source: Cited) -> bool:
    """Whether the sentence refers to something in such a way, and the text before it names this so."""
    if _OFFICE.search(source.text) and _holds_office(name, source):
        return True
    if name.country:
        return bool(_BODY.search(source.text)) and any(same(name, other) for other in names(source.context))
    leading = before(source).rstrip()
    sentence = leading[max(leading.rfind(end, 0, -1) for end in (". ", ".\n", "” ", '" ', "\n")) + 1 :]
    pattern = _ITSELF if name.text.isupper() else _PERSON
    return bool(pattern.search(source.text)) and any(same(name, other) for other in names(sentence))


def is_meant(name: Name, source: Cited, cited: Sequence[Cited]) -> bool:
    """Whether a sentence has a pronoun, and the text before it or another cited one of its article the name."""
    article = source.outlet, source.title, source.published
    texts = [
        before(source),
        *(each.text for each in cited if (each.outlet, each.title, each.published) == article),
    ]
    named = [other for text in texts for other in names(text) if same(name, other) or same(other, name)]
    person = any(not TITLES.isdisjoint(other.parts) for other in (name, *named)) and not name.country
    return any(pattern.search(source.text) for pattern in ((_PERSON,) if person else (_PERSON, _BODY))) and bool(
        named
    )


def _holds_office(name: Name, source: Cited) -> bool:
    """Whether the sentence means a name by an office: `the US president`, whom the text around calls Trump."""
    offices = {found.group().lower() for found in _OFFICE.finditer(source.text)}
    around = source.context
    for other in names(around):
        if same(name, other) or same(other, name):
            beside = around[max(0, other.start - _BESIDE) : other.end + _BESIDE].lower()
            if any(office in beside for office in offices):
                return True
    return False
