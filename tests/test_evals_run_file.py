"""A run on disk: what is done is kept, half a line is passed over, damage is refused with the line."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.attempts import Attempt, Cited, Claimed, Found, Short
from evals.run_file import RunFileError, RunWriter, read_run

HEADER = {
    "schema": "parley.run/1",
    "solver": "full",
    "selection": {"limit": None, "seed": 0, "cases": ["a", "b", "c"]},
    "run": {"started": "2026-11-21T10:00:00+00:00"},
}
ATTEMPT = Attempt(
    case="a",
    question="When?",
    status="answered",
    confidence=0.123456789012345,
    text="It opened in 1911. [1]",
    short=Short("1911", 1, 13, 17),
    claims=(
        Claimed("It opened in 1911.", (1,), "verbatim", None),
        Claimed("In May.", (), "unsupported", "no proof"),
    ),
    citations=(Cited(1, "port.txt", 0, 18, "It opened in 1911."),),
    retrieved=(Found("port.txt", 0, 40, 0.75),),
    tokens={"input": 12},
    timings_ms={"total": 1.5},
)


def written(path: Path, *attempts: Attempt) -> Path:
    with RunWriter.begin(path, HEADER) as writer:
        for attempt in attempts:
            writer.add(attempt)
    return path


def test_an_attempt_comes_back_as_it_was(tmp_path: Path) -> None:
    run = read_run(written(tmp_path / "run.jsonl", ATTEMPT))
    assert run.attempts == {"a": ATTEMPT}
    assert run.header == HEADER
    assert run.missing == ["b", "c"]


@given(st.text(), st.text(st.characters(codec="utf-8")))
def test_whatever_a_text_holds_it_stays_one_line(question: str, quote: str) -> None:
    attempt = replace(ATTEMPT, question=question, citations=(Cited(1, "p.txt", 0, 1, quote),))
    assert Attempt.from_json(json.loads(json.dumps(attempt.to_json()))) == attempt


@pytest.mark.parametrize(
    "text", ["\x1b]52;c;AAAA\x07", "\u202egnp", "two\nlines\r\u2028three", "\ud800", "習近平"]
)
def test_hostile_text_is_kept_verbatim_and_harmless_to_show(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "run.jsonl", replace(ATTEMPT, text=text))
    assert read_run(path).attempts["a"].text == text
    assert not set("\x1b\u202e\r\u2028") & set(path.read_text(encoding="utf-8"))


def test_a_case_is_in_the_file_as_soon_as_it_is_added(tmp_path: Path) -> None:
    with RunWriter.begin(tmp_path / "run.jsonl", HEADER) as writer:
        writer.add(ATTEMPT)
        assert list(read_run(writer.path).attempts) == ["a"]


def test_half_a_last_line_is_passed_over_and_cut_off_when_it_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", ATTEMPT)
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(b'{"case": "b", "question": "Wh')
    assert read_run(path).missing == ["b", "c"]
    writer, run = RunWriter.resume(path)
    assert list(run.attempts) == ["a"]
    with writer:
        writer.add(replace(ATTEMPT, case="b"))
    assert path.read_bytes().startswith(whole + b'{"case": "b"')
    assert list(read_run(path).attempts) == ["a", "b"]


def test_wherever_it_was_cut_off_each_whole_line_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "run.jsonl", ATTEMPT, replace(ATTEMPT, case="b"))
    content = path.read_bytes()
    first = content.index(b"\n") + 1
    for length in range(first, len(content) + 1):
        path.write_bytes(content[:length])
        assert len(read_run(path).attempts) == content[:length].count(b"\n") - 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no run: it begins with nothing whole"),
        (b'{"schema": "parley.run/1"', "is no run: it begins with nothing whole"),
        (b'{"schema": "parley.run/2", "selection": {}, "run": {}}\n', "the schema 'parley.run/2'"),
        (b'{"schema": "parley.run/1"}\n', ":1: the header lacks"),
        (b"# Parley\n", ":1 is damaged"),
        (b"[1]\n", ":1 is damaged"),
        (json.dumps(HEADER).encode() + b"\nnonsense\n", ":2 is damaged"),
        (json.dumps(HEADER).encode() + b'\n{"case": "a"}\n', ":2: no attempt at a case"),
        (json.dumps(HEADER).encode() + b"\n\xff\xfe\n", ":2 is damaged"),
    ],
)
def test_what_is_no_run_is_refused_with_the_reason(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(content)
    with pytest.raises(RunFileError, match=re.escape(problem)):
        read_run(path)
    with pytest.raises(RunFileError, match=re.escape(problem)):
        RunWriter.resume(path)
    assert path.read_bytes() == content


def test_a_missing_file_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="No such file"):
        read_run(tmp_path / "run.jsonl")
    with pytest.raises(RunFileError, match="No such file"):
        RunWriter.resume(tmp_path / "run.jsonl")


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(RunFileError, match="exists"):
        RunWriter.begin(path, HEADER)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunFileError, match="cannot be written"):
        RunWriter.begin(tmp_path / "file" / "run.jsonl", HEADER)


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    with RunWriter.begin(tmp_path / "run.jsonl", HEADER) as writer:
        writer.add(ATTEMPT)
        # The lock belongs to the open file, so a second opening in one process meets it as another process would.
        with pytest.raises(RunFileError, match="another process writes"):
            RunWriter.resume(writer.path)
    RunWriter.resume(tmp_path / "run.jsonl")[0].__exit__()
