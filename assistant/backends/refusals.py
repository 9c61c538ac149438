"""What a provider answers instead of a reply, and how it is told: one sentence, and a hint that mends it.

Providers word their errors in many forms; their own words are repeated without the key, cleaned, and cut short.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.backends.address import Address
from assistant.backends.keys import Key, Provider, where_to_put
from assistant.errors import BackendError
from assistant.sanitize import sanitize_line

LONGEST_WORDS = 300
"""Characters of a provider's own words that are repeated."""
LONGEST_SEARCHED = 2000
"""Characters of each part of a complaint that are searched: of longer ones nobody waits for the end."""
BUSY = frozenset({429, 503, 529})
"""Statuses that a pause may mend; 529 is Anthropic's."""
UNPAID = re.compile(r"insufficient_quota|billing|credit balance|insufficient (credits|balance)", re.I)
TOO_LONG = re.compile(
    r"context.?(length|size|window)|maximum context|exceed_context|prompt is too long|too many tokens", re.I
)
NO_MODEL = re.compile(
    r"model_not_found|\bmodel\b.*(not found|does not exist|not exist)|not a valid model|not_found_error +model: ",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a provider says of an error, in its own words, which nobody has cleaned yet."""

    words: str = ""
    kind: str = ""
    """Its code or type, such as `context_length_exceeded`."""
    parameter: str = ""
    """Of the request, where it names one."""

    @property
    def everything(self) -> str:
        """To look for known words in."""
        return " ".join(text[:LONGEST_SEARCHED] for text in (self.kind, self.parameter, self.words))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a request was for; all that an explanation needs to know of it."""

    address: Address
    provider: Provider
    key: Key | None
    model: str
    """Empty where none is named."""

    @property
    def who(self) -> str:
        """The model and where it is, for people."""
        return f"{sanitize_line(self.model) or 'the model'} at {self.address.authority}"

    def quote(self, complaint: Complaint) -> str:
        """A colon and the provider's own words, harmless and on one line; empty where it said nothing."""
        words = complaint.words or complaint.kind
        words = words[: 10 * LONGEST_WORDS]
        words = self.key.hide_in(words) if self.key is not None else words
        line = " ".join(sanitize_line(words).split()).rstrip(".")
        return f": {line if len(line) <= LONGEST_WORDS else line[:LONGEST_WORDS] + '...'}" if line else ""


class RefusedError(BackendError):
    """A provider answered with an HTTP status that is no success."""

    def __init__(self, message: str, hint: str, status: int, complaint: Complaint) -> None:
        super().__init__(message, hint)
        self.status = status
        self.complaint = complaint


def complaint_in(document: Any) -> Complaint:
    """Find the words in a decoded error body; the forms of OpenAI, Anthropic, Ollama, vLLM, FastAPI and others."""
    error = document.get("error", document) if isinstance(document, Mapping) else document
    if isinstance(error, str):
        return Complaint(error)
    if not isinstance(error, Mapping):
        return Complaint()
    words = next((error[name] for name in ("message", "detail", "error", "msg") if error.get(name)), "")
    kinds = [str(error[name]) for name in ("code", "type") if error.get(name)]
    parameter = error.get("param")
    return Complaint(
        words if isinstance(words, str) else json.dumps(words),
        " ".join(kinds),
        parameter if isinstance(parameter, str) else "",
    )


def complaint_of(body: bytes) -> Complaint:
    """Find the words in an error body; a web page has none that help."""
    text = body.decode(errors="replace").strip()
    try:
        return complaint_in(json.loads(text))
    except (ValueError, RecursionError):
        return Complaint() if text.startswith("<") else Complaint(text)


def refused(asked: Asked, status: int, complaint: Complaint) -> RefusedError:
    """Tell what a status means."""
    for tell in (_of_payment, _of_the_key, _of_what_is_asked_for):
        told = tell(asked, status, complaint)
        if told is not None:
            return RefusedError(*told, status, complaint)
    host, quoted = asked.address.authority, asked.quote(complaint)
    if status in BUSY:
        return RefusedError(f"{host} is busy ({status}){quoted}", "try again later", status, complaint)
    if status >= 500:
        message = f"{host} failed ({status}){quoted}"
        return RefusedError(message, "try again; the log of the server may say more", status, complaint)
    hint = "see what the provider says of such requests"
    return RefusedError(f"{host} refuses the request ({status}){quoted}", hint, status, complaint)


def redirection(asked: Asked, status: int, target: str) -> RefusedError:
    """Tell that a provider sends us elsewhere; `target` is a host, or empty where none is named."""
    named = sanitize_line(asked.key.hide_in(target) if asked.key else target) or "elsewhere"
    message = f"{asked.address.authority} redirects to {named}, which is not followed"
    return RefusedError(message, "give the address of the right server as base URL", status, Complaint())


def is_unpaid(status: int, complaint: Complaint) -> bool:
    """True if no pause will help: the account is empty."""
    return status == 402 or (status in (400, 403, 429) and bool(UNPAID.search(complaint.everything)))


def _of_payment(asked: Asked, status: int, complaint: Complaint) -> tuple[str, str] | None:
    if not is_unpaid(status, complaint):
        return None
    message = f"{asked.address.authority} says that the account may spend no more{asked.quote(complaint)}"
    return message, "look at its billing page"


def _of_the_key(asked: Asked, status: int, complaint: Complaint) -> tuple[str, str] | None:
    host = asked.address.authority
    if status == 401 and asked.key is None:
        return f"{host} wants a key (401)", where_to_put(asked.provider, asked.address)
    if status == 401 and asked.key is not None:
        # Its own words are left out: OpenAI's repeat half of the key.
        return f"{host} does not accept the key from {asked.key.origin} (401)", "put a valid key there"
    if status == 403:
        what = f"the key from {asked.key.origin}" if asked.key else "a request without a key"
        hint = f"make sure that it may use {asked.model or 'this server'}, and from this network"
        return f"{host} forbids it to {what} (403){asked.quote(complaint)}", hint
    return None


def _of_what_is_asked_for(asked: Asked, status: int, complaint: Complaint) -> tuple[str, str] | None:
    host, model, said = asked.address.authority, sanitize_line(asked.model), complaint.everything
    if status in (400, 413, 422, 500) and TOO_LONG.search(said):
        message = f"the question with its passages is longer than {model or 'the model'} can read"
        hint = (
            "give the server a larger context (Ollama: OLLAMA_CONTEXT_LENGTH, llama-server: -c), or name a model"
        )
        return f"{message}{asked.quote(complaint)}", f"{hint} that reads more"
    if status in (400, 404) and NO_MODEL.search(said):
        hint = f"name one that it has, as in --backend {asked.provider.kind}:MODEL"
        return f"{host} has no model {model!r}{asked.quote(complaint)}", hint
    if status in (404, 405):
        message = f"{host} has nothing at {asked.address.path} ({status}){asked.quote(complaint)}"
        return message, "mend the base URL: most end in /v1"
    return None
