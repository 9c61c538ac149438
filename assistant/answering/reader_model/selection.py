"""Which questions a run learns from or is scored on: those of the articles, and unanswerable ones made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.reader_model.data import Article, Question, draw
from assistant.answering.reader_model.negatives import pair_elsewhere, swap
from assistant.answering.reader_model.styles import cut_passages, telegraph

ELSEWHERE = 5_000
"""Questions put to another paragraph, unless told otherwise."""
SEED = 20_181
"""Of every choice that is drawn, unless told otherwise."""


@dataclass(frozen=True)
class Selection:
    """What is taken besides the questions as they are asked; it needs Parley's packages where it says so."""

    elsewhere: int = ELSEWHERE
    """Questions put to another paragraph of their article."""
    retrieved: int = 0
    """Questions put to a passage that retrieval ranks high but that lacks the answer; needs Parley's packages."""
    swapped: int = 0
    """Questions of which a name or number is exchanged."""
    telegraph: float = 0.0
    """The share of questions in search style."""
    passages: float = 0.0
    """The share of paragraphs cut to a passage of the index; needs Parley's packages."""


def collect(
    articles: Sequence[Article], selection: Selection, seed: int, folder: Path, limit: int | None = None
) -> list[Question]:
    """The questions of a selection, `limit` of them where given, always in one order.

    The limited are the first by a hash of the id, so that a larger limit takes all that a smaller one takes.
    `folder` is where retrieval keeps its index, if it is asked. Raises ValueError where packages are missing
    or the articles cannot be indexed.
    """
    questions = [question for article in articles for question in article.questions]
    questions += pair_elsewhere(articles, selection.elsewhere, seed)
    questions += swap(articles, selection.swapped, seed)
    try:
        if selection.retrieved:
            from assistant.answering.reader_model.retrieved import retrieve  # 3 to 5 s

            questions += retrieve(articles, selection.retrieved, seed, folder)
        if limit is not None:
            questions = sorted(questions, key=lambda question: draw(question.id))[:limit]
        questions = sorted(questions, key=lambda question: (question.id, question.made))
        if selection.passages:
            from index.passages import Splitter  # 3 to 5 s

            questions = cut_passages(questions, selection.passages, Splitter())
    except ImportError as error:
        raise ValueError(f"Retrieved questions and passages need Parley's own packages: {error}.") from error
    return telegraph(questions, selection.telegraph)
