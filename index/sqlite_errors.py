"""What SQLite and the file system say, as errors of ours: busy, not writable, or damaged."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import REBUILD_HINT, DamagedError, LockedError, StateError

_BUSY = ("database is locked", "database is busy")
# In the words of SQLite and of the system, which reach us through Chroma's engine as text only.
_PLACE = (
    "readonly database",
    "read-only file system",
    "permission denied",
    "disk is full",
    "no space left",
    "quota exceeded",
    "too many open files",
    "unable to open database file",
    "disk i/o error",
    "input/output error",
)
_PLACE_NUMBERS = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO,
    }
)  # fmt: skip

_ANOTHER_PLACE = "Make room there and give yourself the right to write, or name another folder with --state DIR."


def sqlite_error(path: Path, error: BaseException) -> DamagedError | LockedError | StateError:
    """What an error means to us, whether it comes from Python, from SQLite or through Chroma's engine."""
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    lower = said.lower()
    if any(words in lower for words in _BUSY):
        return LockedError(f"{path} is in use by another process", hint="Try again in a moment.")
    if (isinstance(error, OSError) and error.errno in _PLACE_NUMBERS) or any(words in lower for words in _PLACE):
        return StateError(f"{path} cannot be used: {said}", hint=_ANOTHER_PLACE)
    return DamagedError(f"{path} cannot be read: {said}", hint=REBUILD_HINT)


def is_there(path: Path) -> bool:
    """Whether anything has this name. StateError where that cannot be seen, as in a folder without access."""
    try:
        return path.exists()
    except OSError as error:
        raise sqlite_error(path, error) from error


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file at `path` into one of our errors; misuse of it stays the bug it is."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise sqlite_error(path, error) from error
