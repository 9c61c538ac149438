"""A scored run as JUnit XML, which continuous integration shows case by case."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from evals.reports.wording import figure, interval, kind, named_backend, outcome, short, verdict, version
from evals.results import Scored, ScoredCase

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, not even escaped."""


def to_junit(scored: Scored) -> bytes:
    """One suite, one test a case: a wrong one is a failure, one that ended with an error an error."""
    suite = scored.header["suite"]["name"]
    root = ET.Element("testsuites")
    element = _add(
        root,
        "testsuite",
        name=suite,
        tests=str(len(scored.cases)),
        failures=str(sum(outcome(item) == "wrong" for item in scored.cases)),
        errors=str(scored.failures),
        skipped="0",
        time=f"{sum(map(_seconds, scored.cases)):.3f}",
        timestamp=scored.header["run"]["started"],
    )
    properties = _add(element, "properties")
    for name, value in _properties(scored).items():
        _add(properties, "property", name=name, value=value)
    for item in scored.cases:
        _case(element, suite, item)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _properties(scored: Scored) -> dict[str, str]:
    header = scored.header
    ran = {
        "solver": header["solver"],
        "backend": named_backend(header) or "none",
        "suite": short(header["suite"]["fingerprint"]),
        "version": version(header),
    }
    figures = {
        metric.name: f"{figure(metric.estimate.value)} {interval(metric.estimate)} n={metric.estimate.n}"
        for metric in scored.metrics
        if metric.estimate.value is not None
    }
    return ran | figures


def _case(suite: ET.Element, name: str, item: ScoredCase) -> None:
    case = _add(
        suite,
        "testcase",
        classname=f"{name}.{kind(item.case)}",
        name=f"{item.case.id}: {item.case.question}",
        time=f"{_seconds(item):.3f}",
    )
    if item.attempt.status == "failed":
        error = item.attempt.error or "no reason stated"
        _add(case, "error", f"question: {item.case.question}\n{error}", message=error)
    elif outcome(item) == "wrong":
        _add(case, "failure", _told(item), message=verdict(item))


def _told(item: ScoredCase) -> str:
    """All that it takes to judge a wrong case: what was asked and expected, said and cited."""
    case, attempt = item.case, item.attempt
    lines = [f"question: {case.question}"]
    lines += [f"gold answer: {answer}" for answer in case.answers]
    for number, need in enumerate(case.needs, 1):
        lines += [f"gold evidence {number}: {quote.doc}: {quote.text}" for quote in need]
    if not case.answerable:
        lines.append("gold answer: none, no article holds it")
    lines.append(f"answer: {attempt.text or 'none'}")
    for cited in attempt.citations:
        lines.append(f"cited [{cited.id}]: {cited.article}:{cited.start}-{cited.end}: {cited.quote}")
    return "\n".join(lines)


def _seconds(item: ScoredCase) -> float:
    return item.attempt.timings_ms.get("total", 0.0) / 1000


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A child element, whatever characters its text and attributes hold."""
    legal = {name: _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value) for name, value in attributes.items()}
    element = ET.SubElement(parent, tag, legal)
    element.text = text if text is None else _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
    return element
