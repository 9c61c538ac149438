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
    """As Textual's, which waits for ever once it failed to write, and where it is stopped amid a write."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        assert self._file is not None  # noqa: S101 - `parley` starts no app without a terminal
        self._file = cast("Any", Terminal(self._file))

    def _sigtstp_application(self, *_: object) -> None:
        """Leave the terminal and stop, but between two steps of the app: amid one its writes may be locked."""
        stop = super()._sigtstp_application
        if self._auto_restart and self._loop.is_running():
            self._loop.call_soon_threadsafe(stop)
        else:  # a pager has the terminal: nothing is written, and no step is taken until it ends
            stop()

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal up again, also where somebody stopped the process without asking it."""
        if self._auto_restart and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        if not self._must_signal_resume:
            self.suspend_application_mode()  # else it would be in use twice over
            self._must_signal_resume = True
        super()._sigcont_application()
        self._app.refresh(layout=True)  # of the same size, it would stay empty
