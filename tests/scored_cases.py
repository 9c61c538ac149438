"""Cases and attempts to score: two articles, what a case needs of them, and what was made of that."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evals.attempts import Attempt, Cited, Claimed, Found, Short
from evals.cases import Case, Quote, Suite
from evals.scorers import Score, Scorer

HARBOUR = "The harbour opened in 1911. It closed in 1954. Repairs cost $375.2 billion. Nobody knows why."
MARKET = "The market hall is of 1911. It burned down twice."

REFUSED = Attempt("q", "?", "not_found")
FAILED = Attempt("q", "?", "failed", error="the backend gave up")
RETRIEVED = Attempt("q", "?", "retrieved")


def suite_in(folder: Path) -> Suite:
    """A suite of two articles."""
    suite = Suite(folder)
    suite.corpus.mkdir()
    (suite.corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (suite.corpus / "market.md").write_text(MARKET, encoding="utf-8")
    return suite


def case(
    *needs: Iterable[tuple[str, str]], answers: Iterable[str] = ("1911", "in 1911"), answerable: bool = True
) -> Case:
    """Each need is its alternative quotes: document and words."""
    listed = tuple(tuple(Quote(*quote) for quote in need) for need in needs)
    return Case("q", "?", tuple(answers), answerable, listed)


def header_of(*cases: str, fingerprint: str = "0" * 16, solver: str = "full") -> dict[str, Any]:
    """What the first line of a run states that chose these cases."""
    return {
        "schema": "parley.run/1",
        "suite": {"name": "ports", "fingerprint": fingerprint, "cases": len(cases)},
        "corpus": {"fingerprint": "1" * 16, "articles": 2},
        "index": {"fingerprint": "2" * 16, "encoder": "fake", "splitter": "fake", "passages": 2},
        "solver": solver,
        "backend": "extractive" if solver == "full" else None,
        "settings": {},
        "version": "0.1.0",
        "commit": None,
        "selection": {"limit": None, "seed": 0, "cases": list(cases)},
        "run": {"started": "2026-11-21T10:00:00+00:00", "suite": "ports", "python": "3.11.7", "machine": "Linux"},
    }


UNANSWERABLE = case(answers=(), answerable=False)


def place(quote: str) -> tuple[str, int, int]:
    """Where words stand in one of the articles."""
    article, text = ("harbour.txt", HARBOUR) if quote in HARBOUR else ("market.md", MARKET)
    return article, text.index(quote), text.index(quote) + len(quote)


def retrieved(*quotes: str) -> Attempt:
    """A retrieval-only attempt that found these words, in this order."""
    found = tuple(Found(*place(quote), score=1 / rank) for rank, quote in enumerate(quotes, 1))
    return Attempt("q", "?", "retrieved", retrieved=found)


def cited(number: int, quote: str) -> Cited:
    """A citation of just these words."""
    return Cited(number, *place(quote), quote)


def claim(text: str, *citations: int, support: str = "verbatim") -> Claimed:
    """A claim that cites by number."""
    return Claimed(text, citations, support, "it is struck" if support == "unsupported" else None)


def answered(*quotes: str, short: str | None = None) -> Attempt:
    """An answer that claims and cites these words, each as a claim of its own."""
    numbered = list(enumerate(quotes, 1))
    return Attempt(
        "q",
        "?",
        "answered",
        text=" ".join(f"{quote} [{number}]" for number, quote in numbered),
        short=Short(short, 1, 0, len(short)) if short is not None else None,
        claims=tuple(claim(quote, number) for number, quote in numbered),
        citations=tuple(cited(number, quote) for number, quote in numbered),
    )


def stated(text: str) -> Attempt:
    """An answer in these words, which cites nothing."""
    return Attempt("q", "?", "answered", text=text, claims=(claim(text),))


def values(scorer: Scorer, suite: Suite, asked: Case, attempt: Attempt) -> dict[str, float | None]:
    """The scores by measure: one for each that is declared, and a reason for each that does not apply."""
    scores = scorer.score(suite, asked, attempt)
    assert list(scores) == [measure.name for measure in scorer.measures]
    assert all(_is_sound(scores[measure.name], measure.kind) for measure in scorer.measures)
    return {name: score.value for name, score in scores.items()}


def _is_sound(score: Score, kind: str) -> bool:
    if score.value is None:
        return bool(score.why)
    return not score.why and (score.value in {0.0, 1.0} if kind == "rate" else 0 <= score.value <= 1)
