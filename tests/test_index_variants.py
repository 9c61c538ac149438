"""Other ways to write a word: spellings, numbers, abbreviations, hyphens."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.lexical import WORD, query_words, search_words
from index.numerals import IN_DIGITS, IN_WORDS, ORDINALS
from index.spellings import other_spellings
from index.variants import spelled_out, writings


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("colour", "color"),
        ("neighborhoods", "neighbourhoods"),
        ("aluminium", "aluminum"),
        ("programmes", "programs"),
        ("centre", "center"),
        ("centered", "centre"),
        ("theatres", "theater"),
        ("kilometers", "kilometre"),
        ("organisations", "organizations"),
        ("realize", "realise"),
        ("analysed", "analyzed"),
        ("defence", "defense"),
        ("grey", "gray"),
    ],
)
def test_a_word_is_spelled_otherwise_over_the_ocean(word: str, other: str) -> None:
    assert other in other_spellings(word)


@pytest.mark.parametrize(
    "word", ["hour", "four", "tour", "rise", "promise", "paradise", "size", "enter", "letter", ""]
)
def test_most_words_have_one_spelling(word: str) -> None:
    assert other_spellings(word) == ()


@pytest.mark.parametrize(
    ("question", "ways"),
    [
        ("$375bn", [("375", "375b", "375bn", "375bln"), ("billion", "bn", "bln", "375b", "375bn", "375bln")]),
        (
            "1.5m",
            [
                ("1", "1m", "1mn", "1mln"),
                ("5", "5m", "5mn", "5mln"),
                ("million", "mn", "mln", "1m", "1mn", "1mln", "5m", "5mn", "5mln"),
            ],
        ),
        ("400 m", [("400",), ("m",)]),  # metres
        ("20k", [("20 000", "20000", "20k", "20 thousand")]),
        ("20 thousand", [("20 000", "20000", "20k", "20 thousand")]),
        ("2.5k", [("2", "2k"), ("5", "5k"), ("thousand", "2k", "5k")]),
        ("1,234", [("1 234", "1234")]),
        ("2018", [("2018",)]),  # a year
        ("2,018", [("2 018", "2018")]),
        ("25%", [("25", "twenty five"), ("percent", "per cent")]),
        ("375,2", [("375",), ("2",)]),
        ("3.14.15", [("3",), ("14",), ("15",)]),
        ("19th", [("19th", "nineteenth")]),
        ("Twenty-first", [("twenty", "20", "twentyfirst"), ("first", "1st", "twentyfirst")]),
        ("G20", [("g20",)]),
        ("one", [("one",)]),
        ("N.A.T.O.", [("n a t o", "nato")]),
        ("U.S.-China", [("u s", "us", "usa", "united states"), ("china",)]),
        ("J.K. Rowling", [("j k", "jk"), ("rowling",)]),
        ("us", [("us",)]),
        ("0" * 5000, [("0" * 5000,)]),
    ],
)
def test_a_question_is_read_as_words_in_all_their_ways(question: str, ways: list[tuple[str, ...]]) -> None:
    assert [tuple(found) for found in writings(question)] == ways


QUESTIONS = st.text() | st.lists(
    st.sampled_from(
        [
            *("US", "U.S.", "us", "USA", "U.K.", "375bn", "375.2", "1,000", "25%", "2.5k", "000", "0", "k", "bn"),
            *("per", "cent", "twenty-five", "e-mail", "co-operate", "İstanbul", "ß", "%%", ".", ",", "-", "'"),
            *("colour", "organise", "19th", "two", "million", "united", "states", "Ⅷ", "²", "٣", "trade-war-like"),
        ]
    )
).map(" ".join)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who runs the W.H.O.?", [("runs",), ("w h o",)]),
        ("At 5 a.m.?", [("5", "five"), ("a m",)]),
        ("the U.S. and US", [("u s", "us", "usa", "united states")]),
        ("1,000 or 1000", [("1 000", "1000", "1k", "1 thousand")]),
        ("Who is it?", [("who",), ("is",), ("it",)]),
    ],
)
def test_an_abbreviation_is_searched_even_where_its_letters_make_a_stop_word(
    question: str, terms: list[tuple[str, ...]]
) -> None:
    assert search_words(question) == terms


@given(QUESTIONS)
@example("aΣ\u200ba")  # lower case depends on what comes after it
@example("trade-cafe\u0301 U.S\u0301 twenty-five\u0301 united states\u0301 2 million\u0301")
def test_no_word_of_a_question_is_lost(question: str) -> None:
    """Every word that was searched as it stands is still part of some way to write the question."""
    held = {word for ways in writings(question) for way in ways for word in WORD.findall(way)}
    expected = set(query_words(question))
    if "K" not in question and "k" not in question:  # 2.5k is no 2 and no 5k
        assert {
            word for word in expected if not word[0].isdigit() and word not in {"t", "m", "b", "tn", "cent"}
        } <= held


@given(QUESTIONS)
def test_ways_are_words_in_lower_case_that_full_text_search_takes(question: str) -> None:
    for ways in search_words(question):
        assert ways
        assert len(set(ways)) == len(ways)
        for way in ways:
            assert way.split(" ") == [word for part in way.split(" ") for word in WORD.findall(part)]


@given(st.integers(0, 10**15))
def test_a_number_with_and_without_commas_has_the_same_ways(value: int) -> None:
    (grouped,), (plain,) = writings(f"{value:,}"), writings(str(value))
    assert set(plain) <= set(grouped)


def test_numbers_in_words_and_digits_are_each_others() -> None:
    assert IN_DIGITS[IN_WORDS[99]] == 99
    assert [ORDINALS[digits] for digits in ("1st", "2nd", "3rd", "11th", "12th", "20th")] == [
        "first", "second", "third", "eleventh", "twelfth", "twentieth",
    ]  # fmt: skip
    assert [ORDINALS[digits] for digits in ("21st", "42nd", "99th")] == [
        "twenty first", "forty second", "ninety ninth",
    ]  # fmt: skip


@given(st.text())
def test_what_is_spelled_out_only_adds(text: str) -> None:
    assert WORD.findall(spelled_out(text).replace(" percent", "").replace(" U.S.", "")) == WORD.findall(
        text.replace(" percent", "").replace(" U.S.", "")
    )


def test_a_sign_and_a_country_are_spelled_out() -> None:
    assert spelled_out("25% of US oil, BUS, USA, us") == "25% percent of US U.S. oil, BUS, USA, us"
