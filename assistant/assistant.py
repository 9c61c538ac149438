"""The one stream from question to checked answer, which every front end consumes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.answer import Answer, Evidence, IndexStatus
from assistant.answering.drafting import Answerer
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.verification import verify
from assistant.errors import ConfigurationError
from assistant.retrieval import Retriever
from index.articles import UnreadableArticle, decode
from index.keeping import KeptIndex, Listener
from index.lexical import Stemmer
from index.state import StateFolder
from index.view import DateRange, IndexView

if TYPE_CHECKING:
    from index.encoder import Embedder

SHOWN_PASSAGES = 6


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages are found."""

    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of draft text, unchecked; only some answerers write any."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The checked answer; always the last event."""

    answer: Answer


Event = Retrieved | Delta | Answered


class Assistant:
    """Answers questions about one folder of articles; a context manager that closes its index."""

    def __init__(self, kept: KeptIndex, answerer: Answerer, listener: Listener) -> None:
        self.kept = kept
        self._answerer = answerer
        self._listener = listener
        self._retriever = Retriever(kept.embedder)

    @classmethod
    def open(cls, corpus: Path, states: Path, embedder: Embedder, listener: Listener) -> Assistant:
        """An assistant over the corpus, with its state in a folder of its own under `states`."""
        kept = KeptIndex(corpus, StateFolder.of(corpus, states), embedder, listener)
        return cls(kept, ExtractiveAnswerer(embedder, Stemmer()), listener)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        self.kept.close()

    def ask(self, question: str, dates: DateRange | None = None) -> Answer:
        """The checked answer to a question; raises as `stream` does."""
        for event in self.stream(question, dates):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("a stream ends with an answer")

    def stream(self, question: str, dates: DateRange | None = None) -> Iterator[Event]:
        """Bring the index up to date, retrieve, draft, verify; the events as they come.

        Raises:
            ConfigurationError: the question is empty.
            IndexingError: corpus or index cannot be used.
        """
        question = require_question(question)
        clock = _Clock()
        with clock.stage("sync"):
            stale = self.kept.refresh()
        with self._view() as view:
            with clock.stage("retrieve"):
                retrieval = self._retriever.retrieve(view, question, SHOWN_PASSAGES, dates)
            status = self._status(view, stale)
        yield Retrieved(retrieval.evidence)
        with clock.stage("answer"):
            draft = self._answerer.draft(retrieval)
        with clock.stage("verify"):
            claims, citations = verify(draft.claims, self._read_article)
        held = [claim for claim in claims if claim.support != "unsupported"]
        for claim in claims:
            if claim.reason:
                self._listener.warn(f"struck from the answer: {claim.reason}")
        yield Answered(
            Answer(
                question=question,
                status="answered" if held else "not_found",
                confidence=draft.confidence,
                text=" ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in held),
                claims=tuple(claims) if held else (),
                citations=tuple(citations),
                evidence=retrieval.evidence,
                index=status,
                backend=self._answerer.name,
                timings_ms=clock.total(),
            )
        )

    def search(self, query: str, count: int, dates: DateRange | None = None) -> tuple[list[Evidence], IndexStatus]:
        """Ranked passages without an answer; raises as `stream` does."""
        query = require_question(query)
        stale = self.kept.refresh()
        with self._view() as view:
            retrieval = self._retriever.retrieve(view, query, count, dates)
            return list(retrieval.evidence), self._status(view, stale)

    def undated_articles(self) -> int:
        """How many articles state no date, and so fall outside of every date range."""
        return sum(record.published is None for record in self.kept.reader.catalog.articles())

    @contextmanager
    def _view(self) -> Iterator[IndexView]:
        with self.kept.reader.view() as view:
            if self.kept.reader.warning:
                self._listener.warn(self.kept.reader.warning)
            yield view

    def _status(self, view: IndexView, stale: bool) -> IndexStatus:
        articles, passages = view.catalog.counts()
        return IndexStatus(articles, passages, view.manifest.updated, stale)

    def _read_article(self, path: str) -> str | None:
        """The text as the file holds it now: what a citation is checked against."""
        try:
            return decode((self.kept.corpus / path).read_bytes())
        except (OSError, UnreadableArticle):
            return None


def require_question(question: str) -> str:
    """The question without surrounding white space.

    Raises:
        ConfigurationError: nothing is left.
    """
    stripped = question.strip()
    if not stripped:
        raise ConfigurationError("the question is empty", 'ask one: parley ask "Who led the talks?"')
    return stripped


class _Clock:
    """Milliseconds spent in each stage."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._spent[name] = (time.perf_counter() - start) * 1000

    def total(self) -> dict[str, float]:
        return {**self._spent, "total": (time.perf_counter() - self._start) * 1000}
