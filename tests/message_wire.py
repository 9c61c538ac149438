"""A reply of Anthropic's Messages API as it comes over the wire, for tests of whoever reads one."""

from __future__ import annotations

import json
from typing import Any


def _event(kind: str, **more: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


def message(text: str, read: int = 50, written: int = 4) -> tuple[bytes, ...]:
    """A whole stream: one block of text, which cites the first sentence of the first passage."""
    place = {
        "type": "content_block_location",
        "cited_text": "",
        "document_index": 0,
        "document_title": None,
        "start_block_index": 0,
        "end_block_index": 1,
    }
    begun = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": []}
    return (
        _event("message_start", message={**begun, "usage": {"input_tokens": read, "output_tokens": 1}}),
        _event("content_block_start", index=0, content_block={"type": "text", "text": "", "citations": []}),
        _event("content_block_delta", index=0, delta={"type": "text_delta", "text": text}),
        _event("content_block_delta", index=0, delta={"type": "citations_delta", "citation": place}),
        _event("content_block_stop", index=0),
        _event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": written}),
        _event("message_stop"),
    )
