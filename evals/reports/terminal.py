"""A scored run as plain text: a table that reads well on eighty columns."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable
from textwrap import fill

from assistant.sanitize import sanitize_line
from evals.cases import Suite
from evals.reports.wording import (
    GROUPS,
    by_name,
    counted,
    extent,
    figure,
    interval,
    intervals_made,
    milliseconds,
    named_backend,
    outcome,
    short,
    shown,
    version,
)
from evals.results import Metric, Scored
from evals.scorers.effort import cost_of

WIDTH = 80
NAMED = 8
"""Cases of one outcome that are named; more would hide the figures."""
MOST_TAGS = 40
"""Tags that are shown, those of most cases; the other reports have all."""
_BESIDE_RIGHT = {"recall@5": "recall@5", "needs_met": "needs met", "answer_rate": "answered"}
"""What the table by tag shows beside `right`: did it find the place, say what was asked, refuse."""


def to_text(scored: Scored) -> str:
    """The whole report, most important first."""
    blocks = [
        _run(scored),
        _figures(scored.metrics),
        _effort(scored),
        _by_tag(scored),
        _failed(scored),
        _wrong(scored),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _run(scored: Scored) -> list[str]:
    header = scored.header
    what = [f"{header['suite']['name']}: {extent(scored)}, solver {header['solver']}"]
    if header["backend"]:
        asked = f"backend {named_backend(header)}"
        if len(f"{what[0]}, {asked}") <= WIDTH:
            what[0] += f", {asked}"
        else:
            what.append(asked)  # uncut, for it ends with the model
    prints = f"suite {short(header['suite']['fingerprint'])}, index {short(header['index']['fingerprint'])}"
    cut = [_cut(sanitize_line(line), WIDTH) for line in (what[0], f"{prints}, {version(header)}")]
    return [cut[0], *map(sanitize_line, what[1:]), cut[1]]


def _figures(metrics: Iterable[Metric]) -> list[str]:
    metrics = list(metrics)
    widest = max((len(metric.title) for metric in metrics), default=0) + 2
    lines = [f"{'':<{widest}} {'value':>5} {'95 % interval':<14}{'n':>6}"]
    lines += [_row(metric, widest) for metric in metrics if metric.group == "outcome"]
    for group, heading in GROUPS.items():
        rows = [f"  {_row(metric, widest - 2)}" for metric in shown(metrics, group)]
        lines += ["", heading, *rows] if rows else []
    made = intervals_made(metrics)
    return [*lines, "", f"Intervals: {made}."] if made else lines


def _row(metric: Metric, widest: int) -> str:
    estimate = metric.estimate
    return f"{metric.title:<{widest}} {figure(estimate.value):>5} {interval(estimate):<14}{estimate.n:>6,}"


def _effort(scored: Scored) -> list[str]:
    lines = []
    if scored.effort:
        lines.append(f"{'Milliseconds':<22}{'p50':>9}{'p95':>9}{'n':>8}")
        for item in scored.effort:
            p50, p95 = milliseconds(item.p50), milliseconds(item.p95)
            lines.append(f"  {sanitize_line(item.stage):<20}{p50:>9}{p95:>9}{item.n:>8,}")
    if scored.tokens:
        used = ", ".join(f"{number:,} {sanitize_line(kind)}" for kind, number in scored.tokens.items())
        lines.append(f"Tokens: {used}")
    if (cost := cost_of(scored.tokens, scored.header["run"].get("price"))) is not None:
        lines.append(f"Cost: {cost:.6f}, at {sanitize_line(scored.header['run']['price'])} a million tokens")
    return lines


def _by_tag(scored: Scored) -> list[str]:
    if not scored.by_tag:
        return []
    heads = "".join(f"{head:>11}" for head in _BESIDE_RIGHT.values())
    lines = [f"{'By tag':<18}{'n':>6}  {'right':>5}  {'95 % interval':<14}{heads}"]
    counts = Counter(tag for item in scored.cases for tag in item.case.tags)
    shown = {tag for tag, _ in counts.most_common(MOST_TAGS)}
    for tag in (tag for tag in scored.by_tag if tag in shown):
        named = by_name(scored.by_tag[tag])
        right = named["right"].estimate if "right" in named else None
        told = f"{figure(right.value):>5}  {interval(right):<14}" if right else " " * 21
        beside = "".join(
            f"{figure(named[name].estimate.value if name in named else None):>11}" for name in _BESIDE_RIGHT
        )
        lines.append(f"  {_cut(sanitize_line(tag), 16):<16}{counts[tag]:>6,}  {told}{beside}")
    more = len(scored.by_tag) - len(shown)
    return [*lines, f"  and {counted(more, 'tag')} of fewer cases"] if more else lines


def _failed(scored: Scored) -> list[str]:
    failed = [item for item in scored.cases if item.attempt.status == "failed"]
    if not failed:
        return []
    lines = [f"{counted(len(failed), 'case')} failed:"]
    for item in failed[:NAMED]:
        told = f"  {item.case.id}: {item.attempt.error or 'no reason stated'}"
        lines.append(_cut(sanitize_line(told), WIDTH))
    return [*lines, f"  and {len(failed) - NAMED:,} more"] if len(failed) > NAMED else lines


def _wrong(scored: Scored) -> list[str]:
    wrong = [item.case.id for item in scored.cases if outcome(item) == "wrong"]
    if not wrong:
        return []
    names = ", ".join(sanitize_line(name) for name in wrong[:NAMED])
    more = f" and {len(wrong) - NAMED:,} more" if len(wrong) > NAMED else ""
    told = fill(
        f"{counted(len(wrong), 'case')} wrong: {names}{more}",
        WIDTH,
        subsequent_indent="  ",
        break_on_hyphens=False,
    )
    command = ["parley", "eval", *_suite_named(scored.suite), "--case", wrong[0]]
    return [told, f"To see one: {sanitize_line(shlex.join(command))}"]


def _suite_named(suite: Suite) -> list[str]:
    """The argument that picks a suite: none for the one that `parley eval` takes by itself."""
    return [suite.word] if suite.word else []


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
