"""Events out of the bytes of a chat completion; hostile and odd ones included."""

import itertools
import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backends.address import Address
from assistant.backends.chat_completions import CHARACTERS_A_TOKEN, ROOM_FOR_THOUGHT, CompletionReader
from assistant.backends.keys import OPENAI
from assistant.backends.protocol import (
    BackendEvent,
    Finished,
    ReasoningDelta,
    TextDelta,
    Usage,
    Withdrawn,
)
from assistant.backends.refusals import Asked
from assistant.errors import BackendError
from chat_wire import DONE, chunk, cost, delta, document, ended, event, thought
from traced_time import allowed

ASKED = Asked(Address.of("https://host.example/v1"), OPENAI, None, "m-1")


def read(*pieces: bytes, longest_reply: int = 100) -> list[BackendEvent]:
    """All events, as whoever feeds pieces until nothing more matters sees them."""
    reader = CompletionReader(ASKED, longest_reply)
    events = []
    for piece in pieces:
        events += list(reader.feed(piece))
        if reader.done:
            break
    return [*events, *reader.close()]


def failure(*pieces: bytes) -> str:
    """The one sentence that a reply ends in."""
    with pytest.raises(BackendError) as told:
        read(*pieces)
    assert told.value.hint
    return str(told.value)


def test_a_reply_is_its_deltas_its_cost_and_why_it_ended() -> None:
    assert read(
        event(chunk({"role": "assistant", "content": ""})), delta("A "), delta("b."), ended(), cost(7, 2), DONE
    ) == [
        TextDelta("A "),
        TextDelta("b."),
        Usage(7, 2),
        Finished("complete"),
    ]


def test_servers_that_count_nothing_or_count_all_the_time() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}
    assert read(delta("a"), ended(), DONE) == [TextDelta("a"), Finished("complete")]
    assert read(event(chunk({"content": "a"}, usage=usage)), ended(), cost(7, 2)) == [
        TextDelta("a"),
        Usage(7, 2),
        Finished("complete"),
    ]
    for odd in (
        None,
        7,
        {},
        {"prompt_tokens": "7", "completion_tokens": 1},
        {"prompt_tokens": -1, "completion_tokens": 1},
        {"prompt_tokens": True, "completion_tokens": 1},
        {"prompt_tokens": 10**400, "completion_tokens": 1},
        {"prompt_tokens": float("nan"), "completion_tokens": float("inf")},
    ):
        assert read(event(chunk({"content": "a"}, usage=odd)), ended()) == [TextDelta("a"), Finished("complete")]


def test_of_several_replies_the_first_is_read() -> None:
    second = {"index": 1, "delta": {"content": "b"}, "finish_reason": "stop"}
    both = {**chunk({"content": "a"}), "choices": [second, {"index": 0, "delta": {"content": "a"}}]}
    assert read(event(both), event({**chunk({}), "choices": [second]}), ended()) == [
        TextDelta("a"),
        Finished("complete"),
    ]


@pytest.mark.parametrize(
    ("reason", "finished"),
    [
        ("stop", "complete"),
        ("eos", "complete"),
        ("tool_calls", "complete"),
        ("length", "length"),
        ("max_tokens", "length"),
        ("content_filter", "refused"),
    ],
)
def test_why_a_reply_ended(reason: str, finished: str) -> None:
    assert read(delta("a"), ended(reason), DONE)[-1] in [
        Finished("complete"),
        Finished("length"),
        Finished("refused"),
    ]
    last = read(delta("a"), ended(reason), DONE)[-1]
    assert isinstance(last, Finished)
    assert last.reason == finished


def test_the_first_reason_counts_and_done_alone_is_an_end() -> None:
    assert read(delta("a"), ended("length"), ended("stop"), DONE)[-1] == Finished("length")
    assert read(delta("a"), DONE, delta("b")) == [TextDelta("a"), Finished("complete")]


def test_a_refusal_needs_no_text() -> None:
    assert read(event(chunk({"refusal": "I cannot help."})), ended(), DONE) == [Finished("refused")]
    assert read(ended("content_filter"), DONE) == [Finished("refused")]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_what_is_thought_in_a_field_of_its_own_is_no_text(field: str) -> None:
    assert read(thought("Hm.", field), delta("a"), ended()) == [
        ReasoningDelta("Hm."),
        TextDelta("a"),
        Finished("complete"),
    ]


def test_what_is_said_twice_in_two_fields_is_thought_once() -> None:
    both = event(chunk({"reasoning": "Hm.", "reasoning_content": "Hm.", "content": "a"}))
    assert read(both, ended()) == [ReasoningDelta("Hm."), TextDelta("a"), Finished("complete")]


def test_what_is_thought_between_tags_is_no_text() -> None:
    assert read(delta("<thi"), delta("nk>Hm.</think>\n\n"), delta("a"), ended()) == [
        ReasoningDelta("Hm."),
        TextDelta("a"),
        Finished("complete"),
    ]
    assert read(delta("Hm."), delta("</think>a"), ended()) == [
        TextDelta("Hm."),
        Withdrawn(),
        TextDelta("a"),
        Finished("complete"),
    ]


def test_a_whole_document_is_a_reply_of_one_delta() -> None:
    text = json.dumps(document("A b.", reasoning_content="Hm.")).encode()
    for pieces in ((text,), (b" \r\n", text[:30], text[30:], b"\n")):
        assert read(*pieces) == [ReasoningDelta("Hm."), TextDelta("A b."), Usage(7, 2), Finished("complete")]


def test_an_empty_reply_is_an_error() -> None:
    assert failure(ended(), DONE) == "m-1 at host.example replied nothing"
    assert failure(delta(" \n"), ended(), DONE) == "m-1 at host.example replied nothing"
    assert failure(json.dumps(document(None)).encode()) == "m-1 at host.example replied nothing"
    assert (
        failure(event(chunk({"tool_calls": [{"index": 0}]})), ended("tool_calls"))
        == "m-1 at host.example replied nothing"
    )


def test_a_reply_that_was_only_thought_is_an_error() -> None:
    assert failure(thought("Hm."), ended(), DONE) == "m-1 at host.example thought, but replied nothing"
    assert failure(delta("<think>Hm."), ended(), DONE) == "m-1 at host.example thought, but replied nothing"
    assert failure(delta("Hm."), delta("</think>"), ended()) == "m-1 at host.example thought, but replied nothing"
    told = "m-1 at host.example thought until it was cut, and replied nothing"
    assert failure(thought("Hm."), ended("length"), DONE) == told


def test_a_reply_that_does_not_end_is_cut() -> None:
    def forever() -> list[bytes]:
        return [delta("abcdefg ")] * 1000

    events = read(*forever(), longest_reply=10)
    assert events[-1] == Finished("length")
    written = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert len(written) == 10 * CHARACTERS_A_TOKEN


def test_thought_that_does_not_end_is_cut() -> None:
    longest = (100 + ROOM_FOR_THOUGHT) * CHARACTERS_A_TOKEN
    assert failure(*[thought("x" * 1000)] * (longest // 1000 + 1)) == (
        "m-1 at host.example thought until it was cut, and replied nothing"
    )


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ((b'data: {"a\n\n',), "sent what is no reply of a model"),
        ((b"data: 7\n\n",), "sent what is no reply of a model"),
        ((b"data: " + b"[" * 100_000 + b"\n\n",), "sent what is no reply of a model"),
        ((b"data: " + b"9" * 10_000 + b"\n\n",), "sent what is no reply of a model"),
        ((b"<html><h1>It works!</h1></html>",), "sent what is no reply of a model"),
        ((b'{"status": "ok"}',), "sent what is no reply of a model"),
        ((b'{"message": {"content": "a"}}\n{"done": true}\n',), "sent what is no reply of a model"),
        ((b'{"choices": [',), "sent what is no reply of a model"),
        ((), "sent nothing"),
        ((b"\r\n",), "sent nothing"),
        ((b": ping\n\n",), "sent what is no reply of a model"),
        ((delta("a"),), "broke off in the middle of its reply"),
        ((delta("a"), b'data: {"choi'), "broke off in the middle of its reply"),
        ((b"data: " + b"x" * (1 << 20),), "sent an event of more than 1,048,576 bytes"),
        ((b"{" + b" " * (1 << 20),), "sent a reply of more than 1,048,576 bytes"),
        ((event(chunk({"content": [{"type": "text"}]})),), "sent something other than text"),
        ((delta("a"), event({"error": {"message": "No\x1b more.", "code": 502}})), "broke off: No␛ more"),
        ((event({"object": "error", "message": "No."}),), "broke off: No"),
        ((b'{"error": "no such thing"}',), "broke off: no such thing"),
    ],
)
def test_what_is_no_reply_is_told_in_a_sentence(pieces: tuple[bytes, ...], told: str) -> None:
    assert failure(*pieces) == f"host.example {told}"


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"choices": None},
        {"choices": [None]},
        {"choices": {}},
        {"type": "ping"},
        chunk({}, None),
        {"error": None},
    ],
)
def test_chunks_without_anything_known_are_passed_over(odd: object) -> None:
    assert read(event(odd), delta("a"), ended(), DONE) == [TextDelta("a"), Finished("complete")]


@given(st.lists(st.integers(0, 1500), max_size=20))
def test_however_a_reply_is_split_its_events_are_the_same(cuts: list[int]) -> None:
    stream = b"".join([b": hello\r\n\r\n", thought("Hm."), delta("Café "), delta("€."), ended(), cost(7, 2), DONE])
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert read(*(stream[start:end] for start, end in itertools.pairwise(places))) == read(stream)


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_is_sent_ends_in_an_event_or_an_error_that_is_told(before: bytes, after: bytes) -> None:
    for stream in (before, delta("a") + before, before + delta("a") + after + ended() + DONE, b"data: " + before):
        with suppress(BackendError):
            assert isinstance(read(stream, after)[-1], Finished)


def test_ten_thousand_deltas_are_parsed_in_half_a_second() -> None:
    stream = b"".join(delta(f"word{number} ") for number in range(10_000)) + ended() + cost(7, 10_000) + DONE
    pieces = [stream[start : start + 1500] for start in range(0, len(stream), 1500)]
    taken = []
    for _ in range(3):
        begun = time.thread_time()
        events = read(*pieces, longest_reply=20_000)
        taken.append(time.thread_time() - begun)  # what else goes on in this process counts for nothing
        assert len(events) == 10_002
    assert min(taken) <= allowed(0.5)
