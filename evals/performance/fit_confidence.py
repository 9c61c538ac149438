"""Fit the confidence of answers without a model server, and print how well it tells answers from their absence.

    python -m evals.performance.fit_confidence SUITE [SUITE ...] [--cases 150] [--write]
    python -m evals.performance.fit_confidence SUITE [SUITE ...] [--cases 150] --report

Articles are halved by a hash of their name: coefficients are fitted on the questions about one half, and every
figure is of the other. Suites must not hold articles that the reader was trained on. With `--write` what was
fitted becomes what ships; without it the exit code is 1 where what ships has drifted from what is fitted now.
With `--report` nothing is fitted: the figures are of what ships, on all articles, questions asked as written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.answering.confidence import FITTED, coefficients, threshold
from assistant.answering.logistic import INTERCEPT
from assistant.answering.reader import OnnxReader
from evals.cases import Suite
from evals.performance.confidence_bench import ARTICLE_GONE, NEAR_MISS, PARAGRAPHS_GONE, PRESENT, Asking, ask_suite
from evals.performance.reader_figures import auroc
from index.encoder import OnnxEmbedder
from index.remembering import RememberingEmbedder

MODELS = {
    "read": ("coverage", "passage", "margin"),
    "unread": ("similarity", "overlap", "coverage", "passage"),
}
"""The signals of each model: with the reader, and where its file is damaged."""
RIDGE = 1e-3
MOST_REFUSED = 0.05
"""The threshold refuses at most this share of the questions whose evidence is there."""
MOST_DRIFT = 0.05
"""Probability by which what ships may differ from what is fitted now before somebody should look."""
CONDITIONS = (PRESENT, NEAR_MISS, PARAGRAPHS_GONE, ARTICLE_GONE)

Values = NDArray[np.float64]


def fit(features: Values, labels: Values) -> Values:
    """Logistic regression by Newton's method with a small ridge; intercept first: shape (signals + 1,)."""
    design = np.column_stack([np.ones(len(features)), features])
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (labels - predicted) - RIDGE * weights
        curvature = (design * (predicted * (1 - predicted))[:, None]).T @ design + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curvature, gradient)
    return weights


def probabilities(features: Values, weights: Values) -> Values:
    """The logistic model, for features of shape (askings, signals): shape (askings,)."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + features @ weights[1:]))))


def is_reported(group: str) -> bool:
    """Whether figures are made of an article, and not coefficients."""
    return hashlib.sha256(group.encode()).digest()[1] % 2 == 1


def features_of(kind: str, askings: Sequence[Asking]) -> Values:
    """The signals that a model looks at: shape (askings, signals)."""
    return np.array(
        [[getattr(getattr(asking, kind).signals, name) for name in MODELS[kind]] for asking in askings], float
    )


def fit_model(kind: str, askings: Sequence[Asking]) -> dict[str, Any]:
    """Coefficients and threshold of one model from one half of the articles, its figures from the other."""
    names = MODELS[kind]
    features = features_of(kind, askings)
    right = np.array([getattr(asking, kind).right for asking in askings])
    reported = np.array([is_reported(asking.group) for asking in askings])
    condition = np.array([asking.condition for asking in askings])
    weights = np.round(fit(features[~reported], right[~reported].astype(float)), 3)
    scores = probabilities(features, weights)
    # Downwards, so that rounding refuses nobody more.
    bound = np.floor(np.quantile(scores[~reported & (condition == PRESENT)], MOST_REFUSED) * 100) / 100
    chosen = scores[reported], right[reported], condition[reported], float(bound)
    print_figures(kind, weights, *chosen)
    return {
        "coefficients": dict(zip((INTERCEPT, *names), weights.tolist(), strict=True)),
        "threshold": float(bound),
        "figures": figures(*chosen),
    }


def report(kind: str, askings: Sequence[Asking]) -> None:
    """Print the figures of a model that ships."""
    shipped = coefficients(read=kind == "read")
    weights = np.array([shipped[name] for name in (INTERCEPT, *MODELS[kind])])
    right = np.array([getattr(asking, kind).right for asking in askings])
    condition = np.array([asking.condition for asking in askings])
    scores = probabilities(features_of(kind, askings), weights)
    print_figures(kind, weights, scores, right, condition, threshold(read=kind == "read"))


def figures(
    scores: Values, right: NDArray[np.bool_], condition: NDArray[np.str_], threshold: float
) -> dict[str, float]:
    """What the model is worth on articles that it was not fitted on."""
    answered = scores >= threshold
    found = {"askings": float(len(scores)), "AUROC, right against wrong": auroc(scores[right], scores[~right])}
    for other in CONDITIONS[1:]:
        if (condition == other).any():
            found[f"AUROC, present against {other}"] = auroc(
                scores[condition == PRESENT], scores[condition == other]
            )
    found |= {f"answered, {kind}": float(answered[condition == kind].mean()) for kind in np.unique(condition)}
    found["precision at the threshold"] = float(right[answered].mean())
    found["recall at the threshold"] = float((answered & right).sum() / right.sum())
    return {name: round(value, 3) for name, value in found.items()}


def print_figures(
    kind: str,
    weights: Values,
    scores: Values,
    right: NDArray[np.bool_],
    condition: NDArray[np.str_],
    threshold: float,
) -> None:
    """Print coefficients, figures, what other thresholds would do, and calibration."""
    fitted = zip((INTERCEPT, *MODELS[kind]), weights, strict=True)
    print(f"{kind}: {', '.join(f'{name} {weight:.3f}' for name, weight in fitted)}; threshold {threshold:.2f}")
    for name, value in figures(scores, right, condition, threshold).items():
        print(f"  {name}: {value:g}")
    for bound in sorted({0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, threshold}):
        answered = scores >= bound
        shares = [f"{one} {answered[condition == one].mean():.2f}" for one in CONDITIONS if one in condition]
        print(f"  answered at {bound:.2f}: {', '.join(shares)}; right {right[answered].mean():.2f}")
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = (scores >= low) & (scores < high)
        if inside.any():
            print(f"  said {scores[inside].mean():.2f}, was right {right[inside].mean():.2f} (n={inside.sum()})")


def drift(askings: Sequence[Asking], models: Mapping[str, Any]) -> float:
    """The largest difference in probability between what ships and these models, over all askings."""
    most = 0.0
    for kind, names in MODELS.items():
        features = features_of(kind, askings)
        both = (coefficients(read=kind == "read"), models[kind]["coefficients"])
        scores = [probabilities(features, np.array([of[name] for name in (INTERCEPT, *names)])) for of in both]
        most = max(most, float(np.abs(scores[0] - scores[1]).max()))
    return most


def main() -> int:
    """Ask, fit, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=150, help="answerable questions of each suite")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dump", type=Path, help="write the askings there, one JSON a line")
    then = parser.add_mutually_exclusive_group()
    then.add_argument("--write", action="store_true", help="let what was fitted ship")
    then.add_argument("--report", action="store_true", help="fit nothing: figures of what ships")
    arguments = parser.parse_args()
    embedder, reader = RememberingEmbedder(OnnxEmbedder()), OnnxReader()
    suites = [Suite.at(folder) for folder in arguments.suites]
    askings: list[Asking] = []
    for suite in suites:
        as_written = arguments.report
        askings += ask_suite(suite, embedder, reader, arguments.cases, arguments.seed, as_written=as_written)
    if arguments.dump:
        lines = [json.dumps(asdict(asking)) for asking in askings]
        arguments.dump.write_text("\n".join(lines) + "\n", encoding="utf-8")
    groups = len({asking.group for asking in askings})
    if arguments.report:
        print(f"{len(askings)} askings about {groups} articles")
        for kind in MODELS:
            report(kind, askings)
        return 0
    print(f"{len(askings)} askings about {groups} articles; figures of the half that nothing was fitted on")
    models = {kind: fit_model(kind, askings) for kind in MODELS}
    if arguments.write:
        content = {
            "made by": "evals/performance/fit_confidence.py",
            "suites": [suite.name for suite in suites],
            "cases": arguments.cases,
            "encoder": embedder.identity,
            "reader": reader.identity,
            "models": models,
        }
        FITTED.write_text(f"{json.dumps(content, indent=2)}\n", encoding="utf-8")
        return 0
    most = drift(askings, models)
    print(f"what ships differs by at most {most:.3f}")
    return 1 if most > MOST_DRIFT else 0


if __name__ == "__main__":
    sys.exit(main())
