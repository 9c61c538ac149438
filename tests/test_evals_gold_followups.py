"""The follow-up cases: enough of each kind, and every quote and every earlier answer is verbatim."""

import json
from typing import Any

import pytest

from evals.cases import GOLD, Case, Suite
from evals.suite_file import read_cases
from index.articles import parse_article
from index.segmentation import segment

SUITE = Suite.gold()
FILE = GOLD / "followups.jsonl"
CASES = read_cases(FILE)


def tagged(tag: str) -> list[Case]:
    return [case for case in CASES if tag in case.tags]


def stated() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def sentences() -> set[str]:
    """What the program may answer with: each sentence of the articles, white space folded."""
    found = set()
    for path in SUITE.corpus.glob("*.txt"):
        article = parse_article(path.name, path.read_bytes())
        found |= {
            " ".join(article.text[sentence.start : sentence.end].split())
            for sentence in segment(article.text, article.stated_at)
        }
    return found


def is_made_of(answer: str, known: set[str], most: int = 3) -> bool:
    """True if an answer is one sentence after another, all of them known, and no more than the most."""
    if answer in known:
        return True
    begun = (sentence for sentence in known if answer.startswith(f"{sentence} "))
    return most > 1 and any(is_made_of(answer[len(sentence) + 1 :], known, most - 1) for sentence in begun)


def test_every_quote_stands_verbatim_in_its_article() -> None:
    quotes = [quote for case in CASES for need in case.needs for quote in need]
    assert len(quotes) > 80
    assert [quote for quote in quotes if not SUITE.spans(quote)[1]] == []


def test_every_answer_stands_in_the_evidence() -> None:
    for case in CASES:
        told = " ".join(quote.text for need in case.needs for quote in need)
        assert [answer for answer in case.answers if answer not in told] == [], case.id
        assert bool(case.answers) == case.answerable == bool(case.needs), case.id


def test_no_id_is_one_of_another_gold_question() -> None:
    assert not {case.id for case in CASES} & {case.id for case in SUITE.cases}


def test_each_has_one_to_three_earlier_turns_answered_with_verbatim_sentences_or_not_at_all() -> None:
    known = sentences()
    for case in CASES:
        assert 1 <= len(case.history) <= 3, case.id
        assert [turn for turn in case.history if turn.answer and not is_made_of(turn.answer, known)] == [], case.id


def test_each_either_needs_its_history_or_stands_by_itself() -> None:
    needing, standing = tagged("needs-history"), tagged("standalone")
    assert len(needing) >= 40
    assert len(standing) >= 10
    assert len(needing) + len(standing) == len(CASES)
    assert {case.id for case in needing}.isdisjoint(case.id for case in standing)


def test_what_needs_its_history_says_how_it_would_stand_alone() -> None:
    assert {line["id"] for line in stated() if line.get("standalone", "").strip()} == {
        case.id for case in tagged("needs-history")
    }


@pytest.mark.parametrize(
    ("phenomenon", "least"),
    [
        ("pronoun", 20),
        ("ellipsis", 10),
        ("who-said", 3),
        ("when", 3),
        ("where", 3),
        ("why", 3),
        ("how-much", 3),
        ("topic-shift", 3),
        ("two-back", 3),
        ("after-not-found", 3),
        ("unanswerable", 6),
    ],
)
def test_there_are_some_of_each_phenomenon(phenomenon: str, least: int) -> None:
    assert len(tagged(phenomenon)) >= least


def test_those_after_a_turn_that_found_nothing_have_no_answer_to_carry() -> None:
    assert {case.id for case in tagged("after-not-found")} == {
        case.id for case in CASES if case.history[-1].answer == ""
    }


def test_those_without_an_answer_are_tagged() -> None:
    assert tagged("unanswerable") == [case for case in CASES if not case.answerable]
