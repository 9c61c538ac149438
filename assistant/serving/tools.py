"""The tools that programs with language models are offered, and what each gives: our JSON, and text to read."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.answer import search_json
from assistant.conversation import Turn
from assistant.errors import BackendError, ConfigurationError, ExitCode, error_json, without_a_model
from assistant.excerpts import Excerpt, excerpt, find_article
from assistant.render import Page
from assistant.sanitize import sanitize, sanitize_line
from assistant.serving.arguments import Arguments, Ask, OpenPassage, Search, refusal
from assistant.serving.remarks import Report, called
from index.errors import IndexingError
from index.folder import scan

if TYPE_CHECKING:
    from assistant.asynchronous import AsyncAssistant

LONGEST_SPAN = 20_000
"""Characters of an article that are opened at once."""
AROUND = 500
"""Characters that come with a span, before it and after it."""
CONVERSATIONS = 100
TURNS = 50
"""So many conversations, and turns of each, are remembered; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is offered."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call gives; `failed` where it could not be done, and not where nothing is found."""

    text: str
    json: dict[str, Any]
    failed: bool = False


TOOLS = (
    Tool(
        "ask",
        "Ask the articles",
        "Answers a question from the folder of articles. Every sentence of the answer is checked against the "
        "sentences that it cites, each named as article:start-end. When the articles do not hold the answer, it "
        "says so, with the closest passages: that is a result to rely on, not an error.",
        Ask,
    ),
    Tool(
        "search",
        "Search the articles",
        "Ranks the passages of the articles for a query, by words and by meaning, without answering.",
        Search,
    ),
    Tool(
        "open_passage",
        "Open a passage",
        "Shows the text of an article behind a citation or a passage, exactly as it stands in the file, with what "
        "stands before and after it.",
        OpenPassage,
    ),
)


class Tools:
    """Calls the tools; any number at once, which the assistant serves one after another."""

    def __init__(self, corpus: Path, assistant: AsyncAssistant) -> None:
        self._corpus = corpus
        self._assistant = assistant
        self._conversations: OrderedDict[str, list[Turn]] = OrderedDict()

    async def call(self, name: str, arguments: Mapping[str, Any], report: Report) -> Outcome:
        """What a tool gives for these arguments; what goes wrong is an outcome, too.

        Raises:
            KeyError: there is no such tool.
        """
        tool = {tool.name: tool for tool in TOOLS}[name]
        with called(report) as call:
            try:
                outcome = await self._run(tool.arguments.model_validate(arguments))
            except ValidationError as error:
                return _failure(ExitCode.USAGE, refusal(error))
            except ConfigurationError as error:
                return _failure(ExitCode.USAGE, error)
            except IndexingError as error:
                return _failure(ExitCode.CORPUS, error)
            except BackendError as error:
                return _failure(ExitCode.BACKEND, BackendError(str(error), without_a_model(error.hint)))
            except Exception as error:  # noqa: BLE001 - a bug must not end the conversation of a client
                traceback.print_exception(error, file=sys.stderr)
                told = f"a bug: {type(error).__name__}: {error}"
                return _failure(ExitCode.BUG, ConfigurationError(told, "its traceback is on the server's stderr"))
        remarks = "".join(f"\n\nNote: {sanitize_line(remark)}" for remark in dict.fromkeys(call.remarks))
        return Outcome(outcome.text + remarks, outcome.json)

    async def _run(self, arguments: Arguments) -> Outcome:
        match arguments:
            case Ask():
                return await self._ask(arguments)
            case Search():
                return await self._search(arguments)
            case OpenPassage():
                return await asyncio.to_thread(self._open, arguments)
        raise AssertionError(arguments)

    async def _ask(self, asked: Ask) -> Outcome:
        turns = self._turns(asked.conversation) if asked.conversation else []
        answer = await self._assistant.ask(asked.question, asked.dates, tuple(turns))
        turns.append(Turn.of(answer))
        del turns[:-TURNS]
        return Outcome(_written(lambda page: page.answer(answer)), answer.to_json())

    def _turns(self, conversation: str) -> list[Turn]:
        """The turns of a conversation, which is now the latest."""
        turns = self._conversations.setdefault(conversation, [])
        self._conversations.move_to_end(conversation)
        if len(self._conversations) > CONVERSATIONS:
            self._conversations.popitem(last=False)
        return turns

    async def _search(self, wanted: Search) -> Outcome:
        passages, status = await self._assistant.search(wanted.query, wanted.count, wanted.dates)
        text = _written(lambda page: page.passages(wanted.query, passages)) if passages else "No passage."
        return Outcome(text, search_json(wanted.query, passages, status))

    def _open(self, wanted: OpenPassage) -> Outcome:
        """Read anew: what stands there now."""
        article = find_article(wanted.article, list(scan(self._corpus).files))
        shown = excerpt(self._corpus, article, wanted.start, wanted.end)
        if wanted.end is None:
            shown = Excerpt(article, shown.start, min(shown.end, shown.start + LONGEST_SPAN), shown.whole)
        if shown.end - shown.start > LONGEST_SPAN:
            told = f"{shown.end - shown.start:,} characters are too many at once"
            raise ConfigurationError(told, f"open {LONGEST_SPAN:,} at most, and then go on")
        before = shown.whole[max(0, shown.start - AROUND) : shown.start]
        after = shown.whole[shown.end : shown.end + AROUND]
        beside = {"length": len(shown.whole), "before": before, "after": after}
        return Outcome(_excerpt_text(shown, before, after), shown.to_json() | beside)


def _excerpt_text(shown: Excerpt, before: str, after: str) -> str:
    place = f"{sanitize_line(shown.article)}:{shown.start}-{shown.end} of {len(shown.whole)} characters"
    parts = (("before it", before), ("the passage", shown.text), ("after it", after))
    return "\n\n".join([place, *(f"[{name}]\n{sanitize(text)}" for name, text in parts if text)])


def _written(write: Callable[[Page], None]) -> str:
    """What a pipe would get."""
    lines: list[str] = []
    write(Page(lines.append))
    return "\n".join(lines)


def _failure(code: ExitCode, error: ConfigurationError | IndexingError | BackendError) -> Outcome:
    told = sanitize_line(f"{str(error).rstrip('.')}." + (f" Hint: {error.hint}" if error.hint else ""))
    return Outcome(told, error_json(code, str(error), error.hint), failed=True)
