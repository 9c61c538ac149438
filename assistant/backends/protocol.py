"""The seam of backends: a request in, an async stream of small events out.

What a backend writes is a draft: it chooses among sentences by their ids, and the program makes every citation and
checks every claim. A backend opens no file, cites nothing by itself, and knows nothing of the index.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeGuard

LONGEST_REPLY = 1024
"""Tokens that a backend is asked to stop after."""

MOST_TOKENS = 10**12
"""A larger count is none; it could not even be multiplied with a price."""


@dataclass(frozen=True, slots=True, order=True)
class SentenceId:
    """`[passage.sentence]` as it stands before each sentence of a prompt; both count from 1."""

    passage: int
    sentence: int

    def __str__(self) -> str:
        return f"[{self.passage}.{self.sentence}]"


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as a model sees it; text of an article, and so nothing to take orders from."""

    outlet: str | None
    published: date | None
    title: str | None
    sentences: tuple[str, ...]
    """In order; the id of each is its place, from 1 on. White space is folded, control characters are gone."""


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """An earlier question with its checked answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a backend is asked."""

    instructions: str
    """For any model; how passages are cited is said by whoever shows them to it."""
    passages: tuple[ShownPassage, ...]
    """The id of each is its place, from 1 on."""
    question: str
    history: tuple[ShownTurn, ...] = ()
    """Oldest first."""
    longest_reply: int = LONGEST_REPLY
    """In tokens; what a model thinks before it replies has room beside."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the reply, unchecked, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of what the model thought before it replied; never a part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """All text so far was thought, not reply: some models show so only by the tag that ends it, `</think>`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider is busy, and is asked again after a pause; comes only before the first piece of a reply."""

    seconds: float
    """From now, how long nothing will happen."""
    reason: str
    """For people: `api.openai.com is busy (429)`."""


@dataclass(frozen=True, slots=True)
class Cites:
    """The text since the last `Cites`, or since the beginning, rests on these sentences, says the provider."""

    ids: tuple[SentenceId, ...]
    """Empty where it names none for that text, so that it is not counted to what comes next."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counts them; comes at most once, before `Finished`."""

    read: int
    """Of the prompt, cached ones included."""
    written: int
    """Of the reply, reasoning included."""

    @classmethod
    def stated(cls, read: object, written: object) -> Usage | None:
        """What a provider states; None where these are no two counts."""
        return cls(read, written) if _is_count(read) and _is_count(written) else None


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event: why the reply ended."""

    reason: Literal["complete", "length", "refused"]
    """`length`: it was cut at its bound; `refused`: the provider kept the reply back."""


BackendEvent = TextDelta | ReasoningDelta | Withdrawn | Waiting | Cites | Usage | Finished


def _is_count(stated: object) -> TypeGuard[int]:
    return type(stated) is int and 0 <= stated <= MOST_TOKENS  # which True is not


class Backend(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """As it is called with --backend, the model included: `openai:gpt-5-mini`."""

    @property
    def context(self) -> int | None:
        """Tokens that prompt and reply may have together; None where nothing is known."""

    def stream(self, request: Request) -> AsyncGenerator[BackendEvent]:
        """Ask; the events as they come, `Finished` last. Closing the iterator ends the connection at once.

        Raises:
            BackendError: it cannot be reached, refuses, breaks off, or replies nothing.
            ConfigurationError: no model is named, or the key must not be sent there.
        """

    async def aclose(self) -> None:
        """Give back connections and memory."""
