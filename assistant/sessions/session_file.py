"""One session's file: read as far as it goes, read on when it has grown, and appended to in one write.

A process that is killed may leave half a last line, another may append at any time, and a disk may hand back
rubbish. Whatever is whole is read; the rest is passed over with a warning that names file and line.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from assistant.errors import SessionFileError
from assistant.sessions.record import (
    LONGEST_LINE,
    Damaged,
    Header,
    KeptTurn,
    Later,
    Renamed,
    Unknown,
    read_header,
    read_record,
    to_line,
)
from index.errors import StateError
from index.locks import holder

Warn = Callable[[str], None]
"""Tells people, in one line, what they should know; a text from files in it is not sanitised yet."""
LOCK = "lock"
"""Stands beside the files, and is held while one of them is written."""
_NO_SESSION = "move it elsewhere, or mend its first line"


class LaterVersionError(SessionFileError):
    """The file is of a version that this one does not know; it is neither read nor touched."""

    def __init__(self, path: Path, later: Later) -> None:
        called = f" (the session {later.name!r})" if later.name else ""
        told = f"{path}{called} is of another version, {later.schema}, and is left as it is"
        super().__init__(told, "use the version of Parley that wrote it, or another session")
        self.name = later.name


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its end."""

    content: bytes
    """Empty where it is longer than may be."""
    length: int
    """Bytes in the file, its end included."""
    whole: bool
    """False for a last line that does not end."""

    @property
    def too_long(self) -> bool:
        """Whether it was passed over for its length."""
        return not self.content and self.length > LONGEST_LINE


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on."""

    header: Header
    records: list[KeptTurn | Renamed]
    anew: bool
    """Whether the file was replaced, so that this is all it holds and what was read before no longer counts."""


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """The lines from here on; none takes more memory than the longest that is allowed."""
    while piece := file.readline(LONGEST_LINE + 1):
        content, length = piece, len(piece)
        while len(piece) > LONGEST_LINE and not piece.endswith(b"\n"):
            content = b""
            piece = file.readline(LONGEST_LINE + 1)
            length += len(piece)
        whole = (piece or content).endswith(b"\n")
        yield Line(content.rstrip(b"\r\n") if length <= LONGEST_LINE else b"", length, whole)


class SessionFile:
    """Follows one file; not for several threads at once."""

    def __init__(self, path: Path, warn: Warn) -> None:
        self.path = path
        self._warn = warn
        self._warned: set[str] = set()
        self._forget()

    def _forget(self) -> None:
        self._header: Header | None = None
        self._inode: int | None = None
        self._size = 0
        """Bytes that the file had when it was last read."""
        self._end = 0
        """Where the last line that counts ends."""
        self._lines = 0
        self._half = ""
        """What is told of half a last line."""

    def read_on(self) -> Reading | None:
        """What was added since it was last read; None if the file is gone, or nothing is left in it.

        Raises:
            LaterVersionError: it is of another version.
            SessionFileError: it is no session, or cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                if os.fstat(file.fileno()).st_size:
                    return self._read(file)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise SessionFileError(f"{self.path} cannot be read: {error.strerror}", "see to its rights") from error
        self._forget()
        return None

    def _read(self, file: BinaryIO) -> Reading:
        status = os.fstat(file.fileno())
        anew = self._header is None or status.st_ino != self._inode or status.st_size < self._end
        if anew:
            self._forget()
        self._inode, self._size = status.st_ino, status.st_size
        file.seek(self._end)
        records: list[KeptTurn | Renamed] = []
        for line in lines_of(file):
            if not self._take(line, records):
                break
        if self._header is None:
            self._header = self._salvaged(records)
        return Reading(self._header, records, anew)

    def _take(self, line: Line, records: list[KeptTurn | Renamed]) -> bool:
        """Read one line into the records; False for half a line, which whoever writes it may yet finish."""
        number = self._lines + 1
        found: KeptTurn | Renamed | Unknown | Damaged
        if line.too_long:
            found = Damaged(f"is longer than {LONGEST_LINE} bytes")
        elif number == 1:
            found = self._read_first(line)
        else:
            found = read_record(line.content) if line.content else Unknown()
        if isinstance(found, Damaged) and not line.whole:
            self._half = f"{self.path}:{number} is cut off, as a process that was killed leaves it; left out"
            if not self._is_being_written():
                self._warn_once(self._half)
            return False
        if isinstance(found, Damaged):
            self._warn_once(f"{self.path}:{number} {found.reason}; left out")
        elif isinstance(found, KeptTurn | Renamed):
            records.append(found)
        self._lines, self._end = number, self._end + line.length
        return True

    def _is_being_written(self) -> bool:
        """Whether half a line is one that somebody is about to end."""
        with suppress(OSError, StateError):
            return holder(self.path.with_name(LOCK)) is not None or self.path.stat().st_size != self._size
        return False

    def _read_first(self, line: Line) -> Unknown | Damaged:
        header = read_header(line.content)
        if isinstance(header, Later):
            raise LaterVersionError(self.path, header)
        if isinstance(header, Damaged):
            return header
        self._header = replace(header, id=self.path.stem)  # a file may be copied
        return Unknown()  # no record

    def _salvaged(self, records: Sequence[KeptTurn | Renamed]) -> Header:
        """A header in place of a damaged one, so that the turns below it are not lost."""
        if not records:
            raise SessionFileError(f"{self.path} is no session", _NO_SESSION)
        return Header(self.path.stem, self.path.stem, records[0].at, "")

    def _warn_once(self, message: str) -> None:
        if message not in self._warned:
            self._warned.add(message)
            self._warn(message)

    def append(self, records: Sequence[Header | KeptTurn | Renamed]) -> None:
        """Add lines in one write, and see them on the disk; read on first, and hold the lock of the folder.

        Makes the file where nothing was read of it. Either all of the lines are kept, or none.

        Raises:
            SessionFileError: they cannot be written.
        """
        try:
            self._append(b"".join(map(to_line, records)))
        except OSError as error:
            told = f"{self.path} cannot be written: {error.strerror}"
            raise SessionFileError(told, "free some space, or see to its rights") from error
        for record in records:
            if isinstance(record, Header):
                self._header = record
        self._lines += len(records)

    def _append(self, data: bytes) -> None:
        made = self._inode is None
        making = os.O_CREAT if made else 0  # one that is gone in between is not made without its header
        # Readable for its owner only: what somebody asks is nobody else's business.
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | making, 0o600)
        try:
            end = self._mend_end(descriptor)
            begun = b"\n" if end and os.pread(descriptor, 1, end - 1) != b"\n" else b""
            try:
                _write(descriptor, begun + data)
            except OSError:
                with suppress(OSError):  # where it fails, half a line stays, which the next one cuts off
                    os.ftruncate(descriptor, end)
                if made:
                    self.path.unlink(missing_ok=True)
                raise
            if made:
                _sync_folder(self.path.parent)
            self._inode, self._end = os.fstat(descriptor).st_ino, end + len(begun + data)
        finally:
            os.close(descriptor)

    def _mend_end(self, descriptor: int) -> int:
        """Cut off half a last line that was warned of; the length of what is there now."""
        size = os.fstat(descriptor).st_size
        if self._end < size == self._size:  # of another size somebody writes without our lock: hands off
            self._warn_once(self._half)
            os.ftruncate(descriptor, self._end)
            return self._end
        return size


def _write(descriptor: int, data: bytes) -> None:
    if os.write(descriptor, data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Until its folder is written, too, a crash of the machine may lose a new file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
