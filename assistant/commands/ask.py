"""`parley ask`: one question, one answer; or many questions from stdin, one answer a line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import error_json, without_a_model
from assistant.commands.flags import (
    common_flags,
    common_from,
    confidence_flag,
    date_flags,
    date_range,
    open_assistant,
)
from assistant.commands.narration import tell, tell_rewritten
from assistant.errors import BackendError, ConfigurationError, ExitCode
from assistant.sanitize import json_line, sanitize_line
from index.errors import IndexingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.render import Page
    from index.view import DateRange


@click.command("ask", short_help="Answer a question from the articles, with proof.")
@click.argument("question", nargs=-1, required=True)
@common_flags
@date_flags
@confidence_flag
@click.option("--strict", is_flag=True, help="End with exit code 4 where a claim had to be struck.")
def command(question: tuple[str, ...], since: str | None, until: str | None, strict: bool, **flags: Any) -> int:
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
        printer = Printer(as_json=common.as_json)
        if asked == "-":
            return _answer_many(assistant, dates, printer, quiet=common.quiet)
        answer, interrupted = _ask(assistant, asked, dates, quiet=common.quiet)
        printer.answer(answer)
        return ExitCode.INTERRUPTED if interrupted else _outcome(answer, strict=strict)


def _ask(assistant: Assistant, question: str, dates: DateRange, *, quiet: bool) -> tuple[Answer, bool]:
    """The answer, and whether it was cut off by an interruption; a draft is shown while a model writes it.

    How a follow-up is looked for is said on stderr first.
    """
    from assistant.assistant import Answered, Delta, Rewritten
    from assistant.commands.draft_screen import DraftScreen
    from assistant.commands.interruption import cutting_off

    with cutting_off(assistant.cancel) as interruption, DraftScreen() as screen:
        for event in assistant.stream(question, dates):
            if isinstance(event, Rewritten) and not quiet:
                tell_rewritten(event.standalone)
            if isinstance(event, Delta):
                screen.add(event.text, anew=event.anew)
            if isinstance(event, Answered):
                if interruption.happened and event.answer.status == "not_found":
                    raise KeyboardInterrupt  # nothing was kept
                return event.answer, interruption.happened
    raise AssertionError("a stream ends with an answer")


def _outcome(answer: Answer, *, strict: bool) -> ExitCode:
    if answer.status == "not_found":
        return ExitCode.NOT_FOUND
    struck = any(claim.support == "unsupported" for claim in answer.claims)
    return ExitCode.UNSUPPORTED if strict and struck else ExitCode.ANSWERED


class Printer:
    """Prints answers to stdout one after another, as JSON or as text for people."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._page: Page | None = None

    def answer(self, answer: Answer, *, repeat_question: bool = False) -> None:
        """Print one answer, under its question where it is one of many."""
        if self._as_json:
            click.echo(json_line(answer.to_json()))
            return
        if repeat_question:
            click.echo(f"\n> {sanitize_line(answer.question)}\n")
        if self._page is None:
            from assistant.render import Page  # rich, 0.1 s

            self._page = Page()
        self._page.answer(answer)

    def refusal(
        self, question: str, code: ExitCode, error: ConfigurationError | IndexingError | BackendError
    ) -> None:
        """Print why a question has no answer: one line a question is what a script counts on."""
        if self._as_json:
            hint = without_a_model(error.hint) if code == ExitCode.BACKEND else error.hint
            refused = error_json(code, str(error), hint)
            click.echo(json_line({**refused, "question": question}))
        else:
            tell(f"{question!r}: {error}")


def _answer_many(assistant: Assistant, dates: DateRange, printer: Printer, *, quiet: bool) -> ExitCode:
    """Answer each line as it comes; a line that cannot be answered gets its own error.

    What keeps one question from an answer, a folder that is being replaced perhaps, need not keep the next.
    Only if it kept all of them is it the outcome of the whole run.
    """
    outcomes: set[ExitCode] = set()
    for line in _lines():
        question = line.strip()
        try:
            answer, interrupted = _ask(assistant, question, dates, quiet=quiet)
            printer.answer(answer, repeat_question=True)
            if interrupted:
                return ExitCode.INTERRUPTED
            outcomes.add(ExitCode.ANSWERED)
        except ConfigurationError as error:
            printer.refusal(question, ExitCode.USAGE, error)
            outcomes.add(ExitCode.ANSWERED)
        except IndexingError as error:
            printer.refusal(question, ExitCode.CORPUS, error)
            outcomes.add(ExitCode.CORPUS)
        except BackendError as error:
            printer.refusal(question, ExitCode.BACKEND, error)
            outcomes.add(ExitCode.BACKEND)
        sys.stdout.flush()
    return ExitCode.ANSWERED if not outcomes or ExitCode.ANSWERED in outcomes else min(outcomes)


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        yield line.decode(errors="replace").removeprefix("\ufeff")
