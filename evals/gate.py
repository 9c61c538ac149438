"""Has the product got worse? Compares a run, case by case, with a baseline kept in version control."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.errors import ConfigurationError, ExitCode
from assistant.fields import FieldError, parse
from evals.paired import cases_needed, flips, mcnemar, outcomes_of, paired_difference_interval
from evals.results import Scored

SCHEMA = "parley.baseline/1"
KEYS = {"schema", "suite", "fingerprint", "solver", "backend", "min_confidence", "outcomes"}
ALPHA = 0.05
MARGIN = -0.05
"""The loss, as a share of all cases, that a run has to rule out to pass."""
Status = Literal["pass", "worse", "inconclusive"]
EXIT_CODES: Mapping[Status, ExitCode] = {
    "pass": ExitCode.ANSWERED,
    "worse": ExitCode.GATE_FAILED,
    "inconclusive": ExitCode.GATE_INCONCLUSIVE,
}


class GateError(ConfigurationError):
    """A baseline that a run cannot be compared with; the message says why."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Which cases came out right, and what was asked of whom."""

    suite: str
    fingerprint: str
    """Of the suite: two of the same fingerprint ask the same."""
    solver: str
    backend: str | None
    outcomes: Mapping[str, bool]
    """Right or wrong, by the id of the case."""
    min_confidence: float | None = None
    """Where somebody chose one. None for the shipped threshold, whatever it was: to better it is to improve."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run is in comparison with a baseline; rates and differences are shares of all n cases."""

    status: Status
    better: tuple[str, ...]
    worse: tuple[str, ...]
    n: int
    p: float
    """Of McNemar's exact test."""
    difference: float
    low: float
    high: float
    """The 95 % interval of the difference."""
    cases_needed: int | None
    """In all, for a verdict of `pass` at these rates; None where none are needed, or no number would do."""

    @property
    def exit_code(self) -> ExitCode:
        """0: not worse. 9: worse. 10: cannot be told."""
        return EXIT_CODES[self.status]

    @property
    def told(self) -> str:
        """The verdict in a sentence."""
        if not self.better and not self.worse:
            return f"no worse than the baseline: all {self.n} cases came out the same"
        counts = (
            f"{len(self.better)} better and {len(self.worse)} worse of {self.n} cases, p = {self.p:.2g}, "
            f"difference {100 * self.difference:+.1f} points "
            f"(95 % interval {100 * self.low:+.1f} to {100 * self.high:+.1f})"
        )
        if self.status == "pass":
            return f"no worse than the baseline: {counts}"
        if self.status == "worse":
            return f"worse than the baseline: {counts}"
        more = (
            f"if cases went on to differ like this, {self.cases_needed - self.n} more would rule it out"
            if self.cases_needed is not None
            else "if cases went on to differ like this, no number of them would rule it out"
        )
        return f"a loss of more than {-100 * MARGIN:.0f} points cannot be ruled out: {counts}; {more}"


def read_baseline(path: Path) -> Baseline:
    """The baseline that a file keeps.

    Raises:
        GateError: the file cannot be read, or is none.
    """
    if path.exists() and not path.is_file():  # a device may never end
        raise _refusal(path, "it is no file")
    try:
        stated = parse(path.read_bytes())
        schema = stated.stated.get("schema")
        if schema != SCHEMA:
            raise FieldError(f"its schema is {schema!r}, not {SCHEMA!r}")
        unknown = stated.stated.keys() - KEYS
        if unknown:
            raise FieldError(f"{min(unknown)!r} is no part of a baseline")
        outcomes = stated.object("outcomes")
        return Baseline(
            suite=stated.text("suite"),
            fingerprint=stated.text("fingerprint"),
            solver=stated.text("solver"),
            backend=stated.text_or_none("backend"),
            outcomes={name: outcomes.truth(name) for name in outcomes.stated},
            min_confidence=stated.number_or_none("min_confidence"),
        )
    except FileNotFoundError:
        raise GateError(f"there is no baseline {path}", _hint(path)) from None
    except OSError as error:
        raise _refusal(path, f"it cannot be read: {error.strerror}") from error
    except FieldError as error:
        raise _refusal(path, str(error)) from None


def _refusal(path: Path, problem: str) -> GateError:
    # The command itself overwrites nothing that is no baseline.
    return GateError(f"{path} is no baseline: {problem}", f"remove it, then {_hint(path)}")


def _hint(path: Path | str) -> str:
    return f"make a new one: parley eval --update-baseline {path}"


def baseline_of(scored: Scored) -> Baseline:
    """The baseline that a run makes.

    Raises:
        GateError: no case of it can be right or wrong.
    """
    header, outcomes = scored.header, outcomes_of(scored)
    if not outcomes:
        told = f"no case of a run of the solver {header['solver']!r} is right or wrong"
        raise GateError(told, "run the suite with --solver full")
    suite = header["suite"]
    chosen = header.get("min_confidence")
    return Baseline(suite["name"], suite["fingerprint"], header["solver"], header["backend"], outcomes, chosen)


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Keep a baseline, one outcome a line and sorted by id; the file is replaced as a whole or not at all.

    Raises:
        GateError: it cannot be written.
    """
    kept = {
        "schema": SCHEMA,
        "suite": baseline.suite,
        "fingerprint": baseline.fingerprint,
        "solver": baseline.solver,
        "backend": baseline.backend,
        "min_confidence": baseline.min_confidence,
        "outcomes": dict(baseline.outcomes),
    }
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            beside.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise GateError(
            f"{path} cannot be written: {error.strerror}", "name a file in a folder that you own"
        ) from error


def judge(baseline: Baseline, scored: Scored) -> Verdict:
    """Whether a run is worse than a baseline, by one right or wrong outcome a case.

    Identical outcomes pass. It is worse if more cases got worse than better and the exact McNemar test says
    p < 0.05. Otherwise it passes where the interval of the difference (Agresti and Min 2005) lies above
    `MARGIN`, as in a test of non-inferiority (Liu et al. 2002, "Tests for equivalence or non-inferiority for
    paired binary data"), and is inconclusive where it does not.

    Raises:
        GateError: the baseline is of another suite, solver, backend or set of cases, or the run has no outcome.
    """
    run = baseline_of(scored)
    require_same(baseline, run)
    better, worse = flips(baseline.outcomes, run.outcomes)
    n, gained, lost = len(run.outcomes), len(better), len(worse)
    p = mcnemar(gained, lost)
    low, high = paired_difference_interval(gained, lost, n)
    status: Status = "pass"
    if p < ALPHA and lost > gained:
        status = "worse"
    elif low < MARGIN and (gained or lost):
        status = "inconclusive"
    needed = cases_needed(gained, lost, n, MARGIN) if status == "inconclusive" else None
    return Verdict(status, better, worse, n, p, (gained - lost) / n, low, high, needed)


def require_same(baseline: Baseline, run: Baseline) -> None:
    """Refuse a baseline that a run cannot be compared with; of the run's outcomes only the ids count.

    Raises:
        GateError: it is of another suite, solver, backend, minimum confidence or set of cases.
    """
    hint = _hint("FILE")
    if baseline.fingerprint != run.fingerprint:
        told = (
            f"the suite {run.suite!r} has changed since the baseline was made"
            if baseline.suite == run.suite
            else f"the baseline is of the suite {baseline.suite!r}, and the run of {run.suite!r}"
        )
        raise GateError(told, hint)
    for what in ("solver", "backend"):
        then, now = getattr(baseline, what), getattr(run, what)
        if then != now:
            raise GateError(f"the baseline is of the {what} {then!r}, and the run of {now!r}", hint)
    if baseline.min_confidence != run.min_confidence:
        then, now = _threshold(baseline), _threshold(run)
        raise GateError(f"the baseline was made with {then}, and the run with {now}", f"ask alike, or {hint}")
    lacking = len(baseline.outcomes.keys() - run.outcomes.keys())
    extra = len(run.outcomes.keys() - baseline.outcomes.keys())
    if lacking or extra:
        told = f"the run lacks {lacking} of the {len(baseline.outcomes)} cases of the baseline"
        raise GateError(f"{told}, and has {extra} that it lacks", f"ask the same cases, or {hint}")


def _threshold(made: Baseline) -> str:
    chosen = made.min_confidence
    return "the shipped threshold" if chosen is None else f"--min-confidence {chosen:g}"


def describe_change(old: Baseline | None, new: Baseline) -> list[str]:
    """What a new baseline changes, a line each, for whoever is about to keep it."""
    now = f"{sum(new.outcomes.values())} of {len(new.outcomes)} cases right"
    if old is None:
        return [f"a new baseline: {now}"]
    lines = [
        f"{what.replace('_', ' ')}: {getattr(old, what)} → {getattr(new, what)}"
        for what in ("suite", "fingerprint", "solver", "backend", "min_confidence")
        if getattr(old, what) != getattr(new, what)
    ]
    lines.append(f"{sum(old.outcomes.values())} of {len(old.outcomes)} cases right → {now}")
    better, worse = flips(old.outcomes, new.outcomes)
    for what, ids in (("right", better), ("wrong", worse)):
        if ids:
            lines.append(f"{len(ids)} became {what}: {', '.join(ids)}")
    added, removed = new.outcomes.keys() - old.outcomes.keys(), old.outcomes.keys() - new.outcomes.keys()
    if added or removed:
        lines.append(f"cases: {len(added)} added, {len(removed)} removed")
    return lines
