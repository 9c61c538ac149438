"""Which of the questions that sentences make are offered: those that the articles turn out to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.phrasing import LIKELY
from assistant.sanitize import sanitize_line
from assistant.starters.candidate import Candidate
from assistant.starters.doings import DOINGS
from assistant.starters.facts import FACTS
from assistant.starters.sampling import sample
from assistant.starters.wording import Wording, named

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.assistant import Assistant
    from assistant.starters.reading import Reading

MOST_ASKED = 8
"""Questions that are tried; an answer takes some tenths of a second."""
_PLAINEST = {"definition": 0.3, "identity": 0.2, "where": 0.1}
"""What a question of these kinds counts less, as it says least about what the articles tell."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A question that was asked to see whether it can be offered."""

    question: str
    answer: Answer
    made_from: Candidate | None
    """What of it the answer bears out; None where the question is not offered."""


def starters(assistant: Assistant, most: int = 3) -> tuple[str, ...]:
    """At most `most` questions that these articles answer, different in kind where they can be; often fewer.

    Each is asked, so the assistant should be one that quotes: a language model would be asked up to eight times.
    Raises as `Assistant.stream` does.
    """
    return tuple(tried.question for tried in try_out(assistant, most) if tried.made_from)


def try_out(assistant: Assistant, most: int) -> Iterator[Tried]:
    """Ask what the sentences suggest, the most promising first, until `most` questions can be offered."""
    with assistant.turn:
        assistant.kept.refresh()
        with assistant.kept.reader.view() as view:
            readings = sample(view.catalog)
    wording = Wording(readings)
    left = wording.put(made for reading in readings for pattern in DOINGS + FACTS for made in pattern(reading))
    kept: list[Candidate] = []
    for _ in range(min(MOST_ASKED, len(left))):
        if len(kept) >= most:
            return
        alike = max(left, key=lambda group: _worth(group[0], wording, kept))
        left.remove(alike)
        answer = assistant.ask(alike[0].question)
        fitting = next((candidate for candidate in alike if _bears_out(answer, candidate)), None)
        kept += [fitting] if fitting else []
        yield Tried(sanitize_line(alike[0].question), answer, fitting)


def _worth(candidate: Candidate, wording: Wording, kept: Sequence[Candidate]) -> float:
    """How good a question is to try next: about what several articles tell of, and unlike those kept already."""
    alike = sum(
        0.8 * (other.kind == candidate.kind)
        + 0.3 * (other.reading.article == candidate.reading.article)
        + 0.2 * bool(named(candidate.question) & named(other.question))
        for other in kept
    )
    return min(wording.spread(candidate.question), 4) / 4 - _PLAINEST.get(candidate.kind, 0.0) - alike


def _bears_out(answer: Answer, candidate: Candidate) -> bool:
    """Whether an answer is likely the right one.

    It gives the words that the sentence gives, wherever from, or else rests on that sentence.
    """
    if answer.status != "answered" or answer.confidence < LIKELY:
        return False
    short, expected = answer.short, candidate.answer
    if expected and short:
        return expected in short.text or short.text in expected
    cited = [citation.id for citation in answer.citations if stands_in(citation, candidate.reading)]
    if short:
        return short.citation in cited and short.text in candidate.reading.text
    return bool(cited)


def stands_in(citation: Citation, reading: Reading) -> bool:
    """Whether a citation is of the sentence that was read."""
    same = citation.source.article == reading.article
    return same and citation.start < reading.end and reading.start < citation.end
