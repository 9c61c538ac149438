"""`parley mcp` as a process of its own: asked by the protocol's own client, and left in every way."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters, stdio_client, types

from mcp_desk import HELLO
from misbehaving_server import Connection, MisbehavingServer

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "assistant.cli", "mcp", "--quiet"]
DEFICIT = "How big is the trade deficit with China?"
PATIENCE_S = 180.0
"""Seconds until a test that waits for the server is given up; alone it takes two."""
SURROUNDINGS = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "PARLEY_STATE", "PYTHONPATH")


def request(number: int, method: str, **params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


GREETING = request(0, "initialize", **HELLO)
ASKING = request(1, "tools/call", name="ask", arguments={"question": DEFICIT})


@contextmanager
def started(*flags: str) -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    process = subprocess.Popen([*COMMAND, *flags], stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()  # where the test has failed
        process.communicate(timeout=PATIENCE_S)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_protocols_own_client_asks_searches_and_opens(sample: Path, mode: str, tmp_path: Path) -> None:
    surroundings = {name: os.environ[name] for name in SURROUNDINGS if name in os.environ}
    server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=surroundings, cwd=ROOT)

    async def scene(errors: Any) -> None:
        async with Client(stdio_client(server, errlog=errors), mode=mode) as client:
            assert client.server_info is not None
            assert client.server_info.name == "parley"
            assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", "search", "open_passage"]

            answered = await client.call_tool("ask", {"question": DEFICIT})
            answer = answered.structured_content
            assert not answered.is_error
            assert (answer["schema"], answer["status"]) == ("parley.answer/1", "answered")
            cited = answer["citations"][0]
            assert isinstance(answered.content[0], types.TextContent)
            assert f"{cited['article']}:{cited['start']}-{cited['end']}" in answered.content[0].text

            span = {name: cited[name] for name in ("article", "start", "end")}
            opened = await client.call_tool("open_passage", span)
            assert opened.structured_content["text"] == cited["quote"]

            found = await client.call_tool("search", {"query": "trade talks", "count": 2})
            assert len(found.structured_content["passages"]) == 2

            refused = await client.call_tool("open_passage", {"article": "../pyproject.toml"})
            assert (refused.is_error, refused.structured_content["schema"]) == (True, "parley.error/1")

    with (tmp_path / "errors").open("w+") as errors:
        asyncio.run(asyncio.wait_for(scene(errors), PATIENCE_S))
        errors.seek(0)
        assert errors.read() == ""


def test_a_client_that_sends_rubbish_and_half_a_message_and_leaves_ends_it_with_0(sample: Path) -> None:
    said = GREETING + b"rubbish\n" + b"\xff" * 100 + b"\n" + b"x" * 2**21 + b"\n" + ASKING + ASKING[:40]
    with started() as process:
        out, err = process.communicate(said, timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, b"")
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in out.splitlines())


@pytest.mark.slow
def test_a_client_that_says_nothing_at_all_ends_it_with_0(sample: Path) -> None:
    ran = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, timeout=PATIENCE_S)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


@pytest.mark.slow
def test_a_client_that_is_no_longer_there_to_read_ends_it_with_0(sample: Path) -> None:
    with started() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(GREETING)
        process.stdin.flush()
        assert process.wait(timeout=PATIENCE_S) == 0
        process.stdout = None


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_model_says_nothing_ends_it_with_0_and_leaves_the_model(
    sample: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    asked = threading.Event()

    def thinking(connection: Connection) -> None:
        asked.set()
        connection.wait_until_left()

    with MisbehavingServer(thinking) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        with started("--backend", "openai:m-1") as process:
            assert process.stdin is not None
            process.stdin.write(GREETING + ASKING)
            process.stdin.flush()
            assert asked.wait(PATIENCE_S)
            process.send_signal(number)
            assert process.wait(timeout=PATIENCE_S) == 0
            assert process.stderr is not None
            assert process.stderr.read() == b""
        assert server.is_left()


@pytest.mark.slow
def test_what_anything_else_prints_stays_off_the_line(sample: Path) -> None:
    spy = (
        "import os, sys; import assistant.serving.tools as tools\n"
        "scan = tools.scan\n"
        "def printing(folder):\n"
        "    print('from Python', flush=True); os.write(1, b'from below\\n'); os.system('echo from a child')\n"
        "    assert sys.stdin.read() == ''\n"
        "    return scan(folder)\n"
        "tools.scan = printing\n"
        "sys.argv = ['parley', 'mcp', '--quiet']; from assistant.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", spy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(GREETING + request(1, "tools/call", name="open_passage", arguments={"article": "002"}))
        process.stdin.flush()
        lines = [json.loads(process.stdout.readline()) for _ in range(2)]
        out, err = process.communicate(timeout=PATIENCE_S)
    assert [line["id"] for line in lines] == [0, 1]
    assert (process.returncode, out) == (0, b"")
    assert {b"from Python", b"from below", b"from a child"} <= set(err.splitlines())


def test_without_the_package_it_says_how_to_install_it(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "assistant.mcp_server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    ran = parley("mcp")
    assert (ran.code, ran.out) == (2, "")
    assert "pip install 'parley[mcp]'" in ran.err


def test_what_is_configured_wrongly_is_told_before_a_client_is_served(parley: Callable[..., Any]) -> None:
    ran = parley("mcp", "--backend", "nonsense")
    assert (ran.code, ran.out) == (2, "")


def test_it_prints_no_results_so_it_has_no_flag_for_their_form(parley: Callable[..., Any]) -> None:
    assert "--json" not in parley("mcp", "--help").out
