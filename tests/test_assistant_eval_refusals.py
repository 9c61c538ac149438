"""What `parley eval` keeps, refuses and does not write over."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.commands.eval import SOLVERS as OFFERED
from conftest import Ran
from evals.attempts import SOLVERS
from evals.solvers import DENSE_WEIGHTS


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "ports"
    (folder / "corpus").mkdir(parents=True)
    (folder / "corpus" / "harbour.txt").write_text("The harbour opened in 1911.", encoding="utf-8")
    evidence = [{"doc": "harbour", "quote": "opened in 1911."}]
    cases = [
        {"id": f"q{at}", "question": f"When did harbour {at} open?", "answerable": True, "evidence": evidence}
        for at in range(3)
    ]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    return folder


@pytest.mark.parametrize("flag", ["--html", "--junit", "--update-baseline"])
@pytest.mark.parametrize("victim", ["questions.jsonl", "corpus/harbour.txt", "corpus/new.txt", "run.jsonl"])
def test_no_report_takes_the_place_of_what_must_be_kept(
    parley: Callable[..., Ran], suite: Path, flag: str, victim: str
) -> None:
    out = suite / "run.jsonl"
    parley("eval", str(suite), "--out", str(out), "--limit", "1")
    before = {path: path.read_bytes() for path in suite.rglob("*") if path.is_file()}
    for arguments in (("score", str(out)), (str(suite), "--out", str(out), "--resume")):
        ran = parley("eval", *arguments, flag, str(suite / victim))
        assert ran.code == 2
        assert "would overwrite" in ran.err
    assert {path: path.read_bytes() for path in suite.rglob("*") if path.is_file()} == before


def test_two_reports_do_not_share_a_file(parley: Callable[..., Ran], suite: Path, tmp_path: Path) -> None:
    ran = parley("eval", str(suite), "--html", str(tmp_path / "x"), "--junit", str(tmp_path / "x"))
    assert ran.code == 2
    assert "would overwrite the junit" in ran.err


def test_a_report_that_cannot_be_written_is_one_document_of_an_error(
    parley: Callable[..., Ran], suite: Path
) -> None:
    ran = parley("eval", str(suite), "--json", "--html", "/dev/full")
    assert ran.code == 2
    failed = json.loads(ran.out)
    assert failed["schema"] == "parley.error/1"
    assert "asks nothing again" in failed["hint"]


def test_an_unfinished_run_says_so(parley: Callable[..., Ran], suite: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    parley("eval", str(suite), "--out", str(out))
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[:2]))
    assert "unfinished: 2 not asked yet" in parley("eval", "score", str(out)).out


def test_what_is_no_run_in_the_state_does_not_keep_one_from_going_on(
    parley: Callable[..., Ran], suite: Path, own_surroundings: Path
) -> None:
    parley("eval", str(suite))
    (run,) = (own_surroundings / "data" / "parley").glob("corpus-*/runs/*.jsonl")
    run.write_bytes(b"".join(run.read_bytes().splitlines(keepends=True)[:2]))
    (run.parent / "99999999T000000-full.jsonl").write_bytes(b'{"schema": "parl')
    assert parley("eval", str(suite), "--resume").code == 0
    assert len(run.read_bytes().splitlines()) == 4


def test_the_solvers_of_the_help_are_those_there_are() -> None:
    assert tuple(DENSE_WEIGHTS) == SOLVERS == OFFERED


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("nowhere",), "is no folder"),
        (("--corpus", "x"), "a suite brings its own articles"),
        (("--case", "nobody"), "has no case 'nobody'"),
        (("--solver", "oracle"), "oracle"),
        (("--limit", "0"), "limit"),
        (("--gate", "nowhere.json"), "nowhere.json"),
        (("--html", "no/such/folder/page.html"), "is no folder"),
        (("score",), "score takes a run"),
        (("score", "nowhere.jsonl"), "cannot be read"),
        (("compare", "one.jsonl"), "compare takes two runs"),
        (("compare", "one.jsonl", "two.jsonl"), "cannot be read"),
        (("one", "two"), "one suite at a time"),
        (("--limit", "1", "score", "run.jsonl"), "--limit has no say"),
        (("compare", "one.jsonl", "two.jsonl", "--gate", "baseline.json"), "--gate has no say"),
        (("--solver", "dense", "--update-baseline", "baseline.json"), "--solver full"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_run(
    parley: Callable[..., Ran], arguments: tuple[str, ...], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: object) -> None:
        raise AssertionError("nothing is run")

    monkeypatch.setattr("evals.runner.run", run)
    ran = parley("eval", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert problem in ran.err
