"""The table on the terminal: what it says of a run, at eighty columns, whatever texts the run holds."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Suite
from evals.reports.terminal import NAMED, to_text
from evals.results import Scored
from scored_runs import many_cases, retrieval_only, sample_run, saying_everywhere


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return sample_run(tmp_path_factory.mktemp("sample"))


def test_it_says_first_what_was_run(run: Scored) -> None:
    first, second = to_text(run).splitlines()[:2]
    assert first == f"{run.suite.name}: 14 cases, solver full, backend extractive"
    assert second == "suite 3f9c21ab, index 51b0c3d4, parley 0.1.0 at 2f1482e"


def test_a_commit_that_files_differ_from_keeps_its_plus_sign(run: Scored) -> None:
    changed = replace(run, header={**run.header, "commit": "2f1482e72e82+"})
    assert "parley 0.1.0 at 2f1482e+\n" in to_text(changed)


def test_an_installed_program_has_a_version_and_no_commit(run: Scored) -> None:
    assert "parley 0.1.0\n" in to_text(replace(run, header={**run.header, "commit": None}))


def test_a_part_of_a_suite_is_said_to_be_one(run: Scored) -> None:
    header = {**run.header, "suite": {**run.header["suite"], "cases": 2000}}
    assert ": 14 of 2,000 cases, " in to_text(replace(run, header=header))


def test_each_measure_has_value_interval_and_number(run: Scored) -> None:
    lines = [line.split() for line in to_text(run).splitlines()]
    assert ["right", "0.643", "[0.388,", "0.837]", "14"] in lines
    assert ["unanswerable", "questions", "refused", "0.667", "[0.208,", "0.939]", "3"] in lines


def test_groups_come_in_the_order_of_what_happens(run: Scored) -> None:
    told = to_text(run)
    places = [told.index(f"\n{heading}\n") for heading in ("Retrieval", "Answer", "Citation", "Abstention")]
    assert places == sorted(places)


def test_a_measure_that_applies_to_no_case_is_said_not_to(tmp_path: Path) -> None:
    lines = [line.split() for line in to_text(retrieval_only(tmp_path)).splitlines()]
    assert ["unanswerable", "3", "n/a", "n/a", "n/a"] in lines


def test_a_run_that_only_retrieves_names_no_case_as_wrong(tmp_path: Path) -> None:
    told = to_text(retrieval_only(tmp_path))
    assert "wrong" not in told
    assert "backend" not in told


def test_failures_are_counted_and_named_with_their_errors_on_one_line(run: Scored) -> None:
    failed = "1 case failed:\n  timeout: BackendError: the model at 127.0.0.1 did not answer within 5 s ␛[31m"
    assert failed in to_text(run)


def test_the_first_wrong_cases_are_named_with_the_command_that_shows_one(run: Scored) -> None:
    told = to_text(run)
    assert "4 cases wrong: deficit, kudlow, truce, near-miss-soy\n" in told
    assert told.endswith(f"To see one: parley eval {run.suite.folder} --case deficit")


def test_the_gold_suite_needs_no_naming_in_a_command(run: Scored) -> None:
    gold = replace(run, suite=Suite.gold())
    assert to_text(gold).endswith("To see one: parley eval --case deficit")


def test_a_command_can_be_pasted_whatever_the_id(run: Scored) -> None:
    strange = saying_everywhere(run, " it's; rm *")
    assert to_text(strange).endswith(" --case '0 it'\"'\"'s; rm *'")


def test_many_wrong_and_failed_cases_are_counted_not_listed(tmp_path: Path) -> None:
    told = to_text(many_cases(tmp_path, 280))
    assert f"80 cases wrong: q5, q7, q8, q11, q19, q21, q22, q25 and {80 - NAMED} more\n" in told.replace(
        "\n  ", " "
    )
    assert "20 cases failed:\n  q9: BackendError: the model at 127.0.0.1" in told
    assert f"\n  and {20 - NAMED} more\n" in told


def test_effort_and_tokens_are_told(run: Scored) -> None:
    lines = [line.split() for line in to_text(run).splitlines()]
    assert ["answer", "96.0", "1,240", "14"] in lines
    assert "Tokens: 15,230 prompt, 812 completion" in to_text(run)
    assert "Tokens" not in to_text(replace(run, tokens={}))


def test_no_line_but_a_command_is_wider_than_a_terminal(run: Scored) -> None:
    lines = to_text(run).splitlines()[:-1]
    assert max(map(len, lines)) <= 80


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_no_text_of_a_run_reaches_the_terminal_raw(run: Scored, text: str) -> None:
    told = to_text(saying_everywhere(run, f"\x1b[31m\u202e\r{text}"))
    assert not {"\x1b", "\u202e", "\r"} & set(told)
    told.encode()
