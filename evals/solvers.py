"""How a case is tried: all the way to an answer, or by one way of finding passages, to tell effects apart."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Protocol

from assistant.answer import Answer, Evidence
from assistant.assistant import Answered, Assistant, Retrieved, Rewritten
from assistant.conversation import Turn
from assistant.retrieval import DENSE_WEIGHT
from evals.attempts import Attempt, Cited, Claimed, Found, Short
from evals.cases import Case, Suite
from evals.earlier_turns import earlier_turns
from index.errors import IndexingError

DENSE_WEIGHTS = {"lexical": 0.0, "dense": 1.0, "hybrid": DENSE_WEIGHT, "full": DENSE_WEIGHT}
"""The share of meaning in the retrieval of each solver, by its name."""
RETRIEVED = 10
"""Passages that a solver which only retrieves looks for: recall@10 is the deepest that is scored."""


class DegradedError(IndexingError):
    """Vectors could not be asked: what came of it is no measurement of what was to be measured."""


class Solver(Protocol):
    """Tries cases."""

    name: str

    def solve(self, case: Case) -> Attempt:
        """What came of a case.

        Raises:
            IndexingError, ConfigurationError: corpus, index or question cannot be used.
        """


def solver_over(assistant: Assistant, name: str, suite: Suite) -> Solver:
    """The solver of this name; the assistant must be over the suite, and retrieve with its share of meaning."""
    return AnswerSolver(assistant, suite) if name == "full" else RetrievalSolver(assistant, name, suite)


class AnswerSolver:
    """Asks as people do: the one stream from question to checked answer."""

    name = "full"

    def __init__(self, assistant: Assistant, suite: Suite) -> None:
        self._assistant = assistant
        self._suite = suite

    def solve(self, case: Case) -> Attempt:
        """The checked answer, and the passages it was drawn from."""
        for event in self._assistant.stream(case.question, history=earlier_turns(self._suite, case)):
            if isinstance(event, Retrieved):
                _require_vectors(event.evidence)
            if isinstance(event, Answered):
                found = _found(event.answer.evidence)
                return Attempt(**_answered(event.answer), case=case.id, question=case.question, retrieved=found)
        raise AssertionError("a stream ends with an answer")


class RetrievalSolver:
    """Looks for passages only, by words, by meaning, or both."""

    def __init__(self, assistant: Assistant, name: str, suite: Suite) -> None:
        self.name = name
        self._assistant = assistant
        self._suite = suite

    def solve(self, case: Case) -> Attempt:
        """The passages, best first."""
        turns = earlier_turns(self._suite, case)
        began = time.perf_counter()
        standalone, found = self._follow_up(case.question, turns) if turns else (None, self._search(case.question))
        spent = (time.perf_counter() - began) * 1000
        if self.name != "lexical":
            _require_vectors(found)
        return Attempt(
            case.id,
            case.question,
            "retrieved",
            retrieved=_found(found),
            timings_ms={"total": spent},
            standalone=standalone,
        )

    def _search(self, question: str) -> Sequence[Evidence]:
        found, _ = self._assistant.search(question, RETRIEVED)
        return found

    def _follow_up(self, question: str, turns: Sequence[Turn]) -> tuple[str | None, Sequence[Evidence]]:
        """The question as it was looked for, where that differs, and what was found."""
        standalone = None
        for event in self._assistant.stream(question, history=turns):
            if isinstance(event, Rewritten):
                standalone = event.standalone
            if isinstance(event, Retrieved):
                return standalone, event.evidence[:RETRIEVED]
        raise AssertionError("an answer comes after what it is drawn from")


def _require_vectors(found: Sequence[Evidence]) -> None:
    if any(evidence.dense is None for evidence in found):
        raise DegradedError("the vectors could not be asked", "run it again when nothing else writes the index")


def _found(evidence: Sequence[Evidence]) -> tuple[Found, ...]:
    return tuple(Found(item.source.article, item.start, item.end, item.score) for item in evidence)


def _answered(answer: Answer) -> dict[str, Any]:
    short = answer.short
    return {
        "status": answer.status,
        "confidence": answer.confidence,
        "text": answer.text,
        "short": Short(short.text, short.citation, short.start, short.end) if short else None,
        "claims": tuple(
            Claimed(claim.text, claim.citations, claim.support, claim.reason) for claim in answer.claims
        ),
        "citations": tuple(
            Cited(item.id, item.source.article, item.start, item.end, item.quote) for item in answer.citations
        ),
        "tokens": {"read": answer.spent.read, "written": answer.spent.written} if answer.spent else {},
        "timings_ms": dict(answer.timings_ms),
        "standalone": answer.standalone,
    }
