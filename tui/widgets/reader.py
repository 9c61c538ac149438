"""The source reader: an article with what an answer cites of it, beside the chat or over it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Self

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from assistant.engine.failures import EngineFault, EngineLost
from assistant.errors import told
from assistant.sanitize import sanitize_line
from tui.elsewhere import CannotOpenError, editor_command, lend_terminal, pager_command
from tui.failures import TOLD_IN_PLACE
from tui.messages import Copy
from tui.reading import PASSAGE, Found, as_citation, line_number, look_up
from tui.surviving import Surviving
from tui.widgets.article_view import ArticleView
from tui.widgets.reader_keys import ReaderKeys
from tui.widgets.reader_search import ReaderSearch
from tui.widgets.reader_words import cited_quote, notice_of, subtitle, title_of

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from assistant.answer import Citation, Evidence, Source
    from assistant.engine.notices import ArticleText
    from tui.ports import AssistantPort

PATIENCE = 0.3
"""Seconds that an article may take before it is said that it is being opened."""


class Reader(Surviving, Vertical):
    """Shows an article whole, and leads through what is cited of it and of the answer's other articles."""

    DEFAULT_CSS = """
    Reader {
        background: $surface;
        & > #reader-title, & > #reader-subtitle {
            height: 1;
            padding: 0 1;
            background: $panel;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > #reader-title { text-style: bold; color: $text; }
        & > #reader-subtitle { color: auto 75%; }
        & > #reader-notice {
            display: none;
            height: auto;
            max-height: 50%;
            padding: 0 1;
            margin: 1 0 0 0;
            border-left: outer $warning;
            background: $warning 10%;
            color: $text;
        }
        & > ArticleView { margin: 1 0 0 0; }
    }
    """
    BINDING_GROUP_TITLE = "in an article"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "go(1)", "Next citation"),
        Binding("p", "go(-1)", "Previous citation"),
        Binding("slash", "search", "Search in the article", key_display="/"),
        Binding("enter", "step(1)", "Next place found", show=False),
        Binding("N", "back", "Previous place found, or citation", show=False),
        Binding("shift+enter", "step(-1)", "Previous place found", show=False),
        Binding("o", "pager", "Open in $PAGER"),
        Binding("e", "editor", "Open in $EDITOR"),
        Binding("y", "copy", "Copy the quote"),
        Binding("q", "close", "Close the article"),
        Binding("escape", "leave", "Leave the search, then close", show=False),
    ]

    class Closed(Message):
        """The reader was closed."""

    class Failed(Message):
        """An article could not be read because of the engine; `error` holds a report."""

        def __init__(self, error: EngineLost | EngineFault) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        assistant: AssistantPort,
        environment: Mapping[str, str] = os.environ,
        id: str | None = None,  # noqa: A002 - as all widgets name it
    ) -> None:
        """`environment` names the pager and the editor."""
        super().__init__(id=id)
        self._assistant = assistant
        self._environment = environment
        self._citations: tuple[Citation, ...] = ()
        self._current: Citation | None = None
        self._article: ArticleText | None = None
        self._found: dict[int, Found] = {}
        """What became of the citations of this article, by number."""
        self._asked = 0
        """Counts what was asked for, so that an article that comes late is not shown over a later one."""
        self._came = 0  # the last of them that came, or failed to
        self.view = ArticleView()
        """Shows the article's text."""
        self._search = ReaderSearch(self.view)

    def compose(self) -> ComposeResult:
        """Title, what to know of the current sentence, the article, the search, and the keys."""
        yield Static(id="reader-title")
        yield Static(id="reader-subtitle")
        yield Static(id="reader-notice")
        yield self.view
        yield self._search
        yield ReaderKeys()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Give the keyboard to the article."""
        self.view.focus(scroll_visible)
        return self

    # What is read

    async def show_citation(self, citations: Sequence[Citation], number: int) -> None:
        """Read a citation in its article; the others of its answer are next and previous."""
        self._citations = tuple(citations)
        await self._read(next(citation for citation in citations if citation.id == number))

    async def show_passage(self, passage: Evidence) -> None:
        """Read a passage in its article."""
        self._citations = (as_citation(passage),)
        await self._read(self._citations[0])

    async def show_article(self, path: str) -> None:
        """Read an article from its beginning."""
        self._citations = ()
        await self._open(path, None)

    async def _read(self, citation: Citation) -> None:
        await self._open(citation.source.article, citation)

    async def _open(self, path: str, citation: Citation | None) -> None:
        self._asked += 1
        asked = self._asked
        waiting = self.set_timer(PATIENCE, partial(self._tell_of_opening, path, asked))
        try:
            article = await self._assistant.article(path)
        except TOLD_IN_PLACE as error:
            if asked == self._asked:
                self._show_failure(path, citation, error)
            return
        finally:
            waiting.stop()
            self._came = max(self._came, asked)  # that it is opened may be about to be said
        if asked == self._asked:
            same = self._article is not None and self._article.text == article.text and bool(self._found)
            self._article, self._current = article, citation
            self._show_article(article, anew=not same)

    def _tell_of_opening(self, path: str, asked: int) -> None:
        if self._came < asked == self._asked:
            self._tell(f"Opening {sanitize_line(path)} …")

    def _show_article(self, article: ArticleText, anew: bool) -> None:
        here = [citation for citation in self._citations if citation.source.article == article.source.article]
        self._found = {citation.id: look_up(citation, article.text) for citation in here}
        marks = sorted(
            (found.mark for found in self._found.values() if found.mark), key=lambda mark: (mark.start, mark.end)
        )
        current = self._found[self._current.id] if self._current else None
        if anew:
            self._search.close()
        self._show_titles(article.source)
        self._tell(notice_of(self._current, current) if self._current and current else "")
        if anew:
            self.view.show_text(article.text, marks, current.mark if current else None)
        else:
            self.view.show_marks(marks, current.mark if current else None)

    def _show_failure(self, path: str, citation: Citation | None, error: Exception) -> None:
        """The article is not to be had: say so, and keep what was cited of it readable."""
        self._article, self._current, self._found = None, citation, {}
        self._search.close()
        self.view.show_text("")
        self._show_titles(citation.source if citation else None, path)
        said = [told(f"{path} cannot be read: {error}", getattr(error, "hint", ""))]
        said += [f"It was cited for: “{citation.quote}”"] if citation else []
        self._tell("\n".join(map(sanitize_line, said)))
        if isinstance(error, EngineLost | EngineFault):
            self.post_message(self.Failed(error))

    def _show_titles(self, source: Source | None, path: str = "") -> None:
        self.query_one("#reader-title", Static).update(Content(title_of(source, path)))
        where = subtitle(source, self._current, self._citations)
        self.query_one("#reader-subtitle", Static).update(Content(where))
        self.query_one(ReaderKeys).show_keys(self._keys())

    def _tell(self, notice: str) -> None:
        line = self.query_one("#reader-notice", Static)
        line.display = bool(notice)
        line.update(Content(notice))

    def _keys(self) -> list[tuple[str, str, str]]:
        if self._search.is_open:  # letters are typed into it
            return [("Enter", "next", "step(1)"), ("Up", "previous", "step(-1)"), ("Esc", "leave", "leave")]
        several = len(self._citations) > 1
        keys = [("n", "next", "go(1)"), ("p", "previous", "go(-1)")] if several else []
        if self._article:
            keys += [("/", "search", "search"), ("o", "pager", "pager"), ("e", "editor", "editor")]
        keys += [("y", "copy", "copy")] if self._current else []
        return [*keys, ("q", "close", "close")]

    # Citations

    async def action_go(self, by: int) -> None:
        """Read the next citation of the answer, or the one before; the first one follows the last."""
        if self._current is None or len(self._citations) < 2:
            return
        at = self._citations.index(self._current)
        citation = self._citations[(at + by) % len(self._citations)]
        if self._article is not None and citation.id in self._found:
            self._asked += 1  # what is still under way has been overtaken
            self._current = citation
            self._show_article(self._article, anew=False)
        else:
            await self._read(citation)

    def action_copy(self) -> None:
        """Copy the quote, and where it stands."""
        if self._current is not None:
            what = "the passage" if self._current.id == PASSAGE else "the quote"
            self.post_message(Copy(cited_quote(self._current, self._found.get(self._current.id)), what))

    # Search

    def action_search(self) -> None:
        """Type what to search for."""
        if self._article is not None:
            self._search.open()
            self.query_one(ReaderKeys).show_keys(self._keys())

    def action_step(self, by: int) -> None:
        """Show the next place that was found, or the one before."""
        self._search.action_step(by)

    async def action_back(self) -> None:
        """Show the place before in a search, the citation before otherwise."""
        if self._search.has_found:
            self.action_step(-1)
        else:
            await self.action_go(-1)

    def action_leave(self) -> None:
        """Leave the search; where there is none, close the reader."""
        if self._search.is_open:
            self._search.close()
            self.query_one(ReaderKeys).show_keys(self._keys())
            self.view.focus()
        else:
            self.action_close()

    # Around it

    async def on_reader_keys_pressed(self, event: ReaderKeys.Pressed) -> None:
        """Do what a clicked key does."""
        event.stop()
        await self.run_action(event.action)

    def action_close(self) -> None:
        """Close the reader."""
        self.post_message(self.Closed())

    def action_pager(self) -> None:
        """Open the file in the pager, at the current sentence or what is in the window."""
        self._open_elsewhere(pager_command)

    def action_editor(self) -> None:
        """Open the file in the editor, at the current sentence or what is in the window."""
        self._open_elsewhere(editor_command)

    def _open_elsewhere(self, command: Callable[[Mapping[str, str], str, int], list[str]]) -> None:
        if self._article is None:
            return
        found = self._found.get(self._current.id) if self._current else None
        mark = found.mark if found else None
        offset = mark.start if mark and self.view.is_in_window(mark.start) else self.view.top_offset
        line = line_number(self._article.text, offset)
        try:
            lend_terminal(self.app, command(self._environment, self._article.path, line))
        except CannotOpenError as error:
            said = sanitize_line(told(str(error), error.hint))
            self.notify(said, title="Not opened", severity="warning", markup=False)
