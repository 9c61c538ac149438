from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.attempts import Attempt, Cited
from evals.cases import Case, Suite
from evals.scorers.citation import CitationScorer, stands_verbatim
from scored_cases import (
    FAILED,
    HARBOUR,
    REFUSED,
    RETRIEVED,
    UNANSWERABLE,
    answered,
    case,
    cited,
    claim,
    stated,
    suite_in,
    values,
)

OPENED, CLOSED, WHY = "The harbour opened in 1911.", "It closed in 1954.", "Nobody knows why."
MARKET = "The market hall is of 1911."
SCORER = CitationScorer()


def test_citations_are_held_against_the_evidence(tmp_path: Path) -> None:
    asked = case([("harbour", OPENED)], [("harbour", CLOSED)], [("harbour", "cost $375.2 billion")])
    assert values(SCORER, suite_in(tmp_path), asked, answered(OPENED, CLOSED, WHY, MARKET)) == {
        "citation_precision": 2 / 4,  # OPENED and CLOSED
        "citation_recall": pytest.approx(2 / 3),
        "right_document": 3 / 4,  # all but MARKET
        "claims_cited": 1,
        "quotes_verbatim": 1,
    }


def test_an_alternative_is_evidence_in_its_own_document(tmp_path: Path) -> None:
    asked = case([("harbour", OPENED), ("market", "of 1911")])
    scores = values(SCORER, suite_in(tmp_path), asked, answered(MARKET))
    assert (scores["citation_precision"], scores["citation_recall"], scores["right_document"]) == (1, 1, 1)


@pytest.mark.parametrize("asked", [UNANSWERABLE, case()], ids=["unanswerable", "no evidence stated"])
def test_without_evidence_only_the_quotes_can_be_judged(tmp_path: Path, asked: Case) -> None:
    assert values(SCORER, suite_in(tmp_path), asked, answered(OPENED)) == {
        "citation_precision": None,
        "citation_recall": None,
        "right_document": None,
        "claims_cited": 1,
        "quotes_verbatim": 1,
    }


@pytest.mark.parametrize("attempt", [REFUSED, FAILED, RETRIEVED])
def test_what_is_no_answer_cites_nothing(tmp_path: Path, attempt: Attempt) -> None:
    scores = values(SCORER, suite_in(tmp_path), case([("harbour", OPENED)]), attempt)
    assert set(scores.values()) == {None}


def test_an_answer_without_citations_recalls_nothing_and_has_no_precision(tmp_path: Path) -> None:
    assert values(SCORER, suite_in(tmp_path), case([("harbour", OPENED)]), stated("It opened in 1911.")) == {
        "citation_precision": None,
        "citation_recall": 0,
        "right_document": None,
        "claims_cited": 0,
        "quotes_verbatim": None,
    }


def test_a_claim_is_cited_by_a_citation_that_exists_and_struck_claims_need_none(tmp_path: Path) -> None:
    claims = (claim("a", 1), claim("b", 7, 1), claim("c", 7), claim("d"), claim("e", support="unsupported"))
    attempt = replace(answered(OPENED), claims=claims)
    assert values(SCORER, suite_in(tmp_path), case(), attempt)["claims_cited"] == 2 / 4  # a and b of a, b, c, d


def test_an_answer_whose_claims_were_all_struck_has_none_to_cite(tmp_path: Path) -> None:
    attempt = replace(answered(OPENED), claims=(claim("a", support="unsupported"),))
    assert values(SCORER, suite_in(tmp_path), case(), attempt)["claims_cited"] is None


def test_one_quote_in_three_that_does_not_hold_is_seen(tmp_path: Path) -> None:
    attempt = answered(OPENED, CLOSED, WHY)
    forged = replace(attempt.citations[1], quote="It closed in 1945.")
    attempt = replace(attempt, citations=(attempt.citations[0], forged, attempt.citations[2]))
    assert values(SCORER, suite_in(tmp_path), case(), attempt)["quotes_verbatim"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [
        (0, 27, OPENED.upper()),
        (1, 28, OPENED),  # moved
        (0, 26, OPENED),  # cut off
        (0, 0, ""),  # nothing
        (5, 3, ""),
        (len(HARBOUR) - 4, len(HARBOUR) + 1, HARBOUR[-4:]),  # ends beyond the text
        (-4, -1, HARBOUR[-4:-1]),  # counts from its end
    ],
)
def test_a_quote_is_verbatim_only_between_its_own_offsets(
    tmp_path: Path, start: int, end: int, quote: str
) -> None:
    suite = suite_in(tmp_path)
    assert stands_verbatim(suite, Cited(1, "harbour.txt", 0, 27, OPENED))
    assert not stands_verbatim(suite, Cited(1, "harbour.txt", start, end, quote))


def test_offsets_count_characters_as_the_contract_says(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    (suite.corpus / "une.txt").write_bytes("\ufeffÀ la une\r\n𝕆ui.".encode())
    assert stands_verbatim(suite, Cited(1, "une.txt", 9, 13, "𝕆ui."))


@pytest.mark.parametrize(
    "article",
    [
        "../secret.txt",
        "sub/../harbour.txt",
        "./harbour.txt",
        "harbour",  # a name for people, not a path
        "lost.txt",
        "folder.txt",
        "broken.txt",
        "link.txt",
        "loop.txt",
        "",
        "\0",
        "\ud800",
        "x" * 5000,
    ],
)
def test_a_quote_from_what_is_no_article_of_the_corpus_does_not_hold(tmp_path: Path, article: str) -> None:
    suite = suite_in(tmp_path)
    (tmp_path / "secret.txt").write_text(OPENED)
    (suite.corpus / "folder.txt").mkdir()
    (suite.corpus / "broken.txt").write_bytes(OPENED.encode() + b"\xff")
    (suite.corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    (suite.corpus / "loop.txt").symlink_to("loop.txt")
    assert not stands_verbatim(suite, Cited(1, article, 0, 27, OPENED))


def test_an_absolute_path_leads_to_no_article(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    assert not stands_verbatim(suite, Cited(1, str(suite.corpus / "harbour.txt"), 0, 27, OPENED))


def test_an_article_that_vanished_holds_nothing(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    assert "harbour.txt" in suite.files
    (suite.corpus / "harbour.txt").unlink()
    assert not stands_verbatim(suite, cited(1, OPENED))


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return suite_in(tmp_path_factory.mktemp("suite"))


@given(st.integers(-5, len(HARBOUR) + 5), st.integers(-5, len(HARBOUR) + 5))
def test_a_slice_of_the_article_holds_exactly_if_it_is_a_span_of_it(suite: Suite, start: int, end: int) -> None:
    within = 0 <= start < end <= len(HARBOUR)
    assert stands_verbatim(suite, Cited(1, "harbour.txt", start, end, HARBOUR[start:end])) is within
