"""Right or wrong: the one outcome of a case, which runs are compared by."""

from __future__ import annotations

from collections.abc import Mapping

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.scorers import ONLY_RETRIEVES, Measure, Score
from evals.scorers.answer import contained, spans_shown, why_nothing_is_expected


class OutcomeScorer:
    """One measure, `right`.

    A question without an answer is right when it is refused. Another one is right when it is answered and what
    is cited meets every need of the case (the Suite contract); where no evidence is stated, when the answer holds
    a gold answer. A failed attempt is wrong.
    """

    measures: tuple[Measure, ...] = (Measure("right", "right", "rate"),)

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """Does not apply where nothing was to be answered, or where the case cannot tell right from wrong."""
        return {"right": _right(suite, case, attempt)}


def _right(suite: Suite, case: Case, attempt: Attempt) -> Score:
    if attempt.status == "retrieved":
        return Score(None, ONLY_RETRIEVES)
    if not case.answerable:
        return Score(float(attempt.status == "not_found"))
    if case.needs:
        return Score(float(all(suite.needs_met(case, spans_shown(attempt)))))
    # Refusing such a case is left out as well: what is averaged over must not depend on the attempt.
    why = why_nothing_is_expected(case)
    return Score(None, f"no evidence is stated, and {why}") if why else contained(case, attempt)
