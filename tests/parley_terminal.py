"""`parley` in a real terminal, as people start it, and a look at what it leaves behind."""

import re
import shlex
import sys
from pathlib import Path

from engine_desk import children, gone
from tmux_terminal import TmuxTerminal

QUESTION = "What did the trade deficit with China reach?"
PROVEN = "The trade deficit with China reached $375.2 billion last year."
EMPTY_PROMPT = "Ask these articles a question"
SWITCHED = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u")
"""What a terminal is told to do otherwise than before, and back: private modes, and its protocol of keys."""
BARS = re.compile("[▁-█▌▐]")
COLOURS = re.compile(r"[34]8;5;(\d+)")
GREYS = {"16", "231", *map(str, range(232, 256))}
"""Of the 256 colours of a terminal; those are left where somebody wants none."""
SHOWN_AT_FIRST = {"7", "25"}
"""Modes that are on in any terminal: lines that wrap, a cursor that is seen."""


def program() -> list[str]:
    """How `parley` is started: as it is installed beside this interpreter, else as a module."""
    installed = Path(sys.executable).with_name("parley")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "assistant.cli"]


class ParleyTerminal(TmuxTerminal):
    """A shell in which `parley` is run; everything that it writes is kept."""

    def __init__(self, folder: Path, columns: int = 80, rows: int = 24, term: str = "xterm-256color") -> None:
        super().__init__(folder / "tmux", folder, {}, columns, rows, term)
        self._written = folder / "written"
        self._written.touch()
        self._run("pipe-pane", f"cat > '{self._written}'")
        self.before = self.standing()

    def written(self) -> str:
        """What has been written, as far as it has been kept."""
        return self._written.read_bytes().decode(errors="replace")

    def open(self, *arguments: str) -> None:
        """Start it, and wait for its prompt."""
        self.run(*program(), *arguments)
        self.wait_for(EMPTY_PROMPT)

    def ask(self, question: str = QUESTION) -> None:
        """Type a question, and send it."""
        self.type(question)
        self.press("Enter")

    def run_line(self, line: str) -> None:
        """Type a line of shell in which `parley` is the program, and Enter."""
        self.type(line.replace("parley", shlex.join(program())))
        self.press("Enter")

    def wait_for_words(self, words: str) -> None:
        """Wait until these are on the screen, however they are broken into lines; edges and scroll bars aside."""
        self.wait_until(lambda: words in " ".join(BARS.sub("", self.screen()).split()), repr(words))

    def read_proof(self) -> None:
        """Wait for the answer, and open its first citation."""
        self.wait_for("likely")
        self.press("C-Up")
        self.wait_for("▌ likely")
        self.press("1")
        self.wait_for("q close")
        self.wait_for_words(PROVEN)

    def is_coloured(self) -> bool:
        """Whether anything on the screen is neither black, white nor grey."""
        return not GREYS.issuperset(COLOURS.findall(self._run("capture-pane", "-p", "-e")))

    def process(self) -> int:
        """The process that is run in the shell."""
        (pid,) = children(self.shell())
        return pid

    def family(self) -> list[int]:
        """The process that is run in the shell, those that it started, and those that they did."""
        found = [self.process()]
        for pid in found:
            found += children(pid)
        return found

    def assert_left_as_found(self, code: int, *family: int) -> None:
        """The shell is back, its last exit code is this, the terminal is as before and the processes are gone."""
        self.wait_until(lambda: not children(self.shell()))
        self.type("echo code=$?")
        self.press("Enter")
        self.wait_for(f"code={code}\n")
        assert self.standing() == self.before
        # What is kept comes through a process of its own, after it was seen on the screen.
        self.wait_until(lambda: f"code={code}\r\n" in self.written(), "all that was written")
        assert switched_on(self.written()) == set()
        assert gone(*family)


def switched_on(written: str) -> set[str]:
    """What was switched on and not off again: modes by number, and the protocol of keys, as `u`."""
    on: set[str] = set()
    for numbers, way, pushed in SWITCHED.findall(written):
        names = numbers.split(";") if numbers else ["u"]
        (on.update if "h" in way or pushed == ">" else on.difference_update)(names)
    return on - SHOWN_AT_FIRST
