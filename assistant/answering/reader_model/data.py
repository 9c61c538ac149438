"""Questions over paragraphs, from files in the format of SQuAD, and the tenth of them that is held out.

The format is that of Rajpurkar et al., SQuAD 2.0, 2018: articles of paragraphs, each with questions whose
answers are spans of it, or that it does not answer. Everything here is a function of the file and a seed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HEAP = 500
"""An article of more paragraphs than this is a heap of texts about different things, such as Reddit's posts."""
HELD_OUT = 10
"""One article in so many is held out, to choose recipes by."""
NEAR = 60
"""Characters on each side of a span whose words are compared with the question's."""
REBUILT = frozenset({"squad1", "squad2"})
"""Sources whose offsets were lost: theirs are the first occurrences of the answers."""


@dataclass(frozen=True)
class Answer:
    """A span of a paragraph."""

    text: str
    start: int
    """Characters before it in the paragraph."""

    @property
    def end(self) -> int:
        """Characters up to its end."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Question:
    """One question, put to one paragraph."""

    id: str
    text: str
    paragraph: str
    answers: tuple[Answer, ...]
    """One an annotator, equal ones repeated; none where the paragraph holds no answer."""
    group: str
    """The article, or the post in a heap of posts: what is resampled as a whole."""
    source: str
    made: str = ""
    """How it was made unanswerable here, as selection.py names it; empty where it was asked as it stands."""


@dataclass(frozen=True)
class Article:
    """Paragraphs about one thing, each with its questions."""

    title: str
    paragraphs: tuple[tuple[Question, ...], ...]
    """The questions of each paragraph; a paragraph without any is left out."""

    @property
    def questions(self) -> Iterator[Question]:
        """All its questions, in the file's order."""
        return (question for asked in self.paragraphs for question in asked)


def read_articles(path: Path) -> list[Article]:
    """The articles of a gzip file, by title; the spans of rebuilt sources are found anew.

    Raises OSError when the file cannot be read, ValueError when it is not in the format of SQuAD or an answer
    does not stand where it should.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            articles = [_article(entry) for entry in json.load(file)["data"]]
    except (KeyError, TypeError, EOFError) as error:
        raise ValueError(f"{path} is not a whole file in the format of SQuAD: {error!r}.") from error
    return sorted(articles, key=lambda article: article.title)


def _article(entry: dict[str, object]) -> Article:
    title, source, stated = str(entry["title"]), str(entry.get("source", "")), entry["paragraphs"]
    if not isinstance(stated, list):
        raise TypeError(f"the paragraphs of {title} are no list")
    paragraphs = []
    for number, paragraph in enumerate(stated):
        text = paragraph["context"]
        group = f"{title}/{number}" if len(stated) > HEAP else title
        asked = [
            Question(str(qa["id"]), qa["question"], text, _answers(qa, text, source), group, source or "unnamed")
            for qa in paragraph["qas"]
        ]
        if asked:
            paragraphs.append(tuple(asked))
    return Article(title, tuple(paragraphs))


def _answers(qa: dict[str, object], paragraph: str, source: str) -> tuple[Answer, ...]:
    """The answers to one question, where they stand; ValueError where one does not."""
    stated = qa["answers"]
    if qa.get("is_impossible", False) or not isinstance(stated, list):
        return ()
    answers = tuple(Answer(entry["text"], entry["answer_start"]) for entry in stated)
    for answer in answers:
        if not answer.text or paragraph[answer.start : answer.end] != answer.text:
            raise ValueError(f"The answer {answer.text!r} does not stand where question {qa['id']} says.")
    return relocate(answers, paragraph, str(qa["question"])) if source in REBUILT else answers


def relocate(answers: Sequence[Answer], paragraph: str, question: str) -> tuple[Answer, ...]:
    """Where each answer is most likely meant to stand, whatever its offset says.

    Of the occurrences of a text, that of whole words is taken; of several the one that overlaps most answers of
    other annotators whose place is certain; of several the one with most of the question's words around it,
    and then the first.
    """
    places = {answer.text: occurrences(answer.text, paragraph) for answer in answers}
    certain = [Answer(answer.text, places[answer.text][0]) for answer in answers if len(places[answer.text]) == 1]
    asked = frozenset(words(question))

    def likelihood(found: Answer) -> tuple[int, int, int]:
        around = words(paragraph[max(0, found.start - NEAR) : found.start])
        around |= words(paragraph[found.end : found.end + NEAR])
        overlapped = sum(found.start < other.end and other.start < found.end for other in certain)
        return overlapped, len(asked & around), -found.start

    found = {
        text: max((Answer(text, start) for start in starts), key=likelihood) for text, starts in places.items()
    }
    return tuple(found[answer.text] for answer in answers)


def occurrences(text: str, paragraph: str) -> list[int]:
    """Where a text stands as whole words, in characters; where it never does, wherever it stands."""
    starts = [match.start() for match in re.finditer(f"(?={re.escape(text)})", paragraph)]
    whole = [start for start in starts if _is_whole(paragraph, start, start + len(text))]
    return whole or starts


def _is_whole(paragraph: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end of a span."""
    return not any(
        0 < edge < len(paragraph) and paragraph[edge - 1].isalnum() and paragraph[edge].isalnum()
        for edge in (start, end)
    )


def words(text: str) -> set[str]:
    """The words of a text in lower case, those of three letters or fewer left out."""
    return set(re.findall(r"\w{4,}", text.lower()))


def split(articles: Iterable[Article]) -> tuple[list[Article], list[Article]]:
    """The articles to train on, and the tenth held out, by a hash of the title.

    A heap of posts is no article: each of its posts goes one way or the other, by a hash of title and number.
    """
    trained: list[Article] = []
    held: list[Article] = []
    for article in articles:
        ways: tuple[list[tuple[Question, ...]], list[tuple[Question, ...]]] = ([], [])
        for asked in article.paragraphs:
            ways[_is_held_out(asked[0].group)].append(asked)
        for paragraphs, side in zip(ways, (trained, held), strict=True):
            if paragraphs:
                side.append(replace(article, paragraphs=tuple(paragraphs)))
    return trained, held


def _is_held_out(group: str) -> bool:
    return draw(group) % HELD_OUT == 0


def draw(text: str) -> int:
    """A number of 64 bits that looks drawn at random and is the same for the same text, everywhere."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
