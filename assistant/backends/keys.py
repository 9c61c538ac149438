"""Keys: where they come from, whom they may be shown to, and nobody else.

A key is bound to one host. It comes from the provider's variable, which is for the provider's own host or for the
one that a base URL names, or from a file that lists a key for each host:

    # ~/.config/parley/keys.toml, for its owner alone: chmod 600
    "openrouter.ai" = "sk-or-..."
    "localhost:8000" = "..."
"""

from __future__ import annotations

import os
import re
import shlex
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NoReturn

from assistant.backends.address import Address
from assistant.errors import ConfigurationError
from assistant.locations import keys_file

LARGEST_FILE = 1 << 16
SHORTEST_PART = 8
"""Characters of a key in a row that are hidden wherever they stand; a shorter key is hidden as a word."""
HIDDEN = "[key]"


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom a key is for, and how it is sent."""

    kind: str
    """How its backend is called with --backend."""
    variable: str
    """Of the environment; holds the key."""
    base_url: str
    """Its own; others may talk like it."""
    header: str
    """That carries the key."""
    prefix: str = ""
    """Before the key in that header."""


OPENAI = Provider("openai", "OPENAI_API_KEY", "https://api.openai.com/v1", "Authorization", "Bearer ")
ANTHROPIC = Provider("anthropic", "ANTHROPIC_API_KEY", "https://api.anthropic.com/v1", "x-api-key")


class Key:
    """A secret that tells where it is from, never what it is."""

    __slots__ = ("_authority", "_secret", "origin")

    def __init__(self, secret: str, origin: str, address: Address) -> None:
        """`origin` names the variable or file for people; only `address` will ever be sent the key.

        Raises:
            ConfigurationError: the key holds what cannot be sent, or would be sent unencrypted over a network.
        """
        if not re.fullmatch("[!-~]+", secret):
            raise ConfigurationError(
                f"the key from {origin} holds white space or what is not ASCII", "copy it again"
            )
        self._secret = secret
        self._authority = address.authority
        self.origin = origin
        self.reveal_to(address)

    def reveal_to(self, address: Address) -> str:
        """The secret itself, to be sent to this address at once.

        Raises:
            ConfigurationError: the key is bound to another host, or would be sent unencrypted over a network.
        """
        if address.authority != self._authority:
            told = f"the key from {self.origin} is for {self._authority} and is not sent to {address.authority}"
            raise ConfigurationError(told, _file_hint(address))
        if address.scheme != "https" and not address.is_loopback:
            told = f"the key from {self.origin} would go to {address.authority} unencrypted"
            raise ConfigurationError(told, "write https:// in the base URL, or take the key away")
        return self._secret

    def hide_in(self, text: str) -> str:
        """The text without this key, and without any longer part of it."""
        if len(self._secret) < SHORTEST_PART:
            return re.sub(rf"(?<![\w-]){re.escape(self._secret)}(?![\w-])", HIDDEN, text)
        hidden = [False] * len(text)
        for start in range(len(text) - SHORTEST_PART + 1):
            if text[start : start + SHORTEST_PART] in self._secret:
                hidden[start : start + SHORTEST_PART] = [True] * SHORTEST_PART
        runs = groupby(zip(text, hidden, strict=True), key=itemgetter(1))
        return "".join(HIDDEN if hides else "".join(sign for sign, _ in run) for hides, run in runs)

    def __repr__(self) -> str:
        return f"<key from {self.origin} for {self._authority}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not to be copied or written down")


def find_key(provider: Provider, address: Address) -> Key | None:
    """The key for an address; at another host than the provider's own, one that is stated for just that host wins.

    Raises:
        ConfigurationError: a key or the file cannot be used, or the key would be sent unencrypted over a network.
    """
    sources = [_of_environment, _of_file]
    if address.authority != Address.of(provider.base_url).authority:
        sources.reverse()
    for source in sources:
        found = source(provider, address)
        if found is not None:
            return found
    return None


def where_to_put(provider: Provider, address: Address) -> str:
    """A hint for whoever has no key yet."""
    return f"set {provider.variable}, or {_file_hint(address)}"


def _file_hint(address: Address) -> str:
    return f"""write "{address.authority}" = "the key" into {keys_file()} (chmod 600)"""


def _of_environment(provider: Provider, address: Address) -> Key | None:
    secret = os.environ.get(provider.variable, "").strip()
    return Key(secret, provider.variable, address) if secret else None


def _of_file(_: Provider, address: Address) -> Key | None:
    path = keys_file()
    for name, secret in _entries(path):
        if name.lower() == address.authority and secret.strip():
            return Key(secret.strip(), str(path), address)
    return None


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    try:
        values = tomllib.loads(_read_private(path).decode())
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}", "mend or remove that file") from None
    except (ValueError, RecursionError):  # whose words may repeat a part of the file
        told = f"{path} is not a list of keys"
        raise ConfigurationError(told, 'write lines such as "api.openai.com" = "the key"') from None
    yield from _flattened("", values)


def _flattened(before: str, values: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Without quotation marks, TOML takes the dots of a host for tables in tables."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flattened(f"{before}{name}.", value)
        elif isinstance(value, str):
            yield before + name, value


def _read_private(path: Path) -> bytes:
    """Raises OSError, or ConfigurationError if anybody but its owner may read it."""
    # Not blocking: what stands there may be a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise ConfigurationError(f"{path} is no file", "remove it")
        if stat.S_IMODE(mode) & 0o077:
            raise ConfigurationError(
                f"{path} can be read by others", f"keep it to yourself: chmod 600 {shlex.quote(str(path))}"
            )
        return os.read(descriptor, LARGEST_FILE)
    finally:
        os.close(descriptor)
