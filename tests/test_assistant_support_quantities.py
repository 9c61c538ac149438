"""Figures are read as a careful reader does, and one bears out another as a careful writer would let it."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.support.quantities import (
    ORDINAL,
    POINTS,
    TIMES,
    Quantity,
    bears_out,
    figure_text,
    kind_of,
    quantities,
)
from index.numerals import IN_WORDS, ORDINALS


def read(text: str) -> list[tuple[str, Decimal, str | None, str | None]]:
    return [(figure_text(text, found), found.value, found.unit, found.bound) for found in quantities(text)]


def sole(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


BILLION = Decimal(10) ** 9


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("by at least US$200 billion by then", 200 * BILLION, "USD", "least"),
        ("$200bn or more", 200 * BILLION, "USD", "least"),
        ("the 375-billion-dollar gap", 375 * BILLION, "USD", None),
        ("100 billion dollars' worth", 100 * BILLION, "USD", None),
        ("up to an additional $100 billion", 100 * BILLION, "USD", "most"),
        ("another $100 billion of goods, at most,", 100 * BILLION, "USD", "most"),
        ("a little over $375 billion", 375 * BILLION, "USD", "more"),
        ("nearly £3m", Decimal(3_000_000), "GBP", "nearly"),
        ("A$5 each", Decimal(5), "AUD", None),
        ("25 per cent", Decimal(25), "%", None),
        ("ten percent", Decimal(10), "%", None),
        ("0.5 percentage points", Decimal("0.5"), POINTS, None),
        ("cut by a quarter", Decimal(25), "%", None),
        ("half of them", Decimal(50), "%", None),
        ("a three-month truce", Decimal(3), "month", None),
        ("one month to go", Decimal(1), "month", None),
        ("two hundred and five thousand people", Decimal(205_000), None, None),
        ("a dozen eggs", Decimal(12), None, None),
        ("twice as many", Decimal(2), TIMES, None),
        ("three times as many", Decimal(3), TIMES, None),
        ("the twenty-first floor", Decimal(21), ORDINAL, None),
        ("tens of billions of dollars", 20 * BILLION, "USD", None),
        ("as many as 1,200 people", Decimal(1200), None, "most"),
        ("in patients older than 65", Decimal(65), None, "more"),
    ],
)
def test_a_figure_has_a_value_a_unit_and_a_bound(
    text: str, value: Decimal, unit: str | None, bound: str | None
) -> None:
    assert [found[1:] for found in read(text)] == [(value, unit, bound)]


@pytest.mark.parametrize("text", ["5G in the G20", "a third country", "one of them", "no figure", "3.14.15"])
def test_what_is_part_of_a_name_or_a_pronoun_is_no_figure(text: str) -> None:
    assert [found for found in quantities(text) if not found.loose and found.unit != ORDINAL] == []


def test_a_range_gives_unit_and_magnitude_to_both_ends() -> None:
    assert [(value, unit) for _, value, unit, _ in read("$10-20 billion")] == [
        (10 * BILLION, "USD"),
        (20 * BILLION, "USD"),
    ]
    assert [(value, unit) for _, value, unit, _ in read("between 10 and 20 percent")] == [
        (Decimal(10), "%"),
        (Decimal(20), "%"),
    ]
    assert [(value, unit) for _, value, unit, _ in read("fell 12% to $1.8 billion")] == [
        (Decimal(12), "%"),
        (Decimal("1.8") * BILLION, "USD"),
    ]


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("$375.2 billion", "$375bn"),
        ("$375.2bn", "a little over $375 billion"),
        ("$375.2bn", "375 billion dollars"),
        ("$198bn", "nearly $200bn"),
        ("at least $200 billion", "$200bn or more"),
        ("25%", "25 per cent"),
        ("25%", "a quarter of"),
        ("one month", "1 month"),
        ("12 months", "one year"),
        ("two weeks", "14 days"),
        ("dozens", "dozens"),
        ("double", "twice"),
        ("up to $200bn", "as much as $200bn"),
        ("roughly $50 billion", "$50bn"),
        ("1,234", "more than 1,200"),
        ("1,234", "about 1,200"),
    ],
)
def test_a_careful_writer_may_put_it_so(source: str, claim: str) -> None:
    assert bears_out(sole(source), sole(claim))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("$375.2 billion", "$1.1 trillion"),
        ("$375bn", "$375.2bn"),
        ("$375.2bn", "nearly $375 billion"),
        ("$375.2bn", "about $400bn"),
        ("at least $200bn", "at most $200bn"),
        ("up to $200bn", "$200bn"),
        ("US$200 billion", "200 billion yuan"),
        ("$200 billion", "$200 million"),
        ("25%", "$25"),
        ("25%", "25"),
        ("2%", "2 percentage points"),
        ("three-month", "three weeks"),
        ("dozens", "hundreds"),
        ("tens of billions of dollars", "tens of millions of dollars"),
        ("tens of billions of dollars", "$20bn"),
        ("double", "triple"),
        ("1,234", "1,200"),
        ("$200bn", "more than $200bn"),
    ],
)
def test_no_careful_writer_would_put_it_so(source: str, claim: str) -> None:
    assert not bears_out(sole(source), sole(claim))


@given(st.integers(0, 10**12), st.sampled_from(["", "$", "€", "£"]))
def test_thousands_separators_change_nothing(value: int, symbol: str) -> None:
    parted, plain = sole(f"{symbol}{value:,}"), sole(f"{symbol}{value}")
    assert parted.value == plain.value == value
    assert bears_out(parted, plain)


@given(st.sampled_from(sorted(IN_WORDS)), st.sampled_from(["", " thousand", " million", " billion people"]))
def test_numbers_in_words_are_those_in_digits(value: int, rest: str) -> None:
    assert sole(f"{IN_WORDS[value]}{rest}").value == sole(f"{value}{rest}").value


@given(st.sampled_from(sorted(ORDINALS)))
def test_ordinals_in_words_are_those_in_digits(digits: str) -> None:
    assert bears_out(sole(f"the {ORDINALS[digits].replace(' ', '-')} time"), sole(f"the {digits} time"))


@given(st.decimals(1, 999, places=1), st.sampled_from(["million", "billion", "trillion"]))
def test_a_figure_bears_out_itself_and_its_short_form(value: Decimal, magnitude: str) -> None:
    short = {"million": "mn", "billion": "bn", "trillion": "tn"}[magnitude]
    assert bears_out(sole(f"${value} {magnitude}"), sole(f"${value}{short}"))
    assert not bears_out(sole(f"${value} {magnitude}"), sole(f"${value * 1000} {magnitude}"))


@given(st.text(max_size=200))
def test_no_text_is_too_much(text: str) -> None:
    found = quantities(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_reader_is_told_what_kind_of_figure_it_is() -> None:
    assert [kind_of(sole(text)) for text in ("$5", "5%", "5 days")] == ["amount", "percentage", "figure"]
