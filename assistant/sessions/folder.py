"""The folder of a corpus's sessions: its files, the one lock for every change, and names that are taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import SessionFileError
from assistant.sessions.session_file import LOCK, LaterVersionError, SessionFile, Warn
from assistant.sessions.summary import Summary, summarise
from index.locks import FileLock

SUFFIX = ".jsonl"
LOCK_WAIT_S = 5.0
"""A change takes milliseconds; whoever holds the lock for so long is stuck."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The sessions of a folder, last used first, and what keeps other files from being one."""

    summaries: tuple[Summary, ...]
    refused: tuple[tuple[Path, SessionFileError], ...]

    def refusal_of(self, wanted: str) -> SessionFileError | None:
        """Why the session of this name or id cannot be used, if that is so."""
        for path, error in self.refused:
            if wanted == path.stem or (isinstance(error, LaterVersionError) and error.name == wanted):
                return error
        return None


class SessionFolder:
    """Where sessions are kept; nothing is made until one is."""

    def __init__(self, path: Path, warn: Warn) -> None:
        self.path = path
        self.deleted = path / "deleted"
        """Sessions that were deleted, until they are thrown away for good."""
        self.warn = warn

    def file(self, name: str) -> SessionFile:
        """The file of the session with this id."""
        return SessionFile(self.path / f"{name}{SUFFIX}", self.warn)

    def listing(self, folder: Path | None = None) -> Listing:
        """What is there now, or in the folder of deleted ones.

        Raises:
            SessionFileError: the folder cannot be read.
        """
        summaries, refused = [], []
        for path in _files(folder or self.path):
            try:
                summaries.append(summarise(path))
            except SessionFileError as error:
                refused.append((path, error))
        summaries.sort(key=lambda summary: (summary.used, summary.created, summary.id), reverse=True)
        return Listing(tuple(summaries), tuple(refused))

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock that every change needs; makes the folder.

        Raises:
            LockedError: another process has held it for too long.
            StateError: the folder cannot be written.
        """
        with FileLock(self.path / LOCK).held(LOCK_WAIT_S):
            yield


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == SUFFIX and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SessionFileError(
            f"{folder} cannot be read: {error.strerror}", "see to its rights, or name another with --state DIR"
        ) from error
