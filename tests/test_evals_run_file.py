"""A run on disk: what is done is kept, half a line is passed over, damage is refused with the line."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fields import parse
from evals.attempts import Attempt, Cited, Claimed, Found, Short
from evals.run_file import RunFileError, RunWriter, read_run
from index.errors import StateError
from scored_cases import header_of

HEADER = header_of("a", "b", "c")
LINE = json.dumps(HEADER).encode() + b"\n"
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


def with_fields(**fields: object) -> bytes:
    """The line of the attempt, but for these fields."""
    return json.dumps({**ATTEMPT.to_json(), **fields}).encode() + b"\n"


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
    assert Attempt.from_json(parse(json.dumps(attempt.to_json()))) == attempt


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
        (b"", "is no run: not even its first line is whole"),
        (LINE[:-2], "is no run: not even its first line is whole"),
        (b'{"schema": "parley.run/2"}\n', "is no run: its schema is 'parley.run/2'"),
        (b'{"schema": "parley.run/1"}\n', ":1: suite.name: a text is needed"),
        (LINE.replace(b'"full"', b'"oracle"'), ":1: solver: one of lexical, dense, hybrid, full is needed"),
        (LINE.replace(b'["a", "b", "c"]', b"5"), ":1: selection.cases: a list is needed"),
        (LINE.replace(b'"cases": 3', b'"cases": NaN'), ":1 is damaged: no JSON: NaN is no number"),
        (b"# Parley\n", ":1 is damaged: no JSON"),
        (b"[1]\n", ":1 is damaged: an object is needed"),
        (LINE + b"nonsense\n", ":2 is damaged: no JSON"),
        (LINE + b'{"case": "a"}\n', ":2: question: a text is needed"),
        (LINE + b"\xff\xfe\n", ":2 is damaged: not UTF-8"),
        (LINE + b"1" * 5000 + b"\n", ":2 is damaged: no JSON"),
        (
            LINE + with_fields(status="weird"),
            ":2: status: one of answered, not_found, retrieved, failed is needed",
        ),
        (LINE + with_fields(confidence="high"), ":2: confidence: a number is needed"),
        (LINE + with_fields(citations=[{"id": 1, "article": [], "start": 0}]), ":2: citations.0.article: a text"),
        (LINE + with_fields(claims=[{"text": "So.", "citations": ["1"]}]), ":2: claims.0.citations.0: a whole"),
        (LINE + with_fields(retrieved=5), ":2: retrieved: a list is needed"),
        (LINE + with_fields(short=5), ":2: short: an object is needed"),
        (LINE + with_fields(timings_ms={"total": None}), ":2: timings_ms.total: a number is needed"),
        (LINE + with_fields(case="d"), ":2: the case 'd' is none of those that the run chose"),
        (LINE + with_fields() * 2, ":3: the case 'a' comes twice"),
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


def test_a_device_is_no_file_of_a_run() -> None:
    with pytest.raises(RunFileError, match="/dev/zero is no file"):
        read_run(Path("/dev/zero"))


def test_a_full_disk_is_told_with_the_way_to_go_on(tmp_path: Path) -> None:
    writer = RunWriter(tmp_path / "run.jsonl", Path("/dev/full").open("wb"))  # noqa: SIM115 - the writer closes it
    with writer, pytest.raises(StateError, match="cannot be written further: No space left") as told:
        writer.add(ATTEMPT)
    assert "--resume --out" in told.value.hint
