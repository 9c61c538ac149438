"""Every figure, date, name and quotation of a claim stands in a cited sentence, or it is told which does not."""

from datetime import date

import pytest

from assistant.answering.support.checking import why_unsupported
from assistant.answering.support.cited import Cited
from assistant.answering.support.names import Name, held, names
from assistant.answering.support.quotations import is_verbatim, quoted
from support_claims import cite, reason

DEFICIT = "The trade deficit with China reached $375.2 billion last year."
TALKS = "Wilbur Ross arrived in Beijing on Saturday for talks with the European Union."


def test_a_figure_that_stands_nowhere_is_named() -> None:
    assert reason("The deficit with China reached $1.1 trillion last year.", DEFICIT) == (
        "the amount $1.1 trillion stands in no cited passage"
    )
    assert reason("The deficit with China reached $375 billion last year.", DEFICIT) is None


def test_a_figure_may_not_be_bounded_otherwise() -> None:
    said = "Officials spoke of at least $200 billion in purchases."
    found = reason("Officials spoke of at most $200 billion in purchases.", said)
    assert found == "the sentence does not bound $200 billion as the claim does"


def test_a_date_that_stands_nowhere_is_named() -> None:
    assert reason("Ross arrived in Beijing on Sunday for talks.", TALKS) == (
        "the date Sunday stands in no cited passage"
    )


def test_the_day_of_publication_may_be_said_of_the_article_alone() -> None:
    cited = cite("Ross left Beijing on Thursday.", outlet="Bloomberg", published=date(2019, 2, 2))
    assert why_unsupported("Bloomberg reported on 2 February 2019 that Ross left Beijing.", cited, None) is None
    assert why_unsupported("Ross left Beijing on 2 February 2019.", cited, None) is not None
    assert why_unsupported("Ross left Beijing on 31 January 2019.", cited, None) is None


def test_a_name_that_stands_nowhere_is_named() -> None:
    assert reason("Larry Kudlow arrived in Beijing on Saturday.", TALKS) == (
        "the name Larry Kudlow stands in no cited passage"
    )
    assert reason("Ross arrived in Beijing on Saturday for talks with the EU.", TALKS) is None


def test_a_first_name_may_stand_in_the_text_around() -> None:
    around = "Commerce Secretary Wilbur Ross flew to China. Ross arrived on Saturday."
    cited = [Cited("Ross arrived on Saturday.", context=around)]
    assert why_unsupported("Commerce Secretary Wilbur Ross arrived on Saturday.", cited, None) is None
    assert why_unsupported("Betsy Ross arrived on Saturday.", cited, None) is not None


def test_he_may_be_whom_the_sentence_before_names() -> None:
    around = "Lighthizer met reporters. He conceded that much work remained."
    cited = [Cited("He conceded that much work remained.", context=around)]
    assert why_unsupported("Lighthizer conceded that much work remained.", cited, None) is None
    assert why_unsupported("Mnuchin conceded that much work remained.", cited, None) is not None


def test_a_capital_is_a_government_but_no_other_place() -> None:
    said = "The United States imposed tariffs on Chinese steel."
    assert reason("Washington imposed tariffs on Chinese steel.", said) is None
    assert reason("The United States imposed tariffs on Chinese steel in Washington.", said) is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The US Commerce Department spoke to China's Xinhua News Agency.",
         ["US", "Commerce Department", "China", "Xinhua News Agency"]),
        ("Scott Paul of the Alliance for American Manufacturing met Kim Jong-un.",
         ["Scott Paul", "Alliance for American Manufacturing", "Kim Jong-un"]),
        ("Closer US-China ties are what the People's Daily wants.", ["US", "China", "People's Daily"]),
        ("On Monday Stephen K. Bannon spoke.", ["Stephen K. Bannon"]),
        ("Officials said so in May.", []),
    ],
)  # fmt: skip
def test_names_are_runs_of_capitals_without_their_owners(text: str, found: list[str]) -> None:
    assert [name.text for name in names(text)] == found


def test_a_title_may_stand_elsewhere_in_the_sentence() -> None:
    assert held(Name("Mayor Dana Whitlock", 0, 19), "Dana Whitlock, the mayor of Carrow, spoke.")
    assert not held(Name("Governor Dana Whitlock", 0, 22), "Dana Whitlock, the mayor of Carrow, spoke.")


def test_words_in_quotation_marks_are_verbatim_but_for_marks_and_white_space() -> None:
    said = ["“It’s imperative that we do not back  off one iota,” he said."]
    assert is_verbatim("It's imperative that we do not back off one iota", said)
    assert is_verbatim("It’s imperative ... not back off one iota.", said)
    assert not is_verbatim("It's imperative that we back off", said)
    assert not is_verbatim("one iot", said)


def test_a_quotation_that_stands_nowhere_is_given() -> None:
    assert reason('China spoke of "a misunderstanding".', "China spoke of “a misinterpretation”.") == (
        "the words “a misunderstanding” stand in no cited sentence"
    )


def test_apostrophes_open_no_quotation() -> None:
    text = "The ministers' plan didn't say 'when' it'd start."
    assert [text[start:end] for start, end in quoted(text)] == ["when"]


def test_nothing_is_proven_by_nothing() -> None:
    assert why_unsupported("Ross arrived.", [], None) == "no sentence is cited for it"
