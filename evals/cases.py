"""Questions with known answers: a suite on disk, and where its evidence stands."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.articles import decode
from index.folder import ARTICLE_SUFFIXES

Span = tuple[int, int]


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


class Suite:
    """A folder with `corpus/` and `questions.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus = folder / "corpus"
        self._texts: dict[str, str] = {}
        self._spans: dict[Quote, tuple[str, list[Span]]] = {}

    @cached_property
    def cases(self) -> list[Case]:
        """All questions, in the order of the file."""
        # Not splitlines(): a question may hold U+2028 or another character that it takes for a line's end.
        lines = (self.folder / "questions.jsonl").read_text(encoding="utf-8-sig").split("\n")
        return [_case(json.loads(line)) for line in lines if line.strip()]

    @cached_property
    def files(self) -> dict[str, str]:
        """The path of each article, by its path, and by shorter names that no two articles share."""
        found = (path.relative_to(self.corpus) for path in sorted(self.corpus.rglob("*")) if path.is_file())
        paths = [path for path in found if path.suffix.lower() in ARTICLE_SUFFIXES]
        shorter = [(name, path) for path in paths for name in {path.stem, path.with_suffix("").as_posix()}]
        counted = Counter(name for name, _ in shorter)
        return {name: path.as_posix() for name, path in shorter if counted[name] == 1} | {
            path.as_posix(): path.as_posix() for path in paths
        }

    def spans(self, quote: Quote) -> tuple[str, list[Span]]:
        """The article that a quote stands in, and every place where it stands there.

        Raises:
            KeyError: the suite has no such article, or several of this name.
        """
        if quote not in self._spans:
            article = self.files[quote.doc]
            if article not in self._texts:
                self._texts[article] = decode((self.corpus / article).read_bytes())
            # A blank quote would stand everywhere.
            pattern = r"\s+".join(map(re.escape, quote.text.split())) or r"(?!)"
            self._spans[quote] = article, [match.span() for match in re.finditer(pattern, self._texts[article])]
        return self._spans[quote]

    def needs_met(self, case: Case, shown: Iterable[tuple[str, int, int]]) -> list[bool]:
        """Which needs of a case are met by these spans: article, start, end."""
        spans = list(shown)
        return [any(self._hit(quote, spans) for quote in need) for need in case.needs]

    def _hit(self, quote: Quote, shown: Sequence[tuple[str, int, int]]) -> bool:
        article, places = self.spans(quote)
        return any(
            name == article and covers((start, end), place) for name, start, end in shown for place in places
        )


def covers(shown: Span, quote: Span) -> bool:
    """True if a shown span covers at least half of the characters of a quote."""
    return 2 * (min(shown[1], quote[1]) - max(shown[0], quote[0])) >= quote[1] - quote[0]


def _case(stated: dict[str, object]) -> Case:
    needs: dict[object, list[Quote]] = {}
    evidence = stated.get("evidence") or []
    assert isinstance(evidence, list)  # noqa: S101  the suite layout says so
    for number, item in enumerate(evidence):
        stated_need = item.get("need")
        need = ("", number) if stated_need is None else stated_need
        needs.setdefault(need, []).append(Quote(item["doc"], item["quote"]))
    return Case(
        id=str(stated["id"]),
        question=str(stated["question"]),
        answers=tuple(stated.get("answers") or ()),  # type: ignore[arg-type]
        answerable=bool(stated["answerable"]),
        needs=tuple(tuple(quotes) for quotes in needs.values()),
    )
