"""How soon the terminal UI is there, and whether anything makes it stutter, in a pseudo-terminal.

    python -m evals.performance.terminal [--rounds 7] [--passages 5000] [--tokens 10000] [--words 200000]

Times, from the start of the process, the first paint and the first letter that is typed, by turns with a bare
Textual app of one text area; then what a session of 500 turns takes longer. Then lets an answer of so many tokens
stream in from a server on loopback, reads an article of so many words, and has so many passages indexed, while
a heart beats on the loop: a beat that comes late is a gap between frames. On a shared machine a process waits for
others, too, so what counts of a gap is no more than the processor worked in it for this process; both are printed.
Last, what the processor works for the terminal UI and its engine while nothing happens. Exit code 1 if a gap is
longer than 100 ms, idleness costs more than 2 %, or first paint takes more than so many times the bare app's.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.locations import sample_corpus
from evals.performance.pseudo_terminal import PseudoTerminal

PARLEY = (sys.executable, "-m", "assistant.cli")
BARE = (
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import TextArea\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        area = TextArea()\n"
    "        area.placeholder = 'Bare text area'\n"
    "        yield area\n"
    "Bare().run()\n",
)
MOST_PAINT_MS = 500
MOST_RATIO = 2.0
"""First paint against the bare app's; what this allows is about the half second on the machine it was set on."""
MOST_GAP_MS = 100
MOST_IDLE = 0.02
MOST_SESSION_S = 1.0
TURNS = 500
IDLE_S = 20.0
LETTERS = "qzx"
"""Letters that stand nowhere on the first screen in this order."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A beat that came late."""

    wall_ms: float
    own_ms: float
    """No more than the processor worked meanwhile for this process."""


class Desk:
    """A folder for state, articles and notes, and the terminals that are opened over it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")},
            "XDG_DATA_HOME": str(place / "data"),
            "XDG_CONFIG_HOME": str(place / "config"),
            "PROBED": str(place / "beats"),
        }

    @contextmanager
    def terminal(self, command: Sequence[str], **more: str) -> Iterator[PseudoTerminal]:
        """A terminal in which the command runs."""
        with PseudoTerminal(command, {**self.environment, **more}, self.place) as terminal:
            yield terminal

    def worst(self, since: float) -> Gap:
        """The longest gap after this time, by what of it is the process's own."""
        gaps = [Gap(0.0, 0.0)]
        for line in (self.place / "beats").read_text().splitlines():
            when, late, worked = map(float, line.split())
            if when >= since:
                gaps.append(Gap(late * 1000, min(late, worked) * 1000))
        return max(gaps, key=lambda gap: gap.own_ms)


def time_opening(desk: Desk, command: Sequence[str], painted: str) -> tuple[float, float]:
    """Milliseconds from the start of the process to this text, and to the first letters typed, shown."""
    with desk.terminal(command) as terminal:
        paint = terminal.wait_for(painted) - terminal.began
        terminal.type(LETTERS)
        ready = terminal.wait_for(LETTERS) - terminal.began
    return paint * 1000, ready * 1000


def make_words(count: int, seed: int = 1) -> str:
    """Paragraphs of so many words, drawn from the sample articles."""
    known = sorted(
        {word for path in sample_corpus().glob("*.txt") for word in path.read_text("utf-8-sig").split()}
    )
    drawn = random.Random(seed).choices(known, k=count)  # noqa: S311 - no secret
    lines = (drawn[start : start + 14] for start in range(0, count, 14))
    sentences = [" ".join(line).strip(".,").capitalize() + "." for line in lines]
    return "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))
