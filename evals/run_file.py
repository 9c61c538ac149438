"""A run on disk: a header, then one JSON line a case as soon as it is tried, so that nothing done is lost."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant.errors import ConfigurationError
from assistant.sanitize import json_line
from evals.attempts import Attempt

SCHEMA = "parley.run/1"


class RunFileError(ConfigurationError):
    """A run file that cannot be read, resumed or written."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run file holds."""

    path: Path
    header: dict[str, Any]
    """What was run, and on what; what varies between equal runs stands under `run`."""
    attempts: dict[str, Attempt]
    """By the id of the case."""
    length: int
    """Bytes of whole lines; what follows was cut off while it was written."""

    @property
    def missing(self) -> list[str]:
        """Cases that were to be tried and have not been."""
        return [name for name in self.header["selection"]["cases"] if name not in self.attempts]


def read_run(path: Path) -> Run:
    """Read a run; half a line at its end, which an interruption leaves, is passed over.

    Raises:
        RunFileError: there is no such file, or it is no run of this version.
    """
    lines = _lines(path)
    length, header = next(lines, (0, None))
    if header is None or header.get("schema") != SCHEMA:
        found = "nothing whole" if header is None else f"the schema {header.get('schema')!r}"
        raise RunFileError(f"{path} is no run: it begins with {found}, not {SCHEMA!r}", "run the suite again")
    if not isinstance(header.get("selection"), dict) or not isinstance(header.get("run"), dict):
        raise RunFileError(f"{path}:1: the header lacks what it must state", "run the suite again")
    attempts: dict[str, Attempt] = {}
    for number, (end, stated) in enumerate(lines, 2):
        try:
            attempt = Attempt.from_json(stated)
        except (KeyError, TypeError) as error:
            raise RunFileError(f"{path}:{number}: no attempt at a case: {error}", "run the suite again") from error
        attempts[attempt.case] = attempt
        length = end
    return Run(path, header, attempts, length)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each whole line, and the number of bytes up to its end."""
    end = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                yield end, _parse(path, number, line)
    except OSError as error:
        raise RunFileError(f"{path} cannot be read: {error.strerror}", "name the file of a run") from error


def _parse(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        stated = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RunFileError(f"{path}:{number} is damaged: {error}", "run the suite again") from error
    if not isinstance(stated, dict):
        raise RunFileError(f"{path}:{number} is damaged: no object", "run the suite again")
    return stated


class RunWriter:
    """Appends attempts to a run file; one process at a time. A context manager."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file

    @classmethod
    def begin(cls, path: Path, header: dict[str, Any]) -> RunWriter:
        """Make the file.

        Raises:
            RunFileError: it exists, or cannot be made.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = cls(path, path.open("xb"))
        except OSError as error:
            if isinstance(error, FileExistsError) and path.exists():
                hint = "go on with it by --resume, or name another with --out FILE"
                raise RunFileError(f"{path} exists", hint) from error
            hint = "name a file that can be written with --out FILE"
            raise RunFileError(f"{path} cannot be written: {error.strerror}", hint) from error
        writer._lock()
        writer._append(header)
        return writer

    @classmethod
    def resume(cls, path: Path) -> tuple[RunWriter, Run]:
        """Go on after the last whole line of a run; also what it holds so far.

        Raises:
            RunFileError: it is no run, cannot be written, or another process writes it.
        """
        try:
            writer = cls(path, path.open("r+b"))
        except OSError as error:
            raise RunFileError(f"{path} cannot be written: {error.strerror}", "name the file of a run") from error
        writer._lock()  # before it is read, or what another process adds meanwhile would be cut off
        try:
            run = read_run(path)
        except RunFileError:
            writer._file.close()
            raise
        writer._file.truncate(run.length)
        writer._file.seek(0, os.SEEK_END)
        return writer, run

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def add(self, attempt: Attempt) -> None:
        """Append a case; it is in the file when this returns."""
        self._append(attempt.to_json())

    def _append(self, stated: dict[str, Any]) -> None:
        self._file.write(json_line(stated).encode() + b"\n")
        self._file.flush()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise RunFileError(f"another process writes {self.path}", "wait for it, or stop it") from error
