"""Measure what single changes to retrieval do to the questions of some suites, paired with what ships.

    python -m evals.performance.retrieval_ablation SUITE [SUITE ...] --row NAME ... [--articles 12] [--state DIR]
        [--rewritten spelling] [--leave-out SUITE] [--limit 200]

Prints recall@5, recall@10 and complete@5 with the change, and how far each is above what ships, with the
95 % interval of pairs resampled by article.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.cases import Case, Suite
from evals.paired import paired_bootstrap
from evals.performance.retrieval_quality import complete, index_suite, recall
from evals.performance.retrieval_rows import ROWS, Row
from evals.performance.variant_questions import RULES, rewritten
from evals.results import Estimate
from index.encoder import Embedder, OnnxEmbedder
from index.remembering import RememberingEmbedder

SHIPPED = Row()
MEASURES = ("recall@5", "recall@10", "complete@5")
SHOWN = 10
QUESTIONS = 100_000
"""Texts that are encoded once for both runs."""


def part_of(suite: Suite, count: int, folder: Path) -> Suite:
    """The suite with its first articles only, copied into a folder unless they are there."""
    part = folder / f"{suite.name}-{count}"
    (part / "corpus").mkdir(parents=True, exist_ok=True)
    for path in sorted(suite.corpus.iterdir())[:count]:
        if not (part / "corpus" / path.name).exists():
            shutil.copyfile(path, part / "corpus" / path.name)
    if (suite.folder / "metadata.jsonl").exists():
        shutil.copyfile(suite.folder / "metadata.jsonl", part / "metadata.jsonl")
    return Suite(suite.folder, part / "corpus")


def cases_of(suite: Suite, left_out: Suite | None) -> list[Case]:
    """Its answerable cases whose documents are all there, and none of them in the suite that is left out."""
    others = left_out.files if left_out else {}
    return [
        case
        for case in suite.cases
        if case.answerable
        and case.needs
        and all(quote.doc in suite.files and quote.doc not in others for need in case.needs for quote in need)
    ]


def measure(
    suite: Suite, cases: Sequence[Case], row: Row, states: Path, embedder: Embedder
) -> list[tuple[float, ...]]:
    """Each of `MEASURES` of each case, as this row retrieves."""
    if row.tokens:
        states /= f"tokens-{row.tokens[1]}"
    found: list[tuple[float, ...]] = []
    with row.indexing():
        kept = index_suite(suite, states, embedder, row.header)
    with closing(kept), kept.reader.view() as view, row.asker(embedder) as ask:
        for case in cases:
            shown = [(item.source.article, item.start, item.end) for item in ask(view, case.question, SHOWN)]
            met = np.array([suite.needs_met(case, [place]) for place in shown], dtype=bool)
            met = met.reshape(len(shown), len(case.needs))
            order = range(len(shown))
            found.append((recall(met, order, 5), recall(met, order, 10), float(complete(met, order, 5))))
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """The same questions asked as it ships, and as a row would have it."""

    articles: Sequence[str | None]
    """Of each question; those about one article are resampled together."""
    ships: Sequence[tuple[float, ...]]
    row: Sequence[tuple[float, ...]]

    def __add__(self, other: Comparison) -> Comparison:
        return Comparison([*self.articles, *other.articles], [*self.ships, *other.ships], [*self.row, *other.row])

    def gains(self) -> list[Estimate]:
        """How far each measure of the row is above what ships."""
        pairs = list(zip(self.row, self.ships, strict=True))
        differences = [[after[at] - before[at] for after, before in pairs] for at in range(len(MEASURES))]
        return paired_bootstrap(differences, self.articles)

    def report(self, title: str) -> None:
        """Print it."""
        print(f"{title}: {len(self.articles):,} questions, {len(set(self.articles))} articles", flush=True)
        if not self.articles:
            return
        for at, gain in enumerate(self.gains()):
            ships, row = (float(np.mean([values[at] for values in run])) for run in (self.ships, self.row))
            print(f"  {MEASURES[at]:10} {row:.3f}, ships {ships:.3f}: {stated(gain)}", flush=True)


def stated(gain: Estimate) -> str:
    """A difference with its interval."""
    if gain.low is None or gain.high is None:
        return f"{gain.value or 0.0:+.3f} [no case differs]"
    return f"{gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure each row on each suite, and on all together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path, metavar="SUITE")
    parser.add_argument("--row", choices=tuple(ROWS), nargs="+", required=True, help="what is changed")
    parser.add_argument("--articles", type=int, help="only the first so many articles, by name")
    parser.add_argument("--limit", type=int, help="ask only the first so many questions")
    parser.add_argument("--rewritten", choices=(*RULES, "all"), help="ask only what can be put otherwise, so put")
    parser.add_argument("--leave-out", type=Path, metavar="SUITE", help="ask nothing about this suite's documents")
    parser.add_argument("--state", type=Path, help="keep the indexes there (default: a temporary folder)")
    asked = parser.parse_args(arguments)
    embedder = RememberingEmbedder(OnnxEmbedder(), QUESTIONS)
    together = dict.fromkeys(asked.row, Comparison([], [], []))
    with tempfile.TemporaryDirectory() as temporary:
        states = asked.state or Path(temporary)
        for path in asked.suites:
            suite, cases = chosen(Suite(path.resolve()), asked, states)
            articles = [case.article for case in cases]
            ships = measure(suite, cases, SHIPPED, states, embedder)
            for name in asked.row:
                found = Comparison(articles, ships, measure(suite, cases, ROWS[name], states, embedder))
                found.report(f"{suite.name}, {name}")
                together[name] += found
    for name, found in together.items():
        if len(asked.suites) > 1:
            found.report(f"together, {name}")


def chosen(suite: Suite, asked: argparse.Namespace, states: Path) -> tuple[Suite, Sequence[Case]]:
    """The part of a suite that was asked for, and the questions."""
    if asked.articles:
        suite = part_of(suite, asked.articles, states / "parts")
    cases = cases_of(suite, Suite(asked.leave_out) if asked.leave_out else None)
    if asked.rewritten:
        cases = list(rewritten(cases, tuple(RULES) if asked.rewritten == "all" else (asked.rewritten,)))
    return suite, cases[: asked.limit]


if __name__ == "__main__":
    main()
