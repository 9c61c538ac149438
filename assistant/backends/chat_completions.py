"""The wire format of chat completions: bytes of a reply in, events out; pure, incremental, and bounded.

A reply is a stream of server-sent events, each a JSON chunk, with `[DONE]` at the end; or, from servers that know
no streams, one JSON document. See https://platform.openai.com/docs/api-reference/chat-streaming.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from assistant.backends.protocol import BackendEvent, Finished, ReasoningDelta, TextDelta, Usage, Withdrawn
from assistant.backends.refusals import Asked, complaint_in
from assistant.backends.reply_events import ReplyEvents
from assistant.backends.thoughts import Piece, ThoughtSplitter
from assistant.errors import BackendError

CHARACTERS_A_TOKEN = 8
"""More than any language needs: what is longer than so many for each token that was asked for never ends."""
ROOM_FOR_THOUGHT = 8192
"""Tokens that a model may think with, beside its reply."""
Reason = Literal["complete", "length"]
REASONS: Mapping[str, Reason] = {"length": "length", "max_tokens": "length", "model_length": "length"}
"""Why a reply ended; whatever is not listed, it is complete."""
REFUSALS = frozenset({"content_filter", "refusal"})
MODEL_HINT = "name a model that thinks less, or does not think"


class CompletionReader:
    """Reads one reply."""

    def __init__(self, asked: Asked, longest_reply: int) -> None:
        """`longest_reply` is in tokens; far beyond it a reply is cut."""
        self._asked = asked
        self._text_left = longest_reply * CHARACTERS_A_TOKEN
        self._thought_left = (longest_reply + ROOM_FOR_THOUGHT) * CHARACTERS_A_TOKEN
        self._events = ReplyEvents(asked)
        self._splitter = ThoughtSplitter()
        self._understood = False
        self._replied = False
        self._thought = False
        self._refused = False
        self._usage: Usage | None = None
        self._reason: Reason | None = None
        self.done = False
        """True when nothing that follows matters."""

    @property
    def complete(self) -> bool:
        """True when the reply has ended; what it cost may still follow."""
        return self._reason is not None

    def feed(self, piece: bytes) -> Iterator[BackendEvent]:
        """The events of the next piece; to be exhausted before the next.

        Raises:
            BackendError: it is no chat completion, holds an error of the provider, or is too large.
        """
        for data in self._events.feed(piece):
            yield from self._read(data)
            if self.done:
                return

    def close(self) -> Iterator[BackendEvent]:
        """The last events, when the connection has ended or nothing more is wanted.

        Raises:
            BackendError: the reply is not complete, or empty.
        """
        if self._events.document is not None:
            yield from self._read(self._events.document.decode(errors="replace"))
            self.done = True
        if not self._understood:
            raise self._events.no_reply()
        if not (self.done or self.complete):
            raise self._events.failed("broke off in the middle of its reply")
        yield from self._pass_on(self._splitter.close())
        if not self._replied and not self._refused:
            raise self._empty()
        if self._usage is not None:
            yield self._usage
        yield Finished("refused" if self._refused else self._reason or "complete")

    def _read(self, data: str) -> Iterator[BackendEvent]:
        """Read what one event, or the whole document, holds."""
        if data.strip() == "[DONE]":
            self.done = True
            return
        chunk = self._decoded(data)
        if chunk.get("error") or chunk.get("object") == "error":
            raise self._events.failed(f"broke off{self._asked.quote(complaint_in(chunk))}")
        self._usage = _usage_in(chunk.get("usage")) or self._usage
        choice = _first_choice(chunk.get("choices"))
        if choice is None:
            return  # what it cost, a second reply that nobody asked for, or a notice of the provider's own
        self._understood = True
        said = choice.get("delta") or choice.get("message")
        if isinstance(said, Mapping):
            yield from self._take(said)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason and self._reason is None:
            self._reason = REASONS.get(reason, "complete")
            self._refused = self._refused or reason in REFUSALS

    def _decoded(self, data: str) -> Mapping[str, Any]:
        chunk = self._events.decoded(data)
        if not isinstance(chunk, Mapping):
            raise self._events.no_reply()
        return chunk

    def _take(self, said: Mapping[str, Any]) -> Iterator[BackendEvent]:
        """Read a delta, or the message of a document."""
        thought = said.get("reasoning_content") or said.get("reasoning")
        if isinstance(thought, str) and thought:
            yield from self._pass_on((ReasoningDelta(thought),))
        text = said.get("content")
        if isinstance(text, str) and text:
            yield from self._pass_on(self._splitter.feed(text))
        elif text:
            raise self._events.failed("sent something other than text", "name another model")
        self._refused = self._refused or bool(said.get("refusal"))

    def _pass_on(self, pieces: Iterable[Piece]) -> Iterator[BackendEvent]:
        """Hand on as much as the bounds allow; beyond them, the reply is over."""
        for piece in pieces:
            match piece:
                case Withdrawn():
                    self._replied, self._thought = False, True
                    yield piece
                case ReasoningDelta(text):
                    self._thought = True
                    self._thought_left -= len(text)
                    yield piece
                case TextDelta(text):
                    self._replied = True
                    yield TextDelta(text[: self._text_left])
                    self._text_left -= len(text)
            if self._text_left <= 0 or self._thought_left <= 0:
                self._reason, self.done = "length", True
                return

    def _empty(self) -> BackendError:
        if self._thought and self._reason == "length":
            return BackendError(f"{self._asked.who} thought until it was cut, and replied nothing", MODEL_HINT)
        replied = "thought, but replied nothing" if self._thought else "replied nothing"
        return BackendError(f"{self._asked.who} {replied}", "ask again, or name another model")


def _first_choice(choices: Any) -> Mapping[str, Any] | None:
    """What a chunk holds of the first of several replies."""
    listed = choices if isinstance(choices, list) else []
    return next((one for one in listed if isinstance(one, Mapping) and not one.get("index")), None)


def _usage_in(value: Any) -> Usage | None:
    """Tokens, if both numbers are there; some servers send null until the end."""
    if not isinstance(value, Mapping):
        return None
    return Usage.stated(value.get("prompt_tokens"), value.get("completion_tokens"))
