"""Searching by words: what is quoted, what is stemmed, and scores that mean the same in any corpus."""

import math
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article, Metadata
from index.catalog import Catalog
from index.catalog_writing import CatalogWriter, IndexedPassage
from index.lexical import (
    MOST_QUERY_TERMS,
    LexicalIndex,
    StemmedText,
    Stemmer,
    Term,
    bm25_share,
    inverse_document_frequency,
    query_words,
    search_words,
    words,
)
from index.passages import Passage


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog.open(tmp_path / "catalog.sqlite3", create=True)) as opened:
        yield opened


def add(catalog: Catalog, *texts: str, title: str | None = None, published: date | None = None) -> None:
    """Add articles of one passage each."""
    writer = CatalogWriter(catalog)
    start = catalog.counts()[0]
    with writer.transaction():
        for number, text in enumerate(texts, start):
            article = Article(f"{number}.txt", text, Metadata(title=title, published=published), ())
            writer.add_article(article, [IndexedPassage(f"id{number}", text, Passage(0, len(text), 1, ()))])


def find(catalog: Catalog, question: str, since: date | None = None, until: date | None = None) -> list[str]:
    """The texts of the passages found, best first."""
    keys = LexicalIndex(catalog, Stemmer()).candidates(question, 50, since, until)
    passages = catalog.passages(keys)
    return [passages[key].text for key in keys]


def score(catalog: Catalog, question: str, text: str) -> float:
    lexical = LexicalIndex(catalog, Stemmer())
    (found,) = lexical.scores(lexical.term_weights(question), [text])
    return found


# What a question is made of


def test_a_question_is_its_different_words_without_those_that_tell_nothing() -> None:
    assert query_words("What is the deficit, and what was THE Deficit in 2018?") == ["deficit", "2018"]


def test_a_question_of_stop_words_only_keeps_them() -> None:
    assert query_words("To be or not to be?") == ["to", "be", "or", "not"]


def test_a_long_question_is_cut_to_its_first_different_words() -> None:
    assert query_words(" ".join(f"word{number}" for number in range(5000))) == [
        f"word{number}" for number in range(MOST_QUERY_TERMS)
    ]


@pytest.mark.parametrize("question", ["", "   ", "?!... -- \"''\" *", "\ud800\udfff", "\0", "🙂"])
def test_without_a_word_there_is_nothing_to_search_for(catalog: Catalog, question: str) -> None:
    add(catalog, "Some text about nothing.")
    assert query_words(question) == []
    assert find(catalog, question) == []
    assert score(catalog, question, "Some text") == 0.0


def test_words_are_divided_as_the_full_text_index_divides_them() -> None:
    text = "AT&T's 375.2 snake_case Zürich cafe\u0301s naïve 中文字 don't"
    ours = words(text)
    assert ours == [
        "at",
        "t",
        "s",
        "375",
        "2",
        "snake",
        "case",
        "zürich",
        "cafe\u0301s",
        "naïve",
        "中文字",
        "don",
        "t",
    ]
    assert len(Stemmer().stems([text])[0]) == len(ours)


# Quoting


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("AT&T's profit", "AT&T's profit rose."),
        ("375.2", "It reached $375.2 billion."),
        ('the "deficit', "The deficit grew."),
        ("defi* OR deficit*", "The deficit grew."),
        ("deficit NEAR grew", "The deficit grew."),
        ("NEAR(deficit, 5)", "The deficit grew."),
        ("deficit AND NOT grew", "The deficit grew."),
        ("heading: deficit", "The deficit grew."),
        ("^deficit + {grew}", "The deficit grew."),
        ("deficit; DROP TABLE passages --", "The deficit grew."),
        ("貿易逆差", "貿易逆差 grew."),
        ("deficit \ud800", "The deficit grew."),
        ("CAFÉ", "A cafe\u0301 opened."),
        ("growing", "It has grown, it grows."),
    ],
)
def test_whatever_stands_in_a_question_its_words_are_found(catalog: Catalog, question: str, text: str) -> None:
    add(catalog, text, "Nothing of the kind stands here.")
    assert find(catalog, question) == [text]


@pytest.mark.parametrize("question", ["deficit " * 6250, "x" * 50_000, '"' * 50_000, "deficit? " + "(" * 49_990])
def test_a_question_of_fifty_thousand_characters_is_searched(catalog: Catalog, question: str) -> None:
    add(catalog, "The deficit grew.")
    assert find(catalog, question) == (["The deficit grew."] if "deficit" in question else [])


# Candidates


def test_any_word_suffices_and_more_words_rank_higher(catalog: Catalog) -> None:
    add(catalog, "A trade deal was signed.", "The trade deficit grew.", "Rain fell on the coast.", "No more.")
    assert find(catalog, "trade deficit") == ["The trade deficit grew.", "A trade deal was signed."]


def test_a_title_finds_the_passages_under_it(catalog: Catalog) -> None:
    add(catalog, "It grew again.", title="The deficit")
    assert find(catalog, "deficit") == ["It grew again."]


def test_no_more_come_than_were_asked_for(catalog: Catalog) -> None:
    add(catalog, *(f"Deficit number {number}." for number in range(10)))
    assert len(LexicalIndex(catalog, Stemmer()).candidates("deficit", 3, None, None)) == 3


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (date(2019, 2, 2), date(2019, 2, 2), {"Rates in February."}),
        (date(2019, 2, 2), None, {"Rates in February.", "Rates in March."}),
        (None, date(2019, 2, 2), {"Rates in January.", "Rates in February."}),
        (date(2019, 2, 3), date(2019, 2, 28), set()),
        (None, None, {"Rates in January.", "Rates in February.", "Rates in March.", "Rates once."}),
    ],
)
def test_both_ends_of_a_range_of_dates_are_inside_and_the_undated_are_outside(
    catalog: Catalog, since: date | None, until: date | None, found: set[str]
) -> None:
    add(catalog, "Rates in January.", published=date(2019, 1, 31))
    add(catalog, "Rates in February.", published=date(2019, 2, 2))
    add(catalog, "Rates in March.", published=date(2019, 3, 1))
    add(catalog, "Rates once.")
    assert set(find(catalog, "rates", since, until)) == found
    if since or until:
        ids, undated = catalog.dated_between(since, until)
        passages = catalog.passages(list(catalog.passage_keys(ids).values()))
        assert {passage.text for passage in passages.values()} == found
        assert undated == 1


# Scores


@pytest.mark.parametrize("texts", [["The deficit grew."], ["The deficit grew.", "The deficit shrank."]])
def test_in_a_corpus_of_one_or_two_passages_scores_are_not_nought(catalog: Catalog, texts: list[str]) -> None:
    add(catalog, *texts)
    assert set(find(catalog, "deficit")) == set(texts)
    assert all(0 < score(catalog, "deficit", text) < 1 for text in texts)


def test_a_score_does_not_depend_on_the_other_candidates(catalog: Catalog) -> None:
    add(catalog, "The trade deficit grew.", "Rain fell.")
    lexical = LexicalIndex(catalog, Stemmer())
    weights = lexical.term_weights("trade deficit")
    alone = lexical.scores(weights, ["The trade deficit grew."])
    among = lexical.scores(weights, ["Rain fell.", "The trade deficit grew.", "The deficit."])
    assert alone[0] == among[1] > among[2] > among[0] == 0


def test_rare_words_weigh_more_and_one_that_stands_nowhere_most(catalog: Catalog) -> None:
    add(catalog, "Trade deficit.", "Trade deal.", "Trade winds.")
    weights = LexicalIndex(catalog, Stemmer()).term_weights("trade deficits unheard")
    assert list(weights) == [Term(("trade",)), Term(("deficit",)), Term(("unheard",))]
    trade, deficit, unheard = weights.values()
    assert 0 < trade < deficit < unheard


def test_the_weight_is_lucenes() -> None:
    assert inverse_document_frequency(10, 2) == pytest.approx(math.log(1 + 8.5 / 2.5))
    assert inverse_document_frequency(1, 1) > 0
    assert inverse_document_frequency(0, 0) > 0
    assert inverse_document_frequency(1, 5) > 0  # a term may stand in passages that came meanwhile


def test_a_share_is_nought_without_weights_and_never_above_one() -> None:
    weights = {Term(("deficit",)): 2.0}
    assert bm25_share({}, StemmedText(["deficit"] * 3)) == 0.0
    assert bm25_share(weights, StemmedText([])) == 0.0
    assert 0.5 < bm25_share(weights, StemmedText(["deficit"] * 10_000)) < 1


def test_stems_come_in_order_and_the_stemmer_forgets_what_it_read() -> None:
    stemmer = Stemmer()
    assert stemmer.stems(["Tariffs were raised", "", "raising \ud800 tariffs"]) == [
        ["tariff", "were", "rais"],
        [],
        ["rais", "tariff"],
    ]
    assert stemmer.stems(["tariffs"]) == [["tariff"]]


# The same in other words


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("$375bn", "It reached $375.2 billion."),
        ("$375.2 billion", "It reached $375bn."),
        ("1,000", "A crowd of 1000 came."),
        ("20000", "A crowd of 20,000 came."),
        ("twenty-five", "A crowd of 25 came."),
        ("25", "A crowd of twenty-five came."),
        ("the nineteenth", "In the 19th it began."),
        ("U.S.", "The US grew."),
        ("US", "The U.S. grew."),
        ("US", "The United States grew."),
        ("United States", "The U.S. grew."),
        ("UK", "The U.K. grew."),
        ("aluminium", "Much aluminum was sold."),
        ("aluminum", "Much aluminium was sold."),
        ("organisation", "The organization grew."),
        ("colours", "The color faded."),
        ("e-mail", "An email came."),
        ("email", "An e-mail came."),
        ("trade-war", "A tradewar began."),
        ("cyberattack", "A cyber-attack began."),
        ("percent", "Some per cent of it."),
    ],
)
def test_a_word_is_found_and_scored_in_whatever_way_it_is_written(
    catalog: Catalog, question: str, text: str
) -> None:
    add(catalog, text, "Nothing of the kind stands here.")
    assert find(catalog, question) == [text]
    assert score(catalog, question, text) > 0 == score(catalog, question, "Nothing of the kind stands here.")


@pytest.mark.parametrize(
    ("question", "text"), [("25 percent", "25%"), ("25%", "25 per cent"), ("25%", "25 percent")]
)
def test_percent_counts_as_a_word_even_where_it_is_a_sign(catalog: Catalog, question: str, text: str) -> None:
    add(catalog, "Nothing.")
    assert score(catalog, question, text) == pytest.approx(score(catalog, question, question), rel=0.05)


def test_all_ways_of_a_word_are_one_term_and_the_most_frequent_counts(catalog: Catalog) -> None:
    add(catalog, "The US grew.", "The U.S. grew.", "Rain fell.")
    weights = LexicalIndex(catalog, Stemmer()).term_weights("the U.S. and the US")
    assert list(weights.values()) == [inverse_document_frequency(3, 2)]
    (term,) = weights
    assert term.count(StemmedText(["us", "u", "s", "us", "grew"])) == 2
    assert term.count(StemmedText(["u", "x", "s"])) == 0


def test_a_pronoun_is_not_taken_for_a_country(catalog: Catalog) -> None:
    assert search_words("What did they tell us?") == [("us",)]
    assert score(catalog, "United States", "They told us.") == 0.0


def test_the_most_words_in_the_most_ways_are_searched(catalog: Catalog) -> None:
    add(catalog, "It reached 1,063 million.")
    asked = " ".join(f"{number:,}" for number in range(3000, 3000 + MOST_QUERY_TERMS)) + " 1,063 million"
    assert find(catalog, "million " + asked) == ["It reached 1,063 million."]
