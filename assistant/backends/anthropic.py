"""Anthropic's Messages API, with the citations that the API itself makes: they come back as our sentence ids.

No live call to it was ever made from here; requests and replies are checked against the types of its own package.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from assistant.backends.address import Address
from assistant.backends.http import Call, Transport
from assistant.backends.keys import ANTHROPIC, Key, find_key
from assistant.backends.messages import MessageReader, body_of
from assistant.backends.protocol import BackendEvent, Request
from assistant.backends.reading import read_with
from assistant.backends.refusals import Asked
from assistant.errors import ConfigurationError

ENDPOINT = "/messages"
VERSION = "2026-10-21"
"""Of the API; what it promises is kept for each version."""


class AnthropicBackend:
    """A model behind `/v1/messages`."""

    context: int | None = None

    def __init__(
        self,
        model: str,
        base_url: str = ANTHROPIC.base_url,
        key: Key | None = None,
        transport: Transport | None = None,
    ) -> None:
        """Nothing is sent before a question is asked.

        Raises:
            ConfigurationError: the base URL is none.
        """
        self.name = f"anthropic:{model}"
        self._asked = Asked(Address.of(base_url), ANTHROPIC, key, model)
        self._transport = transport or Transport()

    @classmethod
    def configured(cls, model: str | None, base_url: str | None) -> AnthropicBackend:
        """With the key of the environment or of the file of keys.

        Raises:
            ConfigurationError: no model is named; or the base URL or the key cannot be used.
        """
        if model is None:
            raise ConfigurationError("the anthropic backend needs a model", "name one: --backend anthropic:MODEL")
        base_url = base_url or ANTHROPIC.base_url
        return cls(model, base_url, find_key(ANTHROPIC, Address.of(base_url)))

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        """Ask; the events as they come, `Finished` last. Closing the iterator ends the connection at once.

        Raises:
            BackendError: it cannot be reached, refuses, breaks off, or replies nothing.
            ConfigurationError: the key must not be sent there.
        """
        reader = MessageReader(self._asked, request)
        body = body_of(request, self._asked.model)
        call = Call(self._asked, ENDPOINT, body, {"anthropic-version": VERSION})
        async with aclosing(self._transport.exchange(call, partial(read_with, reader))) as events:
            async for event in events:
                yield event

    async def aclose(self) -> None:
        """Give back connections."""
        await self._transport.aclose()
