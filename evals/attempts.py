"""What came of asking one case: a frozen value and the JSON line that a run file keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast, get_args

from assistant.fields import Fields

Status = Literal["answered", "not_found", "retrieved", "failed"]
"""`retrieved`: the solver only looks for passages. `failed`: there is an error instead of an outcome."""
SOLVERS = ("lexical", "dense", "hybrid", "full")
"""How a case can be tried; only `full` asks for an answer."""
Place = tuple[str, int, int]
"""Article (path in the corpus), start, end; characters of the article's text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved passage."""

    article: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as it was shown: `quote` is said to stand between `start` and `end` of the article."""

    id: int
    article: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim of the answer with the ids of its citations; an `unsupported` one was struck, for `reason`."""

    text: str
    citations: tuple[int, ...]
    support: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Short:
    """The short answer, a span of a cited sentence."""

    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a solver made of a case."""

    case: str
    """The id of the case."""
    question: str
    status: Status
    confidence: float | None = None
    """The stated probability that the cited sentences hold the answer; None where nothing was answered."""
    text: str = ""
    short: Short | None = None
    claims: tuple[Claimed, ...] = ()
    citations: tuple[Cited, ...] = ()
    retrieved: tuple[Found, ...] = ()
    """Best first."""
    tokens: Mapping[str, int] = field(default_factory=dict)
    """Used by the backend, by kind; empty where it counts none."""
    error: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    standalone: str | None = None
    """The question as it was looked for, where it was found to lean on earlier ones."""

    @property
    def cited(self) -> list[Place]:
        """The cited spans, in the order of their markers."""
        return [(item.article, item.start, item.end) for item in self.citations]

    @property
    def found(self) -> list[Place]:
        """The retrieved spans, best first."""
        return [(item.article, item.start, item.end) for item in self.retrieved]

    def to_json(self) -> dict[str, Any]:
        """The line of the run file."""
        return asdict(self)

    @classmethod
    def from_json(cls, stated: Fields) -> Attempt:
        """The attempt that a line of the run file keeps.

        Raises:
            FieldError: the line is no such attempt.
        """
        return cls(
            case=stated.text("case"),
            question=stated.text("question"),
            status=cast(Status, stated.one_of("status", get_args(Status))),
            confidence=stated.number_or_none("confidence"),
            text=stated.text("text"),
            short=_short(stated.object("short")) if stated.has("short") else None,
            claims=tuple(_claimed(item) for item in stated.objects("claims")),
            citations=tuple(_cited(item) for item in stated.objects("citations")),
            retrieved=tuple(_found(item) for item in stated.objects("retrieved")),
            tokens={kind: int(number) for kind, number in stated.numbers("tokens").items()},
            error=stated.text_or_none("error"),
            timings_ms=stated.numbers("timings_ms"),
            standalone=stated.text_or_none("standalone"),
        )


def _short(stated: Fields) -> Short:
    return Short(stated.text("text"), stated.integer("citation"), stated.integer("start"), stated.integer("end"))


def _claimed(stated: Fields) -> Claimed:
    return Claimed(
        stated.text("text"), stated.integers("citations"), stated.text("support"), stated.text_or_none("reason")
    )


def _cited(stated: Fields) -> Cited:
    return Cited(
        stated.integer("id"),
        stated.text("article"),
        stated.integer("start"),
        stated.integer("end"),
        stated.text("quote"),
    )


def _found(stated: Fields) -> Found:
    return Found(stated.text("article"), stated.integer("start"), stated.integer("end"), stated.number("score"))
