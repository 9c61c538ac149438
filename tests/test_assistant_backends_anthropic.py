"""Anthropic's Messages API: what is sent, and what its events become; held against the types of its package."""

import asyncio
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, get_args

import httpx2
import pytest
from anthropic import AsyncAnthropic
from anthropic._constants import ANTHROPIC_API_VERSION
from anthropic.types import CitationContentBlockLocation as Place
from anthropic.types import (
    CitationsDelta,
    Message,
    MessageDeltaUsage,
    RawContentBlockDelta,
    RawContentBlockDeltaEvent,
    RawContentBlockStartEvent,
    RawContentBlockStopEvent,
    RawMessageDeltaEvent,
    RawMessageStartEvent,
    RawMessageStopEvent,
    RawMessageStreamEvent,
    SignatureDelta,
    StopReason,
    TextBlock,
    ThinkingBlock,
    ThinkingDelta,
)
from anthropic.types import TextDelta as TextPiece
from anthropic.types import Usage as Counted
from anthropic.types.message_create_params import MessageCreateParamsStreaming
from anthropic.types.raw_message_delta_event import Delta
from anthropic.types.shared import ErrorObject
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.answering.prompting import INSTRUCTIONS
from assistant.backends.address import Address
from assistant.backends.anthropic import VERSION, AnthropicBackend
from assistant.backends.keys import ANTHROPIC, Key
from assistant.backends.messages import LONGEST_TITLE, MessageReader, body_of
from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    Request,
    SentenceId,
    ShownPassage,
    ShownTurn,
    TextDelta,
    Usage,
)
from assistant.backends.refusals import Asked
from assistant.errors import BackendError, ConfigurationError
from collected_events import ASKED, FOLLOWED, MILL
from misbehaving_server import MisbehavingServer, cutting, replying_json, streaming

MODEL = "claude-sonnet-5"
ADDRESS = Address.of(ANTHROPIC.base_url)
WHOM = Asked(ADDRESS, ANTHROPIC, Key("sk-ant-0123456789", "ANTHROPIC_API_KEY", ADDRESS), MODEL)


def location(document: int, start: int, end: int) -> Place:
    return Place(
        type="content_block_location",
        cited_text="whatever stands there",
        document_index=document,
        document_title=None,
        start_block_index=start,
        end_block_index=end,
    )


def begun() -> RawMessageStartEvent:
    counted = Counted(input_tokens=100, cache_read_input_tokens=20, cache_creation_input_tokens=3, output_tokens=1)
    message = Message(id="msg_1", content=[], model=MODEL, role="assistant", type="message", usage=counted)
    return RawMessageStartEvent(type="message_start", message=message)


def text(index: int, *pieces: str, cites: Sequence[Place] = ()) -> list[RawMessageStreamEvent]:
    """A block of text, and what it rests on."""
    deltas: list[RawContentBlockDelta] = [TextPiece(type="text_delta", text=piece) for piece in pieces]
    deltas += [CitationsDelta(type="citations_delta", citation=place) for place in cites]
    block = TextBlock(type="text", text="", citations=[] if cites else None)
    return [
        RawContentBlockStartEvent(type="content_block_start", index=index, content_block=block),
        *(RawContentBlockDeltaEvent(type="content_block_delta", index=index, delta=d) for d in deltas),
        RawContentBlockStopEvent(type="content_block_stop", index=index),
    ]


def thought(index: int, *pieces: str) -> list[RawMessageStreamEvent]:
    """A block of thinking."""
    deltas: list[RawContentBlockDelta] = []
    deltas += [ThinkingDelta(type="thinking_delta", thinking=piece) for piece in pieces]
    deltas.append(SignatureDelta(type="signature_delta", signature="c2ln"))
    block = ThinkingBlock(type="thinking", thinking="", signature="")
    return [
        RawContentBlockStartEvent(type="content_block_start", index=index, content_block=block),
        *(RawContentBlockDeltaEvent(type="content_block_delta", index=index, delta=d) for d in deltas),
        RawContentBlockStopEvent(type="content_block_stop", index=index),
    ]


def ended(reason: StopReason = "end_turn", written: int = 12) -> list[RawMessageStreamEvent]:
    counted = MessageDeltaUsage(output_tokens=written)
    return [
        RawMessageDeltaEvent(type="message_delta", delta=Delta(stop_reason=reason), usage=counted),
        RawMessageStopEvent(type="message_stop"),
    ]


def sent(events: Iterable[BaseModel | dict[str, Any]]) -> bytes:
    """The events as they come over the wire; those that the package has no type for as dictionaries."""
    dumped = (event if isinstance(event, dict) else event.model_dump(mode="json") for event in events)
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in dumped).encode()


def read(stream: bytes, request: Request = ASKED, piece: int = 1 << 16) -> list[BackendEvent]:
    """What a reply becomes that comes in pieces of so many bytes."""
    reader = MessageReader(WHOM, request)
    events = [
        event
        for start in range(0, len(stream), piece)
        if not reader.done
        for event in reader.feed(stream[start : start + piece])
    ]
    return [*events, *reader.close()]


WHOLE = sent(
    [
        begun(),
        {"type": "ping"},
        *thought(0, "Two passages ", "tell of it."),
        *text(1, "According to the ", "Daily News, "),
        *text(2, "the old mill burned down", cites=[location(0, 0, 2)]),
        *text(3, " and "),
        *text(4, "the bridge was closed", cites=[location(1, 0, 1), location(0, 1, 2), location(1, 0, 1)]),
        *text(5, "."),
        *ended(),
    ]
)
READ: list[BackendEvent] = [
    ReasoningDelta("Two passages "),
    ReasoningDelta("tell of it."),
    TextDelta("According to the "),
    TextDelta("Daily News, "),
    Cites(()),
    TextDelta("the old mill burned down"),
    Cites((SentenceId(1, 1), SentenceId(1, 2))),
    TextDelta(" and "),
    Cites(()),
    TextDelta("the bridge was closed"),
    Cites((SentenceId(2, 1), SentenceId(1, 2))),
    TextDelta("."),
    Cites(()),
    Usage(123, 12),
    Finished("complete"),
]


@pytest.mark.parametrize("request_", [ASKED, FOLLOWED], ids=["a question", "a question after others"])
def test_a_request_is_of_the_type_that_the_official_package_states(request_: Request) -> None:
    # In a list, for only then does the configuration reach the types within.
    adapter = TypeAdapter(list[MessageCreateParamsStreaming], config=ConfigDict(extra="forbid"))
    (checked,) = adapter.validate_python([body_of(request_, MODEL)])
    for message in checked["messages"]:
        list(message["content"])  # it checks the items of an iterable as they are asked for


def test_passages_go_as_documents_with_a_block_a_sentence() -> None:
    *documents, question = body_of(ASKED, MODEL)["messages"][-1]["content"]
    assert documents == [
        {
            "type": "document",
            "title": "Fire",
            "context": "outlet: Daily News, date: 2019-02-02",
            "citations": {"enabled": True},
            "source": {
                "type": "content",
                "content": [
                    {"type": "text", "text": "The old mill burned down."},
                    {"type": "text", "text": "It had been sold in May."},
                ],
            },
        },
        {
            "type": "document",
            "citations": {"enabled": True},
            "source": {"type": "content", "content": [{"type": "text", "text": "The bridge was closed."}]},
        },
    ]
    assert question == {"type": "text", "text": "What burned down?"}


def test_nothing_is_said_of_marks_for_the_api_cites_in_its_own_way() -> None:
    request = replace(ASKED, instructions=INSTRUCTIONS)
    body = body_of(request, MODEL)
    assert body["system"] == INSTRUCTIONS
    assert not re.search(r"\[\d", json.dumps(body))


def test_history_comes_before_the_documents_and_no_message_is_empty() -> None:
    turns = (ShownTurn("What burned down?", "The mill."), ShownTurn("Who did it?", ""))
    asked = Request("Answer.", (MILL,), "And when?", turns)
    *history, last = body_of(asked, MODEL)["messages"]
    assert [(message["role"], message["content"]) for message in history] == [
        ("user", "What burned down?"),
        ("assistant", "The mill."),
        ("user", "Who did it?"),
    ]
    assert last["role"] == "user"


def test_a_long_title_is_cut_to_what_the_api_takes() -> None:
    passage = ShownPassage(None, None, "t" * 2000, ("It rained.",))
    document = body_of(Request("Answer.", (passage,), "When?"), MODEL)["messages"][0]["content"][0]
    assert document["title"] == "t" * LONGEST_TITLE


def test_the_official_client_sends_what_we_send_and_reads_what_we_read() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=WHOLE)

    async def ask() -> Message:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
            client = AsyncAnthropic(api_key="sk-ant-0", http_client=http)
            body = body_of(ASKED, MODEL)
            del body["stream"]
            async with client.messages.stream(**body) as stream:
                return await stream.get_final_message()

    message = asyncio.run(ask())
    assert json.loads(asked[0].content) == body_of(ASKED, MODEL)
    assert str(asked[0].url) == ADDRESS.url("/messages").replace(":443", "")
    assert asked[0].headers["anthropic-version"] == VERSION == ANTHROPIC_API_VERSION

    texts = [block for block in message.content if block.type == "text"]
    ours = [event.text for event in READ if isinstance(event, TextDelta)]
    assert "".join(block.text for block in texts) == "".join(ours)
    cited = [
        tuple(dict.fromkeys(
            SentenceId(place.document_index + 1, number + 1)
            for place in block.citations or ()
            if place.type == "content_block_location"
            for number in range(place.start_block_index, place.end_block_index)
        ))
        for block in texts
    ]  # fmt: skip
    assert cited == [event.ids for event in READ if isinstance(event, Cites)]
    assert message.usage.output_tokens == 12


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


def over_http(url: str, request: Request = ASKED) -> list[BackendEvent]:
    """What comes of a question to a server on loopback."""
    address = Address.of(url)
    backend = AnthropicBackend(MODEL, url, Key("sk-ant-0123456789", "ANTHROPIC_API_KEY", address))

    async def collect() -> list[BackendEvent]:
        try:
            return [event async for event in backend.stream(request)]
        finally:
            await backend.aclose()

    return asyncio.run(collect())


def test_a_question_goes_over_http_with_version_and_key() -> None:
    with MisbehavingServer(streaming(WHOLE[:500], WHOLE[500:])) as server:
        assert over_http(server.url) == READ
    (received,) = server.received
    assert (received.method, received.path) == ("POST", "/v1/messages")
    assert received.headers["anthropic-version"] == VERSION
    assert received.headers["x-api-key"] == "sk-ant-0123456789"
    assert "authorization" not in received.headers
    assert received.json == body_of(ASKED, MODEL)


def test_a_reply_that_was_cut_after_its_end_is_whole_and_one_cut_before_is_not() -> None:
    with MisbehavingServer(cutting(WHOLE.partition(b"event: message_stop")[0])) as server:
        assert over_http(server.url) == READ
    cut = cutting(WHOLE.partition(b"event: message_delta")[0])
    with MisbehavingServer(cut) as server, pytest.raises(BackendError, match="broke off in the middle"):
        over_http(server.url)


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (400, "invalid_request_error", "refuses the request (400): Some words"),
        (401, "authentication_error", "does not accept the key from ANTHROPIC_API_KEY (401)"),
        (402, "billing_error", "says that the account may spend no more: Some words"),
        (403, "permission_error", "forbids it to the key from ANTHROPIC_API_KEY (403): Some words"),
        (404, "not_found_error", "has nothing at /v1 (404): Some words"),
        (500, "api_error", "failed (500): Some words"),
    ],
)
def test_refusals_are_told_in_a_sentence(status: int, kind: str, told: str) -> None:
    error = {"type": "error", "error": {"type": kind, "message": "Some words."}}
    with MisbehavingServer(replying_json(status, error)) as server:
        host = server.authority
        with pytest.raises(BackendError) as failed:
            over_http(server.url)
    assert str(failed.value) == f"{host} {told}"
    assert failed.value.hint


def test_a_model_that_there_is_not_is_told_from_an_address_that_there_is_not() -> None:
    error = {"type": "error", "error": {"type": "not_found_error", "message": f"model: {MODEL}"}}
    with MisbehavingServer(replying_json(404, error)) as server, pytest.raises(BackendError) as failed:
        over_http(server.url)
    assert f"has no model '{MODEL}'" in str(failed.value)
    assert failed.value.hint == "name one that it has, as in --backend anthropic:MODEL"


def test_a_model_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="needs a model"):
        AnthropicBackend.configured(None, None)
    assert AnthropicBackend.configured(MODEL, None).name == f"anthropic:{MODEL}"
