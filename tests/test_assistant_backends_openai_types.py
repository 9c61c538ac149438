"""What is sent and read fits the types of OpenAI's own package, which are made from the provider's description.

Nothing is asked through that package, and no live call was made: this is as near as a test comes to the provider.
"""

from __future__ import annotations

from typing import Any, get_args

import pytest
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessage
from openai.types.chat.chat_completion import Choice as WholeChoice
from openai.types.chat.chat_completion_chunk import Choice, ChoiceDelta
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from pydantic import BaseModel, TypeAdapter

from asked_backends import GOOD, REQUEST, ask, backend
from assistant.backends.address import Address
from assistant.backends.chat_completions import CompletionReader
from assistant.backends.keys import OPENAI
from assistant.backends.openai import Dialect
from assistant.backends.protocol import BackendEvent, Finished, TextDelta, Usage
from assistant.backends.refusals import Asked
from chat_wire import DONE, chunk, document
from misbehaving_server import MisbehavingServer

ASKED = Asked(Address.of(OPENAI.base_url), OPENAI, None, "m-1")
COST = CompletionUsage(prompt_tokens=7, completion_tokens=2, total_tokens=9)
REASONS = get_args(WholeChoice.model_fields["finish_reason"].annotation)


def read(stream: bytes) -> list[BackendEvent]:
    reader = CompletionReader(ASKED, 100)
    return [*reader.feed(stream), *reader.close()]


def sent(model: BaseModel) -> bytes:
    """An event as the provider's own types write it."""
    return b"data: " + model.model_dump_json().encode() + b"\n\n"


def typed_chunk(*choices: Choice, usage: CompletionUsage | None = None) -> ChatCompletionChunk:
    return ChatCompletionChunk(
        id="c", choices=list(choices), created=1, model="m-1", object="chat.completion.chunk", usage=usage
    )


def validated(body: Any) -> dict[str, Any]:
    """The body as the types of the package read it, its messages included."""
    typed: dict[str, Any] = {**TypeAdapter(CompletionCreateParamsStreaming).validate_python(body)}
    return {**typed, "messages": list(typed["messages"])}


def test_the_body_of_a_request_is_what_the_types_ask_for() -> None:
    with MisbehavingServer(GOOD) as server:
        ask(backend(server.url))
    body = server.received[0].json
    assert validated(body) == body  # what the types do not know would be missing


@pytest.mark.parametrize("dialect", [Dialect("max_tokens"), Dialect("max_completion_tokens", False, False, False)])
def test_so_it_is_in_every_dialect(dialect: Dialect) -> None:
    body = {"model": "m-1", "messages": [], **dialect.parameters(REQUEST.longest_reply)}
    assert validated(body) == body


@pytest.mark.parametrize("reason", REASONS)
def test_a_stream_that_the_types_write_is_read(reason: Any) -> None:
    stream = [
        typed_chunk(Choice(index=0, delta=ChoiceDelta(role="assistant", content=""), finish_reason=None)),
        typed_chunk(Choice(index=0, delta=ChoiceDelta(content="Yes."), finish_reason=None)),
        typed_chunk(Choice(index=0, delta=ChoiceDelta(), finish_reason=reason)),
        typed_chunk(usage=COST),
    ]
    ended = {"length": "length", "content_filter": "refused"}.get(reason, "complete")
    events = read(b"".join(map(sent, stream)) + DONE)
    assert events[:2] == [TextDelta("Yes."), Usage(7, 2)]
    assert isinstance(events[2], Finished)
    assert events[2].reason == ended


def test_a_refusal_that_the_types_write_is_read() -> None:
    refusal = Choice(index=0, delta=ChoiceDelta(refusal="I cannot."), finish_reason="stop")
    assert read(sent(typed_chunk(refusal)) + DONE) == [Finished("refused")]


def test_a_document_that_the_types_write_is_read() -> None:
    message = ChatCompletionMessage(role="assistant", content="Yes.")
    whole = ChatCompletion(
        id="c",
        choices=[WholeChoice(index=0, message=message, finish_reason="stop")],
        created=1,
        model="m-1",
        object="chat.completion",
        usage=COST,
    )
    assert read(whole.model_dump_json().encode()) == [TextDelta("Yes."), Usage(7, 2), Finished("complete")]


def test_what_other_tests_take_for_replies_is_what_the_types_take_for_them() -> None:
    ChatCompletionChunk.model_validate(chunk({"content": "a"}, "stop"), strict=True)
    ChatCompletion.model_validate(document("a"), strict=True)
