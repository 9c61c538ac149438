"""What the events of Anthropic's Messages API become: those that its package knows, odd ones, and broken ones."""

from typing import Any, get_args

import pytest
from anthropic.types import StopReason
from anthropic.types.shared import ErrorObject
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from assistant.backends.protocol import Cites, Finished, Request, SentenceId, TextDelta, Usage
from assistant.errors import BackendError
from collected_events import MILL
from typed_messages import READ, WHOLE, begun, ended, location, read, sent, text, thought


@given(st.integers(1, 400))
def test_events_become_ours_however_the_stream_is_cut(piece: int) -> None:
    assert read(WHOLE, piece=piece) == READ


@pytest.mark.parametrize(
    "place",
    [(2, 0, 1), (-1, 0, 1), (0, 1, 3), (0, -1, 1), (0, 1, 1), (0, 2, 1)],
    ids=["no such document", "before the first", "beyond the end", "before the start", "nothing", "backwards"],
)
def test_citations_outside_of_what_was_sent_are_not_trusted(place: tuple[int, int, int]) -> None:
    cited = [location(*place), location(0, 0, 1)]
    events = read(sent([begun(), *text(0, "It burned.", cites=cited), *ended()]))
    assert [event for event in events if isinstance(event, Cites)] == [Cites((SentenceId(1, 1),))]


@pytest.mark.parametrize(
    "citation",
    [
        None,
        [],
        "[1.1]",
        {"type": "char_location", "document_index": 0, "start_char_index": 0, "end_char_index": 9},
        {"type": "content_block_location", "document_index": "0", "start_block_index": 0, "end_block_index": 1},
        {"type": "content_block_location", "document_index": 0},
    ],
)
def test_citations_of_another_form_are_passed_over(citation: Any) -> None:
    odd = {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": citation}}
    start, delta, stop = text(0, "It burned.")
    assert Cites(()) in read(sent([begun(), start, delta, odd, stop, *ended()]))


STOPS: dict[StopReason, str] = {
    "end_turn": "complete",
    "stop_sequence": "complete",
    "tool_use": "complete",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "length",
    "refusal": "refused",
}


def test_every_reason_to_stop_that_the_package_knows_is_known() -> None:
    assert set(get_args(StopReason)) == set(STOPS)


@pytest.mark.parametrize(("reason", "told"), STOPS.items())
def test_why_a_reply_stopped_is_told(reason: StopReason, told: str) -> None:
    assert read(sent([begun(), *text(0, "It burned."), *ended(reason)]))[-1].reason == told  # type: ignore[union-attr]


def test_a_refusal_may_say_nothing() -> None:
    assert read(sent([begun(), *ended("refusal", written=0)])) == [Usage(123, 0), Finished("refused")]


def test_kinds_of_events_and_blocks_that_are_not_known_are_passed_over() -> None:
    more: list[dict[str, Any]] = [
        {"type": "message_note", "note": 7},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "picture", "data": "..."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "picture_delta", "data": "..."}},
        {"type": "content_block_delta", "index": 0, "delta": None},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {}, "usage": None},
    ]
    assert read(sent([begun(), *more, *text(1, "It burned."), *ended()])) == [
        TextDelta("It burned."),
        Cites(()),
        Usage(123, 12),
        Finished("complete"),
    ]


@pytest.mark.parametrize("form", get_args(get_args(ErrorObject)[0]), ids=lambda form: form.__name__)
def test_an_error_in_the_stream_is_told_in_a_sentence(form: type[BaseModel]) -> None:
    (kind,) = get_args(form.model_fields["type"].annotation)
    error = {"type": "error", "error": {"type": kind, "message": "Something about\nsk-ant-0123456789 \x1b[2J."}}
    with pytest.raises(BackendError) as failed:
        read(sent([begun(), *text(0, "It burned."), error]))
    busy = kind == "overloaded_error"
    told = f"api.anthropic.com {'is busy' if busy else 'broke off'}: Something about [key] ␛[2J"
    assert str(failed.value) == told
    assert failed.value.hint == ("try again later" if busy else "ask again")


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        (b"", "sent nothing"),
        (b"\n\n", "sent nothing"),
        (b'{"type": "message", "content": []}', "a document where a stream was asked for"),
        (b"<html>busy</html>\n\n", "no reply of a model"),
        (b"data: {\n\n", "no reply of a model"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "no reply of a model"),
        (b"data: 7\n\n", "no reply of a model"),
        (b"data: " + b"x" * (1 << 21), "event of more than"),
        (sent([begun()]), "broke off in the middle"),
        (sent([begun(), *text(0, "It burned.")]), "broke off in the middle"),
        (sent([begun(), *text(0, ""), *ended()]), "replied nothing"),
        (sent([begun(), *thought(0, "Hm."), *ended("max_tokens")]), "was cut before it replied"),
    ],
)
def test_what_is_no_whole_reply_is_told_in_a_sentence(stream: bytes, told: str) -> None:
    with pytest.raises(BackendError, match=told) as failed:
        read(stream)
    assert failed.value.hint


def test_a_reply_that_lost_only_its_last_event_is_complete() -> None:
    stream = sent([begun(), *text(0, "It burned."), ended()[0]])
    assert read(stream)[-1] == Finished("complete")


def test_a_reply_that_never_ends_is_cut() -> None:
    asked = Request("Answer.", (MILL,), "When?", longest_reply=10)
    endless = sent([begun(), *text(0, *["It rained. "] * 1000)])
    events = read(endless, asked)
    assert events[-1] == Finished("length")
    assert sum(len(event.text) for event in events if isinstance(event, TextDelta)) == 80

    thinking = sent([begun(), *thought(0, *["Hm. " * 1000] * 1000)])
    with pytest.raises(BackendError, match="was cut before it replied"):
        read(thinking, asked)
