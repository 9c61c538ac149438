"""How figures, outcomes and a run are put into words, alike in every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from evals.cases import Case
from evals.results import Estimate, Metric, Scored, ScoredCase

Outcome = Literal["right", "wrong", "failed", "unjudged"]
"""`unjudged`: passages were looked for and no answer, or the case cannot tell right from wrong."""

GROUPS = {
    "retrieval": "Retrieval",
    "answer": "Answer",
    "citation": "Citation",
    "abstention": "Abstention",
    "conversation": "Conversation",
}
"""Scorers in the order of a reader's questions, with their headings; `right` stands above them all."""
NOT_APPLICABLE = "n/a"


def figure(value: float | None) -> str:
    """Three digits after the point."""
    return NOT_APPLICABLE if value is None else f"{value:.3f}"


def interval(estimate: Estimate) -> str:
    """Both ends in brackets; empty where there is no interval."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"[{estimate.low:.3f}, {estimate.high:.3f}]"


def milliseconds(value: float) -> str:
    """One digit after the point where the time is short enough to need it."""
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def counted(number: int, one: str) -> str:
    """`1 case`, `2,000 cases`."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


def short(fingerprint: str) -> str:
    """As much of a fingerprint as tells two apart."""
    return fingerprint.rpartition(":")[2][:8]


def named_backend(header: Mapping[str, Any]) -> str:
    """Who was asked, where, and with which minimum confidence if one was chosen; empty where nobody was."""
    chosen, url = header.get("min_confidence"), header.get("base_url")
    where = f" at {urlsplit(url).netloc}" if url else ""
    told = f", minimum confidence {chosen:g}" if chosen is not None else ""
    return f"{header['backend']}{where}{told}" if header["backend"] else ""


def version(header: Mapping[str, Any]) -> str:
    """The version that ran, with its commit where that is known; a plus sign says that files differ from it."""
    commit = header["commit"]
    if not commit:
        return f"parley {header['version']}"
    return f"parley {header['version']} at {commit[:7]}{'+' if commit.endswith('+') else ''}"


def extent(scored: Scored) -> str:
    """How many cases were run, and of how many."""
    ran, held = len(scored.cases), scored.header["suite"]["cases"]
    missing = len(scored.header["selection"]["cases"]) - ran
    told = counted(held, "case") if ran == held else f"{ran:,} of {counted(held, 'case')}"
    return f"{told} (unfinished: {missing:,} not asked yet)" if missing else told


def outcome(item: ScoredCase) -> Outcome:
    """What came of a case, in one word."""
    if item.attempt.status == "failed":
        return "failed"
    if item.right is None:
        return "unjudged"
    return "right" if item.right else "wrong"


def outcomes_of(items: Iterable[ScoredCase]) -> dict[Outcome, int]:
    """How many cases ended in each way that the run can tell."""
    found = Counter(outcome(item) for item in items)
    told: tuple[Outcome, ...] = ("right", "wrong", "failed") if found["right"] + found["wrong"] else ("failed",)
    unjudged: tuple[Outcome, ...] = ("unjudged",) if found["unjudged"] else ()
    return {word: found[word] for word in (*told, *unjudged)}


def verdict(item: ScoredCase) -> str:
    """What came of a case, in a few words."""
    match item.attempt.status, item.right:
        case "failed", _:
            return "failed"
        case "not_found", True:
            return "rightly refused"
        case "not_found", False:
            return "refused, though the articles hold it"
        case "answered", False if not item.case.answerable:
            return "answered, though no article holds it"
        case "answered", False if 0 < (item.scores["needs_met"].value or 0) < 1:
            return "answered in part: evidence is missing"
        case "retrieved", _:
            return "passages only"
        case "answered", None:
            return "answered; the case cannot tell right from wrong"
        case "not_found", None:
            return "refused; the case cannot tell right from wrong"
        case _, right:
            return "answered rightly" if right else "answered wrongly"


def kind(case: Case) -> str:
    """The type of a case, which stands first among its tags."""
    return case.tags[0] if case.tags else "untagged"


def by_name(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Metrics to be looked up by their names."""
    return {metric.name: metric for metric in metrics}


def shown(metrics: Iterable[Metric], group: str) -> list[Metric]:
    """The metrics of a group; those of conversation only where there is any."""
    chosen = [metric for metric in metrics if metric.group == group]
    return chosen if group != "conversation" or any(metric.estimate.n for metric in chosen) else []


def intervals_made(metrics: Iterable[Metric]) -> str:
    """How the intervals of some metrics were made."""
    made = {metric.estimate.interval for metric in metrics} - {"none"}
    return "; ".join(sorted(made))
