"""Dates are read as they are written, and resolved by the day of publication where it is known."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.support.dates import bears_out, follows, is_published
from assistant.answering.support.moments import Moment, moments

PUBLISHED = date(2019, 2, 2)


def sole(text: str) -> Moment:
    (found,) = moments(text)
    return found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("on 2 February 2019", {"year": 2019, "month": 2, "day": 2}),
        ("on Feb. 2, 2019", {"year": 2019, "month": 2, "day": 2}),
        ("on 2019-02-02", {"year": 2019, "month": 2, "day": 2}),
        ("by March 1", {"month": 3, "day": 1, "side": "until"}),
        ("from May 1 on", {"month": 5, "day": 1, "side": "since"}),
        ("In June, exports", {"month": 6}),
        ("Last August", {"month": 8, "shift": -1}),
        ("by the end of 2020", {"year": 2020, "part": "late", "side": "until"}),
        ("mid-2019", {"year": 2019, "part": "mid"}),
        ("in the middle of this month", {"shift": 0, "unit": "month", "part": "mid"}),
        ("two days ago", {"shift": -2, "unit": "day"}),
        ("Saturday's announcement", {"weekday": 5}),
        ("the 1990s", {"decade": 1990}),
        ("the day before.", {"beside": -1}),
    ],
)
def test_a_date_is_read_as_far_as_it_is_told(text: str, told: dict[str, int | str]) -> None:
    found = sole(text)
    known = {name: getattr(found, name) for name in Moment.__slots__ if name not in {"start", "end"}}
    assert {name: value for name, value in known.items() if value is not None} == told


@pytest.mark.parametrize("text", ["he may march on", "2,016 people", "2016 people came", "2019-02-31", "$1999"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert moments(text) == ()


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("by the end of 2020", "before 2021"),
        ("by March 1", "on 1 March"),
        ("last year", "in 2018"),
        ("2018", "last year"),
        ("on Thursday", "on 31 January 2019"),
        ("yesterday", "on February 1, 2019"),
        ("yesterday", "on Friday"),
        ("late this month", "this month"),
        ("March 1", "in March"),
        ("December 1", "on 1 December 2018"),
        ("last August", "in August 2018"),
    ],
)
def test_the_day_of_publication_tells_what_is_meant(source: str, claim: str) -> None:
    assert bears_out(sole(source), sole(claim), PUBLISHED)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("last year", "in 2019"),
        ("on Thursday", "on 2 February 2019"),
        ("this month", "late this month"),
        ("middle of this month", "end of this month"),
        ("last month", "last August"),
        ("in March", "on March 1"),
        ("after March 1", "before March 1"),
        ("this year", "last year"),
        ("on Monday", "on Tuesday"),
    ],
)
def test_another_or_a_finer_date_is_not_borne_out(source: str, claim: str) -> None:
    assert not bears_out(sole(source), sole(claim), PUBLISHED)


def test_without_a_day_of_publication_only_the_same_words_count() -> None:
    assert bears_out(sole("last year"), sole("last year"), None)
    assert not bears_out(sole("last year"), sole("in 2018"), None)


def test_the_day_before_counts_from_the_date_that_the_claim_names() -> None:
    thursday, wednesday = sole("on Thursday"), sole("Wednesday")
    assert follows(sole("the day before"), thursday, wednesday, None)
    assert not follows(sole("the day after"), thursday, wednesday, None)
    assert follows(sole("the day before"), sole("on 2 February 2019"), sole("yesterday"), PUBLISHED)


def test_a_date_may_be_that_of_the_publication() -> None:
    assert is_published(sole("on 2 February 2019"), PUBLISHED)
    assert is_published(sole("in February 2019"), PUBLISHED)
    assert not is_published(sole("on 2 February 2018"), PUBLISHED)


DAYS = st.dates(date(1600, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_all_writings_of_a_day_are_one(day: date) -> None:
    written = [
        f"on {day.day} {day:%B} {day.year}",
        f"on {day:%B} {day.day}, {day.year}",
        f"on {day:%b} {day.day}, {day.year}",
        f"on {day.isoformat()}",
    ]
    assert all(bears_out(sole(one), sole(other), None) for one in written for other in written)


@given(DAYS, st.integers(-6, 0))
def test_a_weekday_is_one_of_the_last_seven_days(published: date, back: int) -> None:
    day = published + timedelta(days=back)
    assert bears_out(sole(f"on {day:%A}"), sole(f"on {day.isoformat()}"), published)


@given(st.text(max_size=200))
def test_no_text_is_too_much(text: str) -> None:
    found = moments(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
