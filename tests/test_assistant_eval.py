"""`parley eval`: runs a suite, scores it, goes on where it stopped, and refuses what it cannot use."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Ran
from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.solvers import AnswerSolver

ARTICLES = {
    "harbour.txt": "The harbour of Port Ellen opened in 1911. A storm destroyed its lighthouse in 1954.",
    "market.txt": "The market hall of Port Ellen cost $375.2 billion to build. Its architect was Ada Quill.",
}


def question(name: str, text: str, *evidence: tuple[str, str], answers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "id": name,
        "question": text,
        "answers": list(answers),
        "answerable": bool(evidence),
        "evidence": [{"doc": doc, "quote": quote} for doc, quote in evidence],
        "type": "single" if evidence else "unanswerable",
    }


OPENED = question("opened", "When did the harbour open?", ("harbour", "opened in 1911."), answers=("1911",))
COST = question("cost", "What did the market hall cost?", ("market", "$375.2 billion"), answers=("$375.2bn",))
FAR = question("far", "How are planets weighed by astronomers?")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "ports"
    (folder / "corpus").mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    lines = [json.dumps(item) for item in (OPENED, COST, FAR)]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def as_json(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def without_what_varies(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("run", "timings_ms")}


def test_a_suite_is_asked_and_scored(parley: Callable[..., Ran], suite: Path) -> None:
    ran = parley("eval", str(suite))
    assert ran.code == 0
    assert re.search(r"^right +1\.000 .* 3$", ran.out, flags=re.MULTILINE)
    assert "the run is in" in ran.err


def test_the_same_run_twice_is_equal_to_the_last_digit(parley: Callable[..., Ran], suite: Path) -> None:
    first, second = (as_json(parley("eval", str(suite), "--json")) for _ in range(2))
    assert without_what_varies(first) == without_what_varies(second)
    assert first["metrics"]["right"]["value"] == 1.0
    assert first["metrics"]["contained"]["n"] == 2


def test_a_run_is_scored_again_from_its_file_alone(
    parley: Callable[..., Ran], suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run.jsonl"
    before = as_json(parley("eval", str(suite), "--json", "--out", str(out)))

    def refuse(solver: object, case: Case) -> Attempt:
        raise AssertionError("nothing is asked again")

    monkeypatch.setattr(AnswerSolver, "solve", refuse)
    assert as_json(parley("eval", "score", str(out), "--json")) == before


def test_a_suite_that_moved_is_named_and_recognised_by_its_content(
    parley: Callable[..., Ran], suite: Path, tmp_path: Path
) -> None:
    out, elsewhere = tmp_path / "run.jsonl", tmp_path / "elsewhere"
    before = as_json(parley("eval", str(suite), "--json", "--out", str(out)))
    suite.rename(elsewhere)
    assert parley("eval", "score", str(out)).code == 2
    assert as_json(parley("eval", "score", str(out), str(elsewhere), "--json")) == before
    (elsewhere / "corpus" / "new.txt").write_text("Another article.", encoding="utf-8")
    ran = parley("eval", "score", str(out), str(elsewhere))
    assert ran.code == 2
    assert "was run on questions or articles" in ran.err


@pytest.mark.parametrize("solver", ["lexical", "dense", "hybrid"])
def test_a_solver_that_only_retrieves_is_scored_by_what_it_finds(
    parley: Callable[..., Ran], suite: Path, solver: str
) -> None:
    metrics = as_json(parley("eval", str(suite), "--json", "--solver", solver))["metrics"]
    assert metrics["recall@5"]["value"] == 1.0
    assert {metrics[name]["n"] for name in ("right", "citation_precision", "refusal_recall", "auroc")} == {0}
    assert metrics["right"]["value"] is None


def test_a_limit_and_single_cases(parley: Callable[..., Ran], suite: Path) -> None:
    drawn = as_json(parley("eval", str(suite), "--json", "--limit", "2", "--seed", "3"))
    assert len(drawn["cases"]) == 2
    one = parley("eval", str(suite), "--case", "cost")
    assert "What did the market hall cost?" in one.out
    assert "The market hall of Port Ellen cost $375.2 billion to build." in one.out


def test_an_interrupted_run_goes_on(
    parley: Callable[..., Ran], suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve, asked = AnswerSolver.solve, []

    def interrupt_at_the_second(solver: AnswerSolver, case: Case) -> Attempt:
        asked.append(case.id)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return solve(solver, case)

    monkeypatch.setattr(AnswerSolver, "solve", interrupt_at_the_second)
    ran = parley("eval", str(suite))
    assert ran.code == 130
    assert "--resume" in ran.err
    ran = parley("eval", str(suite), "--resume", "--limit", "1")
    assert ran.code == 2
    assert "--limit has no say" in ran.err
    resumed = as_json(parley("eval", str(suite), "--resume", "--json"))
    assert asked == ["opened", "cost", "cost", "far"]
    assert len(resumed["cases"]) == 3
    again = parley("eval", str(suite), "--resume")
    assert again.code == 2
    assert "no unfinished run" in again.err


def test_a_run_of_other_articles_is_not_gone_on_with(
    parley: Callable[..., Ran], suite: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run.jsonl"
    parley("eval", str(suite), "--out", str(out))
    (suite / "corpus" / "new.txt").write_text("A pier was added in 1960.", encoding="utf-8")
    ran = parley("eval", str(suite), "--resume", "--out", str(out))
    assert ran.code == 2
    assert "was begun with another suite and corpus and index" in ran.err


def test_a_case_that_fails_is_counted_and_the_rest_stands(
    parley: Callable[..., Ran], suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = AnswerSolver.solve

    def fail_at_cost(solver: AnswerSolver, case: Case) -> Attempt:
        if case.id == "cost":
            raise ValueError("the [/b] till is broken")
        return solve(solver, case)

    monkeypatch.setattr(AnswerSolver, "solve", fail_at_cost)
    found = as_json(parley("eval", str(suite), "--json"))
    assert found["failures"] == [{"case": "cost", "error": "ValueError: the [/b] till is broken"}]
    assert found["metrics"]["right"]["value"] == pytest.approx(2 / 3)
    assert "ValueError: the [/b] till is broken" in parley("eval", str(suite)).out


def test_reports_are_written(parley: Callable[..., Ran], suite: Path, tmp_path: Path) -> None:
    junit, page = tmp_path / "junit.xml", tmp_path / "page.html"
    assert parley("eval", str(suite), "--junit", str(junit), "--html", str(page)).code == 0
    assert junit.read_bytes().startswith(b"<?xml")
    assert "When did the harbour open?" in page.read_text(encoding="utf-8")


def test_two_runs_are_compared_case_by_case(
    parley: Callable[..., Ran], suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    parley("eval", str(suite), "--out", str(good))

    def refuse(solver: AnswerSolver, case: Case) -> Attempt:
        return Attempt(case.id, case.question, "not_found", confidence=0.0)

    monkeypatch.setattr(AnswerSolver, "solve", refuse)
    parley("eval", str(suite), "--out", str(bad))
    text = parley("eval", "compare", str(good), str(bad))
    assert text.code == 0
    assert "2 got worse" in text.out
    assert "a: 1911\n    b: not found\n" in text.out
    found = as_json(parley("eval", "compare", str(bad), str(good), "--json"))
    assert {item["change"] for item in found["flipped"]} == {"better"}


def test_another_minimum_confidence_is_scored_and_told(parley: Callable[..., Ran], suite: Path) -> None:
    shipped = as_json(parley("eval", str(suite), "--json"))
    found = as_json(parley("eval", str(suite), "--json", "--min-confidence", "0"))
    assert (shipped["min_confidence"], found["min_confidence"], found["settings"]["threshold"]) == (None, 0, 0)
    assert shipped["metrics"]["refusal_recall"]["value"] == 1.0
    assert found["metrics"]["refusal_recall"]["value"] == 0.0
    told = parley("eval", str(suite), "--min-confidence", "0.25", "--limit", "1").out
    assert "solver full, backend extractive, minimum confidence 0.25\n" in told


def test_a_run_goes_on_with_the_minimum_confidence_that_it_was_begun_with(
    parley: Callable[..., Ran], suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "run.jsonl"
    parley("eval", str(suite), "--min-confidence", "0", "--out", str(out))
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[:3]))
    ran = parley("eval", str(suite), "--resume", "--out", str(out), "--min-confidence", "0")
    assert ran.code == 2
    assert "--min-confidence has no say" in ran.err
    monkeypatch.setenv("PARLEY_MIN_CONFIDENCE", "1")
    found = as_json(parley("eval", str(suite), "--resume", "--out", str(out), "--json"))
    assert found["metrics"]["refusal_recall"]["value"] == 0.0


def test_who_only_looks_for_passages_has_no_minimum_confidence(
    parley: Callable[..., Ran], suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = parley("eval", str(suite), "--solver", "lexical", "--min-confidence", "0.3")
    assert ran.code == 2
    assert "--solver lexical answers nothing, so --min-confidence has no say" in ran.err
    monkeypatch.setenv("PARLEY_MIN_CONFIDENCE", "0.3")
    assert as_json(parley("eval", str(suite), "--solver", "lexical", "--json"))["min_confidence"] is None


def test_an_error_is_json_where_that_is_asked_for(parley: Callable[..., Ran]) -> None:
    ran = parley("eval", "nowhere", "--json")
    assert ran.code == 2
    assert json.loads(ran.out)["schema"] == "parley.error/1"


def test_a_setting_that_names_a_corpus_is_passed_over(
    parley: Callable[..., Ran], suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_CORPUS", "/nowhere")
    assert parley("eval", str(suite), "--limit", "1").code == 0


def test_the_folder_of_the_gold_questions_is_the_gold_suite(parley: Callable[..., Ran], sample: Path) -> None:
    folder = str(Suite.gold().folder)
    asked = ("--json", "--case", "single-zte-why")
    assert without_what_varies(as_json(parley("eval", folder, *asked))) == without_what_varies(
        as_json(parley("eval", *asked))
    )
