"""Unanswerable questions made by our own retrieval: passages that it ranks high but that lack the answer.

The articles are indexed as a corpus of Parley's, a file each, so what is found is cut as it is in use. Needs
Parley's own packages, besides those of training.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answer import Evidence
from assistant.answering.reader_model.data import Article, Question
from assistant.answering.reader_model.negatives import lacks
from assistant.retrieval import Retriever
from index.encoder import MODEL_FOLDER, OnnxEmbedder
from index.errors import IndexingError
from index.folder import METADATA_FILE
from index.onnx_runtime import open_tokenizer
from index.state import StateFolder
from index.sync import sync
from index.view import IndexReader

RETRIEVED = "retrieved"
LEANING = frozenset({"squadshifts_reddit", "squadshifts_amazon_reviews"})
"""Sources whose questions lean on their post (`How was the sound?`): another may well answer them."""
DEPTH = 10
"""Of so many passages the first that does is taken."""
STRETCH = 30
"""Wordpieces in a row that make two texts versions of one."""


@dataclass(frozen=True)
class Place:
    """Where a paragraph stands in the corpus."""

    file: str
    start: int
    end: int

    def overlaps(self, evidence: Evidence) -> bool:
        """Whether a passage has some of it."""
        return self.file == evidence.source.article and self.start < evidence.end and evidence.start < self.end


def retrieve(articles: Iterable[Article], count: int, seed: int, folder: Path) -> list[Question]:
    """Up to `count` of the answerable questions, each put to a passage that ranks high but lacks the answer.

    Of the first ten passages it is the best that holds the text of no answer, nothing of the question's own
    paragraph, and no 30 wordpieces in a row with it. The index is made in `folder`, or brought up to date
    there. Ordered by id. Raises ValueError when the articles cannot be indexed.
    """
    named = [article for article in articles if not {question.source for question in article.questions} & LEANING]
    corpus, embedder = folder / "corpus", OnnxEmbedder()
    places = write_corpus(named, corpus)
    state = StateFolder.of(corpus, folder / "state")
    candidates = [question for article in named for question in article.questions if question.answers]
    random.Random(seed).shuffle(candidates)  # noqa: S311  # a seeded choice, no secret
    twins, retriever = Twins(), Retriever(embedder)
    made: list[Question] = []
    try:
        sync(corpus, state, embedder)
        with closing(IndexReader(state, embedder.identity)) as reader, reader.view() as view:
            for question in candidates:
                if len(made) == count:
                    break
                ranked = retriever.retrieve(view, question.text, DEPTH).evidence
                passage = _first_lacking(question, ranked, places[question.paragraph], twins)
                if passage is not None:
                    name = f"{question.id}-{RETRIEVED}"
                    made.append(replace(question, id=name, paragraph=passage, answers=(), made=RETRIEVED))
            if reader.warning:
                raise ValueError(f"The articles cannot be searched as in use: {reader.warning}.")
    except IndexingError as error:
        raise ValueError(f"The articles cannot be indexed in {folder}: {error}.") from error
    return sorted(made, key=lambda question: question.id)


def write_corpus(articles: Iterable[Article], corpus: Path) -> Mapping[str, Place]:
    """Write each article as a file with its title stated; returns where each paragraph stands.

    Files that stand there as they should are left as they are, so that their index stays valid.
    """
    corpus.mkdir(parents=True, exist_ok=True)
    places: dict[str, Place] = {}
    titles: list[str] = []
    for number, article in enumerate(articles):
        file, text = f"{number:05}.txt", ""
        for asked in article.paragraphs:
            paragraph = asked[0].paragraph.replace("\r", " ")  # reading a file would turn it into a line feed
            places[asked[0].paragraph] = Place(file, len(text), len(text) + len(paragraph))
            text += f"{paragraph}\n\n"
        _write_new(corpus / file, text)
        titles.append(json.dumps({"file": file, "title": article.title.replace("_", " ")}))
    _write_new(corpus / METADATA_FILE, "\n".join(titles))
    return places


def _write_new(path: Path, text: str) -> None:
    content = text.encode()
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


class Twins:
    """Tells whether two texts have a long stretch in common."""

    def __init__(self) -> None:
        self._tokenizer = open_tokenizer((MODEL_FOLDER / "tokenizer.json").read_bytes())

    def are(self, one: str, other: str) -> bool:
        """Whether 30 wordpieces in a row stand in both."""
        return not self._stretches(one).isdisjoint(self._stretches(other))

    def _stretches(self, text: str) -> set[tuple[int, ...]]:
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        return {tuple(ids[start : start + STRETCH]) for start in range(len(ids) - STRETCH + 1)}


def _first_lacking(question: Question, ranked: Sequence[Evidence], own: Place, twins: Twins) -> str | None:
    for evidence in ranked:
        if own.overlaps(evidence) or not lacks(evidence.text, question):
            continue
        if not twins.are(evidence.text, question.paragraph):
            return evidence.text
    return None
