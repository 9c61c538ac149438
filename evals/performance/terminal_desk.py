"""A folder for state, articles and notes, and the terminals in which the terminal UI runs to be measured."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.locations import sample_corpus
from assistant.sessions.record import TURN
from evals.performance.cold_start import PACKAGES, environment
from evals.performance.pseudo_terminal import PseudoTerminal

PARLEY = (sys.executable, "-m", "assistant.cli")
CURRENT = "index is current"
"""What the status line says once everything is indexed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Time in which the loop of the terminal UI did not turn, so that no frame could be painted."""

    wall_ms: float
    own_ms: float
    """No more than the processor worked meanwhile for this process."""


class Desk:
    """Opens terminals whose settings, state and notes are in one folder."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.states = place / "data" / "parley"
        """Where the state of each corpus is kept."""
        self._beats = place / "beats"
        # People start what is compiled already: so does the second start here.
        self._environment = {
            name: value for name, value in environment(place).items() if name != "PYTHONDONTWRITEBYTECODE"
        } | {"PROBED": str(self._beats)}

    @contextmanager
    def terminal(self, command: Sequence[str], **more: str) -> Iterator[PseudoTerminal]:
        """A terminal in which the command runs, with more in its environment."""
        with PseudoTerminal(command, {**self._environment, **more}, PACKAGES) as terminal:
            yield terminal

    def kept_answers(self) -> int:
        """Answers in all sessions; one that is shown is written to one of them at once."""
        count = 0
        for path in self.states.glob("*/sessions/*.jsonl"):
            with suppress(FileNotFoundError):  # removed meanwhile
                count += path.read_bytes().count(b"\n" + TURN)
        return count

    def worst_gap(self, since: float) -> Gap:
        """The longest gap after this time that the probe has noted."""
        whole, _, _ = self._beats.read_text().rpartition("\n")  # the last line may be half written
        return worst(gaps_in(whole.splitlines(), since))


def gaps_in(lines: Iterable[str], since: float) -> list[Gap]:
    """What the probe noted of beats after this time."""
    noted = (tuple(map(float, line.split())) for line in lines)
    return [
        Gap(late_s * 1000, min(late_s, worked_s) * 1000) for began, late_s, worked_s in noted if began >= since
    ]


def worst(gaps: Iterable[Gap]) -> Gap:
    """The longest one, by what of it is the process's own; none at all where every beat came in time."""
    return max(gaps, key=lambda gap: gap.own_ms, default=Gap(0.0, 0.0))


def make_words(count: int, seed: int) -> str:
    """Paragraphs of so many words, drawn from the sample articles."""
    known = sorted(
        {word for path in sample_corpus().glob("*.txt") for word in path.read_text("utf-8-sig").split()}
    )
    drawn = random.Random(seed).choices(known, k=count)  # noqa: S311 - no secret
    return _in_paragraphs(drawn)


def make_reply(tokens: int) -> str:
    """What a model may write: so many words, short enough that 10,000 are no longer than a reply may be."""
    chance = random.Random(1)  # noqa: S311 - no secret
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.choice((2, 3, 3)))) for _ in range(tokens)]
    return _in_paragraphs(words)


def _in_paragraphs(words: Sequence[str]) -> str:
    """Sentences of 14 words, six a paragraph; words stay parted by single blanks or a blank line."""
    lines = (words[start : start + 14] for start in range(0, len(words), 14))
    sentences = [" ".join(line).strip(".,").capitalize() + "." for line in lines]
    return "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))
