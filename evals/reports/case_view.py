"""One case as the page shows it: its evidence, citations and passages beside what their articles hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from evals.attempts import Cited, Found, Place
from evals.cases import Quote, Span, Suite
from evals.reports.excerpts import Piece, around, beginning
from evals.reports.wording import Outcome, outcome, verdict
from evals.results import ScoredCase
from index.articles import UnreadableArticle


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """A need with the quotes that meet it, the citations that do, and the ranks of passages that do."""

    quotes: tuple[Quote, ...]
    cited: tuple[int, ...]
    ranks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownCitation:
    """A citation in its article; `problem` says what keeps it from being proven."""

    cited: Cited
    problem: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A retrieved passage with the numbers of the needs that it meets, and its first words."""

    found: Found
    needs: tuple[int, ...]
    excerpt: str


class CaseView:
    """What the page shows of a case, worked out from the files of its suite."""

    def __init__(self, suite: Suite, number: int, item: ScoredCase) -> None:
        self._suite = suite
        self.number = number
        """Its place on the page, from 1 on."""
        self.case = item.case
        self.attempt = item.attempt
        self.scores = {name: score.value for name, score in item.scores.items() if score.value is not None}
        self.inapplicable = _by_reason(item)
        self.outcome: Outcome = outcome(item)
        self.verdict = verdict(item)

    @cached_property
    def needs(self) -> list[ShownNeed]:
        """Its gold evidence, and what of it was found and cited."""
        return [
            ShownNeed(
                need,
                tuple(item.id for item in self.attempt.citations if self._meets(_place(item), need)),
                tuple(
                    rank for rank, item in enumerate(self.attempt.retrieved, 1) if self._meets(_place(item), need)
                ),
            )
            for need in self.case.needs
        ]

    @cached_property
    def citations(self) -> list[ShownCitation]:
        """Its citations, each compared with the file again."""
        return [self._citation(item) for item in self.attempt.citations]

    @cached_property
    def passages(self) -> list[ShownPassage]:
        """What was retrieved, best first."""
        return [self._passage(item) for item in self.attempt.retrieved]

    @property
    def unproven(self) -> bool:
        """True if a citation says what its file does not hold."""
        return any(item.problem for item in self.citations)

    def _meets(self, place: Place, need: tuple[Quote, ...]) -> bool:
        return any(self._suite.hits(place, quote) for quote in need)

    def _citation(self, cited: Cited) -> ShownCitation:
        text = self._text(cited.article)
        if text is None:
            return ShownCitation(cited, "its article cannot be read", ())
        if not 0 <= cited.start < cited.end <= len(text):
            return ShownCitation(cited, f"the article has {len(text):,} characters, and none there", ())
        pieces = tuple(around(text, (cited.start, cited.end), self._gold(cited.article)))
        same = text[cited.start : cited.end] == cited.quote
        return ShownCitation(cited, "" if same else "the file holds other words there", pieces)

    def _passage(self, found: Found) -> ShownPassage:
        text = self._text(found.article)
        needs = (number for number, need in enumerate(self.case.needs, 1) if self._meets(_place(found), need))
        excerpt = "(its article cannot be read)" if text is None else beginning(text, (found.start, found.end))
        return ShownPassage(found, tuple(needs), excerpt)

    def _gold(self, article: str) -> list[Span]:
        quotes = (quote for need in self.case.needs for quote in need)
        return [span for name, spans in map(self._suite.spans, quotes) if name == article for span in spans]

    def _text(self, article: str) -> str | None:
        # A run file may name any path; only articles of the suite are read into the page.
        if article not in self._suite.files:
            return None
        try:
            return self._suite.text(article)
        except (OSError, UnreadableArticle):
            return None


def _place(item: Cited | Found) -> Place:
    return item.article, item.start, item.end


def _by_reason(item: ScoredCase) -> list[tuple[str, list[str]]]:
    """The measures that do not apply, by why not: one reason often holds for a whole scorer."""
    reasons = sorted((score.why, name) for name, score in item.scores.items() if score.value is None)
    return [(why, [name for _, name in named]) for why, named in groupby(reasons, key=lambda pair: pair[0])]
