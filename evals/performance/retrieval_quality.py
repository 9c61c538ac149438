"""Measure how often retrieval finds the gold evidence: words alone, meaning alone, and both fused.

    python -m evals.performance.retrieval_quality SUITE [SUITE ...] [--limit 200] [--sweep] [--state DIR]
        [--require NAME:RECALL] [--above NAME] [--not-below NAME]

Over all answerable questions: recall@1, @5, @10 and complete@5, as the Suite contract defines them, and the
gain of the fused ranking with its paired 95 % interval. A missed target ends with exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from assistant.answer import Evidence
from assistant.commands.narration import Narrator
from assistant.retrieval import DENSE_WEIGHT, DEPTH, Retriever
from evals.cases import Case, Suite
from evals.paired import paired_bootstrap
from index.articles import Article
from index.encoder import Embedder, OnnxEmbedder
from index.keeping import KeptIndex
from index.passages import Passage
from index.state import StateFolder
from index.view import IndexView

Values = NDArray[np.float64]
Header = Callable[[Article, Passage], str]

WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0)
LEGS = ("lexical", "dense")


@dataclass(frozen=True, slots=True)
class Question:
    """One case with the candidates of both legs, and which of its needs each candidate meets."""

    article: str
    """Where its first piece of evidence stands; questions of one article are resampled together."""
    lexical: Values
    dense: Values
    """Scores of the candidates, which are in the order of the fused ranking; a missing vector counts 0."""
    by_words: tuple[int, ...]
    by_meaning: tuple[int, ...]
    """Candidates that each leg alone would return, best first."""
    met: NDArray[np.bool_]
    """Candidates by needs."""

    def ranking(self, name: str) -> Sequence[int]:
        """Candidates, best first, of `lexical`, `dense` or `fused`."""
        return {"lexical": self.by_words, "dense": self.by_meaning}.get(name, range(len(self.lexical)))


def recall(met: NDArray[np.bool_], ranking: Sequence[int], k: int) -> float:
    """Share of the needs that one of the first `k` candidates meets; `met` is candidates by needs."""
    return float(met[list(ranking[:k])].any(axis=0).mean())


def complete(met: NDArray[np.bool_], ranking: Sequence[int], k: int) -> bool:
    """Whether the first `k` candidates meet every need."""
    return bool(met[list(ranking[:k])].any(axis=0).all())


def by_bound(scores: Values) -> Values:
    """Scores as they are: a share of BM25's bound, or a cosine."""
    return np.maximum(scores, 0.0)


def by_maximum(scores: Values) -> Values:
    """Scores as a share of the question's best."""
    return np.maximum(scores, 0.0) / max(float(scores.max(initial=0.0)), 1e-9)


def by_range(scores: Values) -> Values:
    """Scores between the question's worst and best candidate."""
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    return (scores - low) / max(high - low, 1e-9)


NORMALISATIONS = {"bound": by_bound, "maximum": by_maximum, "min-max": by_range}


def no_header(article: Article, passage: Passage) -> str:
    """The passage alone."""
    return article.text[passage.start : passage.end]


def full_header(article: Article, passage: Passage) -> str:
    """The passage after a line of title, outlet and date."""
    stated = article.metadata
    day = stated.published.isoformat() if stated.published else None
    line = " · ".join(part for part in (stated.title, stated.outlet, day) if part)
    return f"{line}\n{no_header(article, passage)}" if line else no_header(article, passage)


HEADERS: Mapping[str, Header] = {"none": no_header, "full": full_header}
"""What may stand before an encoded passage instead of what ships, which is its article's title."""


def index_suite(suite: Suite, states: Path, embedder: Embedder, header: str = "title") -> KeptIndex:
    """The suite's index, brought up to date; each header has indexes of its own."""
    if header in HEADERS:
        states /= f"header-{header}"
    kept = KeptIndex(suite.corpus, StateFolder.of(suite.corpus, states), embedder, Narrator(quiet=False))
    if header in HEADERS:
        with patch("index.sync.embedded_text", HEADERS[header]):
            kept.refresh()
    else:
        kept.refresh()
    return kept


def ask(suite: Suite, cases: Sequence[Case], view: IndexView, embedder: Embedder) -> Iterator[Question]:
    """Retrieve for each case, with every candidate of both legs."""
    retriever = Retriever(embedder)
    for case in cases:
        pool = retriever.retrieve(view, case.question, 2 * DEPTH).evidence
        place = {_span(evidence): number for number, evidence in enumerate(pool)}
        word_keys = view.lexical.candidates(case.question, DEPTH, None, None)
        meaning_keys = view.nearest(embedder.embed([case.question])[0], DEPTH)
        records = view.catalog.passages(list(dict.fromkeys([*word_keys, *meaning_keys])))
        places = {key: place[item.article.path, item.start, item.end] for key, item in records.items()}
        met = [suite.needs_met(case, [_span(evidence)]) for evidence in pool]
        yield Question(
            article=suite.files[case.needs[0][0].doc],
            lexical=np.array([evidence.lexical for evidence in pool]),
            dense=np.array([evidence.dense or 0.0 for evidence in pool]),
            by_words=tuple(sorted((places[key] for key in word_keys), key=lambda n: -pool[n].lexical)),
            by_meaning=tuple(places[key] for key in meaning_keys),
            met=np.array(met, dtype=bool).reshape(len(pool), len(case.needs)),
        )


def _span(evidence: Evidence) -> tuple[str, int, int]:
    return evidence.source.article, evidence.start, evidence.end


@dataclass(frozen=True, slots=True)
class Scores:
    """Recall of each ranking over the same questions."""

    questions: Sequence[Question]

    def recall(self, name: str, k: int) -> Values:
        """Recall@k of each question by one ranking."""
        return np.array([recall(question.met, question.ranking(name), k) for question in self.questions])

    def complete(self, name: str, k: int) -> float:
        """The share of questions with every need met."""
        return float(np.mean([complete(item.met, item.ranking(name), k) for item in self.questions]))

    def gain(self, leg: str) -> tuple[float, float, float]:
        """Recall@5 of the fused ranking above a leg's: mean and paired 95 % interval."""
        differences = self.recall("fused", 5) - self.recall(leg, 5)
        (found,) = paired_bootstrap([differences.tolist()], [question.article for question in self.questions])
        mean = found.value or 0.0
        # Without an interval all resamples agree: every question gains the same.
        return mean, mean if found.low is None else found.low, mean if found.high is None else found.high

    def better_leg(self) -> str:
        """The leg with the higher recall@5."""
        return max(LEGS, key=lambda leg: self.recall(leg, 5).mean())

    def swept(self, normalise: Callable[[Values], Values], weight: float) -> float:
        """Recall@5 of another fusion of the same candidates."""
        found = []
        for item in self.questions:
            scores = weight * normalise(item.dense) + (1 - weight) * normalise(item.lexical)
            found.append(recall(item.met, np.argsort(-scores, kind="stable").tolist(), 5))
        return float(np.mean(found))


def print_table(scores: Scores) -> None:
    """Print every ranking's figures and what fusing gains."""
    print("           recall@1  recall@5  recall@10  complete@5")
    for name in (*LEGS, "fused"):
        one, five, ten = (scores.recall(name, k).mean() for k in (1, 5, 10))
        print(f"  {name:8} {one:8.3f}  {five:8.3f}  {ten:9.3f}  {scores.complete(name, 5):10.3f}")
    for leg in LEGS:
        mean, low, high = scores.gain(leg)
        better = "  (the better leg)" if leg == scores.better_leg() else ""
        print(f"  recall@5, fused - {leg}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]{better}")


def print_sweep(scores: Scores) -> None:
    """Print recall@5 for each weight of the dense score and each normalisation."""
    print(f"  recall@5 by weight of the dense score (shipped: bound, {DENSE_WEIGHT})")
    print("           " + " ".join(f"{weight:5.1f}" for weight in WEIGHTS))
    for name, normalise in NORMALISATIONS.items():
        print(f"  {name:8} " + " ".join(f"{scores.swept(normalise, weight):5.3f}" for weight in WEIGHTS))


def missed_targets(name: str, scores: Scores, asked: argparse.Namespace) -> Iterator[str]:
    """What was asked of this suite and not reached."""
    fused = scores.recall("fused", 5).mean()
    for suite, _, least in (each.rpartition(":") for each in asked.require):
        if suite == name and fused < float(least):
            yield f"{name}: recall@5 {fused:.3f} is below {least}"
    if name in asked.above:
        for leg in LEGS:
            if scores.gain(leg)[0] <= 0:
                yield f"{name}: fused is not above {leg} alone"
    if name in asked.not_below and scores.gain(scores.better_leg())[2] < 0:
        yield f"{name}: fused is below {scores.better_leg()} alone, beyond the 95 % interval"


def measure(suite: Suite, states: Path, embedder: Embedder, asked: argparse.Namespace) -> Scores:
    """Index a suite, ask its answerable questions, print what came of it."""
    cases = [case for case in suite.cases if case.answerable and case.needs][: asked.limit]
    lost = [quote for case in cases for need in case.needs for quote in need if not suite.spans(quote)[1]]
    with closing(index_suite(suite, states, embedder, asked.header)) as kept, kept.reader.view() as view:
        articles, passages = view.catalog.counts()
        scores = Scores(list(ask(suite, cases, view, embedder)))
    print(f"{suite.folder.name}: {len(cases):,} questions, {articles:,} articles, {passages:,} passages", end="")
    print(f"; header: {asked.header}" + (f"; {len(lost)} quotes stand nowhere" if lost else ""))
    print_table(scores)
    if asked.sweep:
        print_sweep(scores)
    return scores


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each suite; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path, metavar="SUITE")
    parser.add_argument("--limit", type=int, help="ask only the first so many questions")
    parser.add_argument("--sweep", action="store_true", help="other weights and normalisations, too")
    parser.add_argument("--header", choices=("title", *HEADERS), default="title", help="encoded with a passage")
    parser.add_argument("--state", type=Path, help="keep the indexes there (default: a temporary folder)")
    parser.add_argument("--require", action="append", default=[], metavar="NAME:RECALL", help="least recall@5")
    parser.add_argument("--above", action="append", default=[], metavar="NAME", help="fused above each leg")
    parser.add_argument("--not-below", action="append", default=[], metavar="NAME", help="the better leg")
    asked = parser.parse_args(arguments)
    embedder = OnnxEmbedder()
    missed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for path in asked.suites:
            suite = Suite(path.resolve())
            scores = measure(suite, asked.state or Path(folder), embedder, asked)
            missed += missed_targets(suite.folder.name, scores, asked)
    print("\n".join(missed) or "every target asked for is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
