"""`gguf:PATH`: a local GGUF file, run by llama.cpp in a process of its own; no server, no port, no network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from assistant.answering.prompting import chat_messages
from assistant.backends.chat_completions import ROOM_FOR_THOUGHT
from assistant.backends.gguf_header import read_header
from assistant.backends.gguf_process import ModelProcess
from assistant.backends.protocol import BackendEvent, Finished, ReasoningDelta, Request, TextDelta, Usage
from assistant.errors import BackendError, ConfigurationError
from assistant.sanitize import sanitize_line

LONGEST_CONTEXT = 8192
"""Tokens; memory for more is set aside in full when a model is loaded, 1 GiB for 8,192 of a model of 8 billion."""
PACKAGE = "xllamacpp"


class GgufBackend:
    """A model from a file; loaded at the first question, and kept until it is closed."""

    def __init__(self, path: Path) -> None:
        """Look at the file.

        Raises:
            ConfigurationError: it is missing or no language model; or the package that runs it is missing.
        """
        if find_spec(PACKAGE) is None:
            told = f"--backend gguf needs the package {PACKAGE}, which is not installed"
            raise ConfigurationError(told, f'install it: pip install "parley[local]", or {PACKAGE} alone')
        self.name = f"gguf:{path}"
        self.context: int | None = min(read_header(path).context, LONGEST_CONTEXT)
        self._path = path
        self._process: ModelProcess | None = None
        self._asking = asyncio.Lock()

    @classmethod
    def configured(cls, model: str | None) -> GgufBackend:
        """With the file that stands where others name a model; `~` stands for home.

        Raises:
            ConfigurationError: no file is named, or it or the package that runs it cannot be used.
        """
        if model is None:
            told = "the gguf backend needs a file"
            raise ConfigurationError(told, "name one: --backend gguf:/path/to/model.gguf")
        return cls(Path(model).expanduser())

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        """The events as they come; the same request gets the same reply. Closing the iterator stops the model.

        Raises:
            BackendError: the model cannot be loaded, the prompt does not fit it, or its process ends.
        """
        end, left = Finished("complete"), request.longest_reply
        async with self._asking:
            process = await self._running()
            async with aclosing(process.reply(_body(request))) as chunks:
                async for chunk in chunks:
                    for event in self._events(chunk):
                        if isinstance(event, Finished):
                            end = event
                        else:
                            left -= isinstance(event, TextDelta)
                            yield event
                    if left == 0:  # a chunk is a token, and so the bound is the reply's alone
                        end = Finished("length")
                        break
            if left == request.longest_reply:
                raise BackendError(f"{self.name} replied nothing", "ask again, or use another model")
            yield end

    async def aclose(self) -> None:
        """End the model's process, and with it all the memory it took."""
        if self._process is not None:
            await self._process.aclose()
            self._process = None

    async def _running(self) -> ModelProcess:
        if self._process is not None and not await self._process.free():
            await self.aclose()
        if self._process is None:
            self._process = await ModelProcess.start(self.name, self._path, self.context or LONGEST_CONTEXT)
        return self._process

    def _events(self, chunk: Mapping[str, Any]) -> Iterator[BackendEvent]:
        match chunk:
            case {"error": {"n_prompt_tokens": int(tokens), "n_ctx": int(context)}}:
                raise BackendError(
                    f"the prompt has {tokens} tokens, more than the {context} that {self.name} can read",
                    "use a model with a longer context",
                )
            case {"error": {"message": str(message)}}:
                raise BackendError(f"{self.name} failed: {sanitize_line(message)[:300]}")
            case {"choices": [{"delta": delta, "finish_reason": reason}, *_]}:
                if thought := delta.get("reasoning_content"):
                    yield ReasoningDelta(thought)
                if text := delta.get("content"):
                    yield TextDelta(text)
                if reason is not None:
                    yield Finished("length" if reason == "length" else "complete")
            case {"usage": {"prompt_tokens": int(read), "completion_tokens": int(written)}}:
                yield Usage(read, written)


def _body(request: Request) -> dict[str, Any]:
    return {
        "messages": [asdict(message) for message in chat_messages(request)],
        "max_tokens": request.longest_reply + ROOM_FOR_THOUGHT,
        "temperature": 0,
        "cache_prompt": False,  # what was read before would change the last digits, and so the reply
        "stream": True,
        "stream_options": {"include_usage": True},
    }
