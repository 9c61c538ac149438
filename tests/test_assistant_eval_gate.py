"""The gate: passes an unchanged product, fails a worsened one, refuses what it cannot compare with."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.retrieval import Retrieval, Retriever
from conftest import Ran
from evals.evaluation import Evaluation
from index.view import DateRange, IndexView

ASKED = ("eval", "--quiet", "--limit", "60")
"""A third of the gold questions: enough to tell, and soon done."""


@pytest.fixture
def baseline(parley: Callable[..., Ran], sample: Path, tmp_path: Path) -> Path:
    """Made from the product as it is."""
    path = tmp_path / "baseline.json"
    ran = parley(*ASKED, "--update-baseline", str(path))
    assert ran.code == 0
    assert "a new baseline" in ran.err
    return path


def test_an_unchanged_product_passes_and_a_worsened_retriever_fails(
    parley: Callable[..., Ran], baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchanged = parley(*ASKED, "--json", "--gate", str(baseline))
    assert unchanged.code == 0
    verdict = json.loads(unchanged.out)["gate"]
    assert (verdict["status"], verdict["better"], verdict["worse"]) == ("pass", [], [])

    retrieve = Retriever.retrieve

    def worst_first(
        self: Retriever, view: IndexView, question: str, count: int, dates: DateRange | None = None
    ) -> Retrieval:
        found = retrieve(self, view, question, 50, dates)
        return Retrieval(question, found.evidence[::-1][:count], found.term_weights, found.undated)

    monkeypatch.setattr(Retriever, "retrieve", worst_first)
    worsened = parley(*ASKED, "--gate", str(baseline))
    assert worsened.code == 9
    assert "worse than the baseline" in worsened.out


def test_a_baseline_that_changes_says_which_cases_flip(parley: Callable[..., Ran], baseline: Path) -> None:
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    right = next(name for name, outcome in kept["outcomes"].items() if outcome)
    kept["outcomes"][right] = False
    baseline.write_text(json.dumps(kept), encoding="utf-8")
    ran = parley(*ASKED, "--update-baseline", str(baseline))
    assert ran.code == 0
    assert f"1 became right: {right}" in ran.err
    assert json.loads(baseline.read_text(encoding="utf-8"))["outcomes"][right] is True


@pytest.mark.parametrize("flag", ["--gate", "--update-baseline"])
@pytest.mark.parametrize("content", ["", "{}", '{"schema": "parley.baseline/9"}', "# Notes of mine"])
def test_a_file_that_is_no_baseline_is_refused_before_anything_is_asked(
    parley: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flag: str, content: str
) -> None:
    def start(*arguments: object) -> None:
        raise AssertionError("nothing is asked")

    monkeypatch.setattr(Evaluation, "start", start)
    path = tmp_path / "notes"
    path.write_text(content, encoding="utf-8")
    ran = parley("eval", flag, str(path))
    assert ran.code == 2
    assert "is no baseline" in ran.err
    assert path.read_text(encoding="utf-8") == content


def test_a_baseline_of_another_suite_is_refused_before_anything_is_asked(
    parley: Callable[..., Ran], baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*arguments: object) -> None:
        raise AssertionError("nothing is asked")

    monkeypatch.setattr(Evaluation, "start", start)
    kept = json.loads(baseline.read_text(encoding="utf-8"))
    baseline.write_text(json.dumps({**kept, "fingerprint": "0" * 16}), encoding="utf-8")
    ran = parley("eval", "--gate", str(baseline))
    assert ran.code == 2
    assert "the suite 'gold' has changed since the baseline was made" in ran.err


def test_a_baseline_of_another_minimum_confidence_is_refused_before_anything_is_asked(
    parley: Callable[..., Ran], baseline: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*arguments: object) -> None:
        raise AssertionError("nothing is asked")

    monkeypatch.setattr(Evaluation, "start", start)
    ran = parley(*ASKED, "--min-confidence", "0.3", "--gate", str(baseline))
    assert ran.code == 2
    assert "made with the shipped threshold, and the run with --min-confidence 0.3" in ran.err


def test_a_part_of_the_cases_is_not_compared_with_all(
    parley: Callable[..., Ran], baseline: Path, tmp_path: Path
) -> None:
    ran = parley("eval", "--quiet", "--limit", "5", "--gate", str(baseline))
    assert ran.code == 2
    assert "of the 60 cases" in ran.err


def test_passages_alone_are_neither_right_nor_wrong(parley: Callable[..., Ran], baseline: Path) -> None:
    ran = parley(*ASKED, "--solver", "lexical", "--gate", str(baseline))
    assert ran.code == 2
    assert "--solver full" in ran.err
