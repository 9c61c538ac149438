"""The values that a question turns into, frozen, and their JSON (schema `parley.answer/1`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

SCHEMA = "parley.answer/1"
SEARCH_SCHEMA = "parley.search/1"

Status = Literal["answered", "not_found"]
Support = Literal["verbatim", "supported", "unsupported"]


@dataclass(frozen=True, slots=True)
class Source:
    """The article that a text stands in; what it does not state is None."""

    article: str
    """Path relative to the corpus."""
    title: str | None
    outlet: str | None
    published: date | None

    def to_json(self) -> dict[str, str | None]:
        """Its fields as they stand in whatever cites it; the day in ISO 8601."""
        day = self.published.isoformat() if self.published else None
        return {"article": self.article, "title": self.title, "outlet": self.outlet, "published": day}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage; offsets count characters of the article's text."""

    start: int
    end: int
    prose: bool
    """False for headings, credits and the like, which answer nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A retrieved passage: exact span, text, sentences, and how well it fits the question."""

    source: Source
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    lexical: float
    """BM25 as a share of its bound, 0 to 1."""
    dense: float | None
    """Cosine similarity to the question, or None where vectors could not be asked."""
    score: float
    """Both legs fused, 0 to 1; the order of passages."""
    carried: bool = False
    """Whether it proved an earlier answer of the conversation, and is a candidate because of that."""

    def quote(self, sentence: Sentence) -> str:
        """The text of one of its sentences."""
        return self.text[sentence.start - self.start : sentence.end - self.start]

    def to_json(self) -> dict[str, Any]:
        """The passage as it stands in answers and search results."""
        return {
            **self.source.to_json(),
            "start": self.start,
            "end": self.end,
            "score": round(self.score, 4),
            "carried": self.carried,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A whole sentence, proven: `quote` is what stands between `start` and `end` in the article."""

    id: int
    source: Source
    start: int
    end: int
    quote: str
    of: Literal["file", "extracted"] = "file"
    also_in: tuple[str, ...] = ()
    """Other articles whose files hold the sentence word for word, too, white space folded."""

    def to_json(self) -> dict[str, Any]:
        """The citation as it stands in an answer."""
        return {
            "id": self.id,
            **self.source.to_json(),
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "of": self.of,
            "also_in": list(self.also_in),
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, the citations that prove it, and how; `reason` says why it was struck."""

    text: str
    citations: tuple[int, ...]
    support: Support
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The claim as it stands in an answer."""
        return {
            "text": self.text,
            "citations": list(self.citations),
            "support": self.support,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The very words that answer, a span inside a cited sentence; offsets are in the article."""

    text: str
    citation: int
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        """The short answer as it stands in an answer."""
        return {"text": self.text, "citation": self.citation, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Spent:
    """What a language model took for an answer."""

    read: int
    """Tokens of the prompt."""
    written: int
    """Tokens of the reply, reasoning included."""
    cost: float | None
    """In the currency of the configured price; None where none is configured."""

    def to_json(self) -> dict[str, Any]:
        """The tokens and their cost as they stand in an answer."""
        return {"read": self.read, "written": self.written, "cost": self.cost}


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What the answer was drawn from; `updated` is an ISO time in UTC, `stale` tells of unread changes."""

    articles: int
    passages: int
    updated: str
    stale: bool

    def to_json(self) -> dict[str, Any]:
        """The status as it stands in answers and search results."""
        return {
            "articles": self.articles,
            "passages": self.passages,
            "updated": self.updated,
            "stale": self.stale,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question turned into. Struck claims stay in `claims` and are not in `text`."""

    question: str
    status: Status
    confidence: float
    """The probability that the cited sentences hold the answer, 0 to 1. When not found: that of the answer that
    was kept back, or 0 where there was none."""
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    index: IndexStatus
    backend: str
    shorts: tuple[ShortAnswer, ...] = ()
    """The very words that answer, the best first; several where several things were asked, or accounts differ."""
    incomplete: bool = False
    spent: Spent | None = None
    """What a language model took, where it said so."""
    standalone: str | None = None
    """The question as it was looked for, where it leaned on earlier turns of a conversation."""
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def short(self) -> ShortAnswer | None:
        """The best of the short answers, if there is one."""
        return self.shorts[0] if self.shorts else None

    def to_json(self) -> dict[str, Any]:
        """The answer in the schema that scripts rely on."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "standalone": self.standalone,
            "status": self.status,
            "confidence": round(self.confidence, 4),
            "text": self.text,
            "short": self.short.to_json() if self.short else None,
            "shorts": [short.to_json() for short in self.shorts],
            "claims": [claim.to_json() for claim in self.claims],
            "citations": [citation.to_json() for citation in self.citations],
            "passages": [passage.to_json() for passage in self.evidence],
            "backend": self.backend,
            "incomplete": self.incomplete,
            "spent": self.spent.to_json() if self.spent else None,
            "index": self.index.to_json(),
            "timings_ms": {stage: round(spent, 1) for stage, spent in self.timings_ms.items()},
        }


def search_json(query: str, passages: Sequence[Evidence], index: IndexStatus) -> dict[str, Any]:
    """Ranked passages in the schema that scripts rely on."""
    return {
        "schema": SEARCH_SCHEMA,
        "query": query,
        "passages": [passage.to_json() for passage in passages],
        "index": index.to_json(),
    }
