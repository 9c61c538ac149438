"""The wire format of Anthropic's Messages API: the body of a request, and bytes of a reply in, events out; pure.

Passages go as documents of custom content, one block a sentence, so that what the API cites are our sentences: it
is not told of marks, and writes none. See
https://platform.claude.com/docs/en/build-with-claude/citations and https://platform.claude.com/docs/en/api/messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from assistant.backends.chat_completions import CHARACTERS_A_TOKEN, MODEL_HINT, ROOM_FOR_THOUGHT
from assistant.backends.protocol import (
    BackendEvent,
    Cites,
    Finished,
    ReasoningDelta,
    Request,
    SentenceId,
    ShownPassage,
    TextDelta,
    Usage,
)
from assistant.backends.refusals import Asked, complaint_in
from assistant.backends.reply_events import URL_HINT, ReplyEvents
from assistant.errors import BackendError

LONGEST_TITLE = 500
"""Characters; the API takes no longer one."""
REASONS: Mapping[str, Literal["length", "refused"]] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "pause_turn": "length",
    "refusal": "refused",
}
"""Why a reply ended; whatever is not listed, it is complete."""
READ = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
"""What the tokens of a prompt are counted as."""
WRITTEN = "output_tokens"


def body_of(request: Request, model: str) -> dict[str, Any]:
    """The body of a request.

    Temperature is not named: the API refuses it since version 2026-10-21.
    """
    asked = [*(_document(passage) for passage in request.passages), _text(request.question)]
    return {
        "model": model,
        "max_tokens": request.longest_reply + ROOM_FOR_THOUGHT,
        "stream": True,
        "system": request.instructions,
        "messages": [*_history(request), {"role": "user", "content": asked}],
    }


def _history(request: Request) -> Iterator[dict[str, Any]]:
    for turn in request.history:
        yield {"role": "user", "content": turn.question}
        if turn.answer:  # the API takes no empty message
            yield {"role": "assistant", "content": turn.answer}


def _document(passage: ShownPassage) -> dict[str, Any]:
    source = {"type": "content", "content": [_text(sentence) for sentence in passage.sentences]}
    document = {"type": "document", "source": source, "citations": {"enabled": True}}
    if passage.title:
        document["title"] = passage.title[:LONGEST_TITLE]
    day = passage.published.isoformat() if passage.published else None
    if known := [f"{name}: {value}" for name, value in (("outlet", passage.outlet), ("date", day)) if value]:
        document["context"] = ", ".join(known)
    return document


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


class MessageReader:
    """Reads one reply."""

    def __init__(self, asked: Asked, request: Request) -> None:
        self._asked = asked
        self._passages: Sequence[ShownPassage] = request.passages
        self._text_left = request.longest_reply * CHARACTERS_A_TOKEN
        self._thought_left = (request.longest_reply + ROOM_FOR_THOUGHT) * CHARACTERS_A_TOKEN
        self._events = ReplyEvents(asked)
        self._understood = False
        self._replied = False
        self._uncited = False
        """Whether there is text after the last `Cites`."""
        self._cited: list[SentenceId] = []
        self._tokens: dict[str, int] = {}
        self._reason: Literal["complete", "length", "refused"] | None = None
        self.done = False
        """True when nothing that follows matters."""

    @property
    def complete(self) -> bool:
        """True when the reply has ended."""
        return self._reason is not None

    def feed(self, piece: bytes) -> Iterator[BackendEvent]:
        """The events of the next piece; to be exhausted before the next.

        Raises:
            BackendError: it is no message, holds an error of the provider, or is too large.
        """
        for data in self._events.feed(piece):
            yield from self._read(data)
            if self.done:
                return
        if self._events.document is not None:
            raise self._events.failed("sent a document where a stream was asked for", URL_HINT)

    def close(self) -> Iterator[BackendEvent]:
        """The last events, when the connection has ended or nothing more is wanted.

        Raises:
            BackendError: the reply is not complete, or empty.
        """
        if not self._understood:
            raise self._events.no_reply()
        if self._reason is None:
            raise self._events.failed("broke off in the middle of its reply")
        if not self._replied and self._reason != "refused":
            raise self._empty()
        yield from self._cite()
        read = sum(self._tokens.get(name, 0) for name in READ)
        if usage := Usage.stated(read, self._tokens.get(WRITTEN)):
            yield usage
        yield Finished(self._reason)

    def _read(self, data: str) -> Iterator[BackendEvent]:
        match self._events.decoded(data):
            case {"type": "error", "error": error}:
                raise self._broken_off(error)
            case {"type": "message_start", "message": {"usage": usage}}:
                self._understood = True
                self._count(usage)
            case {"type": "content_block_start", "content_block": said}:
                yield from self._take(said)
            case {"type": "content_block_delta", "delta": said}:
                yield from self._take(said)
            case {"type": "content_block_stop"}:
                yield from self._cite()
            case {"type": "message_delta", "delta": {"stop_reason": str(reason)}, **more}:
                self._count(more.get("usage"))
                self._reason = REASONS.get(reason, "complete")
            case {"type": "message_stop"}:
                self.done = True
        # Whatever else there is, a ping or a kind of event to come, is passed over, as the API asks for.

    def _take(self, said: Any) -> Iterator[BackendEvent]:
        """Read what a block begins with, or goes on with."""
        match said:
            case {"type": "text" | "text_delta", "text": str(text)}:
                yield from self._text_of(text)
            case {"type": "thinking" | "thinking_delta", "thinking": str(thought)} if thought:
                yield ReasoningDelta(thought)
                self._thought_left -= len(thought)
                self._cut_if(self._thought_left <= 0)
            case {"type": "citations_delta", "citation": citation}:
                self._cited += self._ids(citation)

    def _text_of(self, text: str) -> Iterator[BackendEvent]:
        if text:
            self._replied = self._uncited = True
            yield TextDelta(text[: self._text_left])
            self._text_left -= len(text)
            self._cut_if(self._text_left <= 0)

    def _cut_if(self, too_long: bool) -> None:
        if too_long:
            self._reason, self.done = "length", True

    def _cite(self) -> Iterator[Cites]:
        """A block has ended: what it rests on, if anything."""
        if self._uncited:
            yield Cites(tuple(dict.fromkeys(self._cited)))
        self._uncited = False
        self._cited.clear()

    def _ids(self, citation: Any) -> Iterator[SentenceId]:
        """The sentences that a citation points at; none where it points outside of what was sent."""
        match citation:
            case {
                "type": "content_block_location",
                "document_index": int(document),
                "start_block_index": int(start),
                "end_block_index": int(end),
            } if 0 <= document < len(self._passages):
                if 0 <= start < end <= len(self._passages[document].sentences):
                    yield from (SentenceId(document + 1, block + 1) for block in range(start, end))

    def _count(self, usage: Any) -> None:
        """Counts are of all so far, so that the last ones hold."""
        if isinstance(usage, Mapping):
            counts = ((name, usage.get(name)) for name in (*READ, WRITTEN))
            self._tokens |= {name: count for name, count in counts if type(count) is int and count >= 0}

    def _broken_off(self, error: Any) -> BackendError:
        complaint = complaint_in(error)
        if "overloaded" in complaint.kind:
            return self._events.failed(f"is busy{self._asked.quote(complaint)}", "try again later")
        return self._events.failed(f"broke off{self._asked.quote(complaint)}")

    def _empty(self) -> BackendError:
        if self._reason == "length":
            return BackendError(f"{self._asked.who} was cut before it replied anything", MODEL_HINT)
        return BackendError(f"{self._asked.who} replied nothing", "ask again, or name another model")
