"""Reads `questions.jsonl`: strictly, and saying which line is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.cases import Case, Quote, SuiteError


class _BrokenLineError(Exception):
    """What is wrong with a line."""


def _case(stated: object, line: int) -> Case:
    """The case that a line states; what the layout does not know is passed over."""
    if not isinstance(stated, dict):
        raise _BrokenLineError("no object")
    name = stated.get("id")
    # True is an int, too.
    if isinstance(name, bool) or not isinstance(name, (str, int)) or name == "":
        raise _BrokenLineError("id: a text or a number is needed")
    answerable = stated.get("answerable")
    if not isinstance(answerable, bool):
        raise _BrokenLineError("answerable: true or false is needed")
    answers = tuple(_text(item, f"answers.{at}") for at, item in enumerate(_list(stated, "answers")))
    needs = _needs(_list(stated, "evidence"))
    if answerable and not needs and not answers:
        raise _BrokenLineError("it is answerable, and has neither evidence nor answers")
    tags = [_text(item, f"tags.{at}") for at, item in enumerate(_list(stated, "tags"))]
    kind = stated.get("type")
    asked_on = stated.get("asked_on")
    return Case(
        id=str(name),
        question=_text(stated.get("question"), "question"),
        answers=answers,
        answerable=answerable,
        needs=needs if answerable else (),
        tags=tuple(dict.fromkeys([*([_text(kind, "type")] if kind is not None else []), *tags])),
        asked_on=_text(asked_on.get("doc"), "asked_on.doc") if isinstance(asked_on, dict) else None,
        has_history=bool(_list(stated, "history")),
        line=line,
    )


def _needs(evidence: list[Any]) -> tuple[tuple[Quote, ...], ...]:
    needs: dict[object, list[Quote]] = {}
    for at, item in enumerate(evidence):
        if not isinstance(item, dict):
            raise _BrokenLineError(f"evidence.{at}: no object")
        need = item.get("need")
        if need is not None and not isinstance(need, (str, int)):
            raise _BrokenLineError(f"evidence.{at}.need: a text or a number is needed")
        quote = Quote(
            _text(item.get("doc"), f"evidence.{at}.doc"), _text(item.get("quote"), f"evidence.{at}.quote")
        )
        needs.setdefault(("", at) if need is None else need, []).append(quote)
    return tuple(tuple(quotes) for quotes in needs.values())


def _list(stated: dict[str, Any], name: str) -> list[Any]:
    """A list; null and an absent one are an empty list."""
    value = stated.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise _BrokenLineError(f"{name}: a list is needed")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _BrokenLineError(f"{name}: a text is needed")
    return value


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, in its order.

    Raises:
        SuiteError: the file cannot be read, a line is no case, or two have the same id.
    """
    cases: dict[str, Case] = {}
    for number, line in _lines(path):
        try:
            case = _case(json.loads(line), number)
        except json.JSONDecodeError as error:
            raise SuiteError(f"{path}:{number}: no JSON: {error.msg}", "write one object a line") from error
        except _BrokenLineError as error:
            raise SuiteError(f"{path}:{number}: {error}", "mend that line") from None
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
