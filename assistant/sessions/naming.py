"""Names of sessions: what people may call one, and which one they mean."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Sequence
from itertools import count

from assistant.errors import ConfigurationError
from assistant.sessions.summary import Summary

LONGEST_NAME = 200
FROM_QUESTION = 60
"""Characters of a question that a session without a name is called by."""


def clean_name(name: str) -> str:
    """The name on one line.

    Raises:
        ConfigurationError: nothing is left of it, or it is too long.
    """
    cleaned = composed(" ".join(name.split()))
    if not cleaned:
        raise ConfigurationError("the name of a session is empty", 'give it one, such as "trade talks"')
    if len(cleaned) > LONGEST_NAME:
        raise ConfigurationError(
            f"the name of a session has {len(cleaned)} characters", f"no more than {LONGEST_NAME} will do"
        )
    return cleaned


def composed(name: str) -> str:
    """The name with one code for each accented letter, however a keyboard or a file system writes it."""
    return unicodedata.normalize("NFC", name)


def name_from(question: str) -> str:
    """What a session is called that began with this question and that nobody named."""
    words = composed(" ".join(question.split()))
    if len(words) <= FROM_QUESTION:
        return words or "untitled"
    return words[:FROM_QUESTION].rsplit(" ", 1)[0] + "..."


def unused(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where it is taken."""
    if name not in taken:
        return name
    return next(numbered for number in count(2) if (numbered := f"{name} ({number})") not in taken)


def exactly(wanted: str, summaries: Sequence[Summary]) -> Summary | None:
    """The session of just this name, or else of this id.

    Raises:
        ConfigurationError: several go by the name, as copied files may.
    """
    named = [summary for summary in summaries if summary.name == wanted]
    if len(named) > 1:
        ids = " or ".join(summary.id for summary in named[:3])
        raise ConfigurationError(f"several sessions are called {wanted!r}", f"name one by its id: {ids}")
    return named[0] if named else next((summary for summary in summaries if summary.id == wanted), None)


def meant(wanted: str, summaries: Sequence[Summary], kind: str = "session", hint: str = "") -> Summary:
    """The session of this name or id, or the only one whose name or id begins so.

    `hint` says what to do where none has a name like it, if they are not those that `parley sessions` lists.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    wanted = composed(wanted)
    found = exactly(wanted, summaries)
    if found:
        return found
    begun = [item for item in summaries if wanted and (item.name.startswith(wanted) or item.id.startswith(wanted))]
    if len(begun) == 1:
        return begun[0]
    names = [summary.name for summary in begun or summaries]
    close = names[:3] if begun else difflib.get_close_matches(wanted, names, n=3, cutoff=0.3)
    if close:
        hint = f"did you mean {' or '.join(map(repr, close))}?"
    elif not hint:
        hint = "see them all with: parley sessions" if summaries else 'begin one: parley ask --session NAME "..."'
    told = f"more than one {kind} begins with {wanted!r}" if begun else f"there is no {kind} {wanted!r}"
    raise ConfigurationError(told, hint)
