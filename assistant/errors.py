"""Exit codes, and what can go wrong between a person and an answer.

The exceptions of `index.errors`, and ReaderError with them, end with CORPUS; ConfigurationError ends with USAGE;
whatever is neither is a bug and ends with BUG.
"""

from __future__ import annotations

from enum import IntEnum

from index.errors import ModelError


class ExitCode(IntEnum):
    """What a script can rely on; 4 and 6 come with model backends."""

    ANSWERED = 0
    BUG = 1
    USAGE = 2
    NOT_FOUND = 3
    CORPUS = 5
    GATE_FAILED = 9
    GATE_INCONCLUSIVE = 10
    INTERRUPTED = 130
    PIPE_CLOSED = 141


class ConfigurationError(Exception):
    """A question, flag, variable or setting that cannot be used; `hint` says what can."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ReaderError(ModelError):
    """The shipped reader is missing, altered or cannot be loaded."""

    model = "reader"
