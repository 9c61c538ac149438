"""How long an answer takes once everything is loaded, and the reading of one passage on one core.

    python -m evals.performance.answer_speed [SUITE] [--questions 100]

Asks questions of the gold suite, or of another, in one process, each once, and prints the median of the whole
answer and of its stages; then has the reader read the best passages of the same questions, one at a time on one
core, and the encoder encode them, in turn. What is asked for, 150 ms an answer and 30 ms a passage, holds on one
machine in a quiet hour, so it is told and does not decide. Exit code 1 if the quickest of three rounds, or of nine
where three are not enough, takes more than so many times what the encoder takes for a passage.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.answer import Answer
from assistant.answering.reader import OnnxReader
from assistant.assistant import Assistant
from assistant.commands.narration import Narrator
from evals.cases import Suite
from evals.performance.machine import describe
from index.encoder import OnnxEmbedder

MOST_ANSWER_MS = 150.0
MOST_PASSAGE_MS = 30.0
MOST_ANSWER, MOST_PASSAGE = 8.0, 1.5
"""Times what it takes to encode a passage on one core; 5.9 and 1.2 in quiet, with VNNI 6.7 and 1.2; more where
others work, too."""
ROUNDS, MOST_ROUNDS = 3, 9
"""Each in a new assistant, which has not seen the sentences before. Other work on the machine disturbs some, and
more are taken while none is quick enough: what is slow by itself is slow in each."""


class Round(NamedTuple):
    """What one round took, in milliseconds."""

    stages: dict[str, float]
    """Of an answer, the whole as `total`."""
    read: float
    """One passage, on one core."""
    encoded: float
    """The same passage."""


def ask_all(suite: Suite, questions: Sequence[str], states: Path) -> list[Answer]:
    """Each question answered once, after one that loads everything."""
    with Assistant.open(suite.corpus, states, OnnxEmbedder(), Narrator(quiet=True)) as assistant:
        assistant.ask("Is everything loaded?")
        return [assistant.ask(question) for question in questions]


def medians(answers: Sequence[Answer]) -> dict[str, float]:
    """The median of each stage and of the whole, in milliseconds."""
    return {
        stage: statistics.median(answer.timings_ms[stage] for answer in answers) for stage in answers[0].timings_ms
    }


def passage_ms(answers: Sequence[Answer]) -> tuple[float, float]:
    """The median time to read the best passage of a question on one core, and to encode it, in milliseconds."""
    reader, embedder = OnnxReader(threads=1), OnnxEmbedder(threads=1)
    reader.load()
    embedder.load()
    spent: list[list[float]] = [[], []]
    for answer in answers:
        texts = [passage.text for passage in answer.evidence[:1]]
        began = time.perf_counter()
        reader.read(answer.question, texts)
        between = time.perf_counter()
        embedder.embed(texts)
        spent[0].append((between - began) * 1000)
        spent[1].append((time.perf_counter() - between) * 1000)
    return statistics.median(spent[0]), statistics.median(spent[1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 if anything takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", nargs="?", type=Path, metavar="SUITE")
    parser.add_argument("--questions", type=int, default=100)
    chosen = parser.parse_args(arguments)
    suite = Suite.at(chosen.suite) if chosen.suite else Suite.gold()
    questions = [case.question for case in suite.cases]
    random.Random(0).shuffle(questions)  # noqa: S311  a sample, no secret
    print(describe())
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as states:
        while len(rounds) < ROUNDS or (len(rounds) < MOST_ROUNDS and not _is_quick(rounds)):
            answers = ask_all(suite, questions[: chosen.questions], Path(states))
            rounds.append(Round(medians(answers), *passage_ms(answers)))
    best = min(rounds, key=lambda each: each.stages["total"])
    whole, encoded = [each.stages["total"] for each in rounds], [each.encoded for each in rounds]
    print(f"{suite.name}: {len(answers)} answers, median {_spread(whole)} ms, at most {MOST_ANSWER_MS:.0f}")
    print(", ".join(f"{stage} {value:.0f}" for stage, value in best.stages.items()))
    read = _spread([each.read for each in rounds])
    print(f"one passage on one core: median {read} ms, at most {MOST_PASSAGE_MS:.0f}")
    answer, passage = _times(rounds)
    print(
        f"in times of encoding a passage, {_spread(encoded)} ms: an answer {answer:.1f}, at most {MOST_ANSWER:g};"
    )
    print(f"  reading a passage {passage:.2f}, at most {MOST_PASSAGE:g}; {len(rounds)} rounds")
    return int(not _is_quick(rounds))


def _times(rounds: Sequence[Round]) -> tuple[float, float]:
    """An answer, and a passage read, in times of encoding a passage; of each the quickest."""
    encoded = min(each.encoded for each in rounds)
    return min(each.stages["total"] for each in rounds) / encoded, min(each.read for each in rounds) / encoded


def _is_quick(rounds: Sequence[Round]) -> bool:
    answer, passage = _times(rounds)
    return answer <= MOST_ANSWER and passage <= MOST_PASSAGE


def _spread(rounds: Sequence[float]) -> str:
    return f"{min(rounds):.0f} ({min(rounds):.0f}-{max(rounds):.0f})"


if __name__ == "__main__":
    sys.exit(main())
