"""Opening a file at a line in the programs that people chose for that, with the terminal lent to them."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

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
    name = PurePath(program[0]).name
    if name == "cat":  # it would be gone before anybody has read a line
        program, name = _installed(_PAGERS, "PAGER"), "less"
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
    app: App[object],
    command: Sequence[str],
    run: Callable[[Sequence[str]], int] = subprocess.call,
) -> None:
    """Run a program in the terminal in place of the app, which waits until it has ended.

    Raises CannotOpenError where it cannot be started, ended badly, or this terminal cannot be lent.
    """
    from textual.app import SuspendNotSupported

    try:
        with app.suspend():
            try:
                status = run(command)
            except OSError as error:
                reason = error.strerror or str(error)
                raise CannotOpenError(
                    f"{command[0]}: {reason}", "set PAGER or EDITOR to another program"
                ) from error
    except SuspendNotSupported as error:
        raise CannotOpenError(
            "this terminal cannot be lent to another program", f"open it yourself: {shlex.join(command)}"
        ) from error
    if status:
        raise CannotOpenError(
            f"{command[0]} ended with status {status}", f"try it yourself: {shlex.join(command)}"
        )


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
    return _installed(usual, variables[-1], environment.get("PATH"))


def _installed(programs: Sequence[str], variable: str, path: str | None = None) -> list[str]:
    for program in programs:
        if shutil.which(program, path=path):
            return [program]
    raise CannotOpenError(
        f"neither {' nor '.join(programs)} is installed", f"set {variable} to a program that opens text"
    )


def _guarded(path: str) -> str:
    """The path such that no program takes it for an option or a command."""
    return path if path.startswith("/") else f"./{path}"
