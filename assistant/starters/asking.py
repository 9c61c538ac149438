"""Which of the questions that sentences make are offered: those that the articles turn out to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.render import LIKELY
from assistant.sanitize import sanitize_line
from assistant.starters.patterns import PATTERNS, Candidate
from assistant.starters.sampling import sample
from assistant.starters.wording import Wording

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.assistant import Assistant
    from assistant.starters.reading import Reading

MOST_ASKED = 8
"""Questions that are tried; an answer takes some tenths of a second."""
_PLAINEST = {"definition": 0.3, "identity": 0.2, "where": 0.1}
"""What a question of these kinds counts less, as it says least about what the articles tell."""


def starters(assistant: Assistant, most: int = 3) -> tuple[str, ...]:
    """At most `most` questions that these articles answer, different in kind where they can be; often fewer.

    Each is asked, so the assistant should be one that quotes: a language model would be asked up to eight times.
    Raises as `Assistant.stream` does.
    """
    with assistant.turn:
        assistant.kept.refresh()
        with assistant.kept.reader.view() as view:
            readings = sample(view.catalog)
    wording = Wording(readings)
    left = wording.put(made for reading in readings for pattern in PATTERNS for made in pattern(reading))
    kept: list[Candidate] = []
    for _ in range(MOST_ASKED):
        if not left or len(kept) >= most:
            break
        alike = max(left, key=lambda group: _worth(group[0], wording, kept))
        left.remove(alike)
        answer = assistant.ask(alike[0].question)
        kept += [candidate for candidate in alike if answers(answer, candidate)][:1]
    return tuple(sanitize_line(candidate.question) for candidate in kept)


def _worth(candidate: Candidate, wording: Wording, kept: Sequence[Candidate]) -> float:
    """How good a question is to try next: about what several articles tell of, and unlike those kept already."""
    alike = sum(
        0.6 * (other.kind == candidate.kind) + 0.3 * (other.reading.article == candidate.reading.article)
        for other in kept
    )
    return min(wording.spread(candidate.question), 4) / 4 - _PLAINEST.get(candidate.kind, 0.0) - alike


def answers(answer: Answer, candidate: Candidate) -> bool:
    """Whether an answer is likely the right one.

    It cites the sentence that the question was made from and takes its short answer from there, or gives the same
    short answer from elsewhere.
    """
    if answer.status != "answered" or answer.confidence < LIKELY:
        return False
    short, expected = answer.short, candidate.answer
    if expected and short:
        return expected in short.text or short.text in expected
    cited = [citation.id for citation in answer.citations if _stands_in(citation, candidate.reading)]
    if short:
        return short.citation in cited and short.text in candidate.reading.text
    return bool(cited)


def _stands_in(citation: Citation, reading: Reading) -> bool:
    same = citation.source.article == reading.article
    return same and citation.start < reading.end and reading.start < citation.end
