"""Has a language model put a follow-up so that it stands by itself, and believes it no further than it can check.

The rules say which questions lean on earlier ones, so that no model is asked for the others. What it replies is
looked for in the articles, and shown: it is taken only where it is a question of one line that names nobody and
no figure that was not named before. Otherwise the question is as the rules put it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing

from assistant.answering.prompting import budget_within, compose_rewriting
from assistant.answering.support.names import held
from assistant.answering.tokens import count_tokens
from assistant.backends.bridge import BlockingBackend
from assistant.backends.protocol import Finished, ShownTurn, TextDelta, Withdrawn
from assistant.conversation import Rewriter, Turn
from assistant.follow_ups.rewriting import may_lean
from assistant.follow_ups.somebody import named_in
from assistant.sanitize import sanitize_line

LONGEST = 300
"""Characters of a question that is taken from a model."""
_QUOTES = re.compile(r"\A([\"'“‘`*]+)(.*?)([\"'”’`*]+)\Z")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


class BackendRewriter:
    """Asks a backend for what the rules would say."""

    def __init__(self, backend: BlockingBackend, rules: Rewriter) -> None:
        """`rules` put the question where the backend's reply is not to be trusted."""
        self._backend = backend
        self._rules = rules

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question as the backend puts it, where it leans on earlier ones or may do so; None otherwise.

        Raises:
            BackendError: it cannot be reached, refuses, or breaks off.
        """
        by_rule = self._rules.standalone(question, history)
        if not history or (by_rule is None and not may_lean(question)):
            return None
        replied = self._asked(question, history)
        if replied is None:
            return by_rule
        same = _bare(replied) == _bare(question)
        return None if same else replied

    def _asked(self, question: str, history: Sequence[Turn]) -> str | None:
        """What the backend makes of the question; None where that is nothing to trust."""
        shown = [ShownTurn(turn.asked, turn.answer) for turn in history]
        request = compose_rewriting(question, shown, count_tokens, budget_within(self._backend.backend.context))
        text, finished = "", False
        with closing(self._backend.stream(request, whole=True)) as events:
            for event in events:
                if isinstance(event, Withdrawn):
                    text = ""
                if isinstance(event, TextDelta):
                    text += event.text
                if isinstance(event, Finished):
                    finished = event.reason == "complete"
                if len(text) > 2 * LONGEST:
                    return None
        return trusted(text, question, history) if finished else None


def trusted(reply: str, question: str, history: Sequence[Turn]) -> str | None:
    """The question in a model's reply; None where it is anything else than one.

    It must stand on one line, keep the names and figures of what was asked, and bring only such as stand in
    earlier turns.
    """
    line = reply.strip()
    if (unquoted := _QUOTES.match(line)) is not None:
        line = unquoted[2].strip()
    if not line or len(line) > LONGEST or len(line.splitlines()) != 1 or sanitize_line(line) != line:
        return None
    if "[" in line or "<" in line or (question.rstrip().endswith("?") and not line.endswith("?")):
        return None
    quoted = (citation.quote for turn in history for citation in turn.cited)
    said = (part for turn in history for part in (turn.question, turn.standalone or "", turn.answer))
    known = "\n".join((question, *said, *quoted))
    return line if _names_no_more(line, known) and _keeps(line, question) else None


def _names_no_more(line: str, known: str) -> bool:
    lowered = known.lower()
    named = all(held(name, known) or name.text.lower() in lowered for name in named_in(line))
    return named and set(_FIGURE.findall(line)) <= set(_FIGURE.findall(known))


def _keeps(line: str, question: str) -> bool:
    lowered = line.lower()
    named = all(held(name, line) or name.text.lower() in lowered for name in named_in(question))
    return named and set(_FIGURE.findall(question)) <= set(_FIGURE.findall(line))


def _bare(question: str) -> str:
    return " ".join(question.lower().split()).rstrip(" ?!.")
