"""How long an answer takes once everything is loaded, and the reading of one passage on one core.

    python -m evals.performance.answer_speed [SUITE] [--questions 100]

Asks questions of the gold suite, or of another, in one process, each once, and prints the median of the whole
answer and of its stages; then has the reader read the best passages of the same questions, one at a time on one
core, and the encoder encode them, in turn. What is asked for is 150 ms an answer and 30 ms a passage. A slow
machine takes longer, but no more times what the encoder takes for a passage; a busy one with VNNI, where only the
models are quick, takes more times that. So exit code 1 if the quickest of three rounds takes more than it may by
both measures.
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
ROUNDS = 3
"""Each in a new assistant, which has not seen the sentences before; other work on the machine disturbs some."""


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
    with tempfile.TemporaryDirectory() as states:
        rounds = [ask_all(suite, questions[: chosen.questions], Path(states)) for _ in range(ROUNDS)]
    whole = [medians(answers)["total"] for answers in rounds]
    read, encoded = zip(*(passage_ms(answers) for answers in rounds), strict=True)
    print(f"{suite.name}: {len(rounds[0])} answers, median {_spread(whole)} ms, at most {MOST_ANSWER_MS:.0f}")
    print(", ".join(f"{stage} {value:.0f}" for stage, value in medians(rounds[whole.index(min(whole))]).items()))
    print(f"one passage on one core: median {_spread(read)} ms, at most {MOST_PASSAGE_MS:.0f}")
    answer, passage = min(whole) / min(encoded), min(read) / min(encoded)
    slow_answer = min(whole) > MOST_ANSWER_MS and answer > MOST_ANSWER
    slow_passage = min(read) > MOST_PASSAGE_MS and passage > MOST_PASSAGE
    print(
        f"in times of encoding a passage, {_spread(encoded)} ms: an answer {answer:.1f}, at most {MOST_ANSWER:g};"
    )
    print(f"  reading a passage {passage:.2f}, at most {MOST_PASSAGE:g}")
    return int(slow_answer or slow_passage)


def _spread(rounds: Sequence[float]) -> str:
    return f"{min(rounds):.0f} ({min(rounds):.0f}-{max(rounds):.0f})"


if __name__ == "__main__":
    sys.exit(main())
