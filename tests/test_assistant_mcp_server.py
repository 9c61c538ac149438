"""The protocol, line by line: rubbish is refused and costs nobody anything, and whoever leaves ends the server."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.asynchronous import AsyncAssistant
from assistant.backends.protocol import Backend
from assistant.opening import open_assistant
from assistant.serving.lines import LONGEST_LINE
from assistant.serving.tools import Tools
from index.encoder import OnnxEmbedder
from mcp_desk import Client, Holding, served

DEFICIT = "How big is the trade deficit with China?"
REPLY = "The trade deficit with China reached $375.2 billion last year."
Scene = Callable[[Client], Awaitable[None]]


@pytest.fixture
def play(encoder: OnnxEmbedder, seeds: Path, sample_states: Path) -> Callable[..., None]:
    """Plays a scene with a client of a server over the sample articles, `play(scene, backend)`."""

    def playing(scene: Scene, backend: Backend | None = None) -> None:
        async def run() -> None:
            assistant = AsyncAssistant(lambda: open_assistant(seeds, sample_states, encoder, backend=backend))
            async with served(Tools(seeds, assistant)) as client:
                await client.greet()
                await scene(client)
            await assistant.aclose()

        asyncio.run(run())

    return playing


async def answered_ping(client: Client, number: int) -> None:
    client.request(number, "ping")
    assert await client.heard() == {"jsonrpc": "2.0", "id": number, "result": {}}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"rubbish", -32700),
        (b'{"jsonrpc": "2.0", "id": 7, "met', -32700),
        (b"\xff\xfe\x00", -32700),
        (b"[" * 100_000, -32700),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}', -32700),
        (b"[]", -32600),
        (b"null", -32600),
        (b'{"id": 1, "method": "ping"}', -32600),
        (b"x" * (LONGEST_LINE + 1), -32600),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_message_is_refused_and_the_next_one_served(
    play: Callable[..., None], raw: bytes, code: int
) -> None:
    async def scene(client: Client) -> None:
        await asyncio.to_thread(client.say, raw + b"\n\n")  # more than a pipe holds, for one of them
        refused = await client.heard()
        assert (refused["id"], refused["error"]["code"]) == (None, code)
        await answered_ping(client, 2)

    play(scene)


def test_what_the_protocol_does_not_know_is_an_error_of_the_protocol(play: Callable[..., None]) -> None:
    async def scene(client: Client) -> None:
        client.request(1, "nonsense/list")
        assert (await client.heard())["error"]["code"] == -32601
        client.call(2, "nonsense")
        refused = (await client.heard())["error"]
        assert (refused["code"], "known: ask, search, open_passage" in refused["message"]) == (-32602, True)
        client.request(3, "tools/call", name=3)
        assert (await client.heard())["error"]["code"] == -32602
        await answered_ping(client, 4)

    play(scene)


def test_hostile_characters_are_escaped_on_the_line(
    encoder: OnnxEmbedder, folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "The mayor said \u202enothing\u2028 more."
    corpus = folder({"a.txt": hostile})
    raw: list[bytes] = []
    write = os.write

    def writing(end: int, data: bytes) -> int:
        raw.append(bytes(data))
        return write(end, data)

    monkeypatch.setattr(os, "write", writing)

    async def run() -> None:
        assistant = AsyncAssistant(lambda: open_assistant(corpus, tmp_path / "states", encoder))
        async with served(Tools(corpus, assistant)) as client:
            await client.greet()
            client.call(1, "open_passage", article="a.txt")
            assert (await client.heard())["result"]["structuredContent"]["text"] == hostile
        await assistant.aclose()

    asyncio.run(run())
    assert b"\\u202enothing\\u2028" in b"".join(raw)
    assert not [piece for piece in raw if "\u202e".encode() in piece or "\u2028".encode() in piece]


def test_a_ping_is_answered_while_a_model_writes_and_so_is_another_tool(play: Callable[..., None]) -> None:
    backend = Holding(REPLY)

    async def scene(client: Client) -> None:
        client.call(1, "ask", question=DEFICIT)
        await until(lambda: backend.asked == 1)
        await answered_ping(client, 2)
        client.call(3, "open_passage", article="002", start=3, end=9)
        assert (await client.heard())["result"]["structuredContent"]["text"] == "na Tra"
        backend.go_on()
        said = await client.heard()
        assert (said["id"], said["result"]["structuredContent"]["status"]) == (1, "answered")

    play(scene, backend)


def test_a_call_that_is_cancelled_cuts_the_model_off_and_the_next_one_is_served(play: Callable[..., None]) -> None:
    backend = Holding(REPLY)

    async def scene(client: Client) -> None:
        client.call(1, "ask", question=DEFICIT)
        client.call(2, "ask", question=DEFICIT)
        await until(lambda: backend.asked == 1)
        client.notify("notifications/cancelled", requestId=1)
        await until(lambda: backend.asked == 2)
        assert backend.cut_off == 1
        client.notify("notifications/cancelled", requestId=2)
        await until(lambda: backend.cut_off == 2)
        client.call(3, "search", query="trade")
        assert (await client.heard())["id"] == 3  # a call that was cancelled is not answered

    play(scene, backend)


def test_calls_at_once_are_served_one_after_another(play: Callable[..., None]) -> None:
    async def scene(client: Client) -> None:
        for number in range(1, 13):
            if number % 2:
                client.call(number, "search", query="trade talks")
            else:
                client.call(number, "ask", question="Who is Liu He?")
        results = [await client.heard() for _ in range(12)]
        assert {result["id"] for result in results} == set(range(1, 13))
        assert not [result for result in results if result["result"]["isError"]]

    play(scene)


def test_a_client_that_leaves_in_the_middle_of_an_answer_ends_the_server(play: Callable[..., None]) -> None:
    backend = Holding(REPLY)

    async def scene(client: Client) -> None:
        client.call(1, "ask", question=DEFICIT)
        await until(lambda: backend.asked == 1)
        client.say(b'{"jsonrpc": "2.0", "id": 2, "meth')  # and half a message
        client.vanish()
        await client.until_ended()
        await until(lambda: backend.cut_off == 1)

    play(scene, backend)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server(play: Callable[..., None], number: signal.Signals) -> None:
    backend = Holding(REPLY)

    async def scene(client: Client) -> None:
        client.call(1, "ask", question=DEFICIT)
        await until(lambda: backend.asked == 1)
        signal.raise_signal(number)
        await client.until_ended()

    play(scene, backend)


def test_a_client_that_reads_nothing_does_not_keep_the_server(play: Callable[..., None]) -> None:
    async def scene(client: Client) -> None:
        for number in range(1, 40):  # more than a pipe holds
            client.call(number, "open_passage", article="002")
            client.say(b"rubbish\n")
        client.vanish()
        await client.until_ended()

    play(scene)


async def until(true: Callable[[], bool]) -> None:
    """Lets the loop go round until something is so; raises TimeoutError if it never is."""
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.005)


def test_the_tools_are_listed(play: Callable[..., None]) -> None:
    async def scene(client: Client) -> None:
        client.request(1, "tools/list")
        tools = (await client.heard())["result"]["tools"]
        assert [tool["name"] for tool in tools] == ["ask", "search", "open_passage"]
        assert all(tool["annotations"]["readOnlyHint"] for tool in tools)

    play(scene)
