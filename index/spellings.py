"""British and American spellings of an English word."""

from __future__ import annotations

import re

_OUR = """
arbor ardor armor behavior candor clamor color demeanor endeavor favor fervor flavor glamor harbor honor humor
labor neighbor odor parlor rancor rigor rumor savior savor splendor tumor valor vapor vigor
"""
_ROOTS = {american.removesuffix("or") + "our": american for american in _OUR.split()} | {
    "aeroplane": "airplane",
    "aluminium": "aluminum",
    "anaem": "anem",
    "anaesth": "anesth",
    "archaeolog": "archeolog",
    "artefact": "artifact",
    "catalogue": "catalog",
    "cheque": "check",
    "counsellor": "counselor",
    "defence": "defense",
    "dialogue": "dialog",
    "diarrhoea": "diarrhea",
    "draught": "draft",
    "encyclopaed": "encycloped",
    "enrolment": "enrollment",
    "foetus": "fetus",
    "fulfilment": "fulfillment",
    "grey": "gray",
    "haem": "hem",
    "instalment": "installment",
    "jewellery": "jewelry",
    "judgement": "judgment",
    "kerb": "curb",
    "leukaem": "leukem",
    "licence": "license",
    "manoeuvr": "maneuver",
    "mould": "mold",
    "oesophag": "esophag",
    "oestrogen": "estrogen",
    "offence": "offense",
    "paediatr": "pediatr",
    "plough": "plow",
    "pretence": "pretense",
    "programme": "program",
    "pyjama": "pajama",
    "sceptic": "skeptic",
    "skilful": "skillful",
    "sulph": "sulf",
    "tyre": "tire",
}
"""How a word begins on either side; what follows is the same."""
_BRITISH = {american: british for british, american in _ROOTS.items()}
_ROOT = re.compile("|".join(sorted({*_ROOTS, *_BRITISH}, key=len, reverse=True)))

_RE = re.compile(
    r"((?:kilo|centi|milli|nano)?met|(?:milli)?lit|amphitheat|calib|cent|epicent|fib|lust|meag|ochr|sab|somb|spect|theat)"
    r"(?:(re[sd]?|ring)|er(?:s|ed|ing)?)"
)
"""`centred` and `centered`: all forms of `centre` share a stem, and so do those of `center`."""
_ISE = re.compile(r"(\w{3,})([sz])(e|es|ed|er|ers|ing|able|ation|ations)")
_ISE_ENDINGS = ("i", "y")
"""`organise`, `analyse`."""
_NO_SUFFIX = frozenset(
    {"compromi", "disgui", "enterpri", "exerci", "paradi", "prai", "premi", "promi", "rai", "surpri"}
)
"""What ends in -ise by itself; of `paradize` the stem would be that of `parade`."""


def other_spellings(word: str) -> tuple[str, ...]:
    """How else a word of lower-case letters is spelled on the other side of the Atlantic; often not at all.

    The rules know no dictionary: what they make of a few words is no word, and so is found nowhere.
    """
    others = (_by_root(word), _by_re(word), _by_ise(word))
    return tuple(dict.fromkeys(other for other in others if other and other != word))


def _by_root(word: str) -> str | None:
    found = _ROOT.match(word)
    if not found:
        return None
    root = found.group()
    return (_ROOTS.get(root) or _BRITISH[root]) + word[found.end() :]


def _by_re(word: str) -> str | None:
    found = _RE.fullmatch(word)
    return found and found[1] + ("er" if found[2] else "re")


def _by_ise(word: str) -> str | None:
    found = _ISE.fullmatch(word)
    if not found or not found[1].endswith(_ISE_ENDINGS) or found[1] in _NO_SUFFIX:
        return None
    return found[1] + ("z" if found[2] == "s" else "s") + found[3]
