"""A scored run as one page of HTML that needs nothing else: no network, no other file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from assistant.html_templates import templates_in
from assistant.sanitize import sanitize
from evals.reports import diagrams
from evals.reports.case_view import CaseView
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
    outcomes_of,
    short,
    shown,
    version,
)
from evals.results import Estimate, Metric, Scored
from evals.scorers.effort import cost_of

_HERE = Path(__file__).parent
_HEADLINES = {
    "right": (
        "recall@5",
        "needs_met",
        "citation_precision",
        "quotes_verbatim",
        "refusal_precision",
        "refusal_recall",
        "answer_rate",
    ),
    "recall@5": ("complete@5", "recall@10", "mrr", "ndcg@10"),
}
"""The figure that stands large, which is the first of these that was measured, and what stands beside it."""
_BESIDE = ("recall@5", "needs_met", "citation_precision", "answer_rate")
"""What the table by tag shows beside that figure."""
_RECALLS = {1: "recall@1", 3: "recall@3", 5: "recall@5", 10: "recall@10"}


def to_html(scored: Scored) -> str:
    """The page: figures first, then every case with its evidence."""
    script = (_HERE / "page.js").read_text(encoding="utf-8")
    named = by_name(scored.metrics)
    lead = next((named[name] for name in _HEADLINES if _applies(named, name)), None)
    views = [CaseView(scored.suite, number, item) for number, item in enumerate(scored.cases, 1)]
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            scored=scored,
            header=scored.header,
            facts=_facts(scored.header),
            lead=lead,
            headline=[named[name] for name in _HEADLINES[lead.name] if _applies(named, name)] if lead else [],
            outcomes=outcomes_of(scored.cases),
            views=views,
            tags=sorted({tag for item in scored.cases for tag in item.case.tags}),
            by_tag={tag: by_name(metrics) for tag, metrics in scored.by_tag.items()},
            beside=[named[name] for name in _BESIDE if _applies(named, name) and named[name] != lead],
            recalls=_recalls(named),
            cost=cost_of(scored.tokens, scored.header["run"].get("price")),
            script=Markup(script),  # noqa: S704 - a file of this package
            script_hash=b64encode(sha256(script.encode()).digest()).decode(),
        )
    )


@cache
def _environment() -> Environment:
    environment = templates_in(_HERE)
    environment.globals.update(
        diagrams=diagrams,
        extent=extent,
        groups={"outcome": "Outcome", **GROUPS},
        intervals_made=intervals_made,
        shown=shown,
    )
    environment.filters.update(
        visible=sanitize, counted=counted, figure=figure, interval=interval, milliseconds=milliseconds
    )
    return environment


def _facts(header: Mapping[str, Any]) -> dict[str, str]:
    """What was run, on what, and by what: all that it takes to run it again."""
    index = header["index"]
    run = header["run"]
    facts = {
        "Solver": header["solver"],
        "Backend": named_backend(header),
        "Encoder": index["encoder"],
        "Suite": short(header["suite"]["fingerprint"]),
        "Corpus": f"{short(header['corpus']['fingerprint'])}, {counted(header['corpus']['articles'], 'article')}",
        "Index": short(index["fingerprint"]),
        "Version": version(header),
        "Started": run["started"].replace("T", " ").replace("+00:00", " UTC"),
        "Machine": run["machine"],
    }
    return {name: str(value) for name, value in facts.items() if value}


def _applies(named: Mapping[str, Metric], name: str) -> bool:
    return name in named and named[name].estimate.n > 0


def _recalls(named: Mapping[str, Metric]) -> list[tuple[int, Estimate]]:
    return [(k, named[name].estimate) for k, name in _RECALLS.items() if _applies(named, name)]
