"""Questions and paragraphs as they come in use: searched for in a few words, read by the passage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answering.reader_model.data import Answer, Question, draw, words
from index.articles import Article, Metadata
from index.lexical import STOP_WORDS

if TYPE_CHECKING:
    from index.passages import Splitter

WH_WORDS = frozenset({"what", "when", "where", "which", "who", "whom", "whose", "why", "how"})
_PUNCTUATION = "?!.,;:\"'()“”‘’"


def telegraph(questions: Iterable[Question], share: float) -> list[Question]:
    """That share of the questions, by a hash of the id, as people type them into a search field."""
    return [
        replace(question, text=abridge(question.text, bool(draw(f"{question.id}/wh") % 2)))
        if _is_drawn(question, "telegraph", share)
        else question
        for question in questions
    ]


def abridge(text: str, keep_wh: bool) -> str:
    """The words of a question in lower case, without stop words; as it was where nothing else is in it."""
    bare = [word.strip(_PUNCTUATION) for word in text.lower().split()]
    kept = [word for word in bare if word and (word not in STOP_WORDS or (keep_wh and word in WH_WORDS))]
    return " ".join(kept) if any(word not in WH_WORDS for word in kept) else text


def cut_passages(questions: Iterable[Question], share: float, splitter: Splitter) -> list[Question]:
    """That share of the questions, by a hash of the id, with a passage of the index in place of the paragraph.

    An answerable one gets the passage that holds its first answer whole, and the answers that are in it; where
    none does it stays as it is. Another one gets the passage that shares most words with it: were they left
    whole, the length would tell what is answerable. `splitter` is index.passages'.
    """
    known: dict[str, list[tuple[int, int]]] = {}

    def split(paragraph: str) -> list[tuple[int, int]]:
        if paragraph not in known:
            article = Article("paragraph", paragraph, Metadata(), ())
            known[paragraph] = [(passage.start, passage.end) for passage in splitter.split(article)]
        return known[paragraph]

    return [_cut(question, split) if _is_drawn(question, "passage", share) else question for question in questions]


def _is_drawn(question: Question, style: str, share: float) -> bool:
    return draw(f"{question.id}/{style}") < share * 2**64


def _cut(question: Question, split: Callable[[str], list[tuple[int, int]]]) -> Question:
    spans = split(question.paragraph)
    if question.answers:
        spans = [span for span in spans if _inside(question.answers[0], span)]
    if not spans:
        return question
    asked = words(question.text)
    start, end = max(spans, key=lambda span: len(asked & words(question.paragraph[slice(*span)])))
    answers = tuple(
        Answer(answer.text, answer.start - start) for answer in question.answers if _inside(answer, (start, end))
    )
    return replace(question, paragraph=question.paragraph[start:end], answers=answers)


def _inside(answer: Answer, span: tuple[int, int]) -> bool:
    return span[0] <= answer.start and answer.end <= span[1]
