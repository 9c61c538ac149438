"""Replies of Anthropic's Messages API, made of the types of its package, and what is to be read in them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

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
from anthropic.types.raw_message_delta_event import Delta
from pydantic import BaseModel

from assistant.backends.address import Address
from assistant.backends.keys import ANTHROPIC, Key
from assistant.backends.messages import MessageReader
from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    Request,
    SentenceId,
    TextDelta,
    Usage,
)
from assistant.backends.refusals import Asked
from collected_events import ASKED

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
