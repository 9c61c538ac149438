"""What a run turns into when it is scored: frozen values, which every report shows and nobody else computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.scorers import Score

Group = Literal["outcome", "retrieval", "answer", "citation", "abstention", "conversation"]
"""The aspect that a metric is about."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over n cases with its 95 % interval.

    The value is None where it applies to no case; the interval also where the cases cannot tell how it varies.
    """

    n: int
    value: float | None
    low: float | None
    high: float | None
    interval: Literal["wilson", "wilson, clustered", "bootstrap", "bootstrap, clustered", "none"]
    """How the interval was made."""


@dataclass(frozen=True, slots=True)
class Metric:
    """An estimate with its name in JSON and its title for people."""

    name: str
    title: str
    group: Group
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of similar confidence: how sure they were on average, and how often right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """A case, what came of it, its scores by name, and the one outcome that the gate compares."""

    case: Case
    attempt: Attempt
    scores: Mapping[str, Score]
    right: bool | None
    """None where it cannot be told: the solver only retrieves, or the case states nothing to tell it by."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Milliseconds of one stage over all cases that went through it."""

    stage: str
    n: int
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored run."""

    header: Mapping[str, Any]
    """As the run file states it; see `evals.runs.Header`."""
    suite: Suite
    cases: tuple[ScoredCase, ...]
    """In the order of the suite."""
    metrics: tuple[Metric, ...]
    """Over all cases."""
    by_tag: Mapping[str, tuple[Metric, ...]]
    """The same over the cases that carry a tag; tags in alphabetical order."""
    risk_coverage: tuple[tuple[float, float], ...]
    """Share of all cases answered, share of these that are wrong; from the surest answer on."""
    reliability: tuple[Bin, ...]
    """Of answered cases; bins without a case are left out."""
    effort: tuple[Effort, ...]
    tokens: Mapping[str, int]
    """Summed over all cases, by kind; empty where the backend counts none."""

    @property
    def failures(self) -> int:
        """Cases that ended with an error."""
        return sum(item.attempt.status == "failed" for item in self.cases)

    def metric(self, name: str) -> Estimate:
        """One metric over all cases.

        Raises:
            KeyError: there is none of this name.
        """
        return {metric.name: metric.estimate for metric in self.metrics}[name]
