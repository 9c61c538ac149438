"""The examples of docs/sessions.md run as they stand there."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.sessions.record import Later, Unknown, read_header, read_record
from index.encoder import OnnxEmbedder
from index.fakes import RecordingListener

TEXT = (Path(__file__).resolve().parent.parent / "docs" / "sessions.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.+?)```", TEXT, flags=re.DOTALL)


@pytest.fixture
def indexed(parley: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample articles with an index of this test's own, and a folder to write into."""
    monkeypatch.chdir(tmp_path)
    assert parley("index", "--quiet").code == 0


@pytest.mark.slow
def test_the_commands_do_what_they_say(parley: Callable[..., Any], indexed: None, tmp_path: Path) -> None:
    (block,) = examples("sh")
    codes = {}
    for line in block.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "parley"
        codes[line] = parley(*arguments).code
    assert set(codes.values()) <= {0, 3}, codes
    assert (tmp_path / "talks.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert parley("sessions").out.startswith("talks of 2019 · 3 questions")


@pytest.mark.slow
def test_the_python_runs(indexed: None, own_surroundings: Path, encoder: OnnxEmbedder) -> None:
    from assistant.locations import sample_corpus, states_folder

    (block,) = examples("python")
    with Assistant.open(sample_corpus(), states_folder(), encoder, RecordingListener()) as assistant:
        exec(compile(block, "docs/sessions.md", "exec"), {"assistant": assistant})  # noqa: S102 - our own document


def test_the_lines_shown_are_of_kinds_that_the_program_knows() -> None:
    (block,) = examples("json")
    header, *records = [line.encode() for line in block.splitlines()]
    assert not isinstance(read_header(header), Later)
    assert not any(isinstance(read_record(record), Unknown) for record in records)
