"""Any server that speaks OpenAI's chat completions: hosted ones, Ollama, llama.cpp, vLLM, LM Studio, OpenRouter.

They differ in which parameters they take: what one is known or found to refuse is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from assistant.answering.prompting import chat_messages
from assistant.backends.address import ENDPOINT, Address
from assistant.backends.chat_completions import ROOM_FOR_THOUGHT, CompletionReader
from assistant.backends.http import Call, Reply, Transport
from assistant.backends.keys import OPENAI, Key
from assistant.backends.protocol import BackendEvent, Request, Waiting
from assistant.backends.reading import read_with
from assistant.backends.refusals import Asked, RefusedError
from assistant.errors import ConfigurationError
from assistant.sanitize import sanitize_line

MODEL_HINT = "name one, as in --backend openai:MODEL"
LISTED = 5
"""Models that are named when there are too many to choose by itself."""
TOO_LARGE = re.compile(r"too large|maximum context|context length|supports at most", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which optional parameters a server takes."""

    bound: Literal["max_tokens", "max_completion_tokens"]
    """What the longest reply is called; servers that know only the first name pass over the second in silence."""
    temperature: bool = True
    """Models that think take none."""
    usage: bool = True
    """Whether what a reply cost may be asked for."""
    room_for_thought: bool = True
    """Whether to ask for more tokens than the reply needs: some servers count them together with the prompt."""

    def parameters(self, longest_reply: int) -> dict[str, object]:
        """The optional part of a request's body; `longest_reply` is in tokens."""
        room = ROOM_FOR_THOUGHT if self.room_for_thought else 0
        parameters: dict[str, object] = {self.bound: longest_reply + room, "stream": True}
        if self.temperature:
            parameters["temperature"] = 0
        if self.usage:
            parameters["stream_options"] = {"include_usage": True}
        return parameters

    def without_what_is_refused(self, refusal: RefusedError) -> Dialect | None:
        """The dialect in which to ask again, or None if the refusal is about something else."""
        if refusal.status not in (400, 422):
            return None
        said = refusal.complaint.everything
        if self.room_for_thought and TOO_LARGE.search(said):
            return replace(self, room_for_thought=False)
        if self.usage and "stream_options" in said:
            return replace(self, usage=False)
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.bound in said:
            return replace(self, bound="max_tokens" if self.bound != "max_tokens" else "max_completion_tokens")
        return None


class OpenAIBackend:
    """A model behind `/v1/chat/completions`."""

    context: int | None = None

    def __init__(
        self, model: str, base_url: str, key: Key | None = None, transport: Transport | None = None
    ) -> None:
        """Without a model, one is taken if the server has just one.

        Raises:
            ConfigurationError: the base URL is none.
        """
        self._model = model
        self._address = Address.of(base_url)
        self._key = key
        self._transport = transport or Transport()
        own = self._address.host == Address.of(OPENAI.base_url).host
        self._dialect = Dialect("max_completion_tokens" if own else "max_tokens")

    @property
    def name(self) -> str:
        """As it is called with --backend."""
        return f"openai:{self._model}" if self._model else "openai"

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent]:
        """Ask; the events as they come, `Finished` last. Closing the iterator ends the connection at once.

        Raises:
            BackendError: it cannot be reached, refuses, breaks off, or replies nothing.
            ConfigurationError: no model is named, or the key must not be sent there.
        """
        if not self._model:
            async with aclosing(self._find_model()) as waiting:
                async for pause in waiting:
                    yield pause
        tried: set[Dialect] = set()
        while True:
            dialect = self._dialect
            tried.add(dialect)
            reader = CompletionReader(self._asked, request.longest_reply)
            call = Call(self._asked, ENDPOINT, self._body(request, dialect))
            try:
                async with aclosing(self._transport.exchange(call, partial(read_with, reader))) as events:
                    async for event in events:
                        yield event
                return
            except RefusedError as refusal:
                other = dialect.without_what_is_refused(refusal)
                if other is None or other in tried:
                    raise
                self._dialect = other

    async def aclose(self) -> None:
        """Give back connections."""
        await self._transport.aclose()

    @property
    def _asked(self) -> Asked:
        return Asked(self._address, OPENAI, self._key, self._model)

    def _body(self, request: Request, dialect: Dialect) -> dict[str, object]:
        messages = [{"role": message.role, "content": message.content} for message in chat_messages(request)]
        return {"model": self._model, "messages": messages, **dialect.parameters(request.longest_reply)}

    async def _find_model(self) -> AsyncGenerator[Waiting]:
        """Take the only model that there is. Raises ConfigurationError if there is not just one."""
        names: list[str] = []
        try:
            async with aclosing(self._transport.exchange(Call(self._asked, "/models"), _whole)) as parts:
                async for part in parts:
                    if isinstance(part, Waiting):
                        yield part
                    else:
                        names = _models_in(part)
        except RefusedError as refusal:
            if refusal.status not in (404, 405):
                raise
        if len(names) != 1:
            listed = ", ".join(names[:LISTED]) + (
                f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
            )
            listed = self._key.hide_in(listed) if self._key else listed
            host = self._address.authority
            raise ConfigurationError(
                f"no model is named, and {host} has {listed or 'none to tell of'}", MODEL_HINT
            )
        self._model = names[0]


async def _whole(reply: Reply) -> AsyncGenerator[bytes]:
    """The whole reply, as one."""
    async with aclosing(reply.pieces()) as pieces:
        yield b"".join([piece async for piece in pieces])


def _models_in(body: bytes) -> list[str]:
    """The names that `/models` lists, fit to be shown; without those that only turn texts into vectors."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    listed = document.get("data") if isinstance(document, dict) else None
    models = [model.get("id") for model in listed if isinstance(model, dict)] if isinstance(listed, list) else []
    return [
        name for name in models if isinstance(name, str) and name == sanitize_line(name) and "embed" not in name
    ]
