"""The lines of a session's file, schema `parley.session/1`: a header, then turns and new names as they come.

Each line is one JSON object. What a line cannot be read as is a value, too, so that one damaged line costs
no other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assistant.answer import Answer
from assistant.fields import FieldError, Fields, parse
from assistant.sanitize import json_line
from assistant.sessions.kept_answer import answer_from_json, answer_to_json

SCHEMA = "parley.session/1"
_FAMILY = "parley.session/"
TURN = b'{"kind": "turn"'
"""How the line of a turn begins, so that turns are counted without being read."""
YEARS = range(1971, 9999)
"""Those in which a clock of any zone shows a time that can be told."""
LONGEST_LINE = 4 * 2**20
"""Bytes of a line; an answer takes some thousands."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: which session this is."""

    id: str
    """The name of its file, without the suffix."""
    name: str
    """What people called it when it began."""
    created: datetime
    corpus: str
    """Path of the folder of articles when it began."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question with its answer, and when that came."""

    at: datetime
    answer: Answer


@dataclass(frozen=True, slots=True)
class Renamed:
    """From here on the session has another name."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that cannot be read, and why: `is no JSON`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line of a kind that this version does not know; a later one may."""


@dataclass(frozen=True, slots=True)
class Later:
    """A header of another version of the format, which says how the rest is to be read."""

    schema: str
    name: str | None


def to_line(record: Header | KeptTurn | Renamed) -> bytes:
    """The record as a line, its end included; a line break in a text is escaped, as JSON does."""
    stated: dict[str, Any]
    if isinstance(record, Header):
        created = record.created.isoformat()
        stated = {
            "schema": SCHEMA,
            "id": record.id,
            "name": record.name,
            "created": created,
            "corpus": record.corpus,
        }
    elif isinstance(record, KeptTurn):
        stated = {"kind": "turn", "at": record.at.isoformat(), "answer": answer_to_json(record.answer)}
    else:
        stated = {"kind": "renamed", "at": record.at.isoformat(), "name": record.name}
    return json_line(stated).encode() + b"\n"


def read_header(line: bytes) -> Header | Later | Damaged:
    """What the first line says; never raises."""
    try:
        stated = parse(line)
        schema = stated.text("schema")
        if schema != SCHEMA:
            known = schema.startswith(_FAMILY)
            return Later(schema, _name_of(stated)) if known else Damaged("is the header of no session")
        header = Header(
            stated.text("id"), stated.words("name"), _time(stated, "created"), stated.text_or_none("corpus") or ""
        )
    except FieldError as error:
        return Damaged(f"is damaged: {error}")
    return header


def read_record(line: bytes) -> KeptTurn | Renamed | Unknown | Damaged:
    """What a line after the first says; never raises."""
    try:
        stated = parse(line)
        kind = stated.stated.get("kind")
        if kind == "turn":
            return KeptTurn(_time(stated, "at"), answer_from_json(stated.object("answer")))
        if kind == "renamed":
            return Renamed(_time(stated, "at"), stated.words("name"))
    except FieldError as error:
        return Damaged(f"is damaged: {error}")
    return Unknown()


def _name_of(stated: Fields) -> str | None:
    """A name, if this is one: the field may mean something else in another version."""
    name = stated.stated.get("name")
    return name if isinstance(name, str) else None


def _time(stated: Fields, name: str) -> datetime:
    try:
        time = datetime.fromisoformat(stated.text(name)).astimezone(UTC)
    except (ValueError, OverflowError):  # the latter for the first and the last day that there is
        time = None
    if time is None or time.year not in YEARS:
        raise FieldError(f"{name}: a time is needed")
    return time
