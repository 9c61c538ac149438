"""What each part of answering without a model server is worth, on public suites, one row a part.

    python -m evals.performance.answer_ablation SUITE [SUITE ...] [--row NAME ...] [--cases 300] [--state DIR]

For a sample of each suite's answerable questions: how often the first sentence, and one of the first three, covers
evidence; token F1 of the words that the reader points at in the first sentence; and recall of the passages. Beside
each figure stands its gain over what ships, with the paired 95 % interval, articles resampled whole.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.answering.ranking import ENCODED, FIRST, PASSAGES, READ, RERANK, UNREAD, Weights
from assistant.answering.reader import OnnxReader
from evals.cases import Suite
from evals.paired import paired_bootstrap
from evals.performance.answer_signals import DEEPEST, Seen, Values, observe
from evals.performance.retrieval_ablation import stated
from evals.performance.retrieval_quality import recall
from index.encoder import OnnxEmbedder

MEASURES = ("first sentence", "first three", "short F1", "recall@1", "recall@5")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to rank sentences."""

    weights: Weights = READ
    first: int = FIRST
    passages: int = PASSAGES
    encoded: int = ENCODED
    rerank: float = RERANK
    """What the reader's best margin in a passage counts in the order of the passages, beside their score."""

    def scores(self, seen: Seen) -> Values:
        """The rank score of each sentence of a question: shape (sentences,)."""
        of = self.weights
        return seen.scores((of.similarity, of.overlap, of.passage, of.margin), self.read(seen), self.encoded)

    def read(self, seen: Seen) -> int:
        """How many passages are read of a question."""
        return seen.read(self.first, self.passages)


SHIPPED = Recipe()
ROWS: Mapping[str, Recipe] = {
    "shipped": SHIPPED,
    "no-reader": Recipe(UNREAD, passages=FIRST, encoded=FIRST, rerank=0.0),
    **{f"rerank-{weight}": replace(SHIPPED, rerank=weight) for weight in (0.0, 0.05, 0.2, 1.0)},
    "reader-alone": Recipe(Weights(0, 0, 0, 1)),
    **{f"passages-{count}": replace(SHIPPED, first=count, passages=count) for count in (1, 3, 4, 6, 8, DEEPEST)},
    **{f"encoded-{count}": replace(SHIPPED, encoded=count) for count in (1, 2, 4, PASSAGES)},
    **{f"margin-{weight}": Recipe(replace(READ, margin=weight)) for weight in (0.1, 0.2, 0.5, 1.0)},
    **{f"similarity-{weight}": Recipe(replace(READ, similarity=weight)) for weight in (0.0, 0.1, 0.4)},
    **{f"overlap-{weight}": Recipe(replace(READ, overlap=weight)) for weight in (0.0, 0.2, 0.4)},
    **{f"passage-{weight}": Recipe(replace(READ, passage=weight)) for weight in (0.0, 0.4, 1.0)},
}


def measure(seen: Seen, recipe: Recipe) -> tuple[float, ...]:
    """The measures of one question, in the order of MEASURES."""
    order = np.argsort(-recipe.scores(seen), kind="stable")
    passages = seen.passages(recipe.rerank, recipe.read(seen))
    return (
        float(seen.met[order[0]].any()),
        float(seen.met[order[:3]].any()),
        float(seen.f1[order[0]]),
        recall(seen.found, passages, 1),
        recall(seen.found, passages, 5),
    )


def describe(name: str, recipe: Recipe, seen: Sequence[Seen]) -> str:
    """A row: each measure, and its gain over what ships."""
    mine, shipped = (np.array([measure(item, of) for item in seen]) for of in (recipe, SHIPPED))
    gains = paired_bootstrap((mine - shipped).T.tolist(), [item.article for item in seen])
    parts = [
        f"{label} {value:.3f}{'' if recipe == SHIPPED else f' ({stated(gain)})'}"
        for label, value, gain in zip(MEASURES, mine.mean(axis=0), gains, strict=True)
    ]
    read = np.mean([recipe.read(item) for item in seen])
    return f"  {name}: {', '.join(parts)}; {read:.1f} passages read"


def main() -> None:
    """Observe each suite and print the rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--row", action="append", choices=ROWS, help="this row; may be repeated (default: all)")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--state", type=Path, help="keep the indexes there")
    arguments = parser.parse_args()
    embedder, reader = OnnxEmbedder(), OnnxReader()
    with tempfile.TemporaryDirectory() as temporary:
        for folder in arguments.suites:
            suite = Suite.at(folder)
            seen = observe(suite, embedder, reader, arguments.state or Path(temporary), arguments.cases)
            print(f"{suite.name}: {len(seen)} questions")
            for name in arguments.row or ROWS:
                print(describe(name, ROWS[name], seen), flush=True)


if __name__ == "__main__":
    main()
