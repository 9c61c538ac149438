"""Reads `questions.jsonl`: strictly, and saying which line is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from evals.cases import Case, Quote, SuiteError

T = TypeVar("T")
OrNone = Annotated[list[T], BeforeValidator(lambda value: [] if value is None else value)]
"""A list; null and an absent one are an empty list."""


class _Strict(BaseModel):
    """Values as the layout states them; what it does not know is passed over."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Evidence(_Strict):
    doc: str = Field(min_length=1)
    quote: str = Field(pattern=r"\S")
    need: str | int | None = None


class _AskedOn(_Strict):
    doc: str | None = None


class _Question(_Strict):
    id: str | int
    question: str = Field(pattern=r"\S")
    answers: OrNone[str] = []
    answerable: bool
    evidence: OrNone[_Evidence] = []
    type: str | None = None
    tags: OrNone[str] = []
    history: OrNone[Any] = []
    asked_on: _AskedOn | None = None

    @model_validator(mode="after")
    def _right_can_be_told_from_wrong(self) -> _Question:
        if self.answerable and not (self.evidence or self.answers):
            raise ValueError("it is answerable, and has neither evidence nor answers")
        return self

    def case(self, line: int) -> Case:
        needs: dict[object, list[Quote]] = {}
        for number, item in enumerate(self.evidence if self.answerable else []):
            need: object = ("", number) if item.need is None else item.need
            needs.setdefault(need, []).append(Quote(item.doc, item.quote))
        return Case(
            id=str(self.id),
            question=self.question,
            answers=tuple(self.answers),
            answerable=self.answerable,
            needs=tuple(tuple(quotes) for quotes in needs.values()),
            tags=tuple(dict.fromkeys([*([self.type] if self.type else []), *self.tags])),
            asked_on=self.asked_on.doc if self.asked_on else None,
            has_history=bool(self.history),
            line=line,
        )


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, in its order.

    Raises:
        SuiteError: the file cannot be read, a line is no case, or two have the same id.
    """
    cases: dict[str, Case] = {}
    for number, line in _lines(path):
        try:
            case = _Question.model_validate(json.loads(line)).case(number)
        except json.JSONDecodeError as error:
            raise SuiteError(f"{path}:{number}: no JSON: {error.msg}", "write one object a line") from error
        except ValidationError as error:
            raise SuiteError(f"{path}:{number}: {_first_problem(error)}", "mend that line") from error
        except RecursionError:
            raise SuiteError(f"{path}:{number}: nested too deeply", "mend that line") from None
        if case.id in cases:
            told = f"{path}:{number}: the id {case.id!r} stands in line {cases[case.id].line}, too"
            raise SuiteError(told, "give each case an id of its own")
        cases[case.id] = case
    return list(cases.values())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        told = f"{path.parent} is no suite: it holds no {path.name}"
        raise SuiteError(told, "a suite is a folder with questions.jsonl and corpus/") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} cannot be read: {error}", "mend the file") from error
    # Not splitlines(): a question may hold U+2028 or another character that it takes for a line's end.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _first_problem(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, found["loc"]))
    told = found["msg"].removeprefix("Value error, ")
    return f"{place}: {told}" if place else told
