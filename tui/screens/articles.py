"""The list of all articles, filtered as one types, from which one is taken to be read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from assistant.errors import told
from assistant.sanitize import sanitize_line
from tui.article_rows import heading, matching, sought_in
from tui.failures import TOLD_IN_PLACE
from tui.surviving import Surviving
from tui.widgets.article_list import ArticleList
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from assistant.engine.notices import ArticleSummary
    from tui.ports import AssistantPort

_KEYS = (("Up Down", "choose", "list('move', 1)"), ("Enter", "read", "read"), ("Esc", "close", "cancel"))
AT_ONCE = 1_000
"""Articles that are made ready to be filtered before the loop may do something else; 2 to 10 ms."""


class ArticlesScreen(Surviving, ModalScreen[str | None]):
    """Is dismissed with the path of the article that is to be read, or None."""

    DEFAULT_CSS = """
    ArticlesScreen {
        align: center middle;
        & > Vertical {
            width: 96%;
            max-width: 120;
            height: 90%;
            border: round $primary;
            border-title-color: $text;
            border-title-style: bold;
            background: $surface;
            padding: 0 1;
        }
        Input { margin: 0 0 1 0; background: $surface; }
        #articles-heading { color: auto 75%; padding: 0 0 0 2; text-wrap: nowrap; }
        #articles-said { height: auto; max-height: 4; color: auto 75%; margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Close"),
        Binding("up", "list('move', -1)", "Up", show=False),
        Binding("down", "list('move', 1)", "Down", show=False),
        Binding("pageup", "list('turn_page', -1)", "Page up", show=False),
        Binding("pagedown", "list('turn_page', 1)", "Page down", show=False),
    ]

    def __init__(self, assistant: AssistantPort) -> None:
        """Nothing is asked for before it is shown."""
        super().__init__()
        self._assistant = assistant
        self._articles: tuple[ArticleSummary, ...] = ()
        self._sought: list[str] = []

    def compose(self) -> ComposeResult:
        """A field for the filter, the rows, and how many there are."""
        with Vertical() as frame:
            frame.border_title = "Articles"
            yield Input(placeholder="filter by title, outlet, date or name", compact=True, select_on_focus=False)
            yield Static(id="articles-heading")
            yield ArticleList()
            yield Static(Content("One moment …"), id="articles-said")
            yield KeyLine(*_KEYS)

    def on_mount(self) -> None:
        """Ask for the articles."""
        self._load()

    def on_resize(self) -> None:
        """Lay the heading out as the rows are."""
        self.call_after_refresh(self._show_heading)

    def _show_heading(self) -> None:
        width = self.query_one(ArticleList).scrollable_content_region.width
        self.query_one("#articles-heading", Static).update(Content(heading(width - 3)))

    @work
    async def _load(self) -> None:
        try:
            articles = await self._assistant.articles()
        except TOLD_IN_PLACE as error:
            self._say(told(str(error), getattr(error, "hint", "")))
            return
        for first in range(0, len(articles), AT_ONCE):
            self._sought += map(sought_in, articles[first : first + AT_ONCE])
            await asyncio.sleep(0)
        self._articles = articles
        self._filter(self.query_one(Input).value)

    def _say(self, what: str) -> None:
        self.query_one("#articles-said", Static).update(Content(sanitize_line(what)))

    def _filter(self, words: str) -> None:
        found = [self._articles[number] for number in matching(self._sought, words)]
        self.query_one(ArticleList).show_articles(found)
        if not self._articles:
            self._say("There are no articles in the index yet: it may still be being built.")
        elif len(found) == len(self._articles):
            self._say(f"{len(found):,} article{'s' if len(found) > 1 else ''}")
        else:
            self._say(f"{len(found) or 'none'} of {len(self._articles):,} articles")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what has been typed so far."""
        event.stop()
        if self._articles:
            self._filter(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter reads the article that the cursor is on."""
        event.stop()
        self.action_read()

    def action_read(self) -> None:
        """Read the article that the cursor is on."""
        self.query_one(ArticleList).action_choose()

    async def action_list(self, action: str, by: int) -> None:
        """Move in the list while the field has the keyboard."""
        await self.query_one(ArticleList).run_action(f"{action}({by})")

    def on_article_list_chosen(self, event: ArticleList.Chosen) -> None:
        """Hand the article back."""
        event.stop()
        self.dismiss(event.article.source.article)

    def action_cancel(self) -> None:
        """Read none."""
        self.dismiss(None)
