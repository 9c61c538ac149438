"""The one stream from question to checked answer, which every front end consumes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.answer import Answer, Citation, IndexStatus, Spent
from assistant.answering.drafting import Answerer, Draft, DraftText
from assistant.answering.verification import Proof, verify
from assistant.conversation import Conversation, Rewriter, Turn, to_carry
from assistant.events import Answered as Answered
from assistant.events import Delta as Delta
from assistant.events import Event as Event
from assistant.events import Found as Found
from assistant.events import Retrieved as Retrieved
from assistant.events import Rewritten as Rewritten
from assistant.loading import load_beside, load_quietly
from assistant.question import require_question
from assistant.retrieval import DENSE_WEIGHT, Retrieval, Retriever
from assistant.stage_clock import StageClock
from assistant.stopping import Stop
from index.articles import UnreadableArticle, decode
from index.keeping import KeptIndex, Listener
from index.view import DateRange

if TYPE_CHECKING:
    from assistant.backends.choosing import Price
    from assistant.backends.llamaindex import LLM
    from assistant.backends.protocol import Backend, Usage
    from index.encoder import Embedder

FOUND_PASSAGES = 10
"""Passages that come with an answer; it is drawn from the first few of them."""
SEARCHED = 5
"""Passages that a search finds unless told otherwise."""
ATTEMPTS = 2
"""An answer of which nothing stands in the files any more is drafted again, from an index brought up to date."""


class Assistant:
    """Answers questions about one folder of articles; a context manager that closes its index.

    For one thread at a time; of `ask` and `search` only, any number of threads may make use: they take turns.
    After `close` each raises RuntimeError.
    """

    def __init__(
        self,
        kept: KeptIndex,
        retriever: Retriever,
        answerer: Answerer,
        listener: Listener,
        proof: Proof | None = None,
        price: Price | None = None,
        rewriter: Rewriter | None = None,
        stop: Stop | None = None,
    ) -> None:
        """Claims that are not verbatim are shown only where there is a `proof` that finds nothing against them.

        Without a `rewriter`, follow-ups are put so that they stand by themselves by rule. What works on a
        question asks `stop` whether somebody still waits for it.
        """
        self.kept = kept
        self._retriever = retriever
        self._answerer = answerer
        self._listener = listener
        self._proof = proof
        self._price = price
        self._rewriter = rewriter
        self.stop = stop or Stop()
        self.turn = threading.RLock()
        """Held while a question is answered, by whoever shares the assistant with other threads."""
        self._told_undated = False
        self._closed = False

    @classmethod
    def open(
        cls,
        corpus: str | Path,
        states: str | Path | None = None,
        embedder: Embedder | None = None,
        listener: Listener | None = None,
        dense_weight: float = DENSE_WEIGHT,
        min_confidence: float | None = None,
        backend: str | Backend | LLM | None = None,
        price: str | Price | None = None,
        base_url: str | None = None,
    ) -> Assistant:
        """An assistant over a folder of articles; `assistant.opening.open_assistant` says what may be given."""
        from assistant.opening import open_assistant  # which imports this module

        return open_assistant(
            corpus, states, embedder, listener, dense_weight, min_confidence, backend, price, base_url
        )

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self) -> None:
        """Load the models now rather than with the first question, which tells what cannot be loaded."""
        load_quietly(self.kept.embedder.load, self._answerer.load)

    def close(self) -> None:
        """Close the index and the backend; once is enough."""
        self._closed = True
        self._answerer.close()
        self.kept.close()

    def cancel(self) -> bool:
        """Cut off, from any thread or signal handler, what a model writes; False where none writes.

        The stream ends with what can be proven of it, marked incomplete.
        """
        return self._answerer.cancel()

    def ask(self, question: str, dates: DateRange | None = None, history: Sequence[Turn] = ()) -> Answer:
        """The checked answer to a question; raises as `stream` does."""
        with self.turn:
            for event in self.stream(question, dates, history):
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("a stream ends with an answer")

    def stream(
        self, question: str, dates: DateRange | None = None, history: Sequence[Turn] = ()
    ) -> Generator[Event, None, None]:
        """Bring the index up to date, retrieve, draft, verify; the events as they come.

        `history` holds the turns of the conversation that the question belongs to, oldest first.

        Raises:
            ConfigurationError: the question is empty.
            IndexingError: corpus or index cannot be used.
            BackendError: the language model cannot be reached, refuses, or breaks off.
            RuntimeError: the assistant is closed.
        """
        self._require_open()
        question = require_question(question)
        clock = StageClock()
        standalone = self._standalone(question, history, clock) if history else None
        if standalone:
            yield Rewritten(standalone)
        carried = to_carry(history) if standalone else ()
        for attempt in range(ATTEMPTS):
            retrieval, status = self._retrieve(
                standalone or question, FOUND_PASSAGES, dates, clock, self._answerer.load, carried=carried
            )
            retrieval = replace(retrieval, history=tuple(history) if standalone else ())
            yield Retrieved(retrieval.evidence)
            draft = Draft((), 0.0)
            anew = attempt > 0  # what a model wrote before counts no more
            with clock.stage("answer"):
                for drafted in self._answerer.stream(retrieval):
                    if isinstance(drafted, DraftText):
                        yield Delta(drafted.text, anew or drafted.anew)
                        anew = False
                    else:
                        draft = drafted
            if draft.warning:
                self._listener.warn(draft.warning)
            with clock.stage("verify"):
                verified = verify(draft, cache(self._read_article), self._proof)
            held = [claim for claim in verified.claims if claim.support != "unsupported"]
            # What was cut off is not asked for again: somebody did not want to wait.
            if held or not verified.claims or draft.incomplete or attempt + 1 == ATTEMPTS:
                break
        if not held:  # where something is, the answer itself lists what was struck
            for reason in dict.fromkeys(claim.reason for claim in verified.claims):
                self._listener.warn(f"struck from the answer: {reason}")
        yield Answered(
            Answer(
                question=question,
                standalone=standalone,
                status="answered" if held else "not_found",
                # With every claim struck nothing is cited, so nothing cited can hold the answer.
                confidence=draft.confidence if held or not verified.claims else 0.0,
                text=" ".join(f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}" for claim in held),
                claims=verified.claims if held else (),
                citations=verified.citations,
                evidence=draft.passages or retrieval.evidence,
                index=status,
                backend=self._answerer.name,
                shorts=verified.shorts,
                incomplete=draft.incomplete,
                spent=self._spent(draft.usage),
                timings_ms=clock.total(draft.first_text_ms),
            )
        )

    def search(self, query: str, count: int = SEARCHED, dates: DateRange | None = None) -> Found:
        """The `count` passages that fit best, without an answer; raises as `stream` does."""
        self._require_open()
        with self.turn:
            retrieval, status = self._retrieve(require_question(query), count, dates, StageClock())
        return Found(list(retrieval.evidence), status)

    def conversation(self, history: Sequence[Turn] = ()) -> Conversation:
        """A conversation, which remembers its turns; it may begin with earlier ones, oldest first."""
        return Conversation(self, history)

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("this assistant is closed; open another with Assistant.open")

    def _standalone(self, question: str, history: Sequence[Turn], clock: StageClock) -> str | None:
        if self._rewriter is None:
            from assistant.follow_ups.rewriting import RuleRewriter  # only a conversation needs it

            self._rewriter = RuleRewriter()
        with clock.stage("rewrite"):
            return self._rewriter.standalone(question, history)

    def _retrieve(
        self,
        question: str,
        count: int,
        dates: DateRange | None,
        clock: StageClock,
        *loads: Callable[[], None],
        carried: Sequence[Citation] = (),
    ) -> tuple[Retrieval, IndexStatus]:
        """Bring the index up to date and search one generation of it; what people should know is told.

        `loads` get ready, beside the search, what is needed after it.
        """
        with clock.stage("sync"):
            stale = self.kept.refresh()
        load_beside(self.kept.embedder.load, *loads)  # not before: a folder that cannot be used must not cost it
        with clock.stage("retrieve"), self.kept.reader.view() as view:
            retrieval = self._retriever.retrieve(view, question, count, dates, carried)
            articles, passages = view.catalog.counts()
            status = IndexStatus(articles, passages, view.manifest.updated, stale)
        if self.kept.reader.warning:
            self._listener.warn(self.kept.reader.warning)
        self._tell_undated(retrieval)
        return retrieval, status

    def _tell_undated(self, retrieval: Retrieval) -> None:
        """Say once how many articles fall outside of every date range because they state no date."""
        if retrieval.undated and not self._told_undated:
            self._told_undated = True
            articles = "1 article states" if retrieval.undated == 1 else f"{retrieval.undated} articles state"
            self._listener.warn(f"{articles} no date and so fell outside of --since and --until")

    def _spent(self, usage: Usage | None) -> Spent | None:
        if usage is None:
            return None
        return Spent(usage.read, usage.written, self._price.cost(usage) if self._price else None)

    def _read_article(self, path: str) -> str | None:
        """The text as the file holds it now: what a citation is checked against."""
        try:
            return decode((self.kept.corpus / path).read_bytes())
        except (OSError, UnreadableArticle):
            return None
