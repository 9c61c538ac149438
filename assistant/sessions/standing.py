"""Whether what a citation says still stands in its article, as that is now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.answer import Answer, Citation
from assistant.answering.verification import ReadArticle, find_again, quote_holds
from assistant.conversation import Turn
from index.articles import UnreadableArticle, decode

State = Literal["stands", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a citation since it was made."""

    state: State
    """`changed`: the article no longer holds the sentence; `gone`: there is no such article that can be read."""
    start: int | None
    """Where the sentence begins now; None where it is nowhere."""
    end: int | None

    def to_json(self) -> dict[str, Any]:
        """The standing as it stands in exports."""
        return {"state": self.state, "start": self.start, "end": self.end}


def standing_of(citation: Citation, articles: ReadArticle) -> Standing:
    """Look a citation up; of several places the one nearest to where it stood counts."""
    text = articles(citation.source.article)
    if text is None:
        return Standing("gone", None, None)
    if quote_holds(text, citation.start, citation.end, citation.quote):
        return Standing("stands", citation.start, citation.end)
    start = find_again(text, citation.quote, citation.start) if citation.quote else None
    if start is None:
        return Standing("changed", None, None)
    return Standing("moved", start, start + len(citation.quote))


def standings(answer: Answer, articles: ReadArticle) -> Mapping[int, Standing]:
    """What became of each citation of an answer, by its number."""
    return {citation.id: standing_of(citation, articles) for citation in answer.citations}


def still_standing(turn: Turn, articles: ReadArticle) -> Turn:
    """The turn with those of its citations that still stand, each where it stands now."""
    cited = []
    for citation in turn.cited:
        found = standing_of(citation, articles)
        if found.start is not None and found.end is not None:
            cited.append(replace(citation, start=found.start, end=found.end))
    return replace(turn, cited=tuple(cited))


def in_words(citation: Citation, standing: Standing) -> str:
    """What people are told of a citation that does not stand as it was made; empty for one that does."""
    if standing.state == "moved":
        return f"has moved since, to {citation.source.article}:{standing.start}-{standing.end}"
    if standing.state == "changed":
        return "the article has changed since, and no longer holds this sentence"
    return "the article is gone" if standing.state == "gone" else ""


def articles_in(corpus: Path) -> ReadArticle:
    """Reads articles of a folder as they are now, each once; nothing outside of it, whatever a file names."""
    root = Path(os.path.realpath(corpus))

    @cache
    def read(article: str) -> str | None:
        try:
            path = Path(os.path.realpath(root / article))
            if not path.is_relative_to(root) or not path.is_file():
                return None
            return decode(path.read_bytes())
        except (OSError, ValueError, UnreadableArticle):  # ValueError: a name with NUL in it
            return None

    return read
