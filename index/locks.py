"""Advisory file locks that name their holder and that the kernel releases when the holder dies.

Two are used. `<state>/lock` is held for a whole sync: one writer a corpus. `<state>/chroma/lock` is
held for moments, around each opening of Chroma and each write to it.

A lock is `flock` on a file that is never deleted: deleting it would let two processes hold two files
of one name. The holder writes who it is into the file and empties it again when it lets go; what a
killed process leaves there means nothing, because only the kernel's lock counts. On network file
systems a lock is as good as their `flock`.
"""

import fcntl
import json
import os
import socket
import sys
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import LockedError, StateError

_FIRST_WAIT_S = 0.002
_LONGEST_WAIT_S = 0.05
_ASKING_ENDS_WITHIN_S = 60.0
"""Somebody who asks `holder` has a shared lock for some microseconds, or for much longer where the machine is
busy and something else runs meanwhile; an acquirer outlasts that, however little patience it has with a holder."""
_RECORD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    pid: int
    """Process id on `host`; 0 where the holder has not written who it is yet."""
    host: str
    since: str
    """When the lock was taken: ISO 8601, UTC, seconds."""
    command: str
    """The name of the program, without its arguments: they may hold a question."""

    def __str__(self) -> str:
        if not self.pid:
            return "another process"
        return f"process {self.pid} ({self.command}) on {self.host}, since {self.since}"


class FileLock:
    """An exclusive lock on one file, for one owner.

    Two objects exclude each other wherever they live: in two processes, in two threads, or in one
    thread. A forked child does not inherit what its parent holds.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self, timeout_s: float = 0.0) -> bool:
        """Take the lock, waiting up to `timeout_s` seconds; False if another holder keeps it.

        Raises StateError where the lock file cannot be created or opened for writing, and
        RuntimeError if this very object holds the lock.
        """
        if self.is_held:
            raise RuntimeError(f"{self.path} is held by this object already")
        descriptor = _open(self.path)
        try:
            taken = _wait_for(descriptor, timeout_s)
        except OSError as error:
            os.close(descriptor)
            raise StateError(f"{self.path} cannot be locked: {error.strerror}") from error
        except BaseException:
            os.close(descriptor)
            raise
        if not taken:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        _held.add(self)
        _write_record(descriptor)
        return True

    def release(self) -> None:
        """Let go; harmless if nothing is held."""
        descriptor, self._descriptor = self._descriptor, None
        _held.discard(self)
        if descriptor is None:
            return
        with suppress(OSError):  # a full or vanished disk must not keep the lock
            os.ftruncate(descriptor, 0)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

    @contextmanager
    def held(self, timeout_s: float = 0.0) -> Iterator[None]:
        """Hold the lock for the body; LockedError, naming the holder, after `timeout_s` seconds."""
        if not self.acquire(timeout_s):
            who = holder(self.path) or Holder(0, "", "", "")
            raise LockedError(f"{self.path} is held by {who}", hint="Wait until it has finished, or end it.")
        try:
            yield
        finally:
            self.release()

    def _forget(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def holder(path: Path) -> Holder | None:
    """Who holds the lock at `path` now; None if nobody does, or if there is no such file.

    Asks the kernel, not the file: what a killed process wrote is no answer. Creates and changes
    nothing. A holder that has not finished writing its name comes back with pid 0. StateError where
    the file is there but cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StateError(f"{path} cannot be read: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_record(descriptor)
    else:
        return None
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StateError(
            f"{path} cannot be written: {error.strerror}",
            hint="Choose a state folder you may write to with --state DIR.",
        ) from error


def _wait_for(descriptor: int, timeout_s: float) -> bool:
    began = time.monotonic()
    wait = _FIRST_WAIT_S
    while not _locks(descriptor, fcntl.LOCK_EX):
        patience_s = max(timeout_s, _ASKING_ENDS_WITHIN_S) if _is_only_asked_for(descriptor) else timeout_s
        left = began + patience_s - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(wait, left))
        wait = min(wait * 2, _LONGEST_WAIT_S)
    return True


def _is_only_asked_for(descriptor: int) -> bool:
    """Whether nobody holds the lock, so that it was somebody who asks that was in the way."""
    if not _locks(descriptor, fcntl.LOCK_SH):
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _locks(descriptor: int, kind: int) -> bool:
    """Whether the lock can be had at once."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write_record(descriptor: int) -> None:
    me = Holder(
        pid=os.getpid(),
        host=socket.gethostname(),
        since=datetime.now(UTC).isoformat(timespec="seconds"),
        command=Path(sys.argv[0]).name or "python" if sys.argv else "python",
    )
    with suppress(OSError):  # on a full disk the lock still locks, only namelessly
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(me)).encode(), 0)


def _read_record(descriptor: int) -> Holder:
    try:
        record = json.loads(os.pread(descriptor, _RECORD_BYTES, 0))
        return Holder(
            pid=int(record["pid"]),
            host=str(record["host"]),
            since=str(record["since"]),
            command=str(record["command"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(0, "", "", "")


_held: "weakref.WeakSet[FileLock]" = weakref.WeakSet()


def _close_inherited() -> None:
    # A child keeps its parent's lock alive through the shared file description. Closing the child's
    # copy gives that up; unlocking would take the lock from the parent.
    for lock in tuple(_held):
        lock._forget()
    _held.clear()


os.register_at_fork(after_in_child=_close_inherited)
