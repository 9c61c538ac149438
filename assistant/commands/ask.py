"""`parley ask`: one question, one answer; or many questions from stdin, one answer a line."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import error_json
from assistant.commands.flags import (
    common_flags,
    common_from,
    date_flags,
    date_range,
    open_assistant,
    tell_undated,
)
from assistant.commands.narration import tell
from assistant.errors import ConfigurationError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from index.view import DateRange


@click.command("ask", short_help="Answer a question from the articles, with proof.")
@click.argument("question", nargs=-1, required=True)
@common_flags
@date_flags
def command(question: tuple[str, ...], since: str | None, until: str | None, **flags: Any) -> int:
    """Answer QUESTION from the articles, every sentence quoted and cited.

    With - as the question, read many from stdin, one a line; --json then prints one JSON a line.
    """
    from assistant.assistant import require_question  # with what it needs about 20 ms

    dates = date_range(since, until)
    asked = " ".join(question)
    if asked != "-":
        require_question(asked)
    common = common_from(flags)
    with open_assistant(common) as assistant:
        if asked == "-":
            _answer_many(assistant, dates, as_json=common.as_json)
            return ExitCode.ANSWERED
        answer = assistant.ask(asked, dates)
        tell_undated(assistant, dates, common)
        _show(answer, as_json=common.as_json)
        return ExitCode.ANSWERED if answer.status == "answered" else ExitCode.NOT_FOUND


def _answer_many(assistant: Assistant, dates: DateRange, *, as_json: bool) -> None:
    """Answer each line as it comes; a line that cannot be answered gets its own error."""
    for line in _lines():
        try:
            answer = assistant.ask(line, dates)
        except ConfigurationError as error:
            if as_json:
                click.echo(json.dumps(error_json(ExitCode.USAGE, str(error), error.hint)))
            else:
                tell(str(error))
            continue
        if not as_json:
            click.echo(f"\n> {answer.question}\n")
        _show(answer, as_json=as_json)
        sys.stdout.flush()


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode(errors="replace")


def _show(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer.to_json()))
        return
    from assistant.render import Page  # rich, 0.1 s

    Page().answer(answer)
