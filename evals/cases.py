"""Questions with known answers: a suite on disk, and where its evidence stands."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from re import finditer

from assistant.conversation import Turn
from assistant.errors import ConfigurationError
from assistant.locations import sample_corpus
from index.articles import UnreadableArticle, decode
from index.errors import CorpusError
from index.folder import scan

Span = tuple[int, int]
GOLD = Path(__file__).resolve().parent / "gold"
QUESTIONS = "questions.jsonl"
FOLLOW_UPS = "followups"
"""What the gold questions that come after others are called, where a suite is named."""


class SuiteError(ConfigurationError):
    """A suite that cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence: an article of the suite, and words that stand in it, white space folded."""

    doc: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question; it is complete when each of its needs is met by one of the quotes that it lists."""

    id: str
    question: str
    answers: tuple[str, ...]
    answerable: bool
    needs: tuple[tuple[Quote, ...], ...]
    tags: tuple[str, ...] = ()
    """Its type first, where it states one."""
    asked_on: str | None = None
    """The document that the question was written about, where that is stated."""
    history: tuple[Turn, ...] = ()
    """What was asked before it, oldest first; the answer of a turn that found nothing is empty."""
    standalone: str | None = None
    """How a person would ask it if nothing came before it; None where it stands by itself, or nothing is said."""
    line: int = 0
    """Where it stands in questions.jsonl, from 1 on."""

    @property
    def article(self) -> str | None:
        """The document that it is about: cases about one document resemble each other."""
        return self.needs[0][0].doc if self.needs else self.asked_on


class Suite:
    """A folder with a file of questions, and the articles they are about, by default in `corpus/` beside it."""

    def __init__(self, folder: Path, corpus: Path | None = None, questions: str = QUESTIONS) -> None:
        self.folder = folder
        self.corpus = corpus or folder / "corpus"
        self.questions = folder / questions
        """The file of its cases."""
        self._texts: dict[str, FoldedText] = {}
        self._spans: dict[Quote, tuple[str, list[Span]]] = {}

    @classmethod
    def gold(cls) -> Suite:
        """The questions over the sample articles that ship with the package."""
        return cls(GOLD, sample_corpus())

    @classmethod
    def follow_ups(cls) -> Suite:
        """The questions over the sample articles that come after others."""
        return cls(GOLD, sample_corpus(), f"{FOLLOW_UPS}.jsonl")

    @classmethod
    def at(cls, folder: Path) -> Suite:
        """The suite in a folder; the gold questions keep their articles elsewhere.

        `followups` names the gold follow-ups unless there is such a folder.
        """
        if folder == Path(FOLLOW_UPS) and not folder.exists():
            return cls.follow_ups()
        return cls.gold() if folder.resolve() == GOLD else cls(folder)

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.folder.resolve().name if self.questions.name == QUESTIONS else self.questions.stem

    @property
    def word(self) -> str | None:
        """What the command names it by; None for the suite that it takes by itself."""
        if self.folder.resolve() != GOLD:
            return str(self.folder)
        return None if self.questions.name == QUESTIONS else FOLLOW_UPS

    @cached_property
    def cases(self) -> list[Case]:
        """All questions, in the order of the file.

        Raises:
            SuiteError: the file is missing, or a line of it is no case.
        """
        from evals.suite_file import read_cases  # which builds on this module

        return read_cases(self.questions)

    @cached_property
    def files(self) -> dict[str, str]:
        """The path of each article, by its path, and by shorter names that no two articles share.

        Raises:
            SuiteError: there is no folder of articles.
        """
        try:
            paths = [Path(name) for name in sorted(scan(self.corpus).files)]
        except CorpusError as error:
            raise SuiteError(str(error), "a suite keeps its articles in corpus/") from error
        shorter = [(name, path) for path in paths for name in {path.stem, path.with_suffix("").as_posix()}]
        counted = Counter(name for name, _ in shorter)
        return {name: path.as_posix() for name, path in shorter if counted[name] == 1} | {
            path.as_posix(): path.as_posix() for path in paths
        }

    def text(self, article: str) -> str:
        """What an article holds, by its path, read once.

        Raises:
            OSError, UnreadableArticle: it cannot be read.
        """
        return self._read(article).text

    def _read(self, article: str) -> FoldedText:
        if article not in self._texts:
            self._texts[article] = FoldedText(decode((self.corpus / article).read_bytes()))
        return self._texts[article]

    def spans(self, quote: Quote) -> tuple[str, list[Span]]:
        """The article that a quote stands in, and every place where it stands there.

        Raises:
            KeyError: the suite has no such article, or several of this name.
        """
        if quote not in self._spans:
            article = self.files[quote.doc]
            self._spans[quote] = article, self._read(article).find(quote.text)
        return self._spans[quote]

    def check(self) -> None:
        """Look that each document is there and holds what is quoted from it.

        Raises:
            SuiteError: the first that is not or does not.
        """
        if not self.cases:
            raise SuiteError(f"{self.questions}: no questions", "write one a line; docs/evaluation.md says how")
        for case in self.cases:
            for quote in (quote for need in case.needs for quote in need):
                self._check_quote(f"{self.questions}:{case.line}: {case.id!r}", quote)

    def _check_quote(self, place: str, quote: Quote) -> None:
        try:
            found = self.spans(quote)[1]
        except KeyError:
            raise SuiteError(
                f"{place} names a document {quote.doc!r}, and {self.corpus} holds none, or several, of this name",
                "name a file without its suffix, or by its path in the corpus",
            ) from None
        except (OSError, UnreadableArticle) as error:
            raise SuiteError(
                f"{place}: {quote.doc!r} cannot be read: {error}", "mend or remove the file"
            ) from error
        if not found:
            begun = quote.text if len(quote.text) <= 60 else f"{quote.text[:60]}…"
            raise SuiteError(
                f"{place} quotes {begun!r}, which {quote.doc!r} does not hold", "quote it word for word"
            )

    def needs_met(self, case: Case, shown: Iterable[tuple[str, int, int]]) -> list[bool]:
        """Which needs of a case are met by these spans: article, start, end."""
        spans = list(shown)
        return [any(self.hits(span, quote) for quote in need for span in spans) for need in case.needs]

    def hits(self, shown: tuple[str, int, int], quote: Quote) -> bool:
        """True if a span covers at least half of a quote in one of the places where it stands."""
        article, places = self.spans(quote)
        name, start, end = shown
        if name != article or not 0 <= start <= end <= len(self.text(article)):
            return False
        return any(covers((start, end), place) for place in places)


def covers(shown: Sequence[int], quote: Span) -> bool:
    """True if a shown span covers at least half of the characters of a quote."""
    return 2 * (min(shown[1], quote[1]) - max(shown[0], quote[0])) >= quote[1] - quote[0]


class FoldedText:
    """A text in which words are found whatever white space parts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = array("I")
        """Where each character of the folded text stands in the text."""
        words = []
        for match in finditer(r"\S+", text):
            words.append(match.group())
            self._starts.extend(range(match.start(), match.end() + 1))
        self._folded = " ".join(words)

    def find(self, wanted: str) -> list[Span]:
        """Every place where some words stand; none for a blank."""
        sought = " ".join(wanted.split())
        found = []
        at = self._folded.find(sought) if sought else -1
        while at >= 0:
            found.append((self._starts[at], self._starts[at + len(sought) - 1] + 1))
            at = self._folded.find(sought, at + len(sought))
        return found
