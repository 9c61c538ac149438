"""Whether it is told when the articles do not hold the answer, and only then."""

from __future__ import annotations

from collections.abc import Mapping

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.scorers import ONLY_RETRIEVES, Measure, Score


class AbstentionScorer:
    """Precision and recall of refusing, and how often what can be answered is; each case counts 0 or 1.

    Averaged over the cases that they apply to, the first two are precision and recall of the class "cannot be
    answered" (as SQuAD 2.0 asks to be judged; Rajpurkar et al., 2018).
    """

    measures: tuple[Measure, ...] = (
        Measure("refusal_precision", 'precision of "not found"', "rate"),
        Measure("refusal_recall", 'recall of "not found"', "rate"),
        Measure("answer_rate", "answerable questions answered", "rate"),
    )

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """A failed attempt is neither a refusal nor an answer."""
        if attempt.status == "retrieved":
            return dict.fromkeys((measure.name for measure in self.measures), Score(None, ONLY_RETRIEVES))
        refused = attempt.status == "not_found"
        no_answer, not_refused = Score(None, "the case has no answer"), Score(None, "nothing was refused")
        return {
            "refusal_precision": Score(float(not case.answerable)) if refused else not_refused,
            "refusal_recall": Score(None, "the case has an answer") if case.answerable else Score(float(refused)),
            "answer_rate": Score(float(attempt.status == "answered")) if case.answerable else no_answer,
        }
