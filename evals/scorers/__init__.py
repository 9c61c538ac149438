"""One file a kind of score. A scorer looks at one case and what came of it, and never at another case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from evals.attempts import Attempt
from evals.cases import Case, Suite


@dataclass(frozen=True, slots=True)
class Score:
    """The value of one measure on one case; None where the measure does not apply, and `why` not."""

    value: float | None
    why: str = ""


ONLY_RETRIEVES = "the solver only retrieves"
"""Why measures of an answer do not apply to a run that never asked for one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: its name in JSON, in words for people, and how it is averaged."""

    name: str
    title: str
    kind: Literal["rate", "mean"]
    """`rate`: each case counts 0 or 1. `mean`: anything between."""


class Scorer(Protocol):
    """Scores one aspect of an attempt."""

    measures: tuple[Measure, ...]

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """A score for each of its measures, by name; a failed attempt scores 0 wherever a measure applies."""
