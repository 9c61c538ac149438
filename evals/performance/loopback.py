"""A server on loopback that speaks as OpenAI's API does, for measurements of whoever asks a model."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

END = b"data: [DONE]\n\n"


class LoopbackServer(ThreadingHTTPServer):
    """Serves in a thread of its own, on a port that is free; a context manager."""

    daemon_threads = True

    def __init__(self, handler: type[StreamingHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class StreamingHandler(ABC, BaseHTTPRequestHandler):
    """Takes any question, and streams what it replies."""

    def do_POST(self) -> None:
        """Answer a question."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.reply()

    @abstractmethod
    def reply(self) -> None:
        """Write the chunks of the reply and their end."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


def chunk(text: str | None, reason: str | None = None) -> bytes:
    """A piece of a reply as it goes through the wire; the last one has no text, but the reason why it ends."""
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(told).encode() + b"\n\n"
