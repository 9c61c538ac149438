"""Reading a reply over HTTP to its end, whatever its wire format is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Protocol

from assistant.backends.http import Reply
from assistant.backends.protocol import BackendEvent
from assistant.errors import BackendError


class ReplyReader(Protocol):
    """Makes events of the bytes of one reply."""

    done: bool
    """True when nothing that follows matters."""

    @property
    def complete(self) -> bool:
        """True when the reply has ended; what it cost may still follow."""

    def feed(self, piece: bytes) -> Iterator[BackendEvent]:
        """The events of the next piece."""

    def close(self) -> Iterator[BackendEvent]:
        """The last events, or BackendError where the reply is not complete."""


async def read_with(reader: ReplyReader, reply: Reply) -> AsyncGenerator[BackendEvent]:
    """What a reply says. One that is complete stays so, however the connection ends."""
    try:
        async with aclosing(reply.pieces()) as pieces:
            async for piece in pieces:
                for event in reader.feed(piece):
                    yield event
                if reader.done:
                    break
                if reader.complete:
                    reply.expect_end()
    except BackendError:
        if not reader.complete:
            raise
    for event in reader.close():
        yield event
