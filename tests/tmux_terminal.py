"""A real terminal for tests: tmux, which draws what a program writes, and tells what it left behind."""

import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PATIENCE_S = 180.0
"""A first index takes some ten seconds; busy machines take longer."""
STEP_S = 0.05
SHELL = "env -u COLUMNS -u LINES PS1='$ ' sh"
"""What runs in it: without the size of the terminal that the tests were started in."""
STANDING = ("alternate_on", "cursor_flag", "insert_flag", "keypad_cursor_flag", "keypad_flag", "mouse_any_flag")
"""What tmux knows of a terminal besides its text, and what a program has to put back."""


class TmuxTerminal:
    """A shell in a tmux of its own; a context manager that ends it."""

    def __init__(
        self, socket: Path, folder: Path, environment: Mapping[str, str], columns: int, rows: int, term: str
    ) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("no tmux here: apt-get install tmux")
        self._socket = socket
        self._run("-f", "/dev/null", "start-server", ";", "set-option", "-g", "default-terminal", term, ";",
                  "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder),
                  *(f"-e{name}={value}" for name, value in environment.items()), SHELL)  # fmt: skip
        self.wait_for("$")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("kill-server")

    def run(self, *command: str) -> None:
        """Type a command, and Enter."""
        self._run("send-keys", "-l", shlex.join(command))
        self.press("Enter")

    def type(self, text: str) -> None:
        """Type a text."""
        self._run("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys as tmux calls them: `Enter`, `Escape`, `C-q`, `F1`."""
        self._run("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """The text on the screen."""
        return self._run("capture-pane", "-p")

    def standing(self) -> dict[str, str]:
        """The modes that the terminal is in, and the settings of its line."""
        form = " ".join(f"#{{{name}}}" for name in STANDING)
        modes = dict(zip(STANDING, self._run("display-message", "-p", form).split(), strict=True))
        device = self._run("display-message", "-p", "#{pane_tty}").strip()
        line = subprocess.run(["stty", "-g", "-F", device], capture_output=True, text=True, check=True)
        return {**modes, "line": line.stdout.strip()}

    def shell(self) -> int:
        """The process of the shell."""
        return int(self._run("display-message", "-p", "#{pane_pid}"))

    def wait_for(self, text: str) -> str:
        """The screen once it holds a text; a failed test where it does not come."""
        self.wait_until(lambda: text in self.screen(), repr(text))
        return self.screen()

    def shows(self, text: str, times: int) -> bool:
        """Whether the screen holds a text so many times."""
        return self.screen().count(text) == times

    def wait_until(self, holds: Callable[[], object], what: str = "what is waited for") -> None:
        """Return when this holds; a failed test where that does not come."""
        ends = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > ends:
                pytest.fail(f"{what} did not come; on the screen:\n{self.screen()}")
            time.sleep(STEP_S)

    def _run(self, *command: str) -> str:
        ran = subprocess.run(
            ["tmux", "-S", str(self._socket), *command], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout
