"""One case on the terminal: what was asked, what would be right, what came of it, and where that stands."""

from __future__ import annotations

from textwrap import fill

from assistant.sanitize import sanitize_line
from evals.cases import Suite
from evals.reports.case_view import CaseView, ShownCitation, ShownPassage
from evals.results import ScoredCase

WIDTH = 96


def to_text(suite: Suite, item: ScoredCase) -> str:
    """The case as a few paragraphs, harmless to show."""
    view = CaseView(suite, 1, item)
    lines = [f"{sanitize_line(item.case.id)}: {view.verdict}", "", *_asked(item)]
    if item.case.answers:
        lines += _told("right", " | ".join(item.case.answers))
    for number, need in enumerate(view.needs, 1):
        met = "cited" if need.cited else f"found in passage {need.ranks[0]}" if need.ranks else "not found"
        for quote in need.quotes:
            lines += _told(f"need {number}", f"({met}) {quote.text}  {quote.doc}")
    lines.append("")
    if item.attempt.error:
        lines += _told("error", item.attempt.error)
    for claim in item.attempt.claims:
        markers = "".join(f"[{number}]" for number in claim.citations)
        lines += _told("struck" if claim.support == "unsupported" else "answer", f"{claim.text} {markers}")
        if claim.reason:
            lines += _told("", f"({claim.reason})")
    for citation in view.citations:
        lines += _told(f"[{citation.cited.id}]", _place(citation))
    if item.attempt.confidence is not None:
        lines += _told("sure", f"{item.attempt.confidence:.3f}")
    lines.append("")
    for rank, passage in enumerate(view.passages, 1):
        lines += _told(f"{rank}.", _passage(passage))
    scores = ", ".join(f"{name} {value:.3g}" for name, value in view.scores.items())
    return "\n".join([*lines, "", *_told("scores", scores)])


def _asked(item: ScoredCase) -> list[str]:
    """The question with the turns before it, and how it was looked for."""
    earlier = [
        line
        for turn in item.case.history
        for line in (*_told("before", turn.question), *_told("", turn.answer or "(nothing was found)"))
    ]
    completed = _told("as", item.attempt.standalone) if item.attempt.standalone else []
    return [*earlier, *_told("asked", item.case.question), *completed]


def _told(word: str, text: str) -> list[str]:
    indent = " " * 9
    return fill(
        sanitize_line(text),
        WIDTH,
        initial_indent=f"{word:9}",
        subsequent_indent=indent,
        break_on_hyphens=False,
    ).split("\n")


def _place(citation: ShownCitation) -> str:
    cited = citation.cited
    problem = f"  NOT PROVEN: {citation.problem}" if citation.problem else ""
    return f"{cited.article}:{cited.start}-{cited.end}{problem}"


def _passage(passage: ShownPassage) -> str:
    found = passage.found
    met = f" need {', '.join(map(str, passage.needs))}" if passage.needs else ""
    return f"{found.score:.2f}{met}  {passage.excerpt}  {found.article}:{found.start}-{found.end}"
