"""Two runs of one suite, case by case: what differs between them, and which cases came out differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import fsum
from typing import Any
from unicodedata import east_asian_width

from assistant.errors import ConfigurationError
from assistant.sanitize import sanitize_line
from evals.paired import flips, mcnemar, outcomes_of, paired_bootstrap
from evals.reports.wording import named_backend
from evals.results import Estimate, Scored, ScoredCase
from evals.scorers import Measure

SCHEMA = "parley.comparison/1"
Pair = tuple[ScoredCase, ScoredCase]
Column = Sequence[float | None]
_WIDTH = 96
_TITLE = 37


@dataclass(frozen=True, slots=True)
class Flips:
    """How many pairs of zeros and ones rose and fell, and the p of McNemar's exact test of the two."""

    rose: int
    fell: int
    p: float


@dataclass(frozen=True, slots=True)
class MeasureCompared:
    """One measure over the pairs that it applies to: both means, and the mean of b - a."""

    measure: Measure
    a: float
    b: float
    difference: Estimate
    flips: Flips | None
    """None unless each case counts 0 or 1."""

    def to_json(self) -> dict[str, Any]:
        """As a part of the comparison."""
        return {
            "name": self.measure.name,
            "title": self.measure.title,
            "n": self.difference.n,
            "a": self.a,
            "b": self.b,
            "difference": self.difference.value,
            "low": self.difference.low,
            "high": self.difference.high,
            "interval": self.difference.interval,
            "rose": self.flips.rose if self.flips else None,
            "fell": self.flips.fell if self.flips else None,
            "p": self.flips.p if self.flips else None,
        }

    def to_text(self) -> str:
        """A row of the table."""
        low, high = self.difference.low, self.difference.high
        interval = "" if low is None or high is None else f"{low:+.3f} to {high:+.3f}"
        counts = f"{self.flips.p:>8.2g}  +{self.flips.rose} -{self.flips.fell}" if self.flips else ""
        row = (
            f"{_fitted(self.measure.title, _TITLE):{_TITLE}}{self.difference.n:>5}{self.a:>7.3f}{self.b:>7.3f}"
            f"{self.b - self.a:>+8.3f}  {interval:16}{counts}"
        )
        return row.rstrip()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of two runs; a is the one before, b the one after."""

    a: Mapping[str, Any]
    """The header of the run."""
    b: Mapping[str, Any]
    pairs: int
    """Cases that both have."""
    only_a: int
    only_b: int
    measures: tuple[MeasureCompared, ...]
    """Those that apply to both cases of some pair."""
    worse: tuple[Pair, ...]
    """Right in a and wrong in b, by id."""
    better: tuple[Pair, ...]
    """Wrong in a and right in b, by id."""

    def to_json(self) -> dict[str, Any]:
        """All of it, texts verbatim: `assistant.sanitize.json_line` makes them harmless."""
        return {
            "schema": SCHEMA,
            "a": dict(self.a),
            "b": dict(self.b),
            "cases": {"both": self.pairs, "only_a": self.only_a, "only_b": self.only_b},
            "measures": [item.to_json() for item in self.measures],
            "flipped": [
                {"change": change, "a": a.attempt.to_json(), "b": b.attempt.to_json()}
                for change, pairs in (("worse", self.worse), ("better", self.better))
                for a, b in pairs
            ],
        }

    def to_text(self) -> str:
        """The same for people, without hostile characters, no wider than 100 columns."""
        lines = [
            *(_fitted(f"{name}: {_named(header)}", _WIDTH) for name, header in (("a", self.a), ("b", self.b))),
            f"{self.pairs} cases in both, {self.only_a} only in a, {self.only_b} only in b",
            "",
            f"{'':{_TITLE}}{'n':>5}{'a':>7}{'b':>7}{'b - a':>8}  {'95 % interval':16}{'p':>8}  flips",
            *(item.to_text() for item in self.measures),
        ]
        for title, pairs in (("got worse", self.worse), ("got better", self.better)):
            lines += ["", f"{len(pairs)} {title}"]
            for a, b in pairs:
                lines.append("  " + _fitted(f"{a.case.id}: {a.case.question}", _WIDTH - 2))
                lines += [
                    f"    {name}: {_fitted(_outcome(item), _WIDTH - 7)}" for name, item in (("a", a), ("b", b))
                ]
        return "\n".join(lines)


def compare(a: Scored, b: Scored, measures: Mapping[str, Measure]) -> Comparison:
    """Compare two runs over the cases that both have.

    Args:
        measures: what to compare, by name, in the order to be shown; `right`, the outcome, comes first.

    Raises:
        ConfigurationError: the runs are of different suites, or have no case in common.
    """
    pairs = _paired(a, b)
    better, worse = flips(outcomes_of(a), outcomes_of(b))
    by_id = {pair[0].case.id: pair for pair in pairs}
    return Comparison(
        a=a.header,
        b=b.header,
        pairs=len(pairs),
        only_a=len(a.cases) - len(pairs),
        only_b=len(b.cases) - len(pairs),
        measures=_compared(measures.values(), pairs),
        worse=tuple(by_id[name] for name in worse),
        better=tuple(by_id[name] for name in better),
    )


def _paired(a: Scored, b: Scored) -> list[Pair]:
    one, other = a.header["suite"], b.header["suite"]
    if one["fingerprint"] != other["fingerprint"]:
        told = (
            f"the runs are of two versions of the suite {one['name']!r}"
            if one["name"] == other["name"]
            else f"one run is of the suite {one['name']!r}, the other of {other['name']!r}"
        )
        raise ConfigurationError(told, "compare runs of the same questions and articles")
    in_b = {item.case.id: item for item in b.cases}
    pairs = [(item, in_b[item.case.id]) for item in a.cases if item.case.id in in_b]
    if not pairs:
        raise ConfigurationError("the runs have no case in common", "compare runs of the same cases")
    return pairs


def _scores(name: str, pairs: Sequence[Pair]) -> tuple[Column, Column]:
    """What both scored, None on both sides where the measure does not apply to one."""
    scores = [[pair[side].scores.get(name) for pair in pairs] for side in (0, 1)]
    values = [[score.value if score else None for score in side] for side in scores]
    apply = [None not in both for both in zip(*values, strict=True)]
    a, b = ([v if is_so else None for v, is_so in zip(side, apply, strict=True)] for side in values)
    return a, b


def _compared(measures: Iterable[Measure], pairs: Sequence[Pair]) -> tuple[MeasureCompared, ...]:
    columns = [(measure, *_scores(measure.name, pairs)) for measure in measures]
    gaps = [[None if x is None or y is None else y - x for x, y in zip(a, b, strict=True)] for _, a, b in columns]
    found = zip(columns, paired_bootstrap(gaps, [a.case.article for a, _ in pairs]), strict=True)
    return tuple(
        MeasureCompared(measure, _mean(a), _mean(b), estimate, _flips(measure, a, b))
        for (measure, a, b), estimate in found
        if estimate.n
    )


def _mean(column: Column) -> float:
    values = [value for value in column if value is not None]
    return fsum(values) / len(values)


def _flips(measure: Measure, a: Column, b: Column) -> Flips | None:
    if measure.kind != "rate" or not {*a, *b} <= {0, 1, None}:
        return None
    both = list(zip(a, b, strict=True))
    rose, fell = both.count((0, 1)), both.count((1, 0))
    return Flips(rose, fell, mcnemar(rose, fell))


def _named(header: Mapping[str, Any]) -> str:
    return f"{header['solver']}, {named_backend(header)}" if header["backend"] else str(header["solver"])


def _outcome(item: ScoredCase) -> str:
    attempt = item.attempt
    if attempt.status == "failed":
        return f"error: {attempt.error}"
    if attempt.status == "not_found":
        return "not found"
    return attempt.short.text if attempt.short else attempt.text


def _fitted(text: str, columns: int) -> str:
    """A text on one line, harmless, and cut where it grows wider than so many columns of a terminal."""
    line = sanitize_line(" ".join(text.split()))
    widths = [2 if east_asian_width(character) in "WF" else 1 for character in line]
    if sum(widths) <= columns:
        return line
    kept = sum(used < columns for used in accumulate(widths))
    return line[:kept].rstrip() + "…"
