from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evals.quantities import Quantity, quantities, same, sole_quantity


def read(text: str) -> list[tuple[object, str | None]]:
    return [(quantity.value, quantity.unit) for quantity in quantities(text)]


def only(text: str) -> Quantity:
    (quantity,) = quantities(text)
    return quantity


@pytest.mark.parametrize(
    "text",
    [
        "$375.2bn",
        "$375.2 billion",
        "US$375.2 bn",
        "USD 375.2 billion",
        "USD375.2bn",
        "375.2 billion dollars",
        "$375.2 billion US dollars",
        "375.2 billion U.S. dollars",
        "$375,200 million",
        "$375,200,000,000",
        "$375200m",
        "$0.3752 trillion",
        "375.2-billion-dollar",
        "$375.2\nbillion",
    ],
)
def test_an_amount_is_the_same_however_it_is_written(text: str) -> None:
    assert read(text) == [(Decimal("375200000000"), "USD")]
    assert sole_quantity(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", 0),
        ("nineteen", 19),
        ("ninety-nine", 99),
        ("twenty one", 21),
        ("a hundred", 100),
        ("two hundred billion", 200_000_000_000),
        ("one hundred and five", 105),
        ("nineteen hundred", 1_900),
        ("two thousand and five", 2_005),
        ("two hundred and five thousand three hundred and one", 205_301),
        ("one million two hundred thousand", 1_200_000),
        ("two thousand million", 2_000_000_000),
        ("half a million", 500_000),
        ("one and a half million", 1_500_000),
        ("Seven", 7),
        ("5 hundred", 500),
        ("50k", 50_000),
        ("2.4m", 2_400_000),
        ("3B", 3_000_000_000),
        ("1,345,596", 1_345_596),
        ("2018.", 2018),
        ("007", 7),
        (".5", Decimal("0.5")),
        ("-3", -3),
        ("−3", -3),
    ],
)
def test_digits_words_and_magnitudes_make_one_number(text: str, value: int | Decimal) -> None:
    assert read(text) == [(value, None)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("25%", "%"),
        ("25 %", "%"),
        ("25 percent", "%"),
        ("twenty-five per cent", "%"),
        ("25-percent", "%"),
        ("25 percentage points", "percentage point"),
        ("$25", "USD"),
        ("A$25", "AUD"),
        ("25 Canadian dollars", "CAD"),
        ("$25 AUD", "AUD"),
        ("€25", "EUR"),
        ("25€", "EUR"),
        ("£25", "GBP"),
        ("25 pounds", "GBP"),
        ("¥25", "JPY"),
        ("25 yuan", "CNY"),
        ("RMB 25", "CNY"),
        ("25 cents", "cent"),
        ("₿25", "₿"),
        ("25 acres", None),
    ],
)
def test_currencies_and_percent_are_kept_apart(text: str, unit: str | None) -> None:
    assert read(text) == [(25, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "19th",
        "twenty-first",
        "two hundredth",
        "the 1990s",
        "two thirds",
        "one-quarter",
        "G20",
        "2D",
        "m3",
        "10²",
        "2½",
        "½",
        "3.14.15",
        "375,2",
        "a",
        "several hundred",
        "billions of dollars",
        "$",
        "US$",
        "half a mile",
        "1" * 29,  # more digits than are computed with exactly
        "٣",
        "",
    ],
)
def test_these_are_no_numbers(text: str) -> None:
    assert read(text) == []


def test_years_and_days_are_plain_numbers() -> None:
    assert read("From March 1, 2019, on; 1910–1940, 1910-1940.") == [
        (number, None) for number in (1, 2019, 1910, 1940, 1910, 1940)
    ]


def test_a_letter_apart_from_the_digits_is_no_magnitude() -> None:
    assert read("400 m wide, 400m spent") == [(400, None), (400_000_000, None)]


def test_a_currency_belongs_to_the_number_that_it_stands_before() -> None:
    assert read("In 2018 $50 billion, in 2019 USD 5.") == [
        (2018, None),
        (50_000_000_000, "USD"),
        (2019, None),
        (5, "USD"),
    ]


def test_a_number_ends_with_its_paragraph_and_at_any_other_sign() -> None:
    assert read("in 2018\n\nMillion-dollar homes; two, hundred") == [(2018, None), (2, None)]


@pytest.mark.parametrize(("text", "value"), [("-$5", -5), ("$-5", -5), ("mid-5", 5), ("4-5", 5), ("a - 5", 5)])
def test_a_minus_is_told_from_a_hyphen_and_a_dash(text: str, value: int) -> None:
    assert quantities(text)[-1].value == value


def test_a_quantity_knows_where_it_stands_with_sign_and_unit() -> None:
    text = "It fell by -$5.5 million US dollars, or 3 per cent."
    assert [text[quantity.start : quantity.end] for quantity in quantities(text)] == [
        "-$5.5 million US dollars",
        "3 per cent",
    ]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("$375bn", "375 billion", True),  # a unit that is not stated may be any
        ("375bn", "375 billion", True),
        ("$375bn", "€375bn", False),
        ("25%", "25 yuan", False),
        ("2", "two", True),
        ("$375bn", "$375.2bn", False),  # nothing is rounded
        ("25%", "2.5%", False),
        ("$5", "-$5", False),
        ("1.50", "1.5", True),
    ],
)
def test_the_same_is_an_equal_value_in_a_unit_that_fits(one: str, other: str, equal: bool) -> None:
    assert same(only(one), only(other)) is equal
    assert same(only(other), only(one)) is equal


def test_long_numbers_are_compared_to_the_last_digit() -> None:
    assert not same(only("1" * 28 + " trillion"), only("1" * 27 + "2 trillion"))


@pytest.mark.parametrize("text", ["about 25%", "25 acres", "2017 and 2018", "no number", "1990s", ""])
def test_a_text_with_other_words_is_no_quantity_alone(text: str) -> None:
    assert sole_quantity(text) is None


def test_signs_around_a_quantity_are_no_words() -> None:
    assert sole_quantity(" “(~$5)”. ") == Quantity(Decimal(5), "USD", 4, 6)


PIECES = "one,hundred,and,a,half,million,k,m,bn,us,$,USD,%,per,cent,1,5,.,-, ,\n,twenty,first,U.S.,dollars,½,_"
FRAGMENTS = st.sampled_from([*PIECES.split(","), ","])


@given(st.text() | st.lists(FRAGMENTS).map("".join) | st.lists(FRAGMENTS).map(" ".join))
@example("$")
@example("half a")
@example("us$ hundred")
def test_any_text_is_read_and_quantities_stand_one_after_the_other(text: str) -> None:
    end = 0
    for quantity in quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        assert quantity.value.is_finite()
        assert same(quantity, quantity)
        end = quantity.end


@given(st.integers(0, 10**15), st.booleans())
def test_digits_read_back_with_and_without_separators(number: int, separated: bool) -> None:
    assert read(f"{number:,}" if separated else str(number)) == [(number, None)]


ONES = """
    zero one two three four five six seven eight nine ten
    eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def spelled(number: int) -> str:
    """A number below a million in words."""
    if number < 20:
        return ONES.split()[number]
    if number < 100:
        return TENS.split()[number // 10 - 2] + (f"-{spelled(number % 10)}" if number % 10 else "")
    unit, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = number % unit
    return f"{spelled(number // unit)} {name}" + (f" and {spelled(rest)}" if rest else "")


@given(st.integers(0, 999_999))
def test_numbers_in_words_read_back(number: int) -> None:
    assert read(spelled(number)) == [(number, None)]


@pytest.mark.parametrize(
    "piece", ["one hundred and ", "half a ", "us$", "1,", "1,111", "1", " -", "\n", "million "]
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    # Quadratic time would be minutes.
    assert len(quantities(piece * (100_000 // len(piece)))) <= 100_000
