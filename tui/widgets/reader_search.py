"""The one-line field at the foot of the reader in which words of the article are searched for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from tui.reading import Span, occurrences, search_pattern
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.widgets.article_view import ArticleView


class ReaderSearch(Surviving, Horizontal):
    """Marks the places of an article that hold some words, and tells how many there are and which is shown."""

    DEFAULT_CSS = """
    ReaderSearch {
        display: none;
        height: 1;
        padding: 0 1;
        background: $panel;
        & > Input {
            width: 1fr;
            background: $panel;
            &:focus { background-tint: $foreground 5%; }
        }
        & > Static { width: auto; }
        & > #search-sign { color: $text; text-style: bold; }
        & > #search-count { color: auto 75%; padding: 0 0 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next place", show=False),
        Binding("shift+enter,up", "step(-1)", "Previous place", show=False),
    ]

    def __init__(self, view: ArticleView) -> None:
        """`view` shows the article that is searched."""
        super().__init__()
        self._view = view
        self._places: list[Span] = []
        self._place: int | None = None

    def compose(self) -> ComposeResult:
        """A sign that says what the line is for, the field, and the count."""
        yield Static(Content("/ "), id="search-sign")
        yield Input(placeholder="words of this article", compact=True, select_on_focus=False)
        yield Static(id="search-count")

    @property
    def is_open(self) -> bool:
        """Whether words can be typed."""
        return self.display

    @property
    def has_found(self) -> bool:
        """Whether a place is shown."""
        return self._place is not None

    def open(self) -> None:
        """Show the line, and type into it."""
        self.display = True
        self.query_one(Input).focus()

    def close(self) -> None:
        """Hide the line, and forget words and places."""
        self.display = False
        self.query_one(Input).value = ""
        self.workers.cancel_group(self, "search")
        self._show([], None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what has been typed so far."""
        event.stop()
        if self.is_open:
            self._search(event.value)

    @work(group="search", exclusive=True)
    async def _search(self, words: str) -> None:
        """Find all places, a slice of the article at a time, and show the first at or behind the window's top."""
        text, top = self._view.text, self._view.top_offset
        places: list[Span] = []
        if words:
            for some in occurrences(search_pattern(words), text, len(words)):
                places += some
                await asyncio.sleep(0)
        self._show(
            places, next((n for n, place in enumerate(places) if place.start >= top), 0) if places else None
        )

    def _show(self, places: list[Span], place: int | None) -> None:
        self._places, self._place = places, place
        self._view.show_found(places, place)
        said = "" if not self.query_one(Input).value else "not in this article"
        if place is not None:
            said = f"{place + 1:,} of {len(places):,}"
        self.query_one("#search-count", Static).update(Content(said))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter shows the next place."""
        event.stop()
        self.action_step(1)

    def action_step(self, by: int) -> None:
        """Show the next place, or the one before; the first one follows the last."""
        if self._place is not None:
            self._show(self._places, (self._place + by) % len(self._places))
