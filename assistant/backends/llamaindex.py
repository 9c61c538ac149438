"""Any LLM object of llama-index, handed in through Python; whoever has one has paid for importing llama-index."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from assistant.answering.prompting import chat_messages
from assistant.backends.chat_completions import CHARACTERS_A_TOKEN, ROOM_FOR_THOUGHT
from assistant.backends.protocol import (
    BackendEvent,
    Finished,
    ReasoningDelta,
    Request,
    TextDelta,
    Usage,
    Withdrawn,
)
from assistant.backends.thoughts import Piece, ThoughtSplitter
from assistant.errors import BackendError
from assistant.sanitize import sanitize_line

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.core.llms import LLM as LLM

UNNAMED = ("", "unknown")
LONGEST_WORDS = 300
"""Characters of an exception that are repeated."""
UNAUTHORISED = (401, 403)


class LlamaIndexBackend:
    """Asks through `astream_chat`, with the temperature and whatever else the object was made with.

    An object that only pretends to await, as every `CustomLLM` does, keeps its event loop from anything else.
    """

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        stated = llm.metadata
        self.name = f"llamaindex:{llm.class_name() if stated.model_name in UNNAMED else stated.model_name}"
        self.context: int | None = stated.context_window if stated.context_window > 0 else None

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        """Ask; the events as they come, `Finished` last. Closing the iterator closes that of the object.

        Raises:
            BackendError: the object raised an exception, which is its cause; or it replied nothing.
        """
        reading = _Reading(request.longest_reply)
        try:
            responses = await self._llm.astream_chat(self._messages(request))
            async with aclosing(responses):
                async for response in responses:
                    for event in reading.take(response):
                        yield event
                    if reading.cut:
                        break
        except Exception as error:  # whatever an object of somebody else's raises
            raise self._failed(error) from error
        for event in reading.close():
            yield event
        if not reading.replied:
            raise BackendError(f"{self.name} replied nothing", "ask again, or hand in another model")
        if reading.usage is not None:
            yield reading.usage
        yield Finished("length" if reading.cut else "complete")

    async def aclose(self) -> None:
        """Nothing is held but the object, which is its maker's."""

    def _messages(self, request: Request) -> list[ChatMessage]:
        from llama_index.core.base.llms.types import ChatMessage, MessageRole  # loaded with the object

        roles = {
            "system": self._llm.metadata.system_role,
            "user": MessageRole.USER,
            "assistant": MessageRole.ASSISTANT,
        }
        return [ChatMessage(role=roles[said.role], content=said.content) for said in chat_messages(request)]

    def _failed(self, error: Exception) -> BackendError:
        kind = type(error).__name__
        if getattr(error, "status_code", None) in UNAUTHORISED:
            # Its own words are left out: they may repeat the key.
            return BackendError(f"{self.name} may not be asked ({kind})", "look at the key that it was made with")
        words = sanitize_line(str(error)).strip()[:LONGEST_WORDS]
        return BackendError(f"{self.name} failed: {kind}{': ' if words else ''}{words}")


class _Reading:
    """One reply, bounded: an object need not be asked to stop, or to obey."""

    def __init__(self, longest_reply: int) -> None:
        self._text_left = longest_reply * CHARACTERS_A_TOKEN
        self._thought_left = (longest_reply + ROOM_FOR_THOUGHT) * CHARACTERS_A_TOKEN
        self._splitter = ThoughtSplitter()
        self._seen = ""
        self.replied = False
        self.usage: Usage | None = None

    @property
    def cut(self) -> bool:
        """Whether it was longer than it may be."""
        return self._text_left <= 0 or self._thought_left <= 0

    def take(self, response: ChatResponse) -> Iterator[BackendEvent]:
        """What one more response adds."""
        self.usage = _usage(response.additional_kwargs) or self.usage
        thought = response.additional_kwargs.get("thinking_delta")
        if isinstance(thought, str) and thought:
            yield from self._bounded([ReasoningDelta(thought)])
        text = response.delta
        if text is None:  # some state only the whole text so far
            text = (response.message.content or "").removeprefix(self._seen)
        self._seen += text
        yield from self._bounded(self._splitter.feed(text))

    def close(self) -> Iterator[BackendEvent]:
        """What was held back."""
        yield from self._bounded(self._splitter.close())

    def _bounded(self, pieces: Iterable[Piece]) -> Iterator[BackendEvent]:
        for piece in pieces:
            if self.cut:
                return
            match piece:
                case TextDelta(text):
                    self.replied = True
                    yield TextDelta(text[: self._text_left])
                    self._text_left -= len(text)
                case ReasoningDelta(text):
                    yield piece
                    self._thought_left -= len(text)
                case Withdrawn():
                    self.replied = False
                    yield piece


def _usage(stated: dict[str, Any]) -> Usage | None:
    match stated:
        case {"prompt_tokens": int(read), "completion_tokens": int(written)}:
            return Usage(read, written)
    return None
