from dataclasses import replace
from pathlib import Path

import pytest

from evals.attempts import Attempt
from evals.scorers.answer import AnswerScorer, contained
from scored_cases import (
    FAILED,
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

OPENED, CLOSED = "The harbour opened in 1911.", "It closed in 1954."
SCORER = AnswerScorer()


def holds(gold: str, text: str) -> bool:
    return contained(case(answers=[gold]), stated(text)).value == 1


def test_a_right_answer_scores_on_all_that_applies(tmp_path: Path) -> None:
    asked = case([("harbour", OPENED)], [("harbour", CLOSED)])
    assert values(SCORER, suite_in(tmp_path), asked, answered(OPENED, short="opened in 1911")) == {
        "contained": 1,
        "number": 1,
        "short_em": 0,
        "short_f1": pytest.approx(4 / 5),  # 2 shared words of 3 said and of 2 in "in 1911": 2 * 2 / (3 + 2)
        "needs_met": 1 / 2,
    }


@pytest.mark.parametrize("attempt", [REFUSED, FAILED])
def test_refused_and_failed_are_nought_and_have_no_short_answer(tmp_path: Path, attempt: Attempt) -> None:
    assert values(SCORER, suite_in(tmp_path), case([("harbour", OPENED)]), attempt) == {
        "contained": 0,
        "number": 0,
        "short_em": None,
        "short_f1": None,
        "needs_met": 0,
    }


def test_a_question_without_an_answer_and_a_solver_without_one_are_left_out(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    assert set(values(SCORER, suite, UNANSWERABLE, answered(OPENED)).values()) == {None}
    assert set(values(SCORER, suite, case([("harbour", OPENED)]), RETRIEVED).values()) == {None}


def test_without_gold_answers_only_the_evidence_can_be_judged(tmp_path: Path) -> None:
    asked = case([("harbour", OPENED)], answers=[])
    assert values(SCORER, suite_in(tmp_path), asked, answered(OPENED, short="1911")) == {
        "contained": None,
        "number": None,
        "short_em": None,
        "short_f1": None,
        "needs_met": 1,
    }


def test_without_evidence_only_the_words_can_be_judged(tmp_path: Path) -> None:
    assert values(SCORER, suite_in(tmp_path), case(), answered(OPENED, short="In 1911")) == {
        "contained": 1,
        "number": 1,
        "short_em": 1,
        "short_f1": 1,
        "needs_met": None,
    }


@pytest.mark.parametrize(
    ("gold", "text", "held"),
    [
        ("Liu He", "Vice Premier Liu He, who leads the talks.", True),
        ("the Vice-Premier", "He is vice-premier.", True),
        ("Liu He", "He met Liu.", False),  # the words, not side by side
        ("harbour", "harbours", False),  # whole words only
        ("A", "Grade A.", False),  # nothing is left of it
        ("2.5 million years", "2.5 million years ago", True),
        ("2.5 million years", "25 million years ago", False),  # the same words without punctuation
        ("about 2", "about 2 million", False),
        ("25%", "a tariff of 2.5%", False),
        ("$375 billion", "the US$375bn trade deficit", True),
        ("$375 billion", "a deficit of $375.2 billion", False),
        ("$375 billion", "a deficit of €375 billion", False),
        ("$375 billion", "a deficit of 375 billion", True),
        ("two", "There are 2 sides.", True),
        ("1919", "He lived 1919–1980.", True),
    ],
)
def test_a_gold_answer_stands_in_an_answer_by_its_words_and_its_quantities(
    gold: str, text: str, held: bool
) -> None:
    assert holds(gold, text) is held


def test_any_gold_answer_will_do() -> None:
    assert contained(case(answers=["1954", "1911"]), stated(OPENED)).value == 1


def test_a_long_reference_is_not_expected_word_for_word() -> None:
    twelve, thirteen = "word " * 12, "word " * 13
    assert contained(case(answers=[twelve]), stated("No.")).value == 0
    assert contained(case(answers=[thirteen]), stated(thirteen)).value is None
    assert contained(case(answers=[thirteen, "1911"]), stated(OPENED)).value == 1


def test_articles_do_not_make_a_reference_long() -> None:
    assert contained(case(answers=["a word " * 12]), stated("a word " * 12)).value == 1


def test_a_struck_claim_says_and_shows_nothing(tmp_path: Path) -> None:
    struck = replace(answered(OPENED), claims=(claim(OPENED, 1, support="unsupported"), claim("Perhaps.")))
    scores = values(SCORER, suite_in(tmp_path), case([("harbour", OPENED)]), struck)
    assert (scores["contained"], scores["number"], scores["needs_met"]) == (0, 0, 0)


def test_a_citation_counts_for_the_claims_that_name_it(tmp_path: Path) -> None:
    attempt = replace(stated("x"), claims=(claim("x", 2),), citations=(cited(1, OPENED), cited(2, CLOSED)))
    asked = case([("harbour", OPENED)], [("harbour", CLOSED)], [("market", "of 1911")])
    assert values(SCORER, suite_in(tmp_path), asked, attempt)["needs_met"] == pytest.approx(1 / 3)


def test_the_text_counts_where_a_solver_states_no_claims_and_markers_are_no_part_of_it() -> None:
    attempt = Attempt("q", "?", "answered", text="It opened [1] late, in room [7].", citations=(cited(1, OPENED),))
    assert contained(case(answers=["opened late"]), attempt).value == 1
    assert contained(case(answers=["1"]), attempt).value == 0
    assert contained(case(answers=["7"]), attempt).value == 1


def test_a_number_does_not_run_on_from_one_claim_into_the_next() -> None:
    attempt = replace(stated(""), claims=(claim("It was in 1911"), claim("Million-dollar repairs followed")))
    assert contained(case(answers=["1911"]), attempt).value == 1


def test_numbers_are_counted_where_a_gold_answer_is_nothing_else(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    cost = stated("Repairs cost $375.2 billion.")
    assert values(SCORER, suite, case(answers=["375.2bn", "a fortune"]), cost)["number"] == 1
    assert values(SCORER, suite, case(answers=["375bn", "repairs"]), cost)["number"] == 0
    assert values(SCORER, suite, case(answers=["repairs", "in 1911"]), cost)["number"] is None


def test_a_short_answer_is_compared_with_the_best_gold_answer_unless_all_are_long(tmp_path: Path) -> None:
    suite, long = suite_in(tmp_path), "word " * 13
    assert (
        values(SCORER, suite, case(answers=["1954", "1911", long]), answered(OPENED, short="1911"))["short_em"]
        == 1
    )
    assert values(SCORER, suite, case(answers=[long]), answered(OPENED, short="1911"))["short_f1"] is None
