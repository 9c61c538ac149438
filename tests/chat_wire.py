"""Replies of chat completions as they come over the wire, for tests of whoever reads them."""

from __future__ import annotations

import json
from typing import Any

DONE = b"data: [DONE]\n\n"


def event(document: Any) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(document)}\n\n".encode()


def chunk(said: dict[str, Any], reason: str | None = None, **more: Any) -> dict[str, Any]:
    """What a chunk of a stream holds, as the package of OpenAI types it."""
    choice = {"index": 0, "delta": said, "finish_reason": reason}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
        **more,
    }


def delta(text: str) -> bytes:
    """A piece of the reply."""
    return event(chunk({"content": text}))


def thought(text: str, field: str = "reasoning_content") -> bytes:
    """A piece of what is thought."""
    return event(chunk({field: text, "content": None}))


def ended(reason: str = "stop") -> bytes:
    """The last chunk with a choice."""
    return event(chunk({}, reason))


def cost(read: int, written: int) -> bytes:
    """What the reply cost, in a chunk without a choice."""
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return event({**chunk({}), "choices": [], "usage": usage})


def document(text: str | None, reason: str = "stop", **more: Any) -> dict[str, Any]:
    """A whole reply in one, as servers give it that know no streams."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **more}, "finish_reason": reason}
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }
