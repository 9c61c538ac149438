"""A suite that cannot be used is refused with the file and the line, and nothing is run."""

import json
import re
from pathlib import Path

import pytest

from assistant.conversation import Turn
from evals.cases import Suite, SuiteError

GOOD = {
    "id": "q1",
    "question": "When did the harbour open?",
    "answers": ["1911"],
    "answerable": True,
    "evidence": [{"doc": "port", "quote": "The harbour opened in 1911."}],
}


def suite_of(folder: Path, *lines: object) -> Suite:
    (folder / "corpus").mkdir()
    (folder / "corpus" / "port.txt").write_text(
        "The harbour opened\nin 1911. It closed in 1954.", encoding="utf-8"
    )
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "questions.jsonl").write_text("\n".join(told), encoding="utf-8")
    return Suite(folder)


def test_a_good_suite_passes(tmp_path: Path) -> None:
    suite = suite_of(tmp_path, GOOD, "", {**GOOD, "id": 2, "answerable": False, "evidence": [], "answers": []})
    suite.check()
    assert [(case.id, case.line, case.article) for case in suite.cases] == [("q1", 1, "port"), ("2", 3, None)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{not json", "no JSON"),
        ("[1]", "an object is needed"),
        ('{"id": ' + "1" * 5000 + "}", "no JSON"),
        ('{"id": 1, "id": 2}', "'id' is stated twice"),
        ({**GOOD, "evidence": [{"doc": "port", "quote": "in", "need": True}]}, "evidence.0.need"),
        ({**GOOD, "id": True}, "id"),
        ({**GOOD, "answers": "1911"}, "answers"),
        ({**GOOD, "evidence": ["port"]}, "evidence.0"),
        ({**GOOD, "history": ["Which harbour?"]}, "history.0"),
        ({**GOOD, "history": [{"answer": "It closed in 1954."}]}, "history.0.question"),
        ({**GOOD, "evidence": [{"doc": "port", "quote": "in", "need": []}]}, "evidence.0.need"),
        ({**GOOD, "question": " "}, "question"),
        ({**GOOD, "answerable": "yes"}, "answerable"),
        ({"id": "q", "question": "When?"}, "answerable"),
        ({**GOOD, "answers": [], "evidence": []}, "neither evidence nor answers"),
        ({**GOOD, "evidence": [{"doc": "port", "quote": " "}]}, "evidence.0.quote"),
        ({**GOOD, "evidence": [{"doc": "port"}]}, "evidence.0.quote"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, line: object, problem: str) -> None:
    suite = suite_of(tmp_path, {**GOOD, "id": "before"}, line)
    with pytest.raises(SuiteError, match=re.escape(f"{suite.questions}:2: ") + f".*{re.escape(problem)}"):
        suite.check()


def test_two_cases_of_one_id_are_named_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"questions\.jsonl:3: the id 'q1' stands in line 1, too"):
        suite_of(tmp_path, GOOD, "", GOOD).check()


def test_a_document_that_is_missing_is_named(tmp_path: Path) -> None:
    lost = {**GOOD, "evidence": [{"doc": "pier", "quote": "The harbour"}]}
    with pytest.raises(SuiteError, match=r"questions\.jsonl:1: 'q1' names a document 'pier'"):
        suite_of(tmp_path, lost).check()


def test_a_quote_that_its_document_does_not_hold_is_shown(tmp_path: Path) -> None:
    wrong = {**GOOD, "evidence": [{"doc": "port", "quote": "The harbour opened in 1912."}]}
    with pytest.raises(SuiteError, match=r"questions\.jsonl:1: 'q1' quotes 'The harbour opened in 1912\.', which"):
        suite_of(tmp_path, wrong).check()


def test_a_document_that_cannot_be_decoded_is_named(tmp_path: Path) -> None:
    suite = suite_of(tmp_path, GOOD)
    (suite.corpus / "port.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SuiteError, match=r"questions\.jsonl:1: 'q1': 'port' cannot be read"):
        suite.check()


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"questions\.jsonl: no questions"):
        suite_of(tmp_path, "", " ").check()


def test_a_folder_without_questions_is_no_suite(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="is no suite"):
        Suite(tmp_path).check()


def test_a_line_that_is_no_text_is_named(tmp_path: Path) -> None:
    suite = suite_of(tmp_path)
    suite.questions.write_bytes(json.dumps(GOOD).encode() + b'\n{"id": "caf\xe9"}\n')
    with pytest.raises(SuiteError, match=r"questions\.jsonl:2: not UTF-8"):
        suite.check()


def test_needs_are_the_same_whether_numbers_or_texts(tmp_path: Path) -> None:
    evidence = [{"doc": "port", "quote": quote, "need": need} for quote, need in (("harbour", 1), ("opened", "1"))]
    assert len(suite_of(tmp_path, {**GOOD, "evidence": evidence}).cases[0].needs) == 1


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="is no folder"):
        Suite(suite_of(tmp_path, GOOD).questions).check()


def test_what_the_index_passes_over_is_no_document(tmp_path: Path) -> None:
    suite = suite_of(tmp_path, {**GOOD, "evidence": [{"doc": "outside", "quote": "The harbour"}]})
    (tmp_path / "outside.txt").write_text("The harbour", encoding="utf-8")
    (suite.corpus / "outside.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(SuiteError, match="names a document 'outside'"):
        suite.check()


def test_a_suite_without_articles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps(GOOD), encoding="utf-8")
    with pytest.raises(SuiteError, match="corpus"):
        Suite(tmp_path).check()


def test_type_and_tags_are_one_list(tmp_path: Path) -> None:
    case = suite_of(tmp_path, {**GOOD, "type": "single", "tags": ["date", "single"]}).cases[0]
    assert case.tags == ("single", "date")


def test_history_is_read_in_order_and_a_turn_may_have_found_nothing(tmp_path: Path) -> None:
    turns = [{"question": "Which harbour?", "answer": "It closed in 1954."}, {"question": "Who built it?"}]
    followed, first = suite_of(tmp_path, {**GOOD, "history": turns}, {**GOOD, "id": "q2"}).cases
    assert followed.history == (Turn("Which harbour?", "It closed in 1954."), Turn("Who built it?", ""))
    assert first.history == ()


def test_evidence_of_an_unanswerable_question_is_no_need(tmp_path: Path) -> None:
    assert suite_of(tmp_path, {**GOOD, "answerable": False}).cases[0].needs == ()
