"""Where a provider is: a base URL, checked before anything is sent to it.

Messages show host and port of an address and no more: people paste addresses that hold passwords.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from assistant.errors import ConfigurationError

VERSION = "/v1"
"""The path of nearly every provider, added to a base URL that has none."""
ENDPOINT = "/chat/completions"
"""What people copy along with a base URL."""
PORTS = {"http": 80, "https": 443}
EXAMPLE = "write it as https://api.openai.com/v1 or http://localhost:11434/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """A checked base URL."""

    scheme: str
    """`http` or `https`."""
    host: str
    """In lower case; an IPv6 address without its brackets."""
    port: int
    path: str
    """Before that of an endpoint, without a slash at its end: `/v1`."""

    @classmethod
    def of(cls, base_url: str) -> Address:
        """Raises ConfigurationError, which never repeats a password, if it is no address of a server."""
        stated = base_url.strip()
        if not stated.isascii() or not stated.isprintable() or " " in stated:
            raise ConfigurationError("the base URL holds characters that no address has", EXAMPLE)
        if "://" not in stated:
            raise _without_scheme(stated)
        try:
            parts = urlsplit(stated)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ConfigurationError("the base URL names no host, or no port that there is", EXAMPLE) from None
        _check(parts)
        if port == 0:
            raise ConfigurationError("the base URL names no host, or no port that there is", EXAMPLE)
        path = parts.path.rstrip("/").removesuffix(ENDPOINT)
        return cls(parts.scheme, host or "", port or PORTS[parts.scheme], path or VERSION)

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own: what messages show, and what a key is bound to."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """True if what is sent there never leaves this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def url(self, endpoint: str) -> str:
        """The whole URL of an endpoint such as `/models`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}{endpoint}"


def _check(parts: SplitResult) -> None:
    if parts.scheme not in PORTS:
        raise ConfigurationError(
            f"the base URL begins with {parts.scheme}://, not with http:// or https://", EXAMPLE
        )
    if not parts.hostname:
        raise ConfigurationError("the base URL names no host", EXAMPLE)
    if "@" in parts.netloc:
        told = f"the base URL holds a name or password before {parts.hostname}"
        raise ConfigurationError(told, "take it out; a key belongs into a variable or the file of keys")
    if parts.query or parts.fragment:
        told = f"the base URL goes on after the path, with {'?' if parts.query else '#'}"
        raise ConfigurationError(told, EXAMPLE)


def _without_scheme(stated: str) -> ConfigurationError:
    if not stated or set(stated) & set("@?#"):  # a part of it may be secret
        return ConfigurationError("the base URL has no scheme", EXAMPLE)
    local = stated.startswith(("localhost", "127.", "[::1]", "0.0.0.0"))  # noqa: S104 - nothing is bound to it
    scheme = "http" if local else "https"
    return ConfigurationError(f"the base URL {stated!r} has no scheme", f"write it as {scheme}://{stated}")
