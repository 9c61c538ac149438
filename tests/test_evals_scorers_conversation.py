"""Whether what leans on earlier questions is told from what does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.conversation import Turn
from evals.attempts import Attempt
from evals.cases import Case
from evals.scorers.conversation import ConversationScorer
from scored_cases import FAILED, RETRIEVED, UNANSWERABLE, suite_in, values

BEFORE = (Turn("Who led the talks?", "Liu He did."),)
FIRST = UNANSWERABLE
LEANING = replace(FIRST, history=BEFORE, standalone="What did Liu He want?")
STANDING = replace(FIRST, history=BEFORE, tags=("standalone",))
UNSAID = replace(FIRST, history=BEFORE)
PUT = replace(RETRIEVED, standalone="What did Liu He want?")


@pytest.mark.parametrize(
    ("case", "attempt", "completed", "untouched"),
    [
        (FIRST, RETRIEVED, None, None),
        (LEANING, PUT, 1, None),
        (LEANING, RETRIEVED, 0, None),
        (STANDING, RETRIEVED, None, 1),
        (STANDING, PUT, None, 0),
        (UNSAID, PUT, None, None),
        (LEANING, FAILED, 0, None),
        (STANDING, FAILED, None, 0),
    ],
)
def test_a_follow_up_is_to_be_completed_and_another_question_to_be_left(
    tmp_path: Path, case: Case, attempt: Attempt, completed: float | None, untouched: float | None
) -> None:
    found = values(ConversationScorer(), suite_in(tmp_path), case, attempt)
    assert found == {"completed": completed, "untouched": untouched}
