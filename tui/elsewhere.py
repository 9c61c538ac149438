"""Opening a file at a line in the programs that people chose for that, with the terminal lent to them."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

_PAGERS = ("less", "more")
_EDITORS = ("nano", "vi")
"""What is looked for where nobody chose a program, the friendliest first."""
_TAKE_PATH_AND_LINE = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"})
_TAKE_LINE_AFTER_COLON = frozenset({"hx", "helix", "subl", "zed", "zeditor"})
_TAKE_DASHED_LINE = frozenset({"kate", "kwrite"})


class CannotOpenError(Exception):
    """A file that no program could be got to open; `hint` says what mends it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def pager_command(environment: Mapping[str, str], path: str, line: int) -> list[str]:
    """How $PAGER shows a file from a line on; less or more where none is set. Raises CannotOpenError."""
    program = _chosen(environment, ("PAGER",), _PAGERS)
    if PurePath(program[0]).name == "cat":  # it would be gone before anybody has read a line
        program = _installed(environment, _PAGERS, "PAGER")
    name = PurePath(program[0]).name
    if name == "less":
        # -+F: with F among its settings it would not wait where the text fits on one screen.
        return [*program, "-+F", f"+{line}", "--", _guarded(path)]
    if name in {"more", "most"}:
        return [*program, f"+{line}", _guarded(path)]
    return [*program, _guarded(path)]


def editor_command(environment: Mapping[str, str], path: str, line: int) -> list[str]:
    """How $VISUAL or $EDITOR opens a file at a line; nano or vi where neither is set. Raises CannotOpenError."""
    program = _chosen(environment, ("VISUAL", "EDITOR"), _EDITORS)
    name, file = PurePath(program[0]).name, _guarded(path)
    if name in _TAKE_PATH_AND_LINE:
        return [*program, "-g", f"{file}:{line}"]
    if name in _TAKE_LINE_AFTER_COLON:
        return [*program, f"{file}:{line}"]
    if name in _TAKE_DASHED_LINE:
        return [*program, "-l", str(line), file]
    return [*program, f"+{line}", file]


def lend_terminal(
    app: App[Any],
    command: Sequence[str],
    run: Callable[[Sequence[str]], int] = subprocess.call,
) -> None:
    """Run a program in the terminal in place of the app, which waits until it has ended.

    Raises CannotOpenError where it cannot be started, ended badly, or this terminal cannot be lent.
    """
    from textual.app import SuspendNotSupported

    yourself = f"open it yourself: {shlex.join(command)}"
    failure = ""
    try:
        with app.suspend(), _interrupts_left_to_others():
            try:
                status = run(command)
                failure = f"ended with status {status}" if status else ""
            except OSError as error:  # nothing may leave this block: the app would not come back
                failure = f"cannot be started: {error.strerror or error}"
    except SuspendNotSupported as error:
        raise CannotOpenError("this terminal cannot be lent to another program", yourself) from error
    if failure:
        raise CannotOpenError(f"{command[0]} {failure}", yourself)


@contextmanager
def _interrupts_left_to_others() -> Iterator[None]:
    """Ctrl-C is for the program that has the terminal; it would end the app, too."""
    # A handler of our own, as programs that are started inherit it when a signal is ignored.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _chosen(environment: Mapping[str, str], variables: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The program that the first set variable names, with its arguments; never read by a shell."""
    for variable in variables:
        try:
            words = shlex.split(environment.get(variable, ""))
        except ValueError as error:  # a quote that is not closed
            raise CannotOpenError(f"{variable} cannot be read: {error}", f"set {variable} anew") from error
        if words:
            if shutil.which(words[0], path=environment.get("PATH")) is None:
                raise CannotOpenError(
                    f"{variable} names {words[0]}, and there is no such program", f"set {variable} to one there is"
                )
            return words
    return _installed(environment, usual, variables[-1])


def _installed(environment: Mapping[str, str], programs: Sequence[str], variable: str) -> list[str]:
    for program in programs:
        if shutil.which(program, path=environment.get("PATH")):
            return [program]
    raise CannotOpenError(
        f"neither {' nor '.join(programs)} is installed", f"set {variable} to a program that opens text"
    )


def _guarded(path: str) -> str:
    """The path such that no program takes it for an option or a command."""
    return path if path.startswith("/") else f"./{path}"
