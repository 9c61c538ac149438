"""Fit what a claim has to share with its sentences: a chance made of signals of words, and a floor of the cosine.

    python -m evals.performance.fit_support [--write]

Proven claims are those of the tuning half, of `further` and of `made_up`. Unproven ones are made of the sample
articles: a sentence that cites its neighbour instead of itself, and one that goes on with its neighbour's end. A
logistic model over the signals of words is fitted to tell them apart; a signal whose coefficient has the wrong
sign is left out. The bound is the chance that all but 2 % of the proven claims reach, found with models that did
not see the claim (folds by sentence); the floor is the cosine that all but 1 % of them reach. With `--write` both
go to `assistant/answering/support/likeness.json`; else what ships is compared with what is fitted now.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.logistic import INTERCEPT, logistic
from assistant.answering.support.cited import Cited
from assistant.answering.support.likeness import FITTED, Signals, coefficients, signals_of
from assistant.locations import sample_corpus
from evals.performance.claim_checks import FURTHER, MADE_UP, cite_sentence, read_claims, similarity_of
from evals.performance.fit_confidence import Values, fit, probabilities
from evals.performance.reader_figures import auroc
from index.articles import parse_article
from index.encoder import OnnxEmbedder
from index.remembering import RememberingEmbedder
from index.segmentation import segment

SIGNS = {"coverage": 1, "weakest": 1, "run": -1, "things": -1}
"""Whether more of a signal speaks for a claim or against it."""
MOST_REFUSED = 0.02
MOST_BELOW_FLOOR = 0.01
FOLDS = 5
MOST_DRIFT = 0.05
"""Probability by which what ships may differ from what is fitted now before somebody should look."""
_SHORTEST_END = 4
"""Words."""


@dataclass(frozen=True)
class Example:
    """A claim with what it cites; claims of one group are about the same text."""

    group: str
    claim: str
    cited: tuple[Cited, ...]
    proven: bool


def proven_claims() -> Iterator[Example]:
    """The claims that were labelled as proven, of all but the frozen half."""
    for half in ("tuning", FURTHER, MADE_UP):
        for each in read_claims(half):
            if each.supported:
                yield Example(each.cited[0].text, each.claim, each.cited, proven=True)


def unproven_claims() -> Iterator[Example]:
    """Sentences of the sample articles that cite the wrong sentence, or say more than theirs does."""
    for path in sorted(sample_corpus().glob("*.txt")):
        article = parse_article(path.name, path.read_bytes())
        prose = [article.text[each.start : each.end] for each in segment(article.text) if each.prose]
        for first, second in pairwise(prose):
            yield Example(second, second, (cite_sentence(article, first),), proven=False)
            end = second.rstrip('.”"').rpartition(",")[2].strip() or second
            if len(end.split()) >= _SHORTEST_END:
                more = f"{first.rstrip('.”')}, {end}."
                yield Example(first, more, (cite_sentence(article, first),), proven=False)


def fit_words(examples: Sequence[Example], signals: Sequence[Signals]) -> dict[str, Any]:
    """Coefficients, bound and figures of the model over words."""
    proven = np.array([example.proven for example in examples])
    names = list(SIGNS)
    while True:
        features = np.array([[getattr(each, name) for name in names] for each in signals], dtype=np.float64)
        weights = np.round(_fit_balanced(features, proven), 3)
        wrong = [name for name, weight in zip(names, weights[1:], strict=True) if weight * SIGNS[name] <= 0]
        if not wrong:
            break
        names.remove(wrong[0])
    scores = _scores_unseen(examples, features, proven)
    # Downwards, so that rounding refuses nobody more.
    bound = float(np.floor(np.quantile(scores[proven], MOST_REFUSED) * 100) / 100)
    found = {
        "AUROC": auroc(scores[proven], scores[~proven]),
        "proven, struck": float((scores[proven] < bound).mean()),
        "unproven, struck": float((scores[~proven] < bound).mean()),
    }
    return {
        "coefficients": dict(zip((INTERCEPT, *names), weights.tolist(), strict=True)),
        "bound": bound,
        "figures": {name: round(value, 3) for name, value in found.items()},
    }


def fit_floor(examples: Sequence[Example], signals: Sequence[Signals]) -> dict[str, Any]:
    """The least cosine of a claim and its sentences, with figures."""
    proven = np.array([example.proven for example in examples])
    cosine = np.array([each.similarity or 0.0 for each in signals])
    floor = float(np.floor(np.quantile(cosine[proven], MOST_BELOW_FLOOR) * 100) / 100)
    found = {
        "AUROC": auroc(cosine[proven], cosine[~proven]),
        "proven, struck": float((cosine[proven] < floor).mean()),
        "unproven, struck": float((cosine[~proven] < floor).mean()),
    }
    return {"floor": floor, "figures": {name: round(value, 3) for name, value in found.items()}}


def _scores_unseen(examples: Sequence[Example], features: Values, proven: NDArray[np.bool_]) -> Values:
    """The chance of each example by a model that was fitted without its group: shape (examples,)."""
    groups = sorted({example.group for example in examples})
    fold = np.array([groups.index(example.group) % FOLDS for example in examples])
    scores = np.zeros(len(examples))
    for number in range(FOLDS):
        weights = _fit_balanced(features[fold != number], proven[fold != number])
        scores[fold == number] = probabilities(features[fold == number], weights)
    return scores


def _fit_balanced(features: Values, proven: NDArray[np.bool_]) -> Values:
    """A fit to which both kinds weigh alike: the rarer one is repeated."""
    less, more = (proven, ~proven) if proven.sum() < (~proven).sum() else (~proven, proven)
    times = max(1, round(more.sum() / less.sum()))
    rows = np.concatenate([features[more], *[features[less]] * times])
    labels = np.concatenate([proven[more], *[proven[less]] * times]).astype(float)
    return fit(rows, labels)


def drift(signals: Sequence[Signals], fitted: dict[str, Any]) -> float:
    """The largest difference in probability between what ships and these coefficients, over all signals."""
    weights = fitted["words"]["coefficients"]
    stated = [asdict(each) for each in signals]
    return max(abs(logistic(weights, each) - logistic(coefficients(), each)) for each in stated)


def main() -> int:
    """Fit, report, and write or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="let what was fitted ship")
    arguments = parser.parse_args()
    embedder = RememberingEmbedder(OnnxEmbedder())
    examples = [*proven_claims(), *unproven_claims()]
    signals = [signals_of(each.claim, each.cited, similarity_of(embedder)) for each in examples]
    fitted = {
        "made by": "evals/performance/fit_support.py",
        "encoder": embedder.identity,
        "proven claims": sum(example.proven for example in examples),
        "unproven claims": sum(not example.proven for example in examples),
        "words": fit_words(examples, signals),
        "similarity": fit_floor(examples, signals),
    }
    print(json.dumps(fitted, indent=2))
    if arguments.write:
        FITTED.write_text(f"{json.dumps(fitted, indent=2)}\n", encoding="utf-8")
        return 0
    most = drift(signals, fitted)
    print(f"what ships differs by at most {most:.3f}")
    return 1 if most > MOST_DRIFT else 0


if __name__ == "__main__":
    sys.exit(main())
