"""What a question sends to whoever waits for its answer, and what a search gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from assistant.answer import Answer, Evidence, IndexStatus


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages are found; comes again, in place of the first, when files changed under the question."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question that leaned on earlier ones, as it is looked for; the first event where it comes."""

    standalone: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of draft text, unchecked; only some answerers write any."""

    text: str
    anew: bool = False
    """Whether what came before it was no draft after all."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The checked answer; always the last event."""

    answer: Answer


Event = Rewritten | Retrieved | Delta | Answered


class Found(NamedTuple):
    """What a search found, and in what."""

    passages: list[Evidence]
    """Best first."""
    status: IndexStatus
