"""What the rows of the list of sessions say, and when they say that a session was used."""

from datetime import datetime

import pytest

from assistant.sessions.summary import Summary
from tui.session_rows import row_of, title_of
from tui.when import say_when

NOON = datetime(2019, 11, 22, 12).astimezone()


def summary(turns: int = 1) -> Summary:
    return Summary("1", "The mill", NOON, NOON, turns, None)


def test_a_row_tells_the_name_when_it_was_used_and_how_many_questions_it_holds() -> None:
    assert str(row_of(summary(turns=2), "another", NOON)) == "  The mill\n  today 12:00 · 2 questions"


def test_the_one_that_is_open_is_marked_by_a_sign_and_a_word() -> None:
    assert str(row_of(summary(), "1", NOON)) == "● The mill\n  open · today 12:00 · 1 question"


@pytest.mark.parametrize(
    ("shown", "known", "title"),
    [
        (0, 0, "Sessions: none yet. Each is kept with its first answer."),
        (3, 3, "Sessions: 3"),
        (2, 3, "Sessions: 2 of 3"),
        (0, 3, "Sessions: none of 3"),
    ],
)
def test_the_title_counts_them_and_says_where_the_first_one_comes_from(shown: int, known: int, title: str) -> None:
    assert title_of(shown, known) == title


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (datetime(2019, 11, 22, 10, 5), "today 10:05"),
        (datetime(2019, 11, 21, 10, 5), "21 Nov"),
        (datetime(2018, 12, 31, 10, 5), "2018-12-31"),
    ],
)
def test_times_are_said_as_people_say_them(time: datetime, said: str) -> None:
    assert say_when(time.astimezone(), NOON) == said
