"""A server on loopback that replies as OpenAI's API does, with so many tokens at so many a second."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

END = b"data: [DONE]\n\n"
PIECES_A_SECOND = 50


class TokenServer(ThreadingHTTPServer):
    """Streams the words of a text; a context manager that serves in a thread."""

    daemon_threads = True

    def __init__(self, text: str, tokens_a_second: float) -> None:
        super().__init__(("127.0.0.1", 0), _Model)
        self.words = text.split(" ")
        self.tokens_a_second = tokens_a_second

    @property
    def base_url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: whoever asked has hung up."""


class _Model(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        """Reply to any request with the text."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        began, share = time.monotonic(), max(int(self.server.tokens_a_second / PIECES_A_SECOND), 1)
        words = self.server.words
        for start in range(0, len(words), share):
            piece = b"".join(_chunk(f"{word} ") for word in words[start : start + share])
            self.wfile.write(piece)
            time.sleep(max(began + start / self.server.tokens_a_second - time.monotonic(), 0))
        self.wfile.write(_chunk(None, "stop") + END)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


def _chunk(text: str | None, reason: str | None = None) -> bytes:
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
