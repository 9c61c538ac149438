"""JSON of a scored run: what it holds, what it never holds, and where all that varies stands."""

import json
from dataclasses import replace
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.sanitize import json_line
from evals.reports.document import to_json
from evals.results import Bin, Effort, Estimate, Metric, Scored
from evals.scorers import Score
from scored_runs import retrieval_only, sample_run, saying_everywhere


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    return sample_run(tmp_path_factory.mktemp("sample"))


def test_it_states_its_own_schema_and_what_was_run(run: Scored) -> None:
    document = to_json(run)
    assert document["schema"] == "parley.eval/1"
    stated = {name: value for name, value in run.header.items() if name not in {"schema", "run"}}
    assert {name: document[name] for name in stated} == stated


def test_a_metric_has_title_number_value_interval_and_how_it_was_made(run: Scored) -> None:
    assert to_json(run)["metrics"]["refusal_recall"] == {
        "title": "unanswerable questions refused",
        "n": 3,
        "value": 0.666667,
        "low": 0.207655,
        "high": 0.93851,
        "interval": "wilson",
    }


def test_metrics_are_given_by_tag_too(run: Scored) -> None:
    by_tag = to_json(run)["by_tag"]
    assert list(by_tag) == ["conflict", "single", "unanswerable"]
    assert by_tag["conflict"]["right"]["value"] == 0.5
    assert by_tag["unanswerable"]["needs_met"] == {
        "title": "needs met by what is cited",
        "n": 0,
        "value": None,
        "low": None,
        "high": None,
        "interval": "none",
    }


def test_a_case_tells_its_scores_and_why_others_do_not_apply(run: Scored) -> None:
    cases = {case["id"]: case for case in to_json(run)["cases"]}
    refused = cases["near-miss-age"]
    assert (refused["right"], refused["status"], refused["confidence"]) == (True, "not_found", 0.12)
    assert refused["scores"]["refusal_recall"] == 1.0
    assert refused["scores"]["citation_precision"] is None
    assert refused["not_applicable"]["citation_precision"] == "nothing cited"
    assert "refusal_recall" not in refused["not_applicable"]


def test_a_case_without_an_answer_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    document = to_json(retrieval_only(tmp_path))
    assert {case["right"] for case in document["cases"]} == {None}
    assert document["risk_coverage"] == document["reliability"] == []


def test_failures_are_listed_with_their_errors(run: Scored) -> None:
    (failure,) = to_json(run)["failures"]
    assert failure["case"] == "timeout"
    assert failure["error"].startswith("BackendError")


def test_what_varies_between_equal_runs_stands_under_two_keys_alone(run: Scored) -> None:
    again = replace(
        run,
        header={**run.header, "run": {"started": "2031-02-03T04:05:06+00:00", "machine": "another"}},
        cases=tuple(replace(item, attempt=replace(item.attempt, timings_ms={"total": 9.9})) for item in run.cases),
        effort=(Effort("retrieve", 14, 1.0, 2.0),),
    )
    before, after = to_json(run), to_json(again)
    assert {name for name in before if before[name] != after[name]} == {"run", "timings_ms"}


@given(
    value=st.floats(),
    number=st.none() | st.floats(),
)
@example(0.0, 3 / 128)  # half way between two numbers of six digits
def test_every_number_is_one_that_json_has_with_six_digits_at_most(
    run: Scored, value: float, number: float | None
) -> None:
    odd = replace(
        run,
        header={**run.header, "settings": {"threshold": value, "weights": [value, {"deep": value}]}},
        metrics=(Metric("right", "right", "outcome", Estimate(1, number, value, value, "wilson")),),
        by_tag={},
        risk_coverage=((value, value),),
        reliability=(Bin(value, value, 1, value, value),),
        effort=(Effort("retrieve", 1, value, value),),
        cases=tuple(replace(item, scores={"right": Score(number)}) for item in run.cases),
    )
    document = to_json(odd)
    json.dumps(document, allow_nan=False)
    told = document["metrics"]["right"]["value"]
    # By decimals, which subtract to the last digit.
    exact, shown = Decimal(number or 0), Decimal(repr(told or 0.0))
    assert told is None or abs(shown - exact) <= Decimal("5e-7") * max(Decimal(1), abs(shown))


def test_no_number_is_a_negative_zero_or_beyond_json(run: Scored) -> None:
    curve = replace(run, risk_coverage=((-1e-9, nan), (inf, 0.1234564)))
    assert json.dumps(to_json(curve)["risk_coverage"]) == "[[0.0, null], [null, 0.123456]]"


def test_settings_keep_all_their_digits(run: Scored) -> None:
    precise = replace(run, header={**run.header, "settings": {"rate": 1e-9}})
    assert to_json(precise)["settings"] == {"rate": 1e-9}


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_texts_come_back_as_they_were(run: Scored, text: str) -> None:
    written = json_line(to_json(saying_everywhere(run, text)))
    read = json.loads(written.encode())
    assert read["failures"] == [{"case": f"1{text}", "error": text}]
    assert "\n" not in written
