"""A script of replies in place of a model, from the command line: asked, evaluated, and at its end."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEFICIT = "How big is the trade deficit with China?"


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Writes replies, and names the backend that gives them."""

    def write(*replies: str) -> str:
        path = tmp_path / "replies.txt"
        path.write_text("\n".join(replies), encoding="utf-8")
        return f"scripted:{path}"

    return write


def test_a_reply_is_checked_as_that_of_any_model(
    parley: Callable[..., Any], sample: Path, script: Callable[..., str]
) -> None:
    backend = script(
        "The trade deficit with China reached $375.2 billion last year. It reached $9 trillion [1.1]."
    )
    ran = parley("ask", DEFICIT, "--json", "--backend", backend)
    answer = json.loads(ran.out)
    assert ran.code == 0
    assert answer["backend"] == backend
    assert "$375.2 billion" in answer["text"]
    assert "$9 trillion" not in answer["text"]
    assert [claim["support"] for claim in answer["claims"]] == ["verbatim", "unsupported"]


def test_questions_beyond_the_script_fail_and_say_how_to_go_on(
    parley: Callable[..., Any], sample: Path, script: Callable[..., str]
) -> None:
    backend = script("The trade deficit with China reached $375.2 billion last year.")
    ran = parley("ask", "-", "--json", "--backend", backend, stdin=f"{DEFICIT}\nWho is Liu He?\n".encode())
    answered, failed = map(json.loads, ran.out.splitlines())
    assert answered["status"] == "answered"
    assert (failed["schema"], failed["code"]) == ("parley.error/1", 6)
    assert "its only one has been given" in failed["error"]

    told = parley("ask", "-", "--quiet", "--backend", script(), stdin=b"Who?\n")
    assert (told.code, told.err.count("\n")) == (6, 1)
    assert told.err.endswith("Write more replies; or answer without a model: --backend extractive\n")

    once = parley("ask", DEFICIT, "--backend", script(""))
    assert once.code == 6
    assert "it holds none" in once.err


def test_an_evaluation_gives_each_case_the_next_reply(
    parley: Callable[..., Any], sample: Path, script: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "run.jsonl"
    backend = script("NOT IN THESE ARTICLES", "NOT IN THESE ARTICLES")
    ran = parley("eval", "--limit", "2", "--quiet", "--out", str(out), "--backend", backend)
    assert ran.code == 0
    header, *attempts = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert header["backend"] == backend
    assert [attempt["status"] for attempt in attempts] == ["not_found", "not_found"]
