"""What of an answer a session keeps, as JSON, and the answer read back from that."""

from __future__ import annotations

from datetime import date
from typing import Any, cast, get_args

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Evidence,
    IndexStatus,
    ShortAnswer,
    Source,
    Spent,
    Status,
    Support,
)
from assistant.fields import FieldError, Fields

CLOSEST = 3
"""Passages that are kept of a question which the articles do not answer: those that people are shown."""


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The answer in the schema of `Answer.to_json`, without the passages that nobody is shown.

    An answer is proven by its citations, which hold their sentences in full. Its ten passages would make up
    nine tenths of the file, and can be found again as long as the articles are there.
    """
    closest = answer.evidence[:CLOSEST] if answer.status == "not_found" else ()
    return {**answer.to_json(), "passages": [passage.to_json() for passage in closest]}


def answer_from_json(stated: Fields) -> Answer:
    """The answer that `answer_to_json` wrote; unknown fields are passed over.

    Its passages come without their sentences and without the scores of both legs, which are not kept.

    Raises:
        FieldError: something that it needs is missing, or is not what it must be.
    """
    return Answer(
        question=stated.text("question"),
        status=cast(Status, stated.one_of("status", get_args(Status))),
        confidence=stated.number("confidence"),
        text=stated.text("text"),
        claims=tuple(_claim(claim) for claim in stated.objects("claims")),
        citations=tuple(_citation(citation) for citation in stated.objects("citations")),
        evidence=tuple(_passage(passage) for passage in stated.objects("passages")),
        index=_index(stated.object("index")),
        backend=stated.text("backend"),
        shorts=tuple(_short(short) for short in stated.objects("shorts")),
        incomplete=stated.truth("incomplete"),
        spent=_spent(stated.object("spent")) if stated.has("spent") else None,
        standalone=stated.text_or_none("standalone"),
        timings_ms=stated.numbers("timings_ms"),
    )


def _claim(stated: Fields) -> Claim:
    support = cast(Support, stated.one_of("support", get_args(Support)))
    return Claim(stated.text("text"), stated.integers("citations"), support, stated.text_or_none("reason"))


def _citation(stated: Fields) -> Citation:
    return Citation(
        id=stated.integer("id"),
        source=_source(stated),
        start=stated.integer("start"),
        end=stated.integer("end"),
        quote=stated.text("quote"),
        of="extracted" if stated.one_of("of", ("file", "extracted")) == "extracted" else "file",
        also_in=stated.texts("also_in"),
    )


def _passage(stated: Fields) -> Evidence:
    return Evidence(
        source=_source(stated),
        start=stated.integer("start"),
        end=stated.integer("end"),
        text=stated.text("text"),
        sentences=(),
        lexical=0.0,
        dense=None,
        score=stated.number("score"),
        carried=stated.truth("carried"),
    )


def _source(stated: Fields) -> Source:
    published = stated.text_or_none("published")
    try:
        day = date.fromisoformat(published) if published else None
    except ValueError:
        raise FieldError("published: a day is needed") from None
    return Source(stated.text("article"), stated.text_or_none("title"), stated.text_or_none("outlet"), day)


def _short(stated: Fields) -> ShortAnswer:
    return ShortAnswer(
        stated.text("text"), stated.integer("citation"), stated.integer("start"), stated.integer("end")
    )


def _spent(stated: Fields) -> Spent:
    return Spent(stated.integer("read"), stated.integer("written"), stated.number_or_none("cost"))


def _index(stated: Fields) -> IndexStatus:
    return IndexStatus(
        stated.integer("articles"), stated.integer("passages"), stated.text("updated"), stated.truth("stale")
    )
