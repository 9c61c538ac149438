"""Why no connection came about, or why it ended: each in one sentence, with what mends it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from assistant.backends.address import Address
from assistant.errors import BackendError
from assistant.sanitize import sanitize_line

NETWORK_HINT = "look at the network, the base URL and, if there is one, the proxy"


def unreachable(address: Address, error: BaseException) -> BackendError:
    """Nobody could be talked to there; what `error` was caused by says why."""
    host = address.authority
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return BackendError(f"no host called {address.host} can be found", NETWORK_HINT)
        if isinstance(cause, ssl.SSLCertVerificationError):
            told = f"the certificate of {host} cannot be trusted: {sanitize_line(cause.verify_message)}"
            return BackendError(
                told, "if your network has an authority of its own, name its file in SSL_CERT_FILE"
            )
        if isinstance(cause, ssl.SSLError):
            told = f"{host} does not encrypt as https:// asks for"
            return BackendError(told, "write http:// in the base URL if it is a server of your own")
        if isinstance(cause, ConnectionRefusedError):
            return BackendError(f"nothing answers at {host}", "start the server, or mend the base URL")
    return BackendError(f"{host} cannot be reached", NETWORK_HINT)


def refused_by_proxy(address: Address) -> BackendError:
    """The proxy of the environment was reached, and will not go on."""
    told = f"the proxy does not connect to {address.authority}"
    return BackendError(told, "mend HTTPS_PROXY, or list the host in NO_PROXY")


def hung_up(address: Address) -> BackendError:
    """The connection ended, or what came was no HTTP, before there was an answer."""
    told = f"{address.authority} hung up without an answer"
    return BackendError(told, "see what its log says; if it encrypts, write https:// in the base URL")


def broken_off(address: Address) -> BackendError:
    """The connection ended in the middle of an answer."""
    return BackendError(f"{address.authority} broke off in the middle of its reply", "ask again")


def silent(address: Address, seconds: float) -> BackendError:
    """Nothing came for so long."""
    told = f"{address.authority} said nothing for {seconds:g} seconds"
    return BackendError(told, "see whether it is still at work, or name a faster model")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and what caused that; of a group each of its members, too."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        waiting += [error.__context__, error.__cause__]
        if isinstance(error, BaseExceptionGroup):
            waiting += error.exceptions
