"""Whether a question that leans on earlier ones is told from one that stands by itself."""

from __future__ import annotations

from collections.abc import Mapping

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.scorers import Measure, Score

STANDS = "standalone"
"""The tag of a case that comes after others and needs nothing from them."""


class ConversationScorer:
    """Whether what needs its history was completed, and what does not was left as it was asked."""

    measures: tuple[Measure, ...] = (
        Measure("completed", "follow-ups completed", "rate"),
        Measure("untouched", "standalone questions left untouched", "rate"),
    )

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """Applies to cases with history that say which of both they are; a failed attempt did neither."""
        if not case.history:
            return dict.fromkeys(
                (measure.name for measure in self.measures), Score(None, "nothing came before it")
            )
        asked = attempt.status != "failed"
        touched = attempt.standalone is not None
        completed = Score(None, "no standalone form is stated")
        untouched = Score(None, "it is not said to stand by itself")
        if case.standalone:
            completed = Score(float(asked and touched))
        elif STANDS in case.tags:
            untouched = Score(float(asked and not touched))
        return {"completed": completed, "untouched": untouched}
