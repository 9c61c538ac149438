"""`parley ask -`: many questions from standard input, one result a line, as they come."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

QUESTION = "What did Steven Mnuchin want the weekend's talks with China to result in?"
UNRELATED = "Which mushrooms grow under a birch tree in autumn?"


def test_each_line_of_standard_input_gets_one_line_of_json(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", "--json", stdin=f"{QUESTION}\n\n{UNRELATED}".encode())
    first, blank, last = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert (first["status"], first["question"]) == ("answered", QUESTION)
    assert (blank["schema"], blank["code"]) == ("parley.error/1", 2)
    assert (last["status"], last["question"]) == ("not_found", UNRELATED)


def test_in_text_each_answer_stands_under_its_question(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", stdin=f"{QUESTION}\n \n{UNRELATED}\n".encode())
    assert ran.out.startswith(f"\n> {QUESTION}\n\n")
    assert f"\n> {UNRELATED}\n\nNot in these articles." in ran.out
    assert "parley: '': the question is empty. Ask one: parley ask " in ran.err


def test_standard_input_that_is_no_utf_8_or_begins_with_a_mark_is_still_answered(
    parley: Callable[..., Any], sample: Path
) -> None:
    ran = parley("ask", "-", "--json", stdin=b"\xef\xbb\xbfWho is Liu He?\r\n\xff\xfe tariffs\n")
    marked, broken = [json.loads(line)["question"] for line in ran.out.splitlines()]
    assert (ran.code, marked, broken) == (0, "Who is Liu He?", "\ufffd\ufffd tariffs")


def test_no_questions_on_standard_input_is_no_failure(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("ask", "-", "--json", stdin=b"")
    assert (ran.code, ran.out) == (0, "")


def test_without_a_corpus_each_question_gets_an_error_line_and_the_run_fails(
    parley: Callable[..., Any], sample: Path, tmp_path: Path
) -> None:
    ran = parley("ask", "-", "--json", "--corpus", str(tmp_path / "gone"), stdin=b"a\nb\n")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [(line["code"], line["question"]) for line in lines] == [(5, "a"), (5, "b")]
    assert ran.code == 5


def test_a_corpus_that_is_away_for_a_moment_costs_one_question_only(
    folder: Callable[..., Path], python: str, tmp_path: Path
) -> None:
    corpus = folder({"a.txt": "The mill of Arden burned down in March.\n"})
    command = [python, "-m", "assistant.cli", "ask", "-", "--json"]
    codes = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for there in (True, False, True):
            if not there:
                corpus.rename(tmp_path / "away")
            elif not corpus.exists():
                (tmp_path / "away").rename(corpus)
            process.stdin.write(b"What burned down?\n")
            process.stdin.flush()
            codes.append(json.loads(process.stdout.readline()).get("code", 0))
        process.stdin.close()
    assert codes == [0, 5, 0]
    assert process.returncode == 0


def test_answers_stream_the_first_before_the_second_question_is_asked(sample: Path, python: str) -> None:
    command = [python, "-m", "assistant.cli", "ask", "-", "--json"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question in (QUESTION, UNRELATED):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(60) == 0
