"""What an engine's processes tell each other.

Requests are numbered from 1; what is told under 0 is a notice. Each request but Cancel and GiveUp is followed by
any number of Told, then by Ended or Failed.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import date

from assistant.conversation import Turn
from assistant.engine.failures import EngineFault
from assistant.errors import BackendError, ConfigurationError, ReaderError
from index.errors import (
    CorpusError,
    DamagedError,
    EncoderError,
    IndexingError,
    LockedError,
    ModelError,
    StateError,
)

NOTICE = 0
"""The number under which notices are told."""
KINDS: dict[str, type[ConfigurationError | BackendError | IndexingError]] = {
    kind.__name__: kind
    for kind in (
        *(ConfigurationError, BackendError, IndexingError, CorpusError, LockedError, StateError, DamagedError),
        *(ModelError, EncoderError, ReaderError),
    )
}
"""What is raised again in another process as it was."""
FAULT = "EngineFault"


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer a question; `Told` are its events, remarks, and how far indexing has come while it waits."""

    number: int
    question: str
    since: date | None
    until: date | None
    history: tuple[Turn, ...]
    backend: str | None


@dataclass(frozen=True, slots=True)
class ListArticles:
    """All articles of the index; `Told` are tuples of summaries."""

    number: int


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """One article as its file holds it now, `Told` as an ArticleText."""

    number: int
    path: str


@dataclass(frozen=True, slots=True)
class MakeStarters:
    """Questions that the articles answer, `Told` as a tuple."""

    number: int


@dataclass(frozen=True, slots=True)
class Reindex:
    """Compare folder and index now, or build it anew; ends when it has begun."""

    number: int
    rebuild: bool


Request = Ask | ListArticles | ReadArticle | MakeStarters | Reindex


@dataclass(frozen=True, slots=True)
class Cancel:
    """End this question; what a model wrote until now is checked and kept."""

    number: int


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Nobody waits for this request any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Told:
    """A result of a request, or a notice."""

    number: int
    what: object


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more comes of a request."""

    number: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A request failed: one of `KINDS`, or a bug, whose traceback is `report`."""

    number: int
    kind: str
    message: str
    hint: str = ""
    report: str = ""

    @classmethod
    def of(cls, number: int, error: Exception) -> Failed:
        """What an exception is told as."""
        if isinstance(error, ConfigurationError | BackendError | IndexingError):
            kind = next(base.__name__ for base in type(error).__mro__ if KINDS.get(base.__name__) is base)
            return cls(number, kind, str(error), error.hint)
        report = "".join(traceback.format_exception(error))
        return cls(number, FAULT, f"{type(error).__name__}: {error}", report=report)

    def error(self) -> ConfigurationError | BackendError | IndexingError | EngineFault:
        """What is raised of it."""
        if kind := KINDS.get(self.kind):
            return kind(self.message, self.hint)
        return EngineFault(self.message, self.report)


@dataclass(frozen=True, slots=True)
class IndexOrder:
    """What the indexing process is to do; `rebuild` is the reason for building all anew."""

    corpus: str
    state: str
    """The folder of this corpus's own state."""
    rebuild: str | None
    gently: bool
    """Whether all else goes first: not where a question may wait for it."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index is up to date; `said` is what changed, in words, and `remarks` what was passed over, and why."""

    said: str
    remarks: tuple[str, ...]
