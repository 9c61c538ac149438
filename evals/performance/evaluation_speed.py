"""What an evaluation costs: the gold questions, scoring them again, and the memory of a long run.

    python -m evals.performance.evaluation_speed [SUITE] [--runs 3]

Times whole processes, with the index in place. Of a suite, it runs every case in this process and prints its
resident memory after a tenth of them and after all. Exit code 1 if even the quickest `parley eval` takes more
than 30 s, the quickest `parley eval score` more than 1 s, or memory grows by more than a tenth between the
two looks. Other work on the machine slows some runs: up to three times as many are taken while none is quick
enough.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.assistant import Assistant
from assistant.commands.narration import Narrator
from evals.cases import Suite
from evals.evaluation import AskedOf, Evaluation
from evals.performance.cold_start import PARLEY, run, spread
from evals.performance.machine import describe
from evals.runner import Progress, Selection
from index.encoder import OnnxEmbedder

MOST_RUN_S = 30.0
MOST_SCORE_S = 1.0
MOST_GROWTH = 0.1
MORE = 3
"""Times as many runs as are asked for, at most."""


def time_gold(home: Path, count: int) -> tuple[list[float], list[float]]:
    """Seconds of `parley eval` and of `parley eval score`, each so many times, or more where none was quick."""
    state = str(home / "state")
    run([*PARLEY, "eval", "--quiet", "--state", state, "--limit", "1"], home)
    asked: list[float] = []
    scored: list[float] = []
    while len(asked) < count or (
        len(asked) < MORE * count and (min(asked) > MOST_RUN_S or min(scored) > MOST_SCORE_S)
    ):
        out = str(home / f"run-{len(asked)}.jsonl")
        asked.append(run([*PARLEY, "eval", "--quiet", "--state", state, "--out", out], home).wall_s)
        scored.append(run([*PARLEY, "eval", "score", out], home).wall_s)
    return asked, scored


def resident_mib() -> float:
    """Memory of this process that is not paged out."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def watch_memory(suite: Suite, home: Path) -> tuple[float, float]:
    """MiB after a tenth of the cases of a suite, and after all of them."""
    suite.check()
    seen: dict[int, float] = {}

    def look(progress: Progress) -> None:
        if progress.done in (progress.total // 10, progress.total):
            seen[progress.done] = resident_mib()

    evaluation = Evaluation(suite, "full", AskedOf("extractive"), look)
    with Assistant.open(suite.corpus, home / "state", OnnxEmbedder(), Narrator(quiet=True)) as assistant:
        evaluation.start(assistant, home / "long.jsonl", Selection())
    return seen[min(seen)], seen[max(seen)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 if anything costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", nargs="?", type=Path, metavar="SUITE")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args(arguments)
    failed = False
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if chosen.suite:
            # First: what the processes below leave in memory would be counted.
            early, late = watch_memory(Suite.at(chosen.suite), home)
            failed |= late > early * (1 + MOST_GROWTH)
            print(
                f"{chosen.suite.resolve().name}: {early:.0f} MiB after a tenth of the cases, {late:.0f} after all"
            )
        asked, scored = time_gold(home, chosen.runs)
    for name, seconds, most in (("parley eval", asked, MOST_RUN_S), ("parley eval score", scored, MOST_SCORE_S)):
        failed |= min(seconds) > most
        print(f"{name}: {spread(seconds)} s, at most {most:.0f}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
