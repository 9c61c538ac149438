"""Exit codes, and what can go wrong between a person and an answer.

The exceptions of `index.errors`, ReaderError and SessionFileError with them, end with CORPUS; ConfigurationError
ends with USAGE; BackendError ends with BACKEND; whatever is none of them is a bug and ends with BUG.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from index.errors import IndexingError, ModelError


class ExitCode(IntEnum):
    """What a script can rely on."""

    ANSWERED = 0
    BUG = 1
    USAGE = 2
    NOT_FOUND = 3
    UNSUPPORTED = 4
    CORPUS = 5
    BACKEND = 6
    GATE_FAILED = 9
    GATE_INCONCLUSIVE = 10
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class ConfigurationError(Exception):
    """A question, flag, variable or setting that cannot be used; `hint` says what can."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BackendError(Exception):
    """A language model that cannot be reached, refuses, or breaks off; `hint` says what mends it.

    Neither holds a key: where a provider repeats one in its own message, it has been taken out.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ReaderError(ModelError):
    """The shipped reader is missing, altered or cannot be loaded."""

    model = "reader"


class SessionFileError(IndexingError):
    """The file of a saved conversation cannot be read or written, or is no such file."""


def error_json(code: ExitCode, message: str, hint: str) -> dict[str, Any]:
    """A failure in the schema that scripts rely on."""
    return {"schema": "parley.error/1", "code": int(code), "error": message, "hint": hint}


def told(message: str, hint: str) -> str:
    """A failure for people: what it is, and what mends it."""
    message = message.rstrip(".")
    if not hint:
        return message
    # No full stop after it: a hint often ends with a command to copy.
    begun = hint if hint.startswith("parley ") else hint[0].upper() + hint[1:]
    return f"{message}{'' if message.endswith(('?', '!')) else '.'} {begun}"


def without_a_model(hint: str) -> str:
    """A hint that also says how to go on where the model stays away; nothing is switched in silence."""
    if "--backend extractive" in hint:
        return hint
    return f"{hint.rstrip('.')}; or answer without a model: --backend extractive".removeprefix("; or ")
