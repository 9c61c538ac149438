"""A list of articles of any length, of which only the rows in the window are ever laid out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.article_rows import row_of
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual import events

    from assistant.engine.notices import ArticleSummary


class ArticleList(Surviving, ScrollView, can_focus=True):
    """Lists articles, one a row; a sign and a colour tell which one the cursor is on."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"article-list--cursor"}
    DEFAULT_CSS = """
    ArticleList {
        height: 1fr;
        background: $surface;
        color: $text;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        & > .article-list--cursor {
            background: $block-cursor-blurred-background;
            color: $text;
            text-style: bold;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,b", "turn_page(-1)", "Page up", show=False),
        Binding("pagedown,space", "turn_page(1)", "Page down", show=False),
        Binding("home,g", "move_to(0)", "First", show=False),
        Binding("end,G", "move_to(-1)", "Last", show=False),
        Binding("enter", "choose", "Read", show=False),
    ]

    class Chosen(Message):
        """An article is to be read."""

        def __init__(self, article: ArticleSummary) -> None:
            super().__init__()
            self.article = article

    def __init__(self) -> None:
        super().__init__()
        self._articles: Sequence[ArticleSummary] = ()
        self._cursor = 0

    def show_articles(self, articles: Sequence[ArticleSummary]) -> None:
        """List other articles, the cursor on the first."""
        self._articles, self._cursor = articles, 0
        self._fit()
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor in the window."""
        self._fit()
        self.action_move(0)

    def _fit(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._articles))

    def render_line(self, y: int) -> Strip:
        """A row of the window."""
        number, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if number >= len(self._articles):
            return Strip.blank(width, self.rich_style)
        style, sign = self.rich_style, "  "
        if number == self._cursor:
            style, sign = self.get_component_rich_style("article-list--cursor"), "› "
        row = sign + row_of(self._articles[number], width - 3)
        return Strip([Segment(row, style)]).crop_extend(0, width, style)

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        self._cursor = min(max(self._cursor + by, 0), max(len(self._articles) - 1, 0))
        top, height = round(self.scroll_y), self.scrollable_content_region.height
        if not top <= self._cursor < top + height:
            self.scroll_to(y=self._cursor if self._cursor < top else self._cursor - height + 1, animate=False)
        self.refresh()

    def action_turn_page(self, by: int) -> None:
        """Move the cursor by so many windows."""
        self.action_move(by * max(self.scrollable_content_region.height - 1, 1))

    def action_move_to(self, row: int) -> None:
        """Move the cursor to a row, the last one where it is negative."""
        self.action_move((row if row >= 0 else len(self._articles)) - self._cursor)

    def action_choose(self) -> None:
        """Read the article that the cursor is on."""
        if self._articles:
            self.post_message(self.Chosen(self._articles[self._cursor]))

    def on_click(self, event: events.Click) -> None:
        """A click on a row reads its article."""
        row = self.scroll_offset.y + event.y
        if row < len(self._articles):
            event.stop()
            self._cursor = row
            self.refresh()
            self.action_choose()
