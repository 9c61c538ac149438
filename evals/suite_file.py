"""Reads `questions.jsonl`: strictly, and saying which line is broken."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from assistant.conversation import Turn
from assistant.fields import FieldError, Fields, parse
from evals.cases import Case, Quote, SuiteError


def _case(stated: Fields, line: int) -> Case:
    """The case that a line states; what the layout does not know is passed over."""
    name = stated.name("id")
    answerable = stated.truth("answerable")
    answers = stated.texts("answers")
    needs = _needs(stated.objects("evidence"))
    if answerable and not needs and not answers:
        raise FieldError("it is answerable, and has neither evidence nor answers")
    kind = stated.text_or_none("type")
    asked_on = stated.object("asked_on").text_or_none("doc") if stated.has("asked_on") else None
    return Case(
        id=name,
        question=stated.words("question"),
        answers=answers,
        answerable=answerable,
        needs=needs if answerable else (),
        tags=tuple(dict.fromkeys([*([kind] if kind else []), *stated.texts("tags")])),
        asked_on=asked_on,
        history=tuple(_turn(turn) for turn in stated.objects("history")),
        standalone=stated.text_or_none("standalone"),
        line=line,
    )


def _turn(stated: Fields) -> Turn:
    return Turn(stated.words("question"), stated.text_or_none("answer") or "")


def _needs(evidence: list[Fields]) -> tuple[tuple[Quote, ...], ...]:
    needs: dict[object, list[Quote]] = {}
    for at, item in enumerate(evidence):
        need = item.name("need") if item.has("need") else at
        needs.setdefault(need, []).append(Quote(item.words("doc"), item.words("quote")))
    return tuple(tuple(quotes) for quotes in needs.values())


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, in its order.

    Raises:
        SuiteError: the file cannot be read, a line is no case, or two have the same id.
    """
    cases: dict[str, Case] = {}
    for number, line in _lines(path):
        try:
            case = _case(parse(line), number)
        except FieldError as error:
            raise SuiteError(f"{path}:{number}: {error}", "mend that line; docs/evaluation.md says how") from None
        if case.id in cases:
            told = f"{path}:{number}: the id {case.id!r} stands in line {cases[case.id].line}, too"
            raise SuiteError(told, "give each case an id of its own")
        cases[case.id] = case
    return list(cases.values())


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    if not path.parent.is_dir():
        raise SuiteError(f"{path.parent} is no folder", "name the folder that holds questions.jsonl and corpus/")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        told = f"{path.parent} is no suite: it holds no {path.name}"
        raise SuiteError(told, "a suite is a folder with questions.jsonl and corpus/") from None
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}", "mend the file") from error
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if line.strip():
            yield number, line
