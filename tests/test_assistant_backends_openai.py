"""A backend that speaks chat completions, against real servers on loopback of many kinds."""

from __future__ import annotations

import asyncio

import pytest

from asked_backends import GOOD, REQUEST, SECRET, WRITTEN, ask, backend, failure
from assistant.backends.openai import OpenAIBackend
from assistant.backends.protocol import BackendEvent, Finished, TextDelta, Usage
from assistant.errors import ConfigurationError
from chat_wire import DONE, delta, document, ended, thought
from misbehaving_server import (
    MisbehavingServer,
    Script,
    never_ending,
    replying,
    replying_json,
    stalling,
    streaming,
)


def test_a_reply_streams_and_the_request_says_what_was_asked_for() -> None:
    with MisbehavingServer(GOOD) as server:
        assert ask(backend(server.url, key=SECRET)) == WRITTEN
    (received,) = server.received
    assert (received.method, received.path) == ("POST", "/v1/chat/completions")
    assert received.headers["authorization"] == f"Bearer {SECRET}"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["accept-encoding"] == "identity"
    body = received.json
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]
    assert "[1.2] It fell later." in body["messages"][-1]["content"]
    assert body["model"] == "m-1"
    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}
    assert body["temperature"] == 0
    assert body["max_tokens"] >= REQUEST.longest_reply
    assert "max_completion_tokens" not in body


def test_without_a_key_none_is_sent() -> None:
    with MisbehavingServer(GOOD) as server:
        ask(backend(server.url))
    assert "authorization" not in server.received[0].headers


def test_the_name_is_what_the_command_line_calls_it() -> None:
    assert backend("http://localhost:1").name == "openai:m-1"


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_the_base_url_may_be_written_in_several_ways(path: str) -> None:
    with MisbehavingServer(GOOD) as server:
        assert ask(backend(server.url + path)) == WRITTEN
    assert server.received[0].path == "/v1/chat/completions"


def test_questions_may_come_from_one_event_loop_after_another() -> None:
    with MisbehavingServer(GOOD) as server:
        asked = backend(server.url)

        async def run() -> list[BackendEvent]:
            return [event async for event in asked.stream(REQUEST)]

        assert asyncio.run(run()) == asyncio.run(run()) == WRITTEN
        asyncio.run(asked.aclose())


def test_two_questions_at_once_do_not_disturb_each_other() -> None:
    with MisbehavingServer(GOOD) as server:
        asked = backend(server.url)

        async def one() -> list[BackendEvent]:
            return [event async for event in asked.stream(REQUEST)]

        async def both() -> None:
            assert list(await asyncio.gather(one(), one())) == [WRITTEN, WRITTEN]
            await asked.aclose()

        asyncio.run(both())


def test_text_comes_while_the_rest_is_still_to_come_and_closing_ends_the_connection_at_once() -> None:
    with MisbehavingServer(stalling(delta("It "))) as server:

        async def run() -> None:
            asked = backend(server.url)
            events = asked.stream(REQUEST)
            assert await anext(events) == TextDelta("It ")
            await events.aclose()
            assert await asyncio.to_thread(server.is_left)
            await asked.aclose()

        asyncio.run(run())


def test_cancelling_ends_the_connection_at_once() -> None:
    with MisbehavingServer(stalling(delta("It "))) as server:

        async def run() -> None:
            asked, begun = backend(server.url), asyncio.Event()

            async def listen() -> None:
                async for _ in asked.stream(REQUEST):
                    begun.set()

            listening = asyncio.create_task(listen())
            await begun.wait()
            listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await listening
            assert await asyncio.to_thread(server.is_left)
            await asked.aclose()

        asyncio.run(run())


# What servers take, and what they do not


def refusing(parameter: str, wording: str) -> Script:
    return replying_json(400, {"error": {"message": wording, "param": parameter, "type": "invalid_request_error"}})


@pytest.mark.parametrize(
    ("refusals", "left"),
    [
        (
            [refusing("stream_options", "Unknown parameter")],
            {"max_tokens", "temperature"},
        ),
        (
            [replying_json(422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]})],
            {"max_tokens", "temperature"},
        ),
        (
            [
                refusing(
                    "max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead of 'max_tokens'."
                )
            ],
            {"max_completion_tokens", "temperature", "stream_options"},
        ),
        (
            [refusing("temperature", "Only the default (1) value is supported")],
            {"max_tokens", "stream_options"},
        ),
        (
            [
                refusing("max_tokens", "Not supported"),
                refusing("temperature", "No"),
                refusing("stream_options", "No"),
            ],
            {"max_completion_tokens"},
        ),
    ],
    ids=["no cost", "no cost, as FastAPI says it", "another name for the bound", "no temperature", "all of it"],
)
def test_what_a_server_refuses_is_left_out_and_stays_out(refusals: list[Script], left: set[str]) -> None:
    with MisbehavingServer(*refusals, GOOD) as server:
        asked = backend(server.url)
        assert ask(asked) == WRITTEN
        assert ask(asked) == WRITTEN
    optional = {"max_tokens", "max_completion_tokens", "temperature", "stream_options"}
    bodies = [set(received.json) & optional for received in server.received]
    assert bodies == [*bodies[: len(refusals)], left, left]


def test_a_server_that_refuses_both_names_of_the_bound_is_not_asked_for_ever() -> None:
    both = refusing("max_tokens", "max_tokens and max_completion_tokens are not supported")
    with MisbehavingServer(both) as server:
        assert "refuses the request (400): max_tokens and" in str(failure(backend(server.url)))
    assert len(server.received) == 2


def test_room_for_thought_is_given_up_where_the_context_is_too_small_for_it() -> None:
    small = replying_json(
        400, {"error": {"message": "'max_tokens' is too large: 8292. The maximum context is 4096"}}
    )
    with MisbehavingServer(small, GOOD) as server:
        assert ask(backend(server.url)) == WRITTEN
    assert server.received[1].json["max_tokens"] == REQUEST.longest_reply


def test_a_context_that_is_smaller_than_the_prompt_is_told() -> None:
    told = {
        "error": {
            "message": "This model's maximum context length is 100 tokens.",
            "code": "context_length_exceeded",
        }
    }
    with MisbehavingServer(replying_json(400, told)) as server:
        error = failure(backend(server.url))
    assert str(error).startswith(
        "the question with its passages is longer than m-1 can read: This model's maximum"
    )
    assert "larger context" in error.hint


def test_a_document_in_place_of_a_stream_is_a_reply() -> None:
    with MisbehavingServer(replying_json(200, document("It grew [1.1]."))) as server:
        assert ask(backend(server.url)) == [TextDelta("It grew [1.1]."), Usage(7, 2), Finished("complete")]


# Models


def listing(*names: str) -> Script:
    return replying_json(200, {"object": "list", "data": [{"id": name, "object": "model"} for name in names]})


def test_without_a_model_the_only_one_of_the_server_is_taken() -> None:
    with MisbehavingServer(listing("llama3", "text-embedding-nomic"), GOOD) as server:
        asked = backend(server.url, model="")
        assert asked.name == "openai"
        assert ask(asked) == WRITTEN
        assert asked.name == "openai:llama3"
    assert [received.path for received in server.received] == ["/v1/models", "/v1/chat/completions"]
    assert server.received[1].json["model"] == "llama3"


@pytest.mark.parametrize(
    ("script", "has"),
    [
        (listing("a", "b", "c"), "a, b, c"),
        (listing(*"abcdefgh"), "a, b, c, d, e and 3 more"),
        (listing(), "none to tell of"),
        (listing("evil\x1b[2J"), "none to tell of"),
        (replying_json(404, {}), "none to tell of"),
        (replying(200, "<html>"), "none to tell of"),
        (replying_json(200, {"data": 7}), "none to tell of"),
        (replying(200, "[" * 100_000), "none to tell of"),
    ],
)
def test_without_a_model_and_without_just_one_to_take_it_is_told_how_to_name_one(script: Script, has: str) -> None:
    with MisbehavingServer(script) as server, pytest.raises(ConfigurationError) as told:
        ask(backend(server.url, model=""))
    assert str(told.value) == f"no model is named, and {server.authority} has {has}"
    assert told.value.hint == "name one, as in --backend openai:MODEL"


def test_a_key_is_no_name_of_a_model() -> None:
    with MisbehavingServer(listing("a", SECRET)) as server, pytest.raises(ConfigurationError) as told:
        ask(backend(server.url, model="", key=SECRET))
    assert str(told.value) == f"no model is named, and {server.authority} has a, [key]"


def test_a_model_that_is_not_there_is_told() -> None:
    with MisbehavingServer(replying_json(404, {"error": "model 'm-1' not found"})) as server:
        error = failure(backend(server.url))
    assert str(error) == f"{server.authority} has no model 'm-1': model 'm-1' not found"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (streaming(ended(), DONE), "replied nothing"),
        (streaming(thought("Hm."), ended(), DONE), "thought, but replied nothing"),
        (streaming(delta("<think>Hm."), ended("length"), DONE), "thought until it was cut, and replied nothing"),
        (never_ending(thought("x" * 5000)), "thought until it was cut, and replied nothing"),
    ],
)
def test_a_reply_without_text_is_told(script: Script, told: str) -> None:
    with MisbehavingServer(script) as server:
        assert str(failure(backend(server.url))) == f"m-1 at {server.authority} {told}"


def test_a_reply_without_end_is_cut_and_its_server_left() -> None:
    with MisbehavingServer(never_ending(delta("and on "))) as server:
        events = ask(backend(server.url))
        assert server.is_left()
    assert events[-1] == Finished("length")


def test_a_base_url_without_scheme_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(ConfigurationError, match="has no scheme"):
        OpenAIBackend("m-1", "localhost:11434/v1")
