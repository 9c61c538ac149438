"""What the app writes through: a terminal that may be closed at any time, also while a pager has it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver


class Terminal:
    """As much of a text file as a driver needs; what a closed terminal cannot take is lost."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write a text, if anybody is there to see it."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Have it seen."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """Its descriptor."""
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """As Textual's; but where that fails to write once, it waits for ever for somebody who writes the rest."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        assert self._file is not None  # noqa: S101 - `parley` starts no app without a terminal
        self._file = cast("Any", Terminal(self._file))
