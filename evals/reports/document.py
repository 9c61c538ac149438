"""A scored run as JSON, schema `parley.eval/1`; what varies between equal runs stands under two keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from evals.results import Estimate, Metric, Scored, ScoredCase
from evals.scorers.effort import cost_of

SCHEMA = "parley.eval/1"


def to_json(scored: Scored) -> dict[str, Any]:
    """The document: all but `run` and `timings_ms` is the same for equal runs, to the last digit."""
    header = _finite({name: value for name, value in scored.header.items() if name != "run"})
    return {
        **header,
        "schema": SCHEMA,
        "metrics": _metrics(scored.metrics),
        "by_tag": {tag: _metrics(metrics) for tag, metrics in scored.by_tag.items()},
        "risk_coverage": [[_rounded(coverage), _rounded(risk)] for coverage, risk in scored.risk_coverage],
        "reliability": [
            {
                "low": _rounded(item.low),
                "high": _rounded(item.high),
                "n": item.n,
                "confidence": _rounded(item.confidence),
                "right": _rounded(item.right),
            }
            for item in scored.reliability
        ],
        "tokens": dict(scored.tokens),
        "cost": cost_of(scored.tokens, scored.header["run"].get("price")),
        "failures": [
            {"case": item.case.id, "error": item.attempt.error}
            for item in scored.cases
            if item.attempt.status == "failed"
        ],
        "cases": [_case(item) for item in scored.cases],
        "run": _finite(scored.header["run"]),
        "timings_ms": {
            item.stage: {"n": item.n, "p50": _rounded(item.p50), "p95": _rounded(item.p95)}
            for item in scored.effort
        },
    }


def _metrics(metrics: Iterable[Metric]) -> dict[str, Any]:
    return {metric.name: {"title": metric.title, **_estimate(metric.estimate)} for metric in metrics}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "n": estimate.n,
        "value": _rounded(estimate.value),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "interval": estimate.interval,
    }


def _case(item: ScoredCase) -> dict[str, Any]:
    return {
        "id": item.case.id,
        "right": item.right,
        "status": item.attempt.status,
        "confidence": _rounded(item.attempt.confidence),
        "scores": {name: _rounded(score.value) for name, score in item.scores.items()},
        "not_applicable": {name: score.why for name, score in item.scores.items() if score.value is None},
    }


def _rounded(value: float | None) -> float | None:
    """To six digits; JSON has neither NaN nor infinity, and -0.0 is no other number than 0.0."""
    return round(value, 6) + 0.0 if value is not None and isfinite(value) else None


def _finite(value: Any) -> Any:
    """What a header states, with null for numbers that JSON does not have."""
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value
