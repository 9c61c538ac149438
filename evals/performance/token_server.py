"""A server on loopback that replies as OpenAI's API does, with the tokens of a text at so many a second."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

END = b"data: [DONE]\n\n"
PIECES_A_SECOND = 50


class TokenServer(ThreadingHTTPServer):
    """Streams a text word by word, each reply what is left of it; a context manager that serves in a thread."""

    daemon_threads = True

    def __init__(self, text: str, tokens_a_second: float) -> None:
        super().__init__(("127.0.0.1", 0), _Model)
        self.tokens = re.findall(r"\S+\s*", text)
        self.tokens_a_second = tokens_a_second
        self.served = 0
        """Tokens that were sent so far, of all replies."""
        self.is_replying = False

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
        """Reply to any request with what is left of the text, as long as it is read."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.server.is_replying = True
        try:
            self._stream(self.server.tokens[self.server.served :])
            self.wfile.write(chunk(None, "stop") + END)
        finally:
            self.server.is_replying = False

    def _stream(self, tokens: Sequence[str]) -> None:
        began, share = time.monotonic(), max(int(self.server.tokens_a_second / PIECES_A_SECOND), 1)
        for start in range(0, len(tokens), share):
            some = tokens[start : start + share]
            self.wfile.write(b"".join(map(chunk, some)))
            self.server.served += len(some)
            time.sleep(max(began + start / self.server.tokens_a_second - time.monotonic(), 0))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


def chunk(text: str | None, reason: str | None = None) -> bytes:
    """A piece of a reply as it goes through the wire; the last one has no text, but the reason why it ends."""
    choice: dict[str, Any] = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(told).encode() + b"\n\n"
