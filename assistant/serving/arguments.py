"""The arguments of the tools, with descriptions from which a model learns what to pass; checked as they come."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from assistant.errors import ConfigurationError
from assistant.sanitize import sanitize_line
from index.view import DateRange

LONGEST_QUESTION = 4000
MOST_PASSAGES = 50


def _day(stated: object) -> object:
    """A day from its ISO form alone: a number would pass for seconds since 1970."""
    if stated is None:
        return None
    with suppress(ValueError):
        if isinstance(stated, str):
            return date.fromisoformat(stated)
    raise ValueError(f"{stated!r} is not a day; write it as 2019-01-31")


Day = Annotated[date | None, BeforeValidator(_day)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]


class Arguments(BaseModel):
    """What all tools take: nothing that they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def schema_for_clients(cls) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        schema = cls.model_json_schema()
        stated = {name: _untitled(field) for name, field in schema["properties"].items()}
        return {**_untitled(schema), "properties": stated}


class Dated(Arguments):
    """Those of tools that can be kept to a range of days."""

    since: Day = Field(default=None, description="Only articles published on this day (2019-01-31) or later.")
    until: Day = Field(default=None, description="Only articles published on this day or earlier.")

    @model_validator(mode="after")
    def _in_order(self) -> Dated:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is later than until {self.until}; exchange the two")
        return self

    @property
    def dates(self) -> DateRange:
        """The range of days."""
        return DateRange(self.since, self.until)


class Ask(Dated):
    """Those of `ask`."""

    question: Words = Field(description="The question, in plain words.")
    conversation: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        default=None,
        description="A name of your choice for a conversation. Questions with the same name may lean on earlier "
        'ones ("who said that?"). Leave it out for a question that stands by itself.',
    )


class Search(Dated):
    """Those of `search`."""

    query: Words = Field(description="What to look for: words, or a question.")
    count: int = Field(default=5, ge=1, le=MOST_PASSAGES, description="How many passages, at most.")


class OpenPassage(Arguments):
    """Those of `open_passage`."""

    article: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        description="The article, as citations and passages name it."
    )
    start: int = Field(default=0, ge=0, description="The first character, counted from 0, as citations do.")
    end: int | None = Field(
        default=None, ge=1, description="The character after the last. Without it, so much as is shown at once."
    )


def refusal(error: ValidationError) -> ConfigurationError:
    """What is wrong with arguments, in a line that a model can act on."""
    told = []
    for item in error.errors(include_url=False):
        where = ".".join(map(str, item["loc"]))
        told.append(f"{where}: {item['msg'].removeprefix('Value error, ')}".removeprefix(": "))
    return ConfigurationError(sanitize_line("; ".join(told)), "see the tool's input schema")


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the names of our classes and fields in capitals, which tell a client nothing new."""
    return {key: value for key, value in schema.items() if key not in ("title", "description")} | (
        {"description": schema["description"]} if schema.get("type") != "object" else {}
    )
