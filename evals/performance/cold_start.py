"""Time a cold `parley ask` against a plain llama-index + Chroma script with the same encoder.

    python -m evals.performance.cold_start [--runs 15] [--most-runs 60] [--most-ratio 0.25] [--most-help 0.3]

Both answer over the five sample articles, each question in a new process, with the index in place; nothing of
a question is kept for the next. The two sides take turns, so that whatever else the machine does slows both.
Where other work makes the times differ so much that the median of their ratios could as well lie on the other
side of what is asked (its 95 % interval holds that), they take further turns. Exit code 1 if `parley` needs more
than its share of the script's time, or the quickest `parley --help` too long: it has no other side to take turns
with, and what the others took longer is the machine's. While none is quick enough more are taken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import index
from assistant.locations import sample_corpus
from evals.performance.machine import Run, describe, run_process
from evals.performance.medians import interval

PARLEY = (sys.executable, "-m", "assistant")
BASELINE = (sys.executable, "-m", "evals.performance.llamaindex_baseline")
PACKAGES = Path(index.__file__).resolve().parent.parent
"""Where our packages lie, in a checkout or installed; both sides start there and so run the same code."""

QUESTIONS = (
    "How large was the trade deficit with China last year?",
    "Who led the talks on the Chinese side?",
    "Which treasury secretary took part in the negotiations?",
    "What did Beijing promise to buy?",
    "When would tariffs be raised if no deal was reached?",
    "Who is the commerce ministry's spokesman?",
    "Where did the American delegation have dinner?",
    "What does Washington say about forced technology transfer?",
    "How many billions of Chinese imports were to be taxed?",
    "What did Xinhua report about intellectual property?",
    "Which telecommunications company was put on a list?",
    "What was said about soybeans?",
    "Who reacted on behalf of American manufacturers?",
    "How did financial markets take the news?",
    "What did the joint statement leave out?",
    "When do the negotiators meet again?",
    "What is the goal for the deficit by the end of 2020?",
    "Which allies were hit by duties on steel?",
    "What did the president say about meeting Xi?",
    "How long was the truce that both leaders agreed on?",
    "Who began an investigation into unfair practices?",
    "What would Chinese quotas for imports do?",
    "Did the White House list new commitments?",
    "What form would a final deal take?",
)


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, asked of both sides one after the other."""

    ours: Run
    theirs: Run

    @property
    def ratio(self) -> float:
        """Our wall time in times of theirs."""
        return self.ours.wall_s / self.theirs.wall_s


def environment(home: Path) -> dict[str, str]:
    """This process's environment with no settings of the person who runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "XDG_"))}
    return kept | {"XDG_CONFIG_HOME": str(home / "config"), "XDG_DATA_HOME": str(home / "data")}


def run(command: Sequence[str], home: Path, accepted: Sequence[int] = (0,)) -> Run:
    """Run a command to its end. Raises RuntimeError with what it said, where it fails."""
    done = run_process(command, environment(home), PACKAGES)
    if done.code not in accepted:
        raise RuntimeError(f"{' '.join(command[1:4])} ended with {done.code}: {done.stderr.strip()}")
    return done


def ask_both(home: Path) -> Iterator[Pair]:
    """Index on both sides, ask once to warm the disk's cache, then ask one question after another without end."""
    corpus, state, store = str(sample_corpus()), str(home / "state"), str(home / "store")
    run([*PARLEY, "index", "--corpus", corpus, "--state", state], home)
    run([*BASELINE, "build", corpus, store], home)
    for number, question in enumerate(cycle(QUESTIONS)):
        # 3 is an answer too: the articles do not say.
        ours = run([*PARLEY, "ask", question, "--corpus", corpus, "--state", state], home, accepted=(0, 3))
        if "indexed" in ours.stderr:
            raise RuntimeError("parley ask indexed again, so its time is no time of a question")
        theirs = run([*BASELINE, "ask", store, question], home)
        if number:
            yield Pair(ours, theirs)


def until_sure(pairs: Iterator[Pair], least: int, most: int, bound: float) -> list[Pair]:
    """The least of the pairs, and more up to the most while their ratio may be on either side of the bound."""
    taken = list(islice(pairs, least))
    while len(taken) < most:
        low, high = interval([pair.ratio for pair in taken])
        if not low <= bound <= high:
            break
        taken.append(next(pairs))
    return taken


def time_help(home: Path, least: int, most: int, bound: float) -> list[Run]:
    """The least of the runs of the help text, and more up to the most while none was quick enough."""
    command = [*PARLEY, "--help"]
    run(command, home)  # warms the disk's cache
    taken: list[Run] = []
    while len(taken) < least or (len(taken) < most and min(each.wall_s for each in taken) > bound):
        taken.append(run(command, home))
    return taken


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median, and least to most."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Time both sides and the help text; 1 if either takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, metavar="N")
    parser.add_argument("--most-runs", type=int, default=60, metavar="N", help="where so many leave it open")
    parser.add_argument("--most-ratio", type=float, default=0.25, help="of the script's wall time")
    parser.add_argument("--most-help", type=float, default=0.3, help="seconds for parley --help")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pairs = until_sure(ask_both(home), asked.runs, asked.most_runs, asked.most_ratio)
        helps = time_help(home, asked.runs, asked.most_runs, asked.most_help)
    print(describe())
    return report(pairs, helps, asked.most_ratio, asked.most_help)


def report(pairs: Sequence[Pair], helps: Sequence[Run], most_ratio: float, most_help: float) -> int:
    """Print medians, ratios and whether they are within bounds; 1 if not."""
    print(f"cold question over five articles, index in place; medians of {len(pairs)} (least-most)")
    for name, runs in (
        ("parley ask", [pair.ours for pair in pairs]),
        ("llama-index + Chroma", [pair.theirs for pair in pairs]),
        ("parley --help", helps),
    ):
        wall, cpu = [each.wall_s for each in runs], [each.cpu_s for each in runs]
        print(f"  {name:20}  wall {spread(wall)} s  processor {spread(cpu)} s")
    ratios = [pair.ratio for pair in pairs]
    costs = [pair.ours.cpu_s / pair.theirs.cpu_s for pair in pairs]
    print(f"  ratio a pair          wall {spread(ratios, 3)}  processor {spread(costs, 3)}")
    slow = median(ratios) > most_ratio
    late = min(each.wall_s for each in helps) > most_help
    print(f"  at most {most_ratio} of the wall time: {'no' if slow else 'yes'}", end="; ")
    print(f"help within {most_help} s: {'no' if late else 'yes'}")
    return 1 if slow or late else 0


if __name__ == "__main__":
    sys.exit(main())
