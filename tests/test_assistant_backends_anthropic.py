"""Anthropic's Messages API over HTTP: what goes out and comes back, as with its own client, and its refusals."""

import asyncio
import json

import httpx2
import pytest
from anthropic import AsyncAnthropic
from anthropic._constants import ANTHROPIC_API_VERSION
from anthropic.types import Message

from assistant.backends.address import Address
from assistant.backends.anthropic import VERSION, AnthropicBackend
from assistant.backends.keys import Key
from assistant.backends.messages import body_of
from assistant.backends.protocol import BackendEvent, Cites, Request, SentenceId, TextDelta
from assistant.errors import BackendError, ConfigurationError
from collected_events import ASKED
from misbehaving_server import MisbehavingServer, cutting, replying_json, streaming
from typed_messages import ADDRESS, MODEL, READ, WHOLE


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
