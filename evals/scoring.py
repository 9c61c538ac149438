"""From a run file to figures: scores each case, then averages over all cases and by tag. Asks nothing again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from evals.attempts import Attempt
from evals.calibration import (
    area_under_risk_coverage,
    auroc,
    expected_calibration_error,
    f1,
    reliability_bins,
    risk_coverage_curve,
)
from evals.cases import Case, Suite
from evals.fingerprints import suite_fingerprint
from evals.metrics import Floats, Sample
from evals.results import Estimate, Group, Metric, Scored, ScoredCase
from evals.run_file import Run, RunFileError
from evals.scorers import ONLY_RETRIEVES, Measure, Score, Scorer
from evals.scorers.abstention import AbstentionScorer
from evals.scorers.answer import AnswerScorer
from evals.scorers.citation import CitationScorer
from evals.scorers.conversation import ConversationScorer
from evals.scorers.effort import stage_percentiles, tokens_used
from evals.scorers.outcome import OutcomeScorer
from evals.scorers.retrieval import RetrievalScorer

PooledStatistic = Callable[[ArrayLike, ArrayLike, Floats], Floats]

SCORERS: Mapping[Group, Scorer] = {
    "outcome": OutcomeScorer(),
    "retrieval": RetrievalScorer(),
    "answer": AnswerScorer(),
    "citation": CitationScorer(),
    "abstention": AbstentionScorer(),
    "conversation": ConversationScorer(),
}
_OF_PASSAGES: frozenset[Group] = frozenset({"retrieval", "conversation"})
"""What can be scored where no answer was asked for."""
MEASURES: Mapping[str, Measure] = {
    measure.name: measure for scorer in SCORERS.values() for measure in scorer.measures
}
"""Whatever is scored case by case, by name."""


def score_run(run: Run, suite: Suite) -> Scored:
    """Score what a run file holds.

    Raises:
        RunFileError: it holds no case, or was run on another suite.
        SuiteError: the suite cannot be used.
    """
    suite.check()
    stated = run.header["suite"]["fingerprint"]
    found = suite_fingerprint(suite)
    if stated != found:
        told = (
            f"{run.path} was run on questions or articles ({stated}) that {suite.folder} ({found}) does not hold"
        )
        raise RunFileError(told, "name the suite as it was: parley eval score RUN SUITE")
    cases = tuple(
        score_case(suite, case, run.attempts[case.id], run.header["solver"])
        for case in suite.cases
        if case.id in run.attempts
    )
    if not cases:
        raise RunFileError(f"{run.path} holds no case yet", "go on with it by --resume")
    answered = [item for item in cases if _judged(item)]
    right = [bool(item.right) for item in answered]
    confidence = [item.attempt.confidence or 0.0 for item in answered]
    return Scored(
        header=run.header,
        suite=suite,
        cases=cases,
        metrics=metrics_over(cases),
        by_tag={
            tag: metrics_over([item for item in cases if tag in item.case.tags])
            for tag in sorted({tag for item in cases for tag in item.case.tags})
        },
        risk_coverage=risk_coverage_curve(right, confidence, len(cases)),
        reliability=reliability_bins(right, confidence),
        effort=stage_percentiles([item.attempt for item in cases]),
        tokens=tokens_used([item.attempt for item in cases]),
    )


def score_case(suite: Suite, case: Case, attempt: Attempt, solver: str) -> ScoredCase:
    """Every measure on one case."""
    scores: dict[str, Score] = {}
    for group, scorer in SCORERS.items():
        if solver != "full" and group not in _OF_PASSAGES:
            scores |= {measure.name: Score(None, ONLY_RETRIEVES) for measure in scorer.measures}
        else:
            scores |= scorer.score(suite, case, attempt)
    outcome = scores["right"].value
    return ScoredCase(case, attempt, scores, None if outcome is None else outcome == 1)


def metrics_over(cases: Sequence[ScoredCase]) -> tuple[Metric, ...]:
    """Every metric over some cases."""
    sample = Sample([item.case.article for item in cases])
    columns = {name: [item.scores[name].value for item in cases] for name in MEASURES}
    averaged = [name for name, measure in MEASURES.items() if measure.kind == "mean"]
    means = dict(zip(averaged, sample.means([columns[name] for name in averaged]), strict=True))
    metrics = [
        Metric(measure.name, measure.title, group, means.get(measure.name) or sample.rate(columns[measure.name]))
        for group, scorer in SCORERS.items()
        for measure in scorer.measures
    ]
    return (*metrics, *_pooled(sample, cases))


def _judged(item: ScoredCase) -> bool:
    """Is there an answer, and is it known whether it is right?"""
    return item.attempt.status == "answered" and item.right is not None


def _pooled(sample: Sample, cases: Sequence[ScoredCase]) -> tuple[Metric, ...]:
    """What only all cases together have: how well refusals and confidence tell right from wrong."""
    decided = [item.attempt.status in ("answered", "not_found") for item in cases]
    answered = [_judged(item) for item in cases]
    answerable = [item.case.answerable for item in cases]
    confidence = np.array([item.attempt.confidence or 0.0 for item in cases])
    right = np.array([bool(item.right) for item in cases])
    refused = [item.attempt.status == "not_found" for item in cases]

    def among(
        chosen: Sequence[bool], statistic: PooledStatistic, values: ArrayLike, against: ArrayLike
    ) -> Estimate:
        picked = np.array(chosen, dtype=bool)
        first, second = np.asarray(values)[picked], np.asarray(against)[picked]
        return sample.pooled(lambda weights: statistic(first, second, weights), chosen)

    return (
        Metric(
            "refusal_f1", 'F1 of "not found"', "abstention", among(decided, f1, refused, np.invert(answerable))
        ),
        Metric(
            "auroc",
            "AUROC of confidence",
            "abstention",
            among(decided, auroc, answerable, confidence),
        ),
        Metric(
            "aurc",
            "AURC, risk over coverage (less is better)",
            "abstention",
            among(answered, area_under_risk_coverage, right, confidence),
        ),
        Metric(
            "ece",
            "ECE of confidence (less is better)",
            "abstention",
            among(answered, expected_calibration_error, right, confidence),
        ),
    )
