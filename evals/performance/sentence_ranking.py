"""How well the model-free answerer picks sentences: weights of the rank, and how many sentences to show.

    python -m evals.performance.sentence_ranking SUITE [SUITE ...] [--cases 300] [--state DIR]

A sentence is right when it covers evidence by the Suite contract. Prints the share of questions whose first
and whose first three sentences are right for several weights, then what showing more sentences gains.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answering.extractive import CLOSE, MOST_SENTENCES, PASSAGES, WEIGHTS, ExtractiveAnswerer
from assistant.commands.narration import Narrator
from assistant.retrieval import Retriever
from evals.cases import Suite
from index.encoder import OnnxEmbedder
from index.keeping import KeptIndex
from index.lexical import Stemmer
from index.state import StateFolder

GRID = (
    WEIGHTS,
    (1, 0, 0),
    (0, 1, 0),
    (0, 0, 1),
    (0.5, 0.3, 0.2),
    (0.2, 0.2, 0.6),
    (0.4, 0.2, 0.4),
    (0.3, 0.4, 0.3),
)
MARGINS = (0.0, 0.02, CLOSE, 0.08, 0.12)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidate sentences of one question."""

    signals: NDArray[np.float64]
    """Similarity, overlap and passage score of each: shape (sentences, 3)."""
    met: NDArray[np.bool_]
    """Which need each sentence meets: shape (sentences, needs)."""

    def order(self, weights: Sequence[float]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Sentences best first, and their scores in that order."""
        scores = self.signals @ np.array(weights)
        order = np.argsort(-scores, kind="stable")
        return order, scores[order]


def observe(suite: Suite, embedder: OnnxEmbedder, states: Path, count: int) -> list[Ranking]:
    """Rank the sentences for `count` answerable questions, drawn with a fixed seed."""
    kept = KeptIndex(suite.corpus, StateFolder.of(suite.corpus, states), embedder, Narrator(quiet=True))
    kept.refresh()
    retriever, answerer = Retriever(embedder), ExtractiveAnswerer(embedder, Stemmer())
    cases = [case for case in suite.cases if case.answerable]
    random.Random(1).shuffle(cases)  # noqa: S311  a sample, no secret
    rankings = []
    with kept.reader.view() as view:
        for case in cases[:count]:
            ranked = answerer.rank(retriever.retrieve(view, case.question, PASSAGES))
            signals = [(item.similarity, item.overlap, item.quoted.evidence.score) for item in ranked]
            spans = [
                (item.quoted.evidence.source.article, item.quoted.sentence.start, item.quoted.sentence.end)
                for item in ranked
            ]
            met = [suite.needs_met(case, [span]) for span in spans]
            rankings.append(Ranking(np.array(signals, float), np.array(met, bool)))
    kept.close()
    return rankings


def first_right(rankings: Sequence[Ranking], weights: Sequence[float], count: int) -> float:
    """The share of questions with evidence among the first `count` sentences."""
    return float(np.mean([item.met[item.order(weights)[0][:count]].any() for item in rankings]))


def shown(rankings: Sequence[Ranking], margin: float) -> tuple[float, float, float]:
    """With every sentence shown that scores so close to the best: how many, share right, share of needs met."""
    counts, right, met = [], [], []
    for item in rankings:
        order, scores = item.order(WEIGHTS)
        chosen = order[scores >= scores[0] - margin][:MOST_SENTENCES]
        counts.append(len(chosen))
        right.append(item.met[chosen].any(axis=1).mean())
        met.append(item.met[chosen].any(axis=0).mean())
    return float(np.mean(counts)), float(np.mean(right)), float(np.mean(met))


def main() -> None:
    """Observe each suite and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--state", type=Path, help="keep the index there")
    arguments = parser.parse_args()
    embedder = OnnxEmbedder()
    with tempfile.TemporaryDirectory() as temporary:
        for folder in arguments.suites:
            rankings = observe(Suite(folder), embedder, arguments.state or Path(temporary), arguments.cases)
            print(f"{folder.name}: {len(rankings)} questions")
            for weights in GRID:
                first, three = first_right(rankings, weights, 1), first_right(rankings, weights, 3)
                print(f"  similarity, overlap, passage {weights}: first {first:.3f}, three {three:.3f}")
            for margin in MARGINS:
                count, right, met = shown(rankings, margin)
                print(
                    f"  within {margin:.2f} of the best: {count:.2f} shown, {right:.3f} right, {met:.3f} of needs"
                )


if __name__ == "__main__":
    main()
