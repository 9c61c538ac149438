"""How soon after a model's first word it is handed on to be shown, and what reading a long reply costs.

    python -m evals.performance.first_token [--questions 40]

A server on loopback speaks as OpenAI's API does, says one word, and waits until that has arrived; gold questions
are asked of it in one process, after one that loads everything. Timed is from just before it writes the word until
`Assistant.stream` yields it; both run in one process, so each disturbs the other. Then a reply of 10,000 deltas is
read, from the bytes of the wire to sentences, in processor time. Exit code 1 if the median of either is more than
it may be.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.answering.reply import Reply
from assistant.assistant import Assistant, Delta
from assistant.backends.address import Address
from assistant.backends.chat_completions import CompletionReader
from assistant.backends.keys import OPENAI
from assistant.backends.openai import OpenAIBackend
from assistant.backends.protocol import TextDelta
from assistant.backends.refusals import Asked
from assistant.commands.narration import Narrator
from evals.cases import Suite
from evals.performance.loopback import END, LoopbackServer, StreamingHandler, chunk
from evals.performance.machine import describe
from index.encoder import OnnxEmbedder

MOST_MS = 50.0
MOST_READING_S = 0.5
DELTAS = 10_000
PIECE = 1500
"""Bytes that come from the wire at once, about a packet."""
ROUNDS = 5
PATIENCE_S = 60.0


class _Model(StreamingHandler):
    """Says a word, and the rest once that has arrived."""

    server: WordServer

    def reply(self) -> None:
        """Reply to any question alike."""
        self.server.wrote = time.perf_counter()
        self.wfile.write(chunk("It"))
        self.server.arrived.wait(PATIENCE_S)
        self.wfile.write(chunk(" rained.") + chunk(None, "stop") + END)


class WordServer(LoopbackServer):
    """A model that says one word and waits."""

    wrote = 0.0
    """When it was about to write the first word of the last reply, as `time.perf_counter` tells it."""

    def __init__(self) -> None:
        super().__init__(_Model)
        self.arrived = threading.Event()


def delays(corpus: Path, states: Path, questions: Sequence[str]) -> list[float]:
    """For each question, milliseconds from the first word's writing to its delta, once all is loaded."""
    with WordServer() as server:
        backend = OpenAIBackend("m", server.base_url)
        with Assistant.open(corpus, states, OnnxEmbedder(), Narrator(quiet=True), backend=backend) as assistant:
            _delay(assistant, server, "Is everything loaded?")
            return [_delay(assistant, server, question) for question in questions]


def _delay(assistant: Assistant, server: WordServer, question: str) -> float:
    server.arrived.clear()
    found = None
    for event in assistant.stream(question):
        if isinstance(event, Delta) and found is None:
            found = (time.perf_counter() - server.wrote) * 1000
            server.arrived.set()
    if found is None:
        raise RuntimeError(f"nothing was asked for {question!r}")
    return found


def reading_s() -> float:
    """Processor time to read a reply of 10,000 deltas to sentences, in seconds."""
    stream = b"".join(chunk(f"word{number} ") for number in range(DELTAS)) + chunk(None, "stop") + END
    pieces = [stream[start : start + PIECE] for start in range(0, len(stream), PIECE)]
    reader = CompletionReader(Asked(Address.of(OPENAI.base_url), OPENAI, None, "m"), longest_reply=2 * DELTAS)
    reply, deltas = Reply(), 0
    began = time.process_time()
    for piece in pieces:
        for event in reader.feed(piece):
            if isinstance(event, TextDelta):
                reply.feed(event.text)
                deltas += 1
    reply.sentences()
    spent = time.process_time() - began
    if deltas != DELTAS:
        raise RuntimeError(f"{deltas} deltas were read of {DELTAS}")
    return spent


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 if either takes longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=40)
    chosen = parser.parse_args(arguments)
    suite = Suite.gold()
    questions = [case.question for case in suite.cases]
    random.Random(0).shuffle(questions)  # noqa: S311  a sample, no secret
    print(describe())
    with tempfile.TemporaryDirectory() as states:
        waited = delays(suite.corpus, Path(states), questions[: chosen.questions])
    spent = [reading_s() for _ in range(ROUNDS)]
    shown, read = statistics.median(waited), statistics.median(spent)
    print(
        f"first word of {len(waited)} replies: median {shown:.1f} ms after it was written, "
        f"worst {max(waited):.1f}; at most {MOST_MS:.0f}"
    )
    print(
        f"{DELTAS:,} deltas read: median {read:.2f} s of processor time in {ROUNDS} rounds, "
        f"worst {max(spent):.2f}; at most {MOST_READING_S:g}"
    )
    return int(shown > MOST_MS or read > MOST_READING_S)


if __name__ == "__main__":
    sys.exit(main())
