"""A model on loopback that replies with the tokens of a text, at so many a second."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from evals.performance.loopback import END, LoopbackServer, StreamingHandler, chunk

PIECES_A_SECOND = 50


class TokenServer(LoopbackServer):
    """Streams a text word by word; each reply is what is left of it."""

    def __init__(self, text: str, tokens_a_second: float) -> None:
        super().__init__(_Model)
        self.tokens = re.findall(r"\S+\s*", text)
        self.tokens_a_second = tokens_a_second
        self.served = 0
        """Tokens that were sent so far, of all replies."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: whoever asked has hung up."""


class _Model(StreamingHandler):
    server: TokenServer

    def reply(self) -> None:
        """Reply with what is left of the text, as long as it is read."""
        self._stream(self.server.tokens[self.server.served :])
        self.wfile.write(chunk(None, "stop") + END)

    def _stream(self, tokens: Sequence[str]) -> None:
        began, share = time.monotonic(), max(int(self.server.tokens_a_second / PIECES_A_SECOND), 1)
        for start in range(0, len(tokens), share):
            some = tokens[start : start + share]
            self.wfile.write(b"".join(map(chunk, some)))
            self.server.served += len(some)
            time.sleep(max(began + start / self.server.tokens_a_second - time.monotonic(), 0))
