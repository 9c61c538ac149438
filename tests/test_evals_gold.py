"""The gold questions: enough of each kind, every quote verbatim, and worded unlike the articles."""

from collections import Counter
from statistics import median

import pytest

from evals.cases import Case, Suite
from evals.gold.overlap import shared_words
from index.lexical import Stemmer

SUITE = Suite.gold()


def of_type(name: str) -> list[Case]:
    return [case for case in SUITE.cases if name in case.tags]


def test_every_quote_stands_verbatim_in_its_article() -> None:
    SUITE.check()
    quotes = [quote for case in SUITE.cases for need in case.needs for quote in need]
    assert len(quotes) > 150
    for quote in quotes:
        article, spans = SUITE.spans(quote)
        assert spans, quote
        for start, end in spans:
            assert SUITE.text(article)[start:end].split() == quote.text.split()


@pytest.mark.parametrize(
    ("kind", "least"), [("single", 70), ("multi", 20), ("conflict", 10), ("unanswerable", 30)]
)
def test_there_are_enough_of_each_kind(kind: str, least: int) -> None:
    assert len(of_type(kind)) >= least


def test_there_are_at_least_120_and_each_has_one_kind() -> None:
    assert len(SUITE.cases) >= 120
    kinds = ("single", "multi", "conflict", "unanswerable")
    assert {sum(kind in case.tags for kind in kinds) for case in SUITE.cases} == {1}


def test_half_of_the_unanswerable_ones_are_near_misses() -> None:
    counted = Counter("near_miss" in case.tags for case in of_type("unanswerable"))
    assert counted[True] >= counted[False]
    assert not any(case.answerable for case in of_type("unanswerable"))


def test_single_facts_come_from_every_article() -> None:
    counted = Counter(SUITE.files[quote.doc] for case in of_type("single") for quote in case.needs[0])
    assert len(counted) == 5
    assert min(counted.values()) >= 10


def test_no_article_alone_answers_a_question_that_needs_several() -> None:
    for case in of_type("multi"):
        articles = [{quote.doc for quote in need} for need in case.needs]
        assert not set.intersection(*articles), case.id


def test_each_side_of_a_disagreement_is_a_need() -> None:
    assert min(len(case.needs) for case in of_type("conflict")) >= 2


def test_every_answer_stands_in_the_evidence() -> None:
    for case in SUITE.cases:
        told = " ".join(" ".join(quote.text.split()) for need in case.needs for quote in need)
        assert [answer for answer in case.answers if answer not in told] == [], case.id


def test_questions_share_at_most_half_of_their_words_with_the_answering_sentence() -> None:
    stemmer = Stemmer()
    assert median(shared_words(case, stemmer) for case in of_type("single")) <= 0.5


@pytest.mark.parametrize("style", ["typo", "telegraph", "long"])
def test_some_are_asked_carelessly(style: str) -> None:
    assert len(of_type(style)) >= 5
