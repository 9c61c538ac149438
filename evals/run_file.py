"""A run on disk: a header, then one JSON line a case as soon as it is tried, so that nothing done is lost."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant.errors import ConfigurationError
from assistant.fields import FieldError, Fields, parse
from assistant.sanitize import json_line
from evals.attempts import SOLVERS, Attempt
from index.errors import StateError

SCHEMA = "parley.run/1"
AGAIN = "run the suite again"


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
    try:
        length, stated = next(lines)
    except StopIteration:
        raise RunFileError(f"{path} is no run: not even its first line is whole", AGAIN) from None
    header = _header(path, stated)
    chosen = set(header["selection"]["cases"])
    attempts: dict[str, Attempt] = {}
    for number, (end, stated) in enumerate(lines, 2):
        try:
            attempt = Attempt.from_json(stated)
        except FieldError as error:
            raise RunFileError(f"{path}:{number}: {error}", AGAIN) from None
        if attempt.case in attempts or attempt.case not in chosen:
            problem = "comes twice" if attempt.case in attempts else "is none of those that the run chose"
            raise RunFileError(f"{path}:{number}: the case {attempt.case!r} {problem}", AGAIN)
        attempts[attempt.case] = attempt
        length = end
    return Run(path, header, attempts, length)


def _header(path: Path, stated: Fields) -> dict[str, Any]:
    """The header, with all that others rely on."""
    schema = stated.stated.get("schema")
    if schema != SCHEMA:
        raise RunFileError(f"{path} is no run: its schema is {schema!r}, not {SCHEMA!r}", AGAIN)
    try:
        suite, corpus, index = (stated.object(name) for name in ("suite", "corpus", "index"))
        selection, run = stated.object("selection"), stated.object("run")
        for part, texts, integers in (
            (suite, ("name", "fingerprint"), ("cases",)),
            (corpus, ("fingerprint",), ("articles",)),
            (index, ("fingerprint", "encoder", "splitter"), ("passages",)),
            (selection, (), ("seed",)),
            (run, ("started", "suite", "python", "machine"), ()),
            (stated, ("version",), ()),
        ):
            for name in texts:
                part.text(name)
            for name in integers:
                part.integer(name)
        stated.one_of("solver", SOLVERS)
        stated.text_or_none("backend")
        stated.text_or_none("base_url")
        run.text_or_none("price")
        stated.text_or_none("commit")
        stated.number_or_none("min_confidence")
        stated.object("settings")
        selection.texts("cases")
    except FieldError as error:
        raise RunFileError(f"{path}:1: {error}", AGAIN) from None
    return stated.stated


def _lines(path: Path) -> Iterator[tuple[int, Fields]]:
    """Each whole line, and the number of bytes up to its end."""
    end = 0
    if path.exists() and not path.is_file():  # a device may never end
        raise RunFileError(f"{path} is no file", "name the file of a run")
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                end += len(line)
                try:
                    yield end, parse(line)
                except FieldError as error:
                    raise RunFileError(f"{path}:{number} is damaged: {error}", AGAIN) from None
    except OSError as error:
        raise RunFileError(f"{path} cannot be read: {error.strerror}", "name the file of a run") from error


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
            if isinstance(error, FileExistsError) and path.is_file():
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
        with suppress(OSError):  # what could not be written was told when it was added
            self._file.close()

    def add(self, attempt: Attempt) -> None:
        """Append a case; it is in the file when this returns.

        Raises:
            StateError: it cannot be written; the cases before it are kept.
        """
        self._append(attempt.to_json())

    def _append(self, stated: dict[str, Any]) -> None:
        try:
            self._file.write(json_line(stated).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            told = f"{self.path} cannot be written further: {error.strerror}"
            raise StateError(
                told, f"free some space; what is done is kept, and --resume --out {self.path} goes on"
            ) from error

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise RunFileError(f"another process writes {self.path}", "wait for it, or stop it") from error
