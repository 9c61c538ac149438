"""`parley ask`: one question, one answer; or many questions from stdin, one answer a line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from assistant.backends.choosing import Choice
from assistant.commands.flags import (
    Common,
    common_flags,
    common_from,
    confidence_flag,
    date_flags,
    date_range,
    open_assistant,
)
from assistant.commands.narration import Narrator, tell, tell_rewritten
from assistant.commands.session_choice import chosen_session, session_flags
from assistant.errors import BackendError, ConfigurationError, ExitCode, error_json, told, without_a_model
from assistant.question import require_question
from assistant.sanitize import json_line, sanitize_line
from index.errors import IndexingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.answer import Answer
    from assistant.assistant import Assistant
    from assistant.commands.draft_screen import DraftScreen
    from assistant.conversation import Turn
    from assistant.render import Page
    from assistant.sessions.session import Session
    from index.view import DateRange


@click.command("ask", short_help="Answer a question from the articles, with proof.")
@click.argument("question", nargs=-1, required=True)
@common_flags
@date_flags
@confidence_flag
@session_flags
@click.option("--strict", is_flag=True, help="End with exit code 4 where a claim had to be struck.")
def command(
    question: tuple[str, ...],
    since: str | None,
    until: str | None,
    session: str | None,
    go_on: bool,
    strict: bool,
    **flags: Any,
) -> int:
    """Answer QUESTION from the articles, every sentence quoted and cited.

    With - as the question, read many from stdin, one a line; --json then prints one JSON a line. In a session a
    question may lean on those before it, and `parley sessions` shows what was said.
    """
    dates = date_range(since, until)
    asked = " ".join(question)
    if asked != "-":
        require_question(asked)
    common = common_from(flags, answers=True)
    printer, screen = Printer(as_json=common.as_json), _screen(common)
    conversation = Conversation(chosen_session(common, session, go_on=go_on), common.settings.corpus)
    with open_assistant(common, Narrator(common.quiet, screen.clear)) as assistant:
        asking = Asking(assistant, dates, conversation, screen, common.quiet)
        if asked == "-":
            return _answer_many(asking, printer)
        answer, interrupted = asking.answer(asked)
        printer.answer(answer, conversation.keep(answer))
        return ExitCode.INTERRUPTED if interrupted else _outcome(answer, strict=strict)


class Conversation:
    """What questions of one call belong to; where no session was named, each stands alone."""

    def __init__(self, session: Session | None, corpus: Path) -> None:
        self._session = session
        self._corpus = corpus

    def history(self) -> tuple[Turn, ...]:
        """The turns before the next question, those that other processes have added meanwhile among them."""
        if self._session is None:
            return ()
        from assistant.sessions.standing import articles_in

        self._session.refresh()
        return self._session.history(articles_in(self._corpus))

    def keep(self, answer: Answer) -> dict[str, Any]:
        """Keep an answer; what its JSON says of the session."""
        if self._session is None:
            return {}
        kept = self._session.append(answer)
        return {"session": {"id": self._session.id, "name": self._session.name, "kept": kept}}


def _screen(common: Common) -> DraftScreen:
    """Where drafts are shown, if a model writes any and people are to see them."""
    from assistant.commands.draft_screen import DraftScreen

    model = common.settings.backend
    return DraftScreen(None if common.as_json or Choice.of(model).kind == "extractive" else model)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the questions of one call are asked with, one after another."""

    assistant: Assistant
    dates: DateRange
    conversation: Conversation
    drafts: DraftScreen
    quiet: bool

    def answer(self, question: str) -> tuple[Answer, bool]:
        """The answer, and whether it was cut off by an interruption; a draft is shown while a model writes it.

        How a follow-up is looked for is said on stderr first.
        """
        from assistant.assistant import Answered, Delta, Retrieved, Rewritten
        from assistant.commands.interruption import cutting_off

        history = self.conversation.history()
        with cutting_off(self.assistant.cancel) as interruption, self.drafts as screen:
            for event in self.assistant.stream(question, self.dates, history):
                if isinstance(event, Rewritten) and not self.quiet:
                    tell_rewritten(event.standalone)
                if isinstance(event, Retrieved):
                    screen.wait()
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

    def answer(self, answer: Answer, more: dict[str, Any], *, repeat_question: bool = False) -> None:
        """Print one answer, under its question where it is one of many; as JSON with `more` behind it."""
        if self._as_json:
            click.echo(json_line({**answer.to_json(), **more}))
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
        hint = without_a_model(error.hint) if code == ExitCode.BACKEND else error.hint
        if self._as_json:
            refused = error_json(code, str(error), hint)
            click.echo(json_line({**refused, "question": question}))
        else:
            tell(f"{question!r}: {told(str(error), hint)}")


def _answer_many(asking: Asking, printer: Printer) -> ExitCode:
    """Answer each line as it comes; a line that cannot be answered gets its own error.

    What keeps one question from an answer, a folder that is being replaced perhaps, need not keep the next.
    Only if it kept all of them is it the outcome of the whole run.
    """
    outcomes: set[ExitCode] = set()
    for line in _lines():
        question = line.strip()
        try:
            answer, interrupted = asking.answer(question)
            printer.answer(answer, asking.conversation.keep(answer), repeat_question=True)
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
