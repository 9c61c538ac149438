"""Which backend a setting `NAME[:MODEL]` means; only the one chosen is imported."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import ConfigurationError

if TYPE_CHECKING:
    from assistant.backends.protocol import Backend, Usage

KINDS = ("extractive", "openai", "anthropic", "gguf", "scripted")
"""What --backend can name; `extractive` asks no model."""
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of backend, and the model, file or script that belongs to it."""

    kind: str
    model: str | None

    @classmethod
    def of(cls, stated: str) -> Choice:
        """Understand `NAME[:MODEL]`.

        Raises:
            ConfigurationError: there is no such kind.
        """
        kind, _, model = stated.partition(":")
        if kind not in KINDS:
            raise ConfigurationError(f"there is no backend {kind!r}", f"known: {', '.join(KINDS)}")
        if kind == "extractive" and model:
            raise ConfigurationError("the extractive backend asks no model", "use --backend extractive")
        return cls(kind, model or None)


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in whatever currency the user counts."""

    read: float
    written: float

    @classmethod
    def of(cls, stated: str) -> Price:
        """Understand `READ/WRITTEN`.

        Raises:
            ConfigurationError: these are not two prices.
        """
        try:
            read, written = (float(part) for part in stated.split("/"))
            if not (0 <= read < float("inf") and 0 <= written < float("inf")):
                raise ValueError
        except ValueError:
            told = f"price {stated!r} is not what a million tokens cost, read and written"
            raise ConfigurationError(told, "write it as 0.25/2") from None
        return cls(read, written)

    def cost(self, usage: Usage) -> float:
        """What these tokens cost."""
        return (self.read * usage.read + self.written * usage.written) / MILLION


def base_url_for(choice: Choice, configured: str | None) -> str | None:
    """Where the server of a backend is reached; None where none is asked."""
    from assistant.backends.keys import ANTHROPIC, OPENAI  # an answer without a model needs none of it

    match choice.kind:
        case "openai":
            return configured or os.environ.get("OPENAI_BASE_URL") or OPENAI.base_url
        case "anthropic":
            return configured or ANTHROPIC.base_url
    return None


def backend_for(choice: Choice, base_url: str | None) -> Backend | None:
    """The backend that was chosen; None where the articles are to be quoted.

    Raises:
        ConfigurationError: something that it needs is not configured.
    """
    match choice.kind:
        case "openai":
            return _openai(choice, base_url)
        case "anthropic":
            from assistant.backends.anthropic import AnthropicBackend  # with httpx 0.2 s

            return AnthropicBackend.configured(choice.model, base_url)
        case "gguf":
            from assistant.backends.gguf import GgufBackend

            return GgufBackend.configured(choice.model)
        case "scripted":
            from assistant.backends.scripted import ScriptedBackend

            return ScriptedBackend.configured(choice.model)
    return None


def _openai(choice: Choice, base_url: str | None) -> Backend:
    from assistant.backends.address import Address
    from assistant.backends.keys import OPENAI, find_key
    from assistant.backends.openai import OpenAIBackend  # with httpx 0.2 s

    url = base_url_for(choice, base_url) or OPENAI.base_url
    return OpenAIBackend(choice.model or "", url, find_key(OPENAI, Address.of(url)))
