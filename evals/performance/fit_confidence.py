"""Fit the confidence of the model-free answerer, and print how well it tells answers from their absence.

    python -m evals.performance.fit_confidence SUITE [SUITE ...] [--cases 240]

Each question is asked three times: of a small corpus that holds its evidence; of the same corpus with
the evidence's article taken away; and with only the paragraphs of the evidence taken away, so that the
subject stays and the fact is gone. Corpora are of 1, 5 and 50 articles. What ships is fitted on all askings;
what is reported is cross-validated: each asking is scored by coefficients that saw no question about its
article (five folds). Exit code 1 if what ships has drifted from what is fitted now.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from assistant.answering.confidence import COEFFICIENTS, THRESHOLD, Signals
from assistant.answering.extractive import ExtractiveAnswerer, signals_of
from assistant.commands.narration import Narrator
from assistant.retrieval import Retriever
from evals.cases import Case, Suite
from index.encoder import OnnxEmbedder
from index.errors import CorpusError
from index.keeping import KeptIndex
from index.lexical import Stemmer
from index.state import StateFolder

CASES_PER_CORPUS = {1: 4, 5: 8, 50: 40}
"""How many articles a corpus has, and at most how many questions are asked of it."""
RIDGE = 1e-3
FOLDS = 5
MOST_DRIFT = 0.05
"""Probability by which what ships may differ from what is fitted now before somebody should look."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One asking: what the answerer saw, and whether its best sentence held the answer."""

    group: str
    signals: Signals
    condition: str
    right: bool


class Bench:
    """One small corpus on disk, changed between askings and synced as any other."""

    def __init__(self, suite: Suite, embedder: OnnxEmbedder, folder: Path) -> None:
        self.suite = suite
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self._kept = KeptIndex(self.corpus, StateFolder(folder / "state"), embedder, Narrator(quiet=True))
        self._retriever = Retriever(embedder)
        self._answerer = ExtractiveAnswerer(embedder, Stemmer())

    def put(self, article: str) -> None:
        """Copy an article of the suite into the corpus."""
        shutil.copyfile(self.suite.corpus / article, self.corpus / article)

    def ask(self, case: Case, condition: str) -> Observation | None:
        """Ask, and look whether the best sentence covers evidence."""
        try:
            self._kept.refresh()
        except CorpusError:  # nothing is left in a corpus of one article
            return None
        with self._kept.reader.view() as view:
            retrieval = self._retriever.retrieve(view, case.question, 6)
        ranked = self._answerer.rank(retrieval)
        if not ranked:
            return None
        best = ranked[0].quoted
        shown = [(best.evidence.source.article, best.sentence.start, best.sentence.end)]
        right = condition == "present" and any(self.suite.needs_met(case, shown))
        article = self.suite.files[case.needs[0][0].doc]
        return Observation(f"{self.suite.folder.name}/{article}", signals_of(retrieval, ranked), condition, right)

    def observe(self, cases: list[Case]) -> Iterator[Observation | None]:
        """Ask each case with its evidence, without its article, without its paragraphs."""
        for case in cases:
            yield self.ask(case, "present")
        for case in cases:
            article = self.suite.files[case.needs[0][0].doc]
            text = (self.suite.corpus / article).read_text(encoding="utf-8-sig")
            (self.corpus / article).write_text(self._without_evidence(text, case), encoding="utf-8")
            yield self.ask(case, "paragraph gone")
            (self.corpus / article).unlink()
            yield self.ask(case, "article gone")
            self.put(article)

    def _without_evidence(self, text: str, case: Case) -> str:
        spans = [span for need in case.needs for quote in need for span in self.suite.spans(quote)[1]]
        kept, offset = [], 0
        for line in text.splitlines(keepends=True):
            end = offset + len(line)
            if not any(start < end and stop > offset for start, stop in spans):
                kept.append(line)
            offset = end
        return "".join(kept)


def observe(suite: Suite, embedder: OnnxEmbedder, count: int, seed: int) -> list[Observation]:
    """Ask about `count` cases of a suite, a third of them in corpora of each size."""
    chance = random.Random(seed)  # noqa: S311  a sample, no secret
    by_article: dict[str, list[Case]] = {}
    for case in suite.cases:
        articles = _articles(case, suite)
        if case.answerable and len(articles) == 1:
            by_article.setdefault(articles.pop(), []).append(case)
    found: list[Observation] = []
    for size, most in CASES_PER_CORPUS.items():
        asked = 0
        while asked < count // len(CASES_PER_CORPUS):
            group = chance.sample(sorted(by_article), min(size, len(by_article)))
            cases = [case for article in group for case in by_article[article]]
            cases = chance.sample(cases, min(most, len(cases)))
            asked += len(cases)
            with tempfile.TemporaryDirectory() as folder:
                bench = Bench(suite, embedder, Path(folder))
                for article in group:
                    bench.put(article)
                found += [seen for seen in bench.observe(cases) if seen]
    return found


def _articles(case: Case, suite: Suite) -> set[str]:
    return {suite.files[quote.doc] for need in case.needs for quote in need}


def fit(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method with a small ridge; intercept first."""
    design = np.column_stack([np.ones(len(features)), features])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (labels - predicted) - RIDGE * weights
        curvature = (design * (predicted * (1 - predicted))[:, None]).T @ design + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curvature, gradient)
    return weights


def auroc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The chance that a random positive scores above a random negative (Mann-Whitney)."""
    positive, negative = scores[labels], scores[~labels]
    above = (positive[:, None] > negative[None, :]).mean() + (positive[:, None] == negative[None, :]).mean() / 2
    return float(above)


def main() -> int:
    """Observe, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=240, help="questions of each suite")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dump", type=Path, help="write the observations there, one JSON a line")
    arguments = parser.parse_args()
    embedder = OnnxEmbedder()
    seen = [
        item
        for folder in arguments.suites
        for item in observe(Suite(folder), embedder, arguments.cases, arguments.seed)
    ]
    if arguments.dump:
        lines = [json.dumps([item.group, item.condition, item.right, *astuple(item.signals)]) for item in seen]
        arguments.dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return report(seen, arguments.seed)


def report(seen: list[Observation], seed: int) -> int:
    """Fit, print coefficients and how cross-validated ones do; 1 if what ships has drifted."""
    features = np.array([astuple(item.signals) for item in seen])
    labels = np.array([item.right for item in seen], float)
    weights = fit(features, labels)
    print("fitted coefficients", ", ".join(f"{weight:.2f}" for weight in weights))
    groups = sorted({item.group for item in seen})
    random.Random(seed).shuffle(groups)  # noqa: S311
    fold = np.array([groups.index(item.group) % FOLDS for item in seen])
    scores = np.zeros(len(seen))
    for number in range(FOLDS):
        scores[fold == number] = probabilities(
            features[fold == number], fit(features[fold != number], labels[fold != number])
        )
    print_figures(seen, scores)
    drift = float(np.abs(probabilities(features, np.array(COEFFICIENTS)) - probabilities(features, weights)).max())
    print(f"what ships differs by at most {drift:.3f}")
    return 1 if drift > MOST_DRIFT else 0


def probabilities(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The logistic model, for features of shape (askings, signals): shape (askings,)."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + features @ weights[1:]))))


def print_figures(seen: list[Observation], scores: np.ndarray) -> None:
    """Print how well these scores tell askings apart, what thresholds would do, and calibration."""
    right = np.array([item.right for item in seen])
    condition = np.array([item.condition for item in seen])
    print(f"cross-validated over {len(seen)} askings about {len({item.group for item in seen})} articles:")
    print(f"  right against wrong: AUROC {auroc(scores, right):.3f}")
    for gone in ("article gone", "paragraph gone"):
        chosen = (condition == "present") | (condition == gone)
        print(f"  present against {gone}: AUROC {auroc(scores[chosen], condition[chosen] == 'present'):.3f}")
    for threshold in sorted({0.05, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5, THRESHOLD}):
        shares = [f"{kind} {(scores[condition == kind] >= threshold).mean():.2f}" for kind in np.unique(condition)]
        answered = (scores >= threshold) & (condition == "present")
        print(
            f"  answered at {threshold:.2f}: {', '.join(shares)}; right when present {right[answered].mean():.2f}"
        )
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = (scores >= low) & (scores < high)
        if inside.any():
            print(f"  said {scores[inside].mean():.2f}, was right {right[inside].mean():.2f} (n={inside.sum()})")


if __name__ == "__main__":
    sys.exit(main())
