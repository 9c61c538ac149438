"""The screen that says between which days articles must have been published."""

from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from assistant.commands.flags import date_range
from assistant.errors import ConfigurationError, told
from index.view import DateRange
from screen_desk import HOSTILE, Around, Steps, go_through, text_of
from tui.screens.dates import DateChoice, DatesScreen, dates_between


def asked(steps: Steps, dates: DateRange | None = None, undated: int | None = None) -> list[object]:
    """What the screen is left with after these steps."""
    app = Around()

    async def all_steps(pilot: Pilot[Any]) -> None:
        app.ask(DatesScreen(dates, undated))
        await pilot.pause()
        await steps(pilot)
        await pilot.pause()

    go_through(app, all_steps)
    return app.came


def fill(pilot: Pilot[Any], since: str, until: str) -> None:
    pilot.app.screen.query_one("#since", Input).value = since
    pilot.app.screen.query_one("#until", Input).value = until


def test_two_days_are_typed_and_taken_by_enter() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"2019-01-31", "tab", *"2019-02-02", "enter")

    assert asked(steps) == [DateChoice(DateRange(date(2019, 1, 31), date(2019, 2, 2)))]


def test_the_days_that_are_set_stand_there() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        text = text_of(pilot.app)
        assert "2019-01-31" in text
        await pilot.press("enter")

    dates = DateRange(date(2019, 1, 31), None)
    assert asked(steps, dates) == [DateChoice(dates)]


def test_one_key_takes_the_filter_away() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("ctrl+n")

    assert asked(steps, DateRange(date(2019, 1, 31), None)) == [DateChoice(None)]


def test_two_empty_days_are_no_filter() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")

    assert asked(steps) == [DateChoice(None)]


def test_escape_changes_nothing() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        fill(pilot, "2018", "")
        await pilot.press("escape")

    assert asked(steps) == [None]


def test_what_its_keys_do_can_be_clicked() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        lines = text_of(pilot.app).splitlines()
        row = next(row for row, line in enumerate(lines) if "no filter" in line)
        await pilot.click(offset=(lines[row].index("no filter"), row))

    assert asked(steps, DateRange(date(2019, 1, 31), None)) == [DateChoice(None)]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2019-13-01", "", "! since '2019-13-01' is not a day. Write it as 2019-01-31"),
        ("", "soon", "! until 'soon' is not a day. Write it as 2019-01-31"),
        ("2019-03-01", "2019-02-01", "! since 2019-03-01 is later than until 2019-02-01. Exchange the two"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_flags_and_can_be_mended(
    since: str, until: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        date_range(since or None, until or None)
    assert f"! {told(str(refused.value), refused.value.hint)}".replace("--", "") == said

    async def steps(pilot: Pilot[Any]) -> None:
        fill(pilot, since, until)
        await pilot.press("enter")
        assert said in text_of(pilot.app)
        fill(pilot, "", "")
        await pilot.press("enter")

    assert asked(steps) == [DateChoice(None)]


def test_what_was_typed_is_told_without_harm() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        fill(pilot, HOSTILE[:24], "")
        await pilot.press("enter")
        assert "since '[@click=app.quit]x[/] [/' is not a day" in text_of(pilot.app)
        await pilot.press("escape")

    assert asked(steps) == [None]


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2019-02", "2019-02", date(2019, 2, 1), date(2019, 2, 28)),
        ("2019", "2020-02", date(2019, 1, 1), date(2020, 2, 29)),
        (" 2019 ", "", date(2019, 1, 1), None),
        ("", "2019", None, date(2019, 12, 31)),
    ],
)
def test_a_month_or_a_year_stands_for_its_first_or_last_day(
    since: str, until: str, first: date | None, last: date | None
) -> None:
    assert dates_between(since, until) == DateRange(first, last)


@pytest.mark.parametrize("typed", ["2019-00", "0000", "２０１９"])
def test_what_no_calendar_has_is_refused(typed: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a day"):
        dates_between(typed, "")


@pytest.mark.parametrize(
    ("undated", "said"),
    [
        (None, "Articles without a date fall outside"),
        (0, "All articles have a date."),
        (1, "1 article has no date"),
        (12, "12 articles have no date"),
    ],
)
def test_it_says_how_many_articles_have_no_date(undated: int | None, said: str) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert said in text_of(pilot.app)

    asked(steps, undated=undated)
