"""The program on a terminal of its own: what it writes there, what a person sees of it, and keys to press."""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType
from typing import Self

from rich.cells import cell_len

PATIENCE = 180.0
"""Seconds until a test that waits for the program is given up."""
OF_TERMINALS = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CI", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""Variables that say how to write to the terminal of whoever runs the tests."""
CTRL_C = b"\x03"
TOKEN = re.compile(r"\x1b\[(?P<numbers>[0-9;?]*)(?P<kind>[A-Za-z])|(?P<character>.)", re.DOTALL)
UNFINISHED = re.compile(r"\x1b(\[[0-9;?]*)?\Z")
"""How what was read may end amid an escape sequence: its rest comes with the next piece."""
# Takes the terminal for its own, so that Ctrl-C reaches it, and does not inherit that SIGINT is ignored.
START = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)
os.execv(sys.executable, [sys.executable, "-m", "assistant", *sys.argv[1:]])
"""


def lines_seen(written: str, columns: int) -> list[str]:
    """The lines that stand there in the end, of a screen so many columns wide and as tall as it takes.

    Understands what the program has a reason to write: text, colours, and the way back over its own lines.
    AssertionError at any other escape sequence.
    """
    rows, row, column = [""], 0, 0
    for token in TOKEN.finditer(written):
        character, kind = token["character"], token["kind"]
        if kind == "A":
            row = max(row - int(token["numbers"] or 1), 0)
        elif kind == "K":
            assert token["numbers"] == "2", token.group()
            rows[row] = ""
        elif kind is not None:
            assert kind == "m" or token["numbers"] == "?25", f"an escape sequence: {token.group()!r}"
        elif character == "\r":
            column = 0
        elif character == "\n":
            row += 1
        else:
            assert character.isprintable(), f"a control character: {character!r}"
            if column + cell_len(character) > columns:
                row, column = row + 1, 0
            rows += [""] * (row + 1 - len(rows))
            rows[row] = f"{rows[row][:column]:{column}}{character}{rows[row][column + 1 :]}"
            column += cell_len(character)
        rows += [""] * (row + 1 - len(rows))
    return [line.rstrip() for line in rows]


class Terminal:
    """Runs `parley` with these arguments; a context manager, at whose end the program has ended."""

    def __init__(self, *arguments: str, columns: int = 80, **environment: str) -> None:
        self.columns = columns
        self.written = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in OF_TERMINALS}
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            env={**kept, "TERM": "xterm-256color", **environment},
        )
        os.close(terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._controller)

    @property
    def seen(self) -> str:
        """What stands on the screen, its lines joined by LF."""
        return "\n".join(lines_seen(UNFINISHED.sub("", self.written), self.columns))

    def until(self, text: str) -> None:
        """Read until this is seen, however it is broken into lines."""
        until = time.monotonic() + PATIENCE
        while text not in " ".join(self.seen.split()):
            assert self._read(until), f"it ended without {text!r}:\n{self.seen}"

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._controller, keys)

    def end(self) -> int:
        """Read to the end; the exit code."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        return self._process.wait(PATIENCE)

    def _read(self, until: float) -> bool:
        """A further piece; False where the program has ended."""
        ready, _, _ = select.select([self._controller], [], [], max(until - time.monotonic(), 0))
        assert ready, f"it keeps silent:\n{self.written}"
        try:
            piece = os.read(self._controller, 65536)
        except OSError:  # how Linux says that the other side has closed
            return False
        self.written += self._decoder.decode(piece)
        return bool(piece)
