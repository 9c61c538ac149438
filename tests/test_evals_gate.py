"""Whether the product got worse: verdicts worked out by hand, and the baseline that a run is held against."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ConfigurationError
from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.gate import Baseline, GateError, baseline_of, describe_change, judge, read_baseline, write_baseline
from evals.results import Scored, ScoredCase

HEADER: dict[str, Any] = {
    "suite": {"name": "gold", "fingerprint": "f1", "cases": 3},
    "solver": "full",
    "backend": "extractive",
}


def run(outcomes: Mapping[str, bool | None], **header: object) -> Scored:
    cases = tuple(
        ScoredCase(Case(name, "Who?", ("x",), True, ()), Attempt(name, "Who?", "answered"), {}, right)
        for name, right in outcomes.items()
    )
    return Scored({**HEADER, **header}, Suite(Path("gold")), cases, (), {}, (), (), (), {})


def baseline(outcomes: Mapping[str, bool | None]) -> Baseline:
    return baseline_of(run(outcomes))


def table(better: int, worse: int, same: int) -> tuple[Baseline, Scored]:
    """A baseline and a run with as many cases that got better, got worse and stayed right."""
    before = [False] * better + [True] * (worse + same)
    after = [True] * better + [False] * worse + [True] * same
    return baseline({f"q{n}": so for n, so in enumerate(before)}), run({f"q{n}": so for n, so in enumerate(after)})


@pytest.mark.parametrize("same", [1, 10, 500])
def test_identical_outcomes_pass_however_few_they_are(same: int) -> None:
    verdict = judge(*table(0, 0, same))
    assert (verdict.status, verdict.exit_code, verdict.p, verdict.difference) == ("pass", 0, 1, 0)
    assert verdict.cases_needed is None
    assert verdict.told == f"no worse than the baseline: all {same} cases came out the same"


def test_six_cases_lost_and_none_won_are_worse() -> None:
    # p = 2 / 64 = .031
    verdict = judge(*table(0, 6, 100))
    assert (verdict.status, verdict.exit_code, verdict.p) == ("worse", 9, 2 / 64)
    assert verdict.worse == ("q0", "q1", "q2", "q3", "q4", "q5")
    assert verdict.better == ()
    # Six and a half lost, half a case won, of 108: -6/108 +- 1.96 * sqrt(7 - 36/108) / 108.
    assert verdict.told == (
        "worse than the baseline: 0 better and 6 worse of 106 cases, p = 0.031, "
        "difference -5.7 points (95 % interval -10.2 to -0.9)"
    )


def test_significantly_more_won_than_lost_passes() -> None:
    verdict = judge(*table(6, 0, 100))
    assert (verdict.status, verdict.exit_code, verdict.p) == ("pass", 0, 2 / 64)
    assert verdict.told.startswith("no worse than the baseline: 6 better and 0 worse of 106 cases")


def test_few_flips_among_many_cases_pass() -> None:
    # 2 better, 4 worse of 300: -2/302 - 1.96 * sqrt(7 - 4/302) / 302 = -.024.
    verdict = judge(*table(2, 4, 294))
    assert verdict.status == "pass"
    assert verdict.low == pytest.approx(-0.0238, abs=1e-4)
    assert verdict.cases_needed is None


def test_a_loss_that_too_few_cases_cannot_rule_out_is_inconclusive_and_says_how_many_more_would() -> None:
    # 2 better, 2 worse of 50: the lower end is -1.96 * sqrt(5) / 52 = -.084. With 8 of 100 that differ, the lower
    # end of n cases is -1.96 * sqrt(.08 n + 1) / (n + 2): -.0501 for 130 and -.0499 for 131.
    verdict = judge(*table(2, 2, 46))
    assert (verdict.status, verdict.exit_code) == ("inconclusive", 10)
    assert verdict.cases_needed == 131
    assert verdict.told.startswith("a loss of more than 5 points cannot be ruled out: 2 better and 2 worse of 50")
    assert verdict.told.endswith("if cases went on to differ like this, 81 more would rule it out")


def test_a_loss_that_is_itself_too_large_cannot_be_ruled_out_by_any_number_of_cases() -> None:
    # 5 lost of 50 are not significant (p = 2/32), and ten points.
    verdict = judge(*table(0, 5, 45))
    assert (verdict.status, verdict.cases_needed) == ("inconclusive", None)
    assert verdict.told.endswith("no number of them would rule it out")


@given(st.integers(0, 12), st.integers(0, 12), st.integers(1, 200))
def test_a_verdict_is_one_of_three_and_agrees_with_its_own_figures(better: int, worse: int, same: int) -> None:
    verdict = judge(*table(better, worse, same))
    assert (len(verdict.better), len(verdict.worse), verdict.n) == (better, worse, better + worse + same)
    if better == worse == 0:
        assert verdict.status == "pass"
    elif verdict.p < 0.05 and worse > better:
        assert verdict.status == "worse"
    else:
        assert verdict.status == ("pass" if verdict.low >= -0.05 else "inconclusive")
    assert verdict.cases_needed is None or verdict.cases_needed > verdict.n


def test_cases_that_cannot_be_told_right_from_wrong_are_left_out() -> None:
    assert baseline_of(run({"q1": True, "q2": None})).outcomes == {"q1": True}
    assert judge(baseline({"q1": True}), run({"q1": True, "q2": None})).n == 1


def test_a_run_without_any_outcome_is_refused() -> None:
    with pytest.raises(GateError, match="no case of a run of the solver 'dense' is right or wrong") as refused:
        judge(baseline({"q1": True}), run({"q1": None}, solver="dense"))
    assert "--solver full" in refused.value.hint


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ({"suite": {"name": "gold", "fingerprint": "f2"}}, "the suite 'gold' has changed since the baseline"),
        ({"suite": {"name": "mine", "fingerprint": "f2"}}, "the suite 'gold', and the run of 'mine'"),
        ({"solver": "lexical"}, "the solver 'full', and the run of 'lexical'"),
        ({"backend": None}, "the backend 'extractive', and the run of None"),
        ({"min_confidence": 0.3}, "made with the shipped threshold, and the run with --min-confidence 0.3"),
    ],
)
def test_a_baseline_of_something_else_is_refused(header: dict[str, Any], told: str) -> None:
    with pytest.raises(GateError, match=told) as refused:
        judge(baseline({"q1": True}), run({"q1": True}, **header))
    assert isinstance(refused.value, ConfigurationError)
    assert "parley eval --update-baseline FILE" in refused.value.hint


def test_a_minimum_confidence_that_was_chosen_is_chosen_again_or_refused() -> None:
    chosen = baseline_of(run({"q1": True}, min_confidence=0.3))
    assert judge(chosen, run({"q1": True}, min_confidence=0.3)).status == "pass"
    with pytest.raises(GateError, match=r"--min-confidence 0\.3, and the run with the shipped threshold"):
        judge(chosen, run({"q1": True}, min_confidence=None))


def test_a_copy_of_the_suite_by_another_name_is_the_same_suite() -> None:
    header = {"name": "copy", "fingerprint": "f1"}
    assert judge(baseline({"q1": True}), run({"q1": True}, suite=header)).status == "pass"


def test_a_run_of_other_cases_is_refused() -> None:
    with pytest.raises(
        GateError, match="lacks 1 of the 2 cases of the baseline, and has 2 that it lacks"
    ) as refused:
        judge(baseline({"q1": True, "q2": True}), run({"q2": True, "q3": True, "q4": False}))
    assert refused.value.hint.startswith("ask the same cases")


def test_a_baseline_has_a_line_for_each_case_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path, kept = tmp_path / "baseline.json", baseline({"q2": True, "q1": False, "où\u2028": True})
    write_baseline(path, kept)
    assert read_baseline(path) == kept
    assert path.read_text(encoding="utf-8") == (
        "{\n"
        '  "backend": "extractive",\n'
        '  "fingerprint": "f1",\n'
        '  "min_confidence": null,\n'
        '  "outcomes": {\n'
        '    "o\\u00f9\\u2028": true,\n'
        '    "q1": false,\n'
        '    "q2": true\n'
        "  },\n"
        '  "schema": "parley.baseline/1",\n'
        '  "solver": "full",\n'
        '  "suite": "gold"\n'
        "}\n"
    )


def test_a_baseline_replaces_the_former_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(path, baseline({"q1": True}))
    write_baseline(path, baseline({"q1": False}))
    assert read_baseline(path).outcomes == {"q1": False}
    assert list(tmp_path.iterdir()) == [path]


def test_a_baseline_that_cannot_be_written_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="cannot be written: No such file"):
        write_baseline(tmp_path / "nowhere" / "baseline.json", baseline({"q1": True}))
    (tmp_path / "folder").mkdir()
    with pytest.raises(GateError, match="cannot be written: Is a directory"):
        write_baseline(tmp_path / "folder", baseline({"q1": True}))
    assert [item.name for item in tmp_path.iterdir()] == ["folder"]


STATED = {
    "schema": "parley.baseline/1",
    "suite": "gold",
    "fingerprint": "f1",
    "solver": "full",
    "backend": None,
    "outcomes": {"q1": True},
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ('{"schema": ', "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("\udcff", "not UTF-8"),
        ("[]", "an object is needed"),
        (json.dumps({**STATED, "schema": "parley.baseline/2"}), "its schema is .*parley.baseline/1"),
        (json.dumps({**STATED, "outcomes": {"q1": 1}}), r"outcomes\.q1: true or false"),
        (json.dumps({**STATED, "solver": None}), "solver: a text"),
        (json.dumps({**STATED, "min_confidence": "high"}), "min_confidence: a number"),
        (json.dumps({**STATED, "note": ""}), "note"),
        (json.dumps({"schema": "parley.baseline/1"}), "suite: a text"),
        (json.dumps(STATED).replace('"q1": true', '"q1": true, "q1": false'), "'q1' is stated twice"),
    ],
    ids=range(12),
)
def test_a_file_that_is_no_baseline_is_refused_and_says_why(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(GateError, match=rf"(?s)baseline\.json is no baseline: .*({told})") as refused:
        read_baseline(path)
    assert refused.value.hint == f"remove it, then make a new one: parley eval --update-baseline {path}"


def test_a_baseline_that_states_no_minimum_confidence_was_made_with_the_shipped_threshold(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps(STATED), encoding="utf-8")
    assert read_baseline(path).min_confidence is None


def test_a_lost_baseline_is_named(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    with pytest.raises(GateError, match="there is no baseline") as refused:
        read_baseline(path)
    assert refused.value.hint == f"make a new one: parley eval --update-baseline {path}"
    with pytest.raises(GateError, match="it is no file"):
        read_baseline(tmp_path)


def test_whoever_updates_a_baseline_is_told_what_changes() -> None:
    old = baseline({"a": True, "b": True, "c": False, "d": False, "gone": True})
    new = baseline_of(
        run({"a": True, "b": False, "c": True, "d": True, "new": False}, backend="model", min_confidence=0.3)
    )
    assert describe_change(old, new) == [
        "backend: extractive → model",
        "min confidence: None → 0.3",
        "3 of 5 cases right → 3 of 5 cases right",
        "2 became right: c, d",
        "1 became wrong: b",
        "cases: 1 added, 1 removed",
    ]


def test_a_first_baseline_is_told_by_its_count() -> None:
    assert describe_change(None, baseline({"a": True, "b": False})) == ["a new baseline: 1 of 2 cases right"]
    same = baseline({"a": True})
    assert describe_change(same, same) == ["1 of 1 cases right → 1 of 1 cases right"]
