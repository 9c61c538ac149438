"""An MCP server in this process, and a client that says whatever it likes, line by line."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from assistant.backends.protocol import BackendEvent, Finished, Request, TextDelta
from assistant.mcp_server import serve
from assistant.serving.lines import read_lines
from assistant.serving.tools import Tools

PATIENCE_S = 120.0
"""Seconds until a test that waits for the other side is given up."""
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


class Holding:
    """A backend whose model says nothing before it is let go on."""

    name = "holding"
    context: int | None = None

    def __init__(self, reply: str) -> None:
        self._reply = reply
        self._loop: asyncio.AbstractEventLoop | None = None
        self._go_on = asyncio.Event()
        self.asked = 0
        self.cut_off = 0

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        self._loop = asyncio.get_running_loop()
        self.asked += 1
        try:
            await self._go_on.wait()
        except asyncio.CancelledError:
            self.cut_off += 1
            raise
        yield TextDelta(self._reply)
        yield Finished("complete")

    async def aclose(self) -> None:
        """Nothing is held."""

    def go_on(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._go_on.set)


class Client:
    """One end of the line; the other is the server's."""

    def __init__(self, reading: int, writing: int, serving: asyncio.Task[None]) -> None:
        self._lines = read_lines(reading)
        self._writing: int | None = writing
        self.serving = serving
        """Ends when the server does."""

    def say(self, raw: bytes) -> None:
        assert self._writing is not None
        os.write(self._writing, raw)

    def request(self, number: int, method: str, **params: Any) -> None:
        document = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self.say(json.dumps(document).encode() + b"\n")

    def notify(self, method: str, **params: Any) -> None:
        self.say(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode() + b"\n")

    def call(self, number: int, tool: str, **arguments: Any) -> None:
        self.request(number, "tools/call", name=tool, arguments=arguments)

    async def heard(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE_S):
            line = await anext(self._lines)
        assert line is not None
        document: dict[str, Any] = json.loads(line)
        return document

    async def greet(self) -> dict[str, Any]:
        self.request(0, "initialize", **HELLO)
        said = await self.heard()
        self.notify("notifications/initialized")
        return said

    def vanish(self) -> None:
        """Close our end of what the server reads."""
        if self._writing is not None:
            os.close(self._writing)
        self._writing = None

    async def until_ended(self) -> None:
        """Raises TimeoutError if the server does not end soon."""
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait([self.serving])


@asynccontextmanager
async def served(tools: Tools) -> AsyncIterator[Client]:
    """A client of these tools; the server has to have ended once it has gone."""
    server_reads, client_writes = os.pipe()
    client_reads, server_writes = os.pipe()
    serving = asyncio.create_task(serve(tools, server_reads, server_writes))
    client = Client(client_reads, client_writes, serving)
    try:
        yield client
    finally:
        client.vanish()
        await client.until_ended()
        for descriptor in (server_reads, server_writes, client_reads):
            os.close(descriptor)
    serving.result()
