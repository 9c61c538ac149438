"""A terminal without a screen, which runs a program, types, and notes when what was drawn holds some text."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_STEERING = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\|\x1b[ -/]*."
)
LONGEST = 200_000
"""Bytes of what was drawn last that are kept: several screens."""
_TICKS = os.sysconf("SC_CLK_TCK")

HEART = """
import asyncio, os, sys, time
EVERY_S = 0.005

async def beat(note):
    wall, work = time.monotonic(), time.process_time()
    while True:
        await asyncio.sleep(EVERY_S)
        now, worked = time.monotonic(), time.process_time()
        if now - wall - EVERY_S > 0.02:
            note.write(f"{wall} {now - wall - EVERY_S} {worked - work}\\n")
            note.flush()
        wall, work = now, worked

run = asyncio.run
def run_beaten(work, **more):
    async def beaten():
        with open(os.environ["PROBED"], "w") as note:
            beating = asyncio.create_task(beat(note))
            try:
                return await work
            finally:
                beating.cancel()
    return run(beaten(), **more)
asyncio.run = run_beaten
"""
"""Gives the loop of a program a heart, and notes in the file PROBED each beat that came late: when the one before
it was, by how many seconds, and how long the processor worked for this process meanwhile."""
_PROBED = f"""{HEART}
from assistant.cli import main
sys.argv[0] = "parley"
main()
"""


class PseudoTerminal:
    """Runs a command in a terminal of its own; a context manager that ends it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.began = time.monotonic()
        """When the command was started, on the clock that all times here are of."""
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            cwd=folder,
            start_new_session=True,
        )
        os.close(theirs)
        self._drawn = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._drain_until_ended(10.0)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> float:
        """Press keys; when that was. What was drawn before is forgotten."""
        self._drawn = b""
        typed = time.monotonic()
        os.write(self._ours, keys.encode())
        return typed

    def wait_for(self, text: str, patience_s: float = 60.0) -> float:
        """Wait until a text is drawn after the last key; when that was.

        Raises:
            TimeoutError: it does not come, or the program ended; with what was drawn last.
        """
        ends = time.monotonic() + patience_s
        while not self.shows(text):
            if time.monotonic() > ends or not self._read(0.05):
                raise TimeoutError(f"{text!r} was not drawn; last came {self._text()[-600:]!r}")
        return time.monotonic()

    def shows(self, text: str) -> bool:
        """Whether a text was drawn after the last key, of what was taken so far."""
        return text in self._text()

    def watch(self, seconds: float) -> None:
        """Take what is drawn for so long."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            if not self._read(left):
                return

    def worked_s(self) -> tuple[float, float]:
        """Seconds that the processor worked so far for the program, and for the processes that it started."""
        own, *others = map(_worked_ticks, _family(self.process.pid))
        return own / _TICKS, sum(others) / _TICKS

    def _drain_until_ended(self, seconds: float) -> None:
        """What nobody takes would keep it from ending."""
        ends = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < ends:
            self._read(0.05)

    def _read(self, seconds: float) -> bool:
        """Take what is drawn within so long; False once the program is gone."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            drawn = os.read(self._ours, 1 << 16)
        except OSError:  # the other side is closed
            drawn = b""
        self._drawn = (self._drawn + drawn)[-LONGEST:]
        return bool(drawn)

    def _text(self) -> str:
        return _STEERING.sub(b"", self._drawn).decode(errors="replace")


def _family(pid: int) -> list[int]:
    """The process, and those that it and its own started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def _worked_ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def probed(*arguments: str) -> tuple[str, ...]:
    """The command that runs `parley` with these arguments under the probe."""
    return (sys.executable, "-c", _PROBED, *arguments)
