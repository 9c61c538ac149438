"""The chat between the list of sessions and the reader; both are made when they are first opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widget import Widget

    from assistant.answer import Citation, Evidence
    from tui.messages import OpenCitation, OpenPassage
    from tui.ports import AssistantPort, SessionsPort
    from tui.widgets.reader import Reader
    from tui.widgets.session_list import SessionList


class Panes(Surviving, Horizontal):
    """Side by side on wide terminals; on narrow ones what is opened covers the chat."""

    def __init__(self, assistant: AssistantPort, sessions: SessionsPort, *chat: Widget) -> None:
        super().__init__()
        self._assistant = assistant
        self._sessions = sessions
        self._chat = chat
        self._left: Widget | None = None
        """What had the focus in the chat before a pane was opened."""
        self._list_is_over_reader = False
        """Whether the list of sessions was opened by somebody who reads."""

    def compose(self) -> ComposeResult:
        """A place for sessions, the chat, a place for the reader."""
        yield Vertical(id="sessions-slot")
        yield Vertical(*self._chat, id="chat")
        yield Vertical(id="reader-slot")

    @property
    def lists_sessions(self) -> bool:
        """Whether the list of sessions is open."""
        return self.has_class("-listing")

    def show_chat(self) -> None:
        """Take away what covers the chat, where anything does."""
        if self.screen.has_class("-narrow"):
            self.remove_class("-listing", "-reading")

    def keep_in_sight(self, focused: Widget | None) -> None:
        """Take away what covers this on a terminal that has become narrow: keys would go where nobody sees it."""
        within = set(focused.ancestors) if focused else set()
        if self.query_one("#chat") in within:
            self.remove_class("-listing", "-reading")
        elif self.query_one("#reader-slot") in within:
            self.remove_class("-listing")

    async def read_citation(self, citations: Sequence[Citation], number: int) -> None:
        """Open the article of a citation at its sentence."""
        await (await self._open_reader()).show_citation(citations, number)

    async def read_passage(self, passage: Evidence) -> None:
        """Open the article of a passage at it."""
        await (await self._open_reader()).show_passage(passage)

    async def read_article(self, path: str) -> None:
        """Open an article at its beginning."""
        await (await self._open_reader()).show_article(path)

    async def list_sessions(self, current: str | None) -> None:
        """Open the list of sessions, or read it anew."""
        from tui.widgets.session_list import SessionList  # not needed for the first paint

        if not self.query(SessionList):
            await self.query_one("#sessions-slot").mount(SessionList(self._sessions))
        self._remember()
        self._list_is_over_reader = self.query_one("#reader-slot").has_focus_within
        self.add_class("-listing")
        shown: SessionList = self.query_one(SessionList)
        await shown.refresh_list(current)
        shown.focus()

    async def list_added(self, current: str) -> None:
        """Have the list of sessions tell what was added to the current one, if it is open."""
        if self.lists_sessions:
            from tui.widgets.session_list import SessionList  # as above

            await self.query_one(SessionList).read_again(current)

    def close_sessions(self) -> None:
        """Close the list, and go back to where one was."""
        self.remove_class("-listing")
        if self._list_is_over_reader and self.has_class("-reading"):
            self.query_one("#reader-slot > Reader").focus()
        else:
            self._go_back()

    def close_reader(self) -> None:
        """Close the reader, and go back to where one was."""
        self.remove_class("-reading")
        self._go_back()

    async def on_open_citation(self, message: OpenCitation) -> None:
        """Read it."""
        message.stop()
        await self.read_citation(message.citations, message.number)

    async def on_open_passage(self, message: OpenPassage) -> None:
        """Read it."""
        message.stop()
        await self.read_passage(message.passage)

    def on_reader_closed(self) -> None:
        """Close it."""
        self.close_reader()

    def on_session_list_closed(self) -> None:
        """Close it."""
        self.close_sessions()

    async def _open_reader(self) -> Reader:
        from tui.widgets.reader import Reader  # not needed for the first paint

        if not self.query(Reader):
            await self.query_one("#reader-slot").mount(Reader(self._assistant))
        self._remember()
        if self.screen.has_class("-narrow"):
            self.remove_class("-listing")  # which covers an article
        self.add_class("-reading")
        reader: Reader = self.query_one(Reader)
        reader.focus()
        return reader

    def _remember(self) -> None:
        focused = self.screen.focused
        if focused is not None and self.query_one("#chat") in focused.ancestors:
            self._left = focused

    def _go_back(self) -> None:
        """Whoever came from an answer is there again; it may have gone with its session."""
        left, self._left = self._left, None
        (left if left is not None and left.is_attached else self._chat[-1]).focus()
