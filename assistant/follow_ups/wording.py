"""Small changes of wording: a question's sentence made short, put in the past, or begun otherwise."""

from __future__ import annotations

import re
from functools import cache

from assistant.answering.support.lexicon import bases, irregular_forms
from assistant.answering.support.names import names
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import FUNCTION_WORDS, words
from assistant.sanitize import sanitize_line

LONGEST = 300
"""Characters of a completed question."""
LONGEST_READ = 600
"""Characters of a question or answer that are looked at."""
MOST_WORDS = 22
"""Words of an earlier sentence that a completed question repeats."""
_UNCHANGED = listed("put set cut let cost hurt shut spread quit split bet cast rid hit burst read")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_PAUSE = re.compile(r"[,;:]|\s[-–—]+(?=\s)")


def on_one_line(text: str) -> str:
    """The beginning of a text without control characters, white space folded."""
    return " ".join(sanitize_line(text[:LONGEST_READ]).split())


def without_end(question: str) -> str:
    """A question without its marks at the end."""
    return question.rstrip(" ?!.…")


def as_question(text: str) -> str:
    """A text with a capital and a question mark, cut at a word where it is too long."""
    text = without_end(" ".join(text.split()))
    if len(text) >= LONGEST:
        text = text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:-")
    return f"{text[:1].upper()}{text[1:]}?"


def going_on(text: str) -> str:
    """A sentence as it goes on after a colon; a name keeps its capital."""
    named = any(name.start == 0 for name in names(text))
    keeps = named or re.match(r"(?:I\b|[A-Z][^\s]*[A-Z\d])", text) is not None
    return text if keeps else f"{text[:1].lower()}{text[1:]}"


def shortened(sentence: str) -> str:
    """A sentence without asides, and without what follows a pause where it is long."""
    kept = without_end(_ASIDE.sub("", on_one_line(sentence)))
    if len(kept.split()) <= MOST_WORDS:
        return kept
    pauses = [pause.start() for pause in _PAUSE.finditer(kept)]
    fitting = [kept[:at] for at in pauses if MOST_WORDS // 2 <= len(kept[:at].split()) <= MOST_WORDS]
    if fitting:
        return fitting[-1].rstrip(" ,;:-–—")
    told = kept.split()[:MOST_WORDS]
    while len(told) > 1 and told[-1].lower() in FUNCTION_WORDS:
        told.pop()
    return " ".join(told).rstrip(" ,;:-–—")


def content(text: str) -> frozenset[str]:
    """The base forms of the words of a text that carry meaning."""
    return frozenset(base for word in words(text) if word.tells for base in (word.lower, *bases(word.lower)))


@cache
def past(verb: str) -> str:
    """The past of a verb's base form."""
    if verb in _UNCHANGED:
        return verb
    forms = [form for form in irregular_forms(verb) if not form.endswith("ing")]
    simple = [form for form in forms if verb.endswith("n") or not form.endswith(("n", "ne"))]
    if simple:
        return simple[0]
    if verb.endswith("e"):
        return f"{verb}d"
    if re.search(r"[^aeiou]y\Z", verb):
        return f"{verb[:-1]}ied"
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", verb):
        return f"{verb}{verb[-1]}ed"
    return f"{verb}ed"
