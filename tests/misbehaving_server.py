"""A real HTTP server on loopback that misbehaves as it is told: one script a connection, the last one for good.

    with MisbehavingServer(replying(429, headers={"Retry-After": "1"}), streaming(b"data: ...")) as server:
        ...  # talk to server.url, then look at server.received

Nothing here sleeps: a script that waits, waits for the client to leave.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CERTIFICATE = Path(__file__).resolve().parent / "throwaway_certificate.pem"
"""Signed by itself, for localhost and 127.0.0.1; its key stands beside it, for everybody to see."""
PATIENCE = 120.0
"""Seconds until a test that waits for the other side is given up."""
TLS_HELLO = b"\x16\x03"
"""How a client begins that wants an encrypted connection."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """What a script may do with its client."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self.left = threading.Event()
        """Set once the client is seen to have gone."""

    def send(self, data: bytes) -> bool:
        """False if the client has gone."""
        try:
            self._stream.sendall(data)
        except OSError:
            self.left.set()
        return not self.left.is_set()

    def wait_until_left(self) -> None:
        with suppress(OSError):
            while self._stream.recv(4096):
                pass
        self.left.set()

    def receive(self) -> Received | None:
        """None if the client goes before its request is complete, or asks an unencrypted server to encrypt."""
        with suppress(OSError):
            data = b""
            while b"\r\n\r\n" not in data:
                more = self._stream.recv(65536)
                if not more:
                    return None
                data += more
                if data.startswith(TLS_HELLO):
                    self.send(_head(400, {}))
                    return None
            head, _, body = data.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            while len(body) < int(headers.get("content-length", "0")):
                more = self._stream.recv(65536)
                if not more:
                    return None
                body += more
            method, path, _ = first.split(" ")
            return Received(method, path, headers, body)
        return None


Script = Callable[[Connection], None]


@contextmanager
def nobody_there() -> Iterator[str]:
    """A port that nobody listens at, and that nobody else is given meanwhile: host and port."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


def replying(status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> Script:
    """A whole response, well-formed."""
    content = body.encode() if isinstance(body, str) else body
    head = _head(status, {"Content-Length": str(len(content)), **(headers or {})})
    return lambda connection: void(connection.send(head + content))


def replying_json(status: int, document: Any, headers: Mapping[str, str] | None = None) -> Script:
    return replying(status, json.dumps(document), {"Content-Type": "application/json", **(headers or {})})


def streaming(*pieces: bytes) -> Script:
    """A stream of events that ends where the connection does; no pause on our side comes between its pieces."""

    def run(connection: Connection) -> None:
        connection.send(_head(200, {"Content-Type": "text/event-stream"}))
        connection.send(b"".join(pieces))

    return run


def cutting(*pieces: bytes) -> Script:
    """A stream of events in chunks, of which the last never comes."""

    def run(connection: Connection) -> None:
        connection.send(_head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}))
        for piece in pieces:
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))

    return run


def never_ending(piece: bytes) -> Script:
    """A stream of the same piece over and over, until the client leaves."""

    def run(connection: Connection) -> None:
        connection.send(_head(200, {"Content-Type": "text/event-stream"}))
        while connection.send(piece):
            pass

    return run


def stalling(*pieces: bytes) -> Script:
    """A stream that falls silent without ending, until the client leaves."""

    def run(connection: Connection) -> None:
        streaming(*pieces)(connection)
        connection.wait_until_left()

    return run


def saying_nothing(connection: Connection) -> None:
    """Not even a status, until the client leaves."""
    connection.wait_until_left()


def hanging_up(connection: Connection) -> None:
    """No answer at all."""


def speaking_no_http(connection: Connection) -> None:
    connection.send(b"220 mail.example ESMTP ready\r\n")


class MisbehavingServer:
    """Serves each connection in a thread of its own."""

    def __init__(self, *scripts: Script, encrypted: bool = False) -> None:
        self._scripts = list(scripts)
        self._tls: ssl.SSLContext | None = None
        if encrypted:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(CERTIFICATE)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.authority = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._streams: list[socket.socket] = []
        self.received: list[Received] = []
        self.connections: list[Connection] = []
        self._connected = threading.Event()

    @property
    def url(self) -> str:
        return f"http{'s' if self._tls else ''}://{self.authority}"

    def is_left(self) -> bool:
        """True as soon as the client of the last connection has gone."""
        return self._connected.wait(PATIENCE) and self.connections[-1].left.wait(PATIENCE)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stream in (self._listener, *self._streams):
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(PATIENCE)
        for stream in (self._listener, *self._streams):
            stream.close()

    def _accept(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            self._streams.append(stream)
            script = self._scripts[0] if len(self._scripts) == 1 else self._scripts.pop(0)
            thread = threading.Thread(target=self._serve, args=(stream, script))
            self._threads.append(thread)
            thread.start()

    def _serve(self, stream: socket.socket, script: Script) -> None:
        if self._tls is not None:
            try:
                stream = self._tls.wrap_socket(stream, server_side=True)
            except OSError:
                return
            self._streams.append(stream)
        connection = Connection(stream)
        self.connections.append(connection)
        self._connected.set()
        received = connection.receive()
        if received is None:
            connection.left.set()
        else:
            self.received.append(received)
            script(connection)
        with suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)


def void(_: object) -> None:
    """For scripts of one expression."""


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close", *(f"{name}: {headers[name]}" for name in headers)]
    return "\r\n".join([*lines, "", ""]).encode()
