"""Askings to fit a confidence on: questions put to corpora of 1, 5 and 50 articles that answer them, or do not.

Each question is asked of a small corpus that holds its evidence; of the same corpus with the evidence's article
taken away; and with only the paragraphs of the evidence taken away, so that the subject stays and the fact goes.
Questions that their article was found not to answer are asked of it, too: near misses, as people write them.
The questions of public suites were mostly written with the text at hand and share more words with it than other
people's do: every second one is asked without its longest word.
"""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.confidence import Signals, signals_of
from assistant.answering.ranking import RankedSentence, SentenceRanker
from assistant.answering.reader import Reader
from assistant.assistant import FOUND_PASSAGES
from assistant.commands.narration import Narrator
from assistant.retrieval import Retriever
from evals.cases import Case, Suite
from index.encoder import Embedder
from index.errors import CorpusError
from index.keeping import KeptIndex
from index.lexical import Stemmer, query_words
from index.state import StateFolder

CASES_PER_CORPUS = {1: 4, 5: 8, 50: 40}
"""How many articles a corpus has, and at most how many questions are asked of it."""
PRESENT, NEAR_MISS = "present", "near miss"
PARAGRAPHS_GONE, ARTICLE_GONE = "paragraphs gone", "article gone"
NEAR_MISSES = 0.5
"""So many near misses are asked for each question that is answered."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What one way to rank made of a question: signals of its best sentence, and whether it held the answer."""

    signals: Signals
    right: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """One question, asked once."""

    group: str
    """The article that it is about."""
    condition: str
    read: Glance
    unread: Glance


class Bench:
    """One small corpus on disk, changed between askings and synced as any other."""

    def __init__(
        self, suite: Suite, embedder: Embedder, reader: Reader, folder: Path, *, as_written: bool
    ) -> None:
        self.suite = suite
        self._as_written = as_written
        self.corpus = folder / "corpus"
        self.corpus.mkdir()
        self._kept = KeptIndex(self.corpus, StateFolder(folder / "state"), embedder, Narrator(quiet=True))
        self._retriever = Retriever(embedder)
        self._ranker = SentenceRanker(embedder, Stemmer())
        self._reader = reader

    def put(self, article: str) -> None:
        """Copy an article of the suite into the corpus."""
        shutil.copyfile(self.suite.corpus / article, self.corpus / article)

    def ask(self, case: Case, condition: str) -> Asking | None:
        """Ask, and look whether the best sentence covers evidence; None where nothing is found."""
        try:
            self._kept.refresh()
        except CorpusError:  # nothing is left in a corpus of one article
            return None
        with self._kept.reader.view() as view:
            question = case.question if self._as_written else loosely_worded(case)
            retrieval = self._retriever.retrieve(view, question, FOUND_PASSAGES)
        read, unread = self._ranker.rank(retrieval, self._reader), self._ranker.rank(retrieval, None)
        if not read:
            return None
        group = f"{self.suite.name}/{article_of(case, self.suite)}"
        return Asking(group, condition, self._glance(case, condition, read), self._glance(case, condition, unread))

    def _glance(self, case: Case, condition: str, ranked: Sequence[RankedSentence]) -> Glance:
        best = ranked[0].quoted
        shown = [(best.evidence.source.article, best.sentence.start, best.sentence.end)]
        right = condition == PRESENT and any(self.suite.needs_met(case, shown))
        return Glance(signals_of(ranked[0]), right)

    def ask_all(self, answerable: Sequence[Case], misses: Sequence[Case]) -> Iterator[Asking | None]:
        """Ask each case with its evidence, without its article, without its paragraphs; and the near misses."""
        for case in answerable:
            yield self.ask(case, PRESENT)
        for case in misses:
            yield self.ask(case, NEAR_MISS)
        for case in answerable:
            article = article_of(case, self.suite)
            text = (self.suite.corpus / article).read_text(encoding="utf-8-sig")
            (self.corpus / article).write_text(self._without_evidence(text, case), encoding="utf-8")
            yield self.ask(case, PARAGRAPHS_GONE)
            (self.corpus / article).unlink()
            yield self.ask(case, ARTICLE_GONE)
            self.put(article)

    def _without_evidence(self, text: str, case: Case) -> str:
        spans = [span for need in case.needs for quote in need for span in self.suite.spans(quote)[1]]
        kept, offset = [], 0
        for line in text.splitlines(keepends=True):
            end = offset + len(line)
            if not any(start < end and stop > offset for start, stop in spans):
                kept.append(line)
            offset = end
        return "".join(kept)


def loosely_worded(case: Case) -> str:
    """The question; every second one, by a hash of its id, without its longest word."""
    if hashlib.sha256(case.id.encode()).digest()[0] % 2:
        return case.question
    longest = max(query_words(case.question), key=len, default="")
    return re.sub(rf"\b{re.escape(longest)}\b", "", case.question, flags=re.IGNORECASE)


def article_of(case: Case, suite: Suite) -> str:
    """The file of the article that a case is about."""
    return suite.files[str(case.article)]


def ask_suite(
    suite: Suite, embedder: Embedder, reader: Reader, count: int, seed: int, *, as_written: bool = False
) -> list[Asking]:
    """Ask about `count` answerable cases of a suite, a third of them in corpora of each size.

    With `as_written` no question loses a word.
    """
    chance = random.Random(seed)  # noqa: S311  a sample, no secret
    answerable, misses = _by_article(suite)
    found: list[Asking] = []
    for size, most in CASES_PER_CORPUS.items():
        asked = 0
        while asked < count // len(CASES_PER_CORPUS):
            group = chance.sample(sorted(answerable), min(size, len(answerable)))
            cases = [case for article in group for case in answerable[article]]
            cases = chance.sample(cases, min(most, len(cases)))
            near = [case for article in group for case in misses.get(article, [])]
            near = chance.sample(near, min(round(len(cases) * NEAR_MISSES), len(near)))
            asked += len(cases)
            with tempfile.TemporaryDirectory() as folder:
                bench = Bench(suite, embedder, reader, Path(folder), as_written=as_written)
                for article in group:
                    bench.put(article)
                found += [asking for asking in bench.ask_all(cases, near) if asking]
    return found


def _by_article(suite: Suite) -> tuple[dict[str, list[Case]], dict[str, list[Case]]]:
    """The answerable cases with one article of evidence, and those that their article does not answer."""
    answerable: dict[str, list[Case]] = {}
    misses: dict[str, list[Case]] = {}
    for case in suite.cases:
        if case.answerable and len({suite.files[quote.doc] for need in case.needs for quote in need}) == 1:
            answerable.setdefault(article_of(case, suite), []).append(case)
        elif not case.answerable and case.asked_on in suite.files:
            misses.setdefault(article_of(case, suite), []).append(case)
    return answerable, misses
