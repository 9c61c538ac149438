"""JUnit XML: each case a test, and well-formed whatever the texts hold."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evals.reports.junit import to_junit
from evals.results import Scored
from scored_runs import retrieval_only, sample_run, saying_everywhere


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return sample_run(tmp_path_factory.mktemp("sample"))


def suite_of(run: Scored) -> ET.Element:
    """The one suite of the report; the parser is given nothing but our own output."""
    (suite,) = ET.fromstring(to_junit(run))  # noqa: S314
    return suite


def case_of(run: Scored, name: str) -> ET.Element:
    (found,) = (case for case in suite_of(run).iter("testcase") if case.attrib["name"].startswith(f"{name}: "))
    return found


def test_there_is_one_suite_with_a_test_for_each_case(run: Scored) -> None:
    suite = suite_of(run)
    assert suite.tag == "testsuite"
    assert suite.attrib["name"] == run.suite.name
    assert [suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")] == ["14", "4", "1", "0"]
    assert len(list(suite.iter("testcase"))) == 14


def test_a_test_is_named_by_id_and_question_and_classed_by_suite_and_type(run: Scored) -> None:
    case = case_of(run, "deficit")
    assert case.attrib["name"] == "deficit: How large was the American deficit?"
    assert case.attrib["classname"] == f"{run.suite.name}.conflict"


def test_times_are_in_seconds_and_the_start_is_that_of_the_run(run: Scored) -> None:
    suite = suite_of(run)
    assert suite.attrib["timestamp"] == "2026-01-15T09:30:00+00:00"
    assert case_of(run, "deficit").attrib["time"] == "0.104"
    assert float(suite.attrib["time"]) == pytest.approx(10 * 0.10425 + 3 * 0.0445 + 5, abs=0.001)


def test_the_headline_figures_are_properties(run: Scored) -> None:
    properties = {item.attrib["name"]: item.attrib["value"] for item in suite_of(run).iter("property")}
    assert properties["right"] == "0.643 [0.388, 0.837] n=14"
    assert properties["backend"] == "extractive"
    assert properties["version"] == "parley 0.1.0 at 2f1482e"


def test_a_wrong_case_fails_with_question_gold_answer_and_citations(run: Scored) -> None:
    failure = case_of(run, "deficit").find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "answered wrongly"
    told = failure.text or ""
    assert "question: How large was the American deficit?\n" in told
    assert "gold answer: $337 billion\ngold answer: $375.2 billion\n" in told
    assert "gold evidence 1: 000_5a1fd5bd54023a35.txt: He views the massive US trade deficit" in told
    assert "\nanswer: The trade deficit with China reached $375.2 billion last year.\n" in told
    assert re.search(r"\ncited \[1\]: 004_388c88fb4b3fc9a0\.txt:\d+-\d+: The trade deficit with China", told)


def test_an_answer_where_there_is_none_fails_and_says_what_was_expected(run: Scored) -> None:
    failure = case_of(run, "near-miss-soy").find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "answered, though no article holds it"
    assert "gold answer: none, no article holds it\n" in (failure.text or "")


def test_a_refusal_of_what_the_articles_hold_fails(run: Scored) -> None:
    failure = case_of(run, "truce").find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "refused, though the articles hold it"


def test_a_failed_case_is_an_error_and_a_right_one_is_neither(run: Scored) -> None:
    timeout = case_of(run, "timeout")
    assert [child.tag for child in timeout] == ["error"]
    assert timeout[0].attrib["message"].startswith("BackendError: the model at 127.0.0.1 did not answer")
    assert list(case_of(run, "deadline")) == []


def test_a_run_that_only_retrieves_has_no_failures(tmp_path: Path) -> None:
    suite = suite_of(retrieval_only(tmp_path))
    assert suite.attrib["failures"] == "0"
    assert list(suite.iter("failure")) == []


any_text = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    st.sampled_from("a]>&\"'\x00\x0b\r\n\t\x1b\x85\ud800\udfff\ufffe\uffff\U0001f600")
)


@given(any_text)
@example("]]><!-- \x00 \ufffe \ud800 &amp; -->")
def test_it_is_well_formed_and_illegal_characters_are_replaced_one_by_one(run: Scored, text: str) -> None:
    case = next(suite_of(saying_everywhere(run, text)).iter("testcase"))
    legal = "".join(character if is_legal(character) else "\ufffd" for character in text)
    assert case.attrib["name"] == f"0{legal}: {legal}"
    # A parser reads any line end in a text as a line feed.
    told = f"question: {legal}\ngold answer: {legal}\n"
    assert (case[0].text or "").startswith(re.sub("\r\n?", "\n", told))


def is_legal(character: str) -> bool:
    """The production Char of XML 1.0, said anew here."""
    code = ord(character)
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
