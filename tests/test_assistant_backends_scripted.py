"""Replies from a queue: what they become, what is kept of the questions, and what a file of them may hold."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    SentenceId,
    TextDelta,
    Usage,
)
from assistant.backends.scripted import PIECE, ScriptedBackend
from assistant.errors import BackendError, ConfigurationError
from collected_events import ASKED, FOLLOWED, ask, ask_until_failure, text_of


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str, str], ScriptedBackend]:
    """Writes a file of replies and opens it: `script("replies.txt", "...")`."""

    def write(name: str, content: str) -> ScriptedBackend:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return ScriptedBackend.of_file(path)

    return write


@given(st.text(min_size=1))
def test_a_text_comes_in_pieces_that_make_it_up_again(text: str) -> None:
    *deltas, last = ask(ScriptedBackend([text]))
    assert last == Finished("complete")
    assert text_of(deltas) == text
    assert all(isinstance(delta, TextDelta) and 1 <= len(delta.text) <= PIECE for delta in deltas)


def test_the_pieces_are_the_same_each_time_and_cut_ids_apart() -> None:
    replied = [ask(ScriptedBackend(["It closed in May [1.2]."])) for _ in range(2)]
    assert replied[0] == replied[1]
    assert [event.text for event in replied[0] if isinstance(event, TextDelta)] == [
        "It cl", "osed ", "in Ma", "y [1.", "2].",
    ]  # fmt: skip


def test_replies_come_in_their_order_and_the_requests_are_kept() -> None:
    backend = ScriptedBackend(["First.", "Second."])
    assert [text_of(ask(backend)), text_of(ask(backend, FOLLOWED))] == ["First.", "Second."]
    assert backend.requests == [ASKED, FOLLOWED]


def test_when_all_replies_have_been_given_it_says_so() -> None:
    backend = ScriptedBackend(["Only this."])
    ask(backend)
    with pytest.raises(BackendError, match=r"no reply to request 2: its only one has been given"):
        ask(backend)


def test_a_failure_can_stand_instead_of_a_reply_or_at_its_end() -> None:
    overloaded, broken = BackendError("it is overloaded", "wait"), BackendError("it broke off")
    backend = ScriptedBackend([overloaded, [TextDelta("The mill"), broken], "Fine."])
    assert ask_until_failure(backend) == ([], overloaded)
    assert ask_until_failure(backend) == ([TextDelta("The mill")], broken)
    assert text_of(ask(backend)) == "Fine."


def test_events_come_as_they_were_queued_and_end_once() -> None:
    events: list[BackendEvent] = [ReasoningDelta("Hm."), TextDelta("Yes."), Usage(8, 2), Finished("length")]
    assert ask(ScriptedBackend([events])) == events
    assert ask(ScriptedBackend([[TextDelta("Yes.")]])) == [TextDelta("Yes."), Finished("complete")]
    assert ask(ScriptedBackend([""])) == [Finished("complete")]


def test_a_file_of_text_holds_a_reply_a_line(script: Callable[[str, str], ScriptedBackend]) -> None:
    backend = script("replies.txt", "[1.1] He led them.\r\n\n  It closed in May [1.2].  \n")
    assert backend.name.endswith("/replies.txt")
    assert backend.name.startswith("scripted:")
    assert [text_of(ask(backend)) for _ in range(2)] == ["[1.1] He led them.", "It closed in May [1.2]."]


def test_a_file_of_json_lines_holds_texts_events_and_failures(
    script: Callable[[str, str], ScriptedBackend],
) -> None:
    events = [
        {"reasoning": "Two outlets."},
        {"text": "Yes."},
        {"cites": ["1.2", "[3.4]"]},
        {"usage": {"read": 812, "written": 9}},
        {"finished": "refused"},
    ]
    failure = {"error": "it is overloaded", "hint": "wait a minute"}
    backend = script("replies.jsonl", f'"Two\\nlines."\n{json.dumps(events)}\n{json.dumps(failure)}\n')
    assert text_of(ask(backend)) == "Two\nlines."
    assert ask(backend) == [
        ReasoningDelta("Two outlets."),
        TextDelta("Yes."),
        Cites((SentenceId(1, 2), SentenceId(3, 4))),
        Usage(812, 9),
        Finished("refused"),
    ]
    with pytest.raises(BackendError, match="it is overloaded"):
        ask(backend)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Plain text.", "line 2"),
        ("7", "no event 7"),
        ('{"txt": "..."}', "no event"),
        ('{"text": "...", "cites": []}', "no event"),
        ('{"text": 7}', "no event"),
        ('{"cites": ["1"]}', 'no sentence id such as "1.2"'),
        ('{"usage": {"read": 1}}', "no event"),
        ('{"finished": "tired"}', "no event"),
        ('[{"error": "..."}, {"text": "..."}]', "nothing comes after"),
    ],
)
def test_a_line_that_is_no_reply_is_named(
    script: Callable[[str, str], ScriptedBackend], line: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match="line 2") as refused:
        script("replies.jsonl", f'"Fine."\n{line}\n')
    assert told in str(refused.value)
    assert refused.value.hint.startswith("each line is a reply")


@pytest.mark.parametrize("name", ["missing.txt", "folder", "latin.txt", "nul\0.txt"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.txt").write_bytes(b"na\xefve")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        ScriptedBackend.of_file(tmp_path / name)
