"""`parley ask --session` and `--continue`: questions that go on in a session, and what is kept of them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from asked_sessions import BURNED, MUSHROOMS, Remembering, file_of, store
from assistant.conversation import Turn
from kept_sessions import MILL

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Sequence[Turn]]]:
    """The questions that came with earlier turns, and those."""
    Remembering.given = []
    monkeypatch.setattr("assistant.follow_ups.rewriting.RuleRewriter", Remembering)
    return Remembering.given


def test_a_session_is_made_if_absent_and_its_next_question_comes_with_the_turns_before(
    parley: Callable[..., Any], articles: Path, given: list[tuple[str, Sequence[Turn]]]
) -> None:
    first = parley("ask", "--session", "fires", "--json", BURNED)
    assert first.code == 0
    told = json.loads(first.out)["session"]
    assert (told["name"], told["kept"]) == ("fires", True)
    assert given == []
    assert "this begins the session 'fires'" in first.err
    second = parley("ask", "--session", "fires", "--json", MUSHROOMS)
    assert second.code == 3
    assert json.loads(second.out)["session"] == told
    assert "begins" not in second.err
    ((question, (turn,)),) = given
    assert (question, turn.question) == (MUSHROOMS, BURNED)
    assert MILL in turn.answer
    assert turn.cited[0].source.article == "mill.txt"
    # What is not in the articles is a turn, too.
    assert [item.answer.status for item in store(articles).open("fires").turns] == ["answered", "not_found"]


def test_an_answer_without_a_session_has_the_same_json_as_ever_and_keeps_nothing(
    parley: Callable[..., Any], articles: Path
) -> None:
    assert "session" not in json.loads(parley("ask", "--json", BURNED).out)
    assert store(articles).list() == ()


def test_continue_goes_on_in_the_session_that_was_last_used(parley: Callable[..., Any], articles: Path) -> None:
    for name in ("fires", "dams"):
        parley("ask", "--session", name, BURNED)
    assert parley("ask", "--continue", "--quiet", BURNED).code == 0
    assert {item.name: item.turns for item in store(articles).list()} == {"dams": 2, "fires": 1}


def test_many_questions_in_one_session_see_those_before_them(
    parley: Callable[..., Any], articles: Path, given: list[tuple[str, Sequence[Turn]]]
) -> None:
    asked = f"{BURNED}\n\n{MUSHROOMS}\nWhich dam held?\n".encode()
    ran = parley("ask", "-", "--session", "all", "--json", stdin=asked)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ["session" in line for line in lines] == [True, False, True, True]  # an error is no turn
    assert [(question, len(history)) for question, history in given] == [(MUSHROOMS, 1), ("Which dam held?", 2)]
    assert [turn.answer.question for turn in store(articles).open("all").turns] == [
        BURNED,
        MUSHROOMS,
        "Which dam held?",
    ]


def test_a_question_sees_what_another_process_added_meanwhile(
    articles: Path, parley: Callable[..., Any], given: list[tuple[str, Sequence[Turn]]]
) -> None:
    parley("ask", "--session", "fires", BURNED)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "assistant.cli", "ask", "--session", "fires", "Which dam held?"]
    subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    parley("ask", "--session", "fires", MUSHROOMS)
    assert [turn.question for turn in given[-1][1]] == [BURNED, "Which dam held?"]


def test_a_failed_question_makes_no_session(parley: Callable[..., Any], articles: Path, tmp_path: Path) -> None:
    script = tmp_path / "replies.txt"
    script.write_text("")
    assert parley("ask", "--session", "fires", "--backend", f"scripted:{script}", BURNED).code == 6
    assert store(articles).list() == ()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--continue"], "there is no session to continue. Begin one: parley ask --session NAME"),
        (["--continue", "--session", "x"], "--session and --continue name two sessions"),
        (["--session", ""], "the name of a session is empty"),
    ],
)
def test_flags_that_name_no_session_end_with_2(
    parley: Callable[..., Any], articles: Path, flags: list[str], message: str
) -> None:
    ran = parley("ask", *flags, BURNED)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_a_session_of_a_later_version_ends_with_5_before_anything_is_asked(
    parley: Callable[..., Any], articles: Path
) -> None:
    parley("ask", "--session", "fires", BURNED)
    file = file_of(articles, "fires")
    later = file.read_bytes().replace(b"parley.session/1", b"parley.session/2")
    file.write_bytes(later)
    for command in (["ask", "--session", "fires", BURNED], ["sessions", "show", "fires"]):
        ran = parley(*command)
        assert (ran.code, ran.out) == (5, "")
        assert "is of another version, parley.session/2, and is left as it is" in ran.err
    assert file.read_bytes() == later


def test_where_nothing_can_be_kept_the_question_is_answered_and_a_warning_says_so(
    parley: Callable[..., Any], articles: Path
) -> None:
    parley("ask", "--session", "fires", BURNED)
    file = file_of(articles, "fires")
    (file.parent / "lock").unlink()
    (file.parent / "lock").mkdir()  # as good as a place that cannot be written, for root, too
    ran = parley("ask", "--session", "fires", "--json", BURNED)
    assert ran.code == 0
    assert json.loads(ran.out)["session"]["kept"] is False
    assert "nothing is kept in the session 'fires'" in ran.err
    assert store(articles).open("fires").summary().turns == 1


def test_half_a_line_costs_a_warning(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    with file_of(articles, "fires").open("ab") as file:
        file.write(b'{"kind": "turn", "at": "2019')
    ran = parley("ask", "--session", "fires", BURNED)
    assert ran.code == 0
    assert ":3 is cut off, as a process that was killed leaves it; left out" in ran.err
    assert "cut off" not in parley("ask", "--session", "fires", BURNED).err
    assert store(articles).open("fires").summary().turns == 3


def test_what_is_kept_of_an_interrupted_answer_is_marked_incomplete(
    parley: Callable[..., Any], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.assistant import Assistant, Delta

    stream = Assistant.stream

    def interrupted(self: Assistant, *arguments: Any) -> Any:
        """As a model that has written a sentence when somebody presses Ctrl-C."""
        from dataclasses import replace

        from assistant.assistant import Answered

        for event in stream(self, *arguments):
            if isinstance(event, Answered):
                yield Delta(MILL)
                os.kill(os.getpid(), signal.SIGINT)
                yield Answered(replace(event.answer, incomplete=True))
            else:
                yield event

    monkeypatch.setattr(Assistant, "stream", interrupted)
    monkeypatch.setattr(Assistant, "cancel", lambda self: True)
    assert parley("ask", "--session", "fires", BURNED).code == 130
    (turn,) = store(articles).open("fires").turns
    assert turn.answer.incomplete
