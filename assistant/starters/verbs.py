"""Forms of the verbs that questions are made with."""

from __future__ import annotations

import re
from functools import cache

from assistant.answering.support.lexicon import bases, entry
from assistant.follow_ups.wording import past


@cache
def base_of(verb: str) -> str:
    """The base form that a past or a participle in lower case is of; empty where that is not known."""
    known = [base for base in bases(verb) if (found := entry(base)) and "v" in found.parts]
    return next((base for base in known if past(base) == verb), next((base for base in known if base != verb), ""))


def is_past(verb: str) -> bool:
    """Whether a word in lower case is the simple past of a verb, as `won`, but not `done`."""
    base = base_of(verb)
    return bool(base) and past(base) == verb


def third_person(base: str) -> str:
    """What somebody does now: `leads`, `teaches`."""
    if re.search(r"[^aeiou]y\Z", base):
        return f"{base[:-1]}ies"
    return f"{base}es" if base.endswith(("s", "sh", "ch", "x", "o", "z")) else f"{base}s"
