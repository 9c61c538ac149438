"""Talking to a provider over HTTP: bounded in time and size, redirected nowhere, every failure one sentence.

The only module here that knows httpx. A key leaves it for the host that the key is bound to, and for no other.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast
from urllib.parse import urlsplit

import httpx

from assistant.backends.address import EXAMPLE, Address
from assistant.backends.failures import broken_off, hung_up, refused_by_proxy, silent, unreachable
from assistant.backends.pauses import IN_ALL, TRIES, Pauses, seconds_asked_for
from assistant.backends.protocol import Waiting
from assistant.backends.refusals import BUSY, Asked, RefusedError, complaint_of, is_unpaid, redirection, refused
from assistant.errors import BackendError, ConfigurationError

LARGEST_COMPLAINT = 1 << 16
"""Bytes of an error's body that are read."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is waited for and read at most; times in seconds."""

    connection: float = 10.0
    """Until a connection stands, encrypted where it is to be."""
    silence: float = 300.0
    """Between two pieces: a small machine reads a long prompt for minutes before the first word."""
    last_words: float = 5.0
    """Between two pieces when the reply is complete and only what it cost is missing."""
    reply: float = 900.0
    """From the request to the end of the reply."""
    size: int = 1 << 25
    """Bytes of one reply."""
    pauses: float = IN_ALL
    """Of all pauses because the provider is busy."""
    tries: int = TRIES
    """How often a busy provider is asked."""


class Clock(Protocol):
    """The time, and how it passes."""

    def now(self) -> float:
        """Seconds since whenever."""

    async def sleep(self, seconds: float) -> None:
        """Return so much later."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since whenever; no change of the date moves it."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return so much later."""
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    asked: Asked
    endpoint: str
    """Behind the base URL: `/chat/completions`."""
    body: Mapping[str, object] | None = None
    """Sent as JSON; None for a GET."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """None of them secret."""


class Reply:
    """A successful answer that is still coming in."""

    def __init__(self, response: httpx.Response, asked: Asked, bounds: Bounds, clock: Clock) -> None:
        self._response = response
        self._asked = asked
        self._bounds = bounds
        self._clock = clock
        self._until = clock.now() + bounds.reply
        self._silence = bounds.silence

    def expect_end(self) -> None:
        """All that matters has come: wait only briefly for the rest."""
        self._silence = min(self._silence, self._bounds.last_words)

    async def pieces(self) -> AsyncGenerator[bytes]:
        """The body as it comes, never empty pieces.

        Raises:
            BackendError: it breaks off, takes too long, or grows too large.
        """
        host, size = self._asked.address.authority, 0
        if _is_compressed(self._response):
            raise BackendError(f"{host} compresses its replies", "tell the server or proxy there not to")
        async with aclosing(_pieces(self._response)) as pieces:
            while True:
                with _failures_told(self._asked.address, self._silence, broken_off):
                    async with asyncio.timeout(self._silence):
                        piece = await anext(pieces, None)
                if piece is None:
                    return
                size += len(piece)
                if size > self._bounds.size:
                    raise BackendError(f"{host} sent more than {self._bounds.size:,} bytes", "try another model")
                if self._clock.now() > self._until:
                    told = f"{host} was not done after {self._bounds.reply:.0f} seconds"
                    raise BackendError(told, "try a faster model")
                if piece:
                    yield piece


class Transport:
    """Sends requests, waits for those who are busy, and hands on what they answer."""

    def __init__(self, bounds: Bounds | None = None, clock: Clock | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._clock = clock or SystemClock()
        self._clients: dict[Address, httpx.AsyncClient] = {}

    async def exchange(
        self, call: Call, read: Callable[[Reply], AsyncGenerator[T]]
    ) -> AsyncGenerator[T | Waiting]:
        """Send, and yield what `read` makes of the reply; before it, each pause that a busy provider costs.

        Closing the iterator closes the connection.

        Raises:
            BackendError: no connection, a refusal, a reply that breaks off or exceeds a bound.
            ConfigurationError: no host can be called so, the key is not for that address, or a proxy of the
                environment cannot be used.
        """
        pauses = Pauses(self._bounds.pauses, self._bounds.tries)
        while True:
            async with self._opened(call) as response:
                if response.is_success:
                    reply = Reply(response, call.asked, self._bounds, self._clock)
                    async with aclosing(read(reply)) as events:
                        async for event in events:
                            yield event
                    return
                error = await self._refused(call.asked, response)
            pause = None
            if error.status in BUSY and not is_unpaid(error.status, error.complaint):
                pause = pauses.next(seconds_asked_for(response.headers))
            if pause is None:
                raise error
            yield Waiting(pause, f"{call.asked.address.authority} is busy ({error.status})")
            await self._clock.sleep(pause)

    async def aclose(self) -> None:
        """Give everything back."""
        while self._clients:
            _, client = self._clients.popitem()
            await client.aclose()

    @asynccontextmanager
    async def _opened(self, call: Call) -> AsyncIterator[httpx.Response]:
        """The response as soon as its headers are there; what is left of it is not waited for at the end."""
        address, silence = call.asked.address, self._bounds.silence
        client = self._client(address)
        with _failures_told(address, silence, hung_up):
            async with asyncio.timeout(self._bounds.connection + silence):
                response = await client.send(_request(client, call), stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _refused(self, asked: Asked, response: httpx.Response) -> RefusedError:
        """What the provider answers instead of a reply, as far as it can be read."""
        if 300 <= response.status_code < 400:
            return redirection(asked, response.status_code, _host_of(response.headers.get("location", "")))
        body = bytearray()
        if not _is_compressed(response):
            with suppress(httpx.HTTPError, TimeoutError):
                async with asyncio.timeout(self._bounds.last_words), aclosing(_pieces(response)) as pieces:
                    async for piece in pieces:
                        body += piece
                        if len(body) > LARGEST_COMPLAINT:
                            break
        return refused(asked, response.status_code, complaint_of(bytes(body[:LARGEST_COMPLAINT])))

    def _client(self, address: Address) -> httpx.AsyncClient:
        if address not in self._clients:
            self._clients[address] = _client(address, self._bounds.connection)
        return self._clients[address]


def _client(address: Address, connection: float) -> httpx.AsyncClient:
    """A client that follows nobody; a proxy sees only what is encrypted and leaves this machine."""
    encrypts = address.scheme == "https"
    try:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=connection),
            # Nothing is kept open: questions may come from one event loop after another.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=encrypts and not address.is_loopback,
            # Reading the trusted certificates takes 20 ms.
            verify=httpx.create_ssl_context() if encrypts else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        )
    except OSError as error:
        told = f"the certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read: {error.strerror}"
        raise ConfigurationError(told, "mend or unset that variable") from None
    except (ImportError, ValueError, httpx.InvalidURL):
        told = "the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used"
        raise ConfigurationError(told, "name one that begins with http://, or unset the variable") from None


def _request(client: httpx.AsyncClient, call: Call) -> httpx.Request:
    asked = call.asked
    headers = {
        "Accept": "text/event-stream, application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "parley",
    }
    headers |= call.headers
    if asked.key is not None:
        headers[asked.provider.header] = asked.provider.prefix + asked.key.reveal_to(asked.address)
    content = None if call.body is None else json.dumps(call.body).encode()
    if content is not None:
        headers["Content-Type"] = "application/json"
    try:
        url = asked.address.url(call.endpoint)
        return client.build_request("GET" if content is None else "POST", url, headers=headers, content=content)
    except (httpx.InvalidURL, UnicodeError):
        raise ConfigurationError(f"no host can be called {asked.address.host}", EXAMPLE) from None


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes]:
    """As they come from the wire; httpx tells less of their type than is so."""
    return cast(AsyncGenerator[bytes], response.aiter_raw())


def _is_compressed(response: httpx.Response) -> bool:
    return str(response.headers.get("content-encoding", "identity")) != "identity"


def _host_of(location: str) -> str:
    """The host that a redirect names, as it is written, or nothing: the rest of it may hold what was sent."""
    try:
        return urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        return ""


@contextmanager
def _failures_told(
    address: Address, silence: float, otherwise: Callable[[Address], BackendError]
) -> Iterator[None]:
    """Turn what httpx raises into one sentence; its own exceptions hold the request, and so the key."""
    try:
        yield
    except TimeoutError:
        raise silent(address, silence) from None
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise unreachable(address, error) from None
    except httpx.ProxyError:
        raise refused_by_proxy(address) from None
    except httpx.HTTPError:
        raise otherwise(address) from None
