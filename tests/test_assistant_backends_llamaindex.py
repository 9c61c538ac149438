"""LLM objects of llama-index as backends: its own mock, and one that streams what it is told to."""

from collections.abc import Sequence
from typing import Any

import pytest
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import CustomLLM, MockLLM
from pydantic import Field

from assistant.answering.prompting import chat_messages
from assistant.backends.chat_completions import CHARACTERS_A_TOKEN, ROOM_FOR_THOUGHT
from assistant.backends.llamaindex import LlamaIndexBackend
from assistant.backends.protocol import Finished, ReasoningDelta, Request, TextDelta, Usage, Withdrawn
from collected_events import ASKED, FOLLOWED, ask, ask_until_failure, text_of


class UnauthorisedError(Exception):
    """As the clients of providers raise, with the key in its words."""

    status_code = 401


class Told(CustomLLM):
    """Streams responses that it was told of, and raises what it was told to."""

    responses: list[Any] = Field(default_factory=list)
    asked: list[ChatMessage] = Field(default_factory=list)
    closed: bool = False

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="told-1", context_window=2048, system_role=MessageRole.DEVELOPER)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        raise NotImplementedError

    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseAsyncGen:
        self.asked = list(messages)

        async def stream() -> ChatResponseAsyncGen:
            try:
                for response in self.responses:
                    if isinstance(response, Exception):
                        raise response
                    yield response
            finally:
                self.closed = True

        return stream()


def piece(delta: str | None, whole: str = "", **more: Any) -> ChatResponse:
    message = ChatMessage(role=MessageRole.ASSISTANT, content=whole)
    return ChatResponse(message=message, delta=delta, additional_kwargs=more)


def test_the_mock_of_llama_index_gets_the_whole_prompt_and_its_reply_comes_in_pieces() -> None:
    backend = LlamaIndexBackend(MockLLM())
    events = ask(backend)
    echoed = text_of(events)
    assert all(message.content in echoed for message in chat_messages(ASKED))
    assert len(events) > 100
    assert events[-1] == Finished("complete")
    assert (backend.name, backend.context) == ("llamaindex:MockLLM", 3900)
    assert text_of(ask(LlamaIndexBackend(MockLLM(max_tokens=3)))) == "text text text"


def test_messages_carry_the_roles_that_the_object_asks_for() -> None:
    llm = Told(responses=[piece("Yes.")])
    backend = LlamaIndexBackend(llm)
    assert ask(backend, FOLLOWED) == [TextDelta("Yes."), Finished("complete")]
    assert [message.role.value for message in llm.asked] == ["developer", "user", "assistant", "user"]
    assert [message.content for message in llm.asked] == [message.content for message in chat_messages(FOLLOWED)]
    assert (backend.name, backend.context) == ("llamaindex:told-1", 2048)


def test_thoughts_stay_apart_and_tokens_are_counted_where_the_object_counts_them() -> None:
    thinking = piece("", thinking_delta="Two outlets.")
    counted = piece("It burned.", prompt_tokens=100, completion_tokens=9)
    assert ask(LlamaIndexBackend(Told(responses=[thinking, counted]))) == [
        ReasoningDelta("Two outlets."),
        TextDelta("It burned."),
        Usage(100, 9),
        Finished("complete"),
    ]
    tagged = [piece("<think>Hm."), piece("</think>\nIt"), piece(" burned.")]
    assert ask(LlamaIndexBackend(Told(responses=tagged))) == [
        ReasoningDelta("Hm."),
        TextDelta("It"),
        TextDelta(" burned."),
        Finished("complete"),
    ]
    untagged = [piece("Hm."), piece("</think>It burned.")]
    assert Withdrawn() in ask(LlamaIndexBackend(Told(responses=untagged)))


def test_objects_that_state_only_the_whole_text_so_far_are_understood() -> None:
    grown = [piece(None, "It"), piece(None, "It burned"), piece(None, "It burned"), piece(None, "It burned.")]
    assert text_of(ask(LlamaIndexBackend(Told(responses=grown)))) == "It burned."


def test_what_the_object_raises_is_told_in_a_sentence() -> None:
    llm = Told(responses=[piece("It"), ValueError("no more\n\x1b[2Jtokens")])
    events, failed = ask_until_failure(LlamaIndexBackend(llm))
    assert events == [TextDelta("It")]
    assert str(failed) == "llamaindex:told-1 failed: ValueError: no more ␛[2Jtokens"
    assert isinstance(failed.__cause__, ValueError)
    assert llm.closed


def test_what_a_provider_says_of_a_wrong_key_is_not_repeated() -> None:
    llm = Told(responses=[UnauthorisedError("Incorrect API key provided: sk-proj-abcd")])
    _, failed = ask_until_failure(LlamaIndexBackend(llm))
    assert str(failed) == "llamaindex:told-1 may not be asked (UnauthorisedError)"


@pytest.mark.parametrize("responses", [[], [piece("")], [piece(None)], [piece("", thinking_delta="Hm.")]])
def test_an_empty_reply_is_a_failure(responses: list[ChatResponse]) -> None:
    _, failed = ask_until_failure(LlamaIndexBackend(Told(responses=responses)))
    assert str(failed) == "llamaindex:told-1 replied nothing"


def test_a_reply_that_never_ends_is_cut_and_closed() -> None:
    llm = Told(responses=[piece("It rained. ")] * 1000)
    events = ask(LlamaIndexBackend(llm), Request("Answer.", (), "When?", longest_reply=10))
    assert len(text_of(events)) == 10 * CHARACTERS_A_TOKEN
    assert events[-1] == Finished("length")
    assert llm.closed

    endless = Told(responses=[piece("", thinking_delta="Hm. " * ROOM_FOR_THOUGHT)] * 1000)
    _, failed = ask_until_failure(LlamaIndexBackend(endless))
    assert "replied nothing" in str(failed)
    assert endless.closed
