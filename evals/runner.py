"""Runs a suite: tries each case once, writes down what came of it, and judges nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.errors import ConfigurationError
from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.run_file import RunWriter
from evals.solvers import Solver


@dataclass(frozen=True, slots=True)
class Selection:
    """Which cases of a suite are asked."""

    limit: int | None = None
    """At most so many, drawn at random; None for all."""
    seed: int = 0
    ids: tuple[str, ...] = ()
    """Only these; empty for all."""

    def of(self, suite: Suite) -> list[Case]:
        """The cases, in the order of the suite.

        Raises:
            ConfigurationError: the suite has no case of an id.
        """
        cases = suite.cases
        if self.ids:
            known = {case.id: case for case in cases}
            unknown = [name for name in self.ids if name not in known]
            if unknown:
                raise ConfigurationError(
                    f"{suite.questions} has no case {unknown[0]!r}", "see the ids in that file"
                )
            cases = [case for case in cases if case.id in self.ids]
        if self.limit is not None and self.limit < len(cases):
            drawn = set(random.Random(self.seed).sample(range(len(cases)), self.limit))  # noqa: S311 - no secret
            cases = [case for number, case in enumerate(cases) if number in drawn]
        return list(cases)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    done: int
    total: int
    failed: int
    remaining_s: float | None
    """An estimate from the cases tried so far; None before the first."""


def run(cases: Sequence[Case], solver: Solver, writer: RunWriter, tell: Callable[[Progress], None]) -> None:
    """Try each case and append what came of it; an interruption keeps all that is done."""
    began = time.monotonic()
    failed = 0
    tell(Progress(0, len(cases), 0, None))
    for done, case in enumerate(cases, 1):
        attempt = _try(case, solver)
        failed += attempt.status == "failed"
        writer.add(attempt)
        per_case_s = (time.monotonic() - began) / done
        tell(Progress(done, len(cases), failed, per_case_s * (len(cases) - done)))


def _try(case: Case, solver: Solver) -> Attempt:
    began = time.perf_counter()
    try:
        return solver.solve(case)
    except Exception as error:  # noqa: BLE001 - one case's bug must not cost the others; it is counted and shown
        spent = (time.perf_counter() - began) * 1000
        told = f"{type(error).__name__}: {error}"
        return Attempt(case.id, case.question, "failed", error=told, timings_ms={"total": spent})
