import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.squad_text import exact_match, normalise, token_f1, tokens


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The Eiffel Tower", "eiffel tower"),
        ("  an  apple,\n a day ", "apple day"),
        ("“U.S.”–China’s", "uschinas"),
        ("A", ""),
        ("theory of another", "theory of another"),  # articles are whole words
        ("$375.2 billion", "3752 billion"),
        ("€25_000", "€25000"),
        ("中国、美国", "中国美国"),
    ],
)
def test_case_punctuation_articles_and_white_space_do_not_count(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@given(st.text())
def test_a_normalised_text_is_normalised_no_further(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_prediction_matches_exactly_if_it_is_any_of_the_gold_answers() -> None:
    assert exact_match("the year 1911.", ["1911", "Year 1911"]) == 1
    assert exact_match("year of 1911", ["1911", "Year 1911"]) == 0


def test_f1_is_the_harmonic_mean_of_the_shares_of_shared_words() -> None:
    # 2 shared words of 4 said and of 3 in the gold answer: P = 1/2, R = 2/3, 2PR / (P + R) = (2/3) / (7/6) = 4/7.
    assert token_f1("The old harbour opened late", ["harbour opened again"]) == pytest.approx(4 / 7)


def test_f1_counts_a_word_as_often_as_both_sides_have_it() -> None:
    # Shared: "new" once. P = 1/3, R = 1/2: 2 * 1 / (3 + 2).
    assert token_f1("new new new", ["new harbour"]) == pytest.approx(2 / 5)


def test_f1_is_that_of_the_best_gold_answer() -> None:
    assert token_f1("two sides", ["both", "the two sides", "two"]) == 1


def test_two_texts_without_words_agree_and_one_without_agrees_with_none() -> None:
    assert token_f1("The.", ["a"]) == 1
    assert token_f1("The.", ["harbour"]) == 0
    assert token_f1("harbour", ["a"]) == 0


def test_nothing_is_compared_with_no_gold_answers() -> None:
    with pytest.raises(ValueError, match="empty"):
        exact_match("x", [])
    with pytest.raises(ValueError, match="empty"):
        token_f1("x", [])


@given(st.text(), st.lists(st.text(), min_size=1))
def test_an_exact_match_has_an_f1_of_one(prediction: str, golds: list[str]) -> None:
    f1 = token_f1(prediction, golds)
    assert 0 <= f1 <= 1
    assert exact_match(prediction, golds) <= f1


@given(st.text(), st.text())
def test_f1_is_symmetric(one: str, other: str) -> None:
    assert token_f1(one, [other]) == token_f1(other, [one])
    assert tokens(one) == normalise(one).split()
