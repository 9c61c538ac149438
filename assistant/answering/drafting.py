"""The seam of answering: evidence in, a draft of claims out. Nothing in a draft is proven yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.answer import Evidence, Sentence
from assistant.retrieval import Retrieval

if TYPE_CHECKING:
    from assistant.backends.protocol import Usage


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a passage that a claim rests on."""

    evidence: Evidence
    sentence: Sentence
    copies: tuple[Evidence, ...] = ()
    """Passages of other articles that say nearly the same as its own."""

    @property
    def text(self) -> str:
        """What stands in the passage there."""
        return self.evidence.quote(self.sentence)

    @property
    def also_in(self) -> tuple[str, ...]:
        """The other articles whose copy of the passage held the sentence word for word, white space folded.

        They did when they were indexed: verification asks their files again.
        """
        words = " ".join(self.text.split())
        holding = (copy for copy in self.copies if words in " ".join(copy.text.split()))
        return tuple(dict.fromkeys(copy.source.article for copy in holding))


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """One sentence of an answer to be, and the sentences that it says prove it."""

    text: str
    quoted: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class DraftShort:
    """The very words that answer, inside a quoted sentence; offsets count characters of the article."""

    quoted: Quoted
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes; no claims at all when it finds no answer."""

    claims: tuple[DraftClaim, ...]
    confidence: float
    """The probability that the quoted sentences hold the answer, 0 to 1. Where claims were kept back because
    it is too low, that of the claims kept back; 0 where there was nothing to keep back."""
    shorts: tuple[DraftShort, ...] = ()
    """The short answers, the best first: several where several things were asked, or accounts differ. The sentence
    of each must be quoted by a claim."""
    passages: tuple[Evidence, ...] = ()
    """The passages that it was given, those first that more likely hold the answer; empty where it knows no better
    order than theirs."""
    warning: str | None = None
    """What people should know about how it was drafted, with the step that mends it."""
    incomplete: bool = False
    """Whether it was cut off before its end."""
    usage: Usage | None = None
    """The tokens that it took, where a model counted them."""
    first_text_ms: float | None = None
    """From the question to the first text of a model."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """A piece of a draft as a model writes it, unchecked."""

    text: str
    anew: bool = False
    """Whether what came before it was no draft after all."""


class Answerer(Protocol):
    """Drafts an answer from evidence."""

    @property
    def name(self) -> str:
        """How it is called with --backend."""

    def load(self) -> None:
        """Get ready now rather than at the first question; nothing where there is nothing to get ready."""

    def stream(self, retrieval: Retrieval) -> Iterator[DraftText | Draft]:
        """Propose claims for the question from its evidence, which may be empty; the draft comes last.

        Raises:
            BackendError: it asks a model, which cannot be reached, refuses, or breaks off.
        """

    def cancel(self) -> bool:
        """Cut off, from any thread or signal handler, the stream that runs; False where none can be cut off."""

    def close(self) -> None:
        """Give back connections and memory."""
