"""One line at the foot of the screen: what is asked, who answers, how fresh the index is, and all commands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from assistant.phrasing import on_one_line
from tui.surviving import Surviving

if TYPE_CHECKING:
    from assistant.answer import Answer, IndexStatus
    from assistant.engine.notices import Indexing
    from index.view import DateRange

BETWEEN = " · "
LONGEST_NAME = 28
ACTIONS = {
    "corpus": "articles",
    "session": "sessions",
    "backend": "backend",
    "dates": "dates",
    "index": "reindex",
    "menu": "command_palette",
}
"""What a click on a part does, where the app has such an action."""
ORDER = ("corpus", "session", "backend", "dates", "index", "last", "menu")
LEAST_FIRST = ("session", "last", "corpus", "dates", "backend")
"""What is left out on a narrow terminal, in this order; the index and the menu are always there."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status line tells; all of it harmless to show, empty where there is nothing to tell."""

    corpus: str = ""
    session: str = ""
    backend: str = ""
    dates: str = ""
    index: str = "opening the index"
    last: str = ""
    """What the last answer took."""
    menu: str = "^P menu"
    """The way to every command: a click, for who knows no keys yet."""


class StatusLine(Surviving, Static):
    """Facts, fitted to the width: the least important are left out first."""

    def __init__(self) -> None:
        super().__init__(Content(""))
        self.facts = Facts()

    def tell(self, **changed: Any) -> None:
        """Tell these facts from now on; fields of `Facts`."""
        self.facts = replace(self.facts, **changed)
        self._fit()

    def on_resize(self) -> None:
        """Fit the facts to another width."""
        self._fit()

    def _fit(self) -> None:
        shown = {name: text for name in ORDER if (text := getattr(self.facts, name))}
        for name in LEAST_FIRST:
            if cell_len(BETWEEN.join(shown.values())) <= self.size.width:
                break
            shown.pop(name, None)
        parts = [self._part(name, text) for name, text in shown.items()]
        self.update(Content.styled(BETWEEN, "$quiet").join(parts), layout=False)  # one line, whatever it says

    def _part(self, name: str, text: str) -> Content:
        part = Content(text)
        action = ACTIONS.get(name)
        if action and hasattr(self.app, f"action_{action}"):
            return part.stylize(Style.from_meta({"@click": f"app.{action}"}))
        return part


def short_name(name: str) -> str:
    """A name on one line, cut where it is long."""
    name = on_one_line(name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def corpus_in_words(corpus: str) -> str:
    """The folder of articles by its last part."""
    return short_name(PurePath(corpus).name or corpus)


def dates_in_words(dates: DateRange | None) -> str:
    """Which days the articles are of."""
    if not dates:
        return "all dates"
    if dates.since is None:
        return f"until {dates.until}"
    return f"{dates.since} to {dates.until}" if dates.until else f"since {dates.since}"


def index_in_words(index: IndexStatus) -> str:
    """What is indexed, and whether that is all there is."""
    freshness = "index is stale" if index.stale else "index is current"
    return f"{index.articles:,} {'article' if index.articles == 1 else 'articles'}, {freshness}"


def indexing_in_words(indexing: Indexing) -> str:
    """How far the index has come."""
    if indexing.stage == "encoding":
        return f"indexing {indexing.done:,} of {indexing.total:,} passages"
    if indexing.stage in ("reading", "splitting"):
        return f"{indexing.stage} {indexing.done:,} of {indexing.total:,} articles"
    return f"{on_one_line(indexing.stage)} the index"


def last_in_words(answer: Answer) -> str:
    """Tokens, cost and time of an answer."""
    spent, total = answer.spent, answer.timings_ms.get("total")
    parts = [f"{spent.read + spent.written:,} tokens"] if spent else []
    parts += [f"cost {spent.cost:.4f}"] if spent and spent.cost is not None else []
    parts += [f"{total / 1000:.1f} s"] if total is not None else []
    return ", ".join(parts)
