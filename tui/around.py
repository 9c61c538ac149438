"""What can be done around a question: sessions, articles, dates, backends, help, export, copies and links."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import ModalScreen

from tui.commands import COMMANDS, Offers
from tui.failures import EXPECTED
from tui.messages import Copy
from tui.widgets.answer import AnswerView
from tui.widgets.queue import Queued
from tui.widgets.welcome import Starter

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from textual.screen import Screen

    from assistant.sessions.search import Hit
    from tui.messages import OpenLink
    from tui.ports import AssistantPort, Opening, SessionsPort
    from tui.screens.chat import ChatScreen
    from tui.widgets.reader import Reader
    from tui.widgets.session_list import SessionList

Result = TypeVar("Result")
SOUGHT = "a command, a session, an article or a theme"
COUNTED_WITHIN_S = 0.3
"""How long the choice of dates waits for the number of articles without one."""


class Around(App[int]):
    """An app whose keys and palette reach all that is there besides asking.

    Each screen is imported when it is first opened: none is needed for the first paint.
    """

    COMMANDS = COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "All commands, by name", priority=True),
        Binding("f1", "show_help", "Help: all keys", priority=True),
        Binding("f3", "sessions", "Sessions: list, resume, rename, delete", priority=True),
        Binding("f4", "articles", "Articles: list and read", priority=True),
        Binding("f5", "reindex", "Compare index and folder now", priority=True),
        Binding("shift+f5", "rebuild", "Rebuild the index", priority=True),
        Binding("f6", "dates", "Ask only about articles of some dates", priority=True),
        Binding("f7", "backend", "Choose who words the answers: the backend", priority=True),
        Binding("f8", "copy_answer", "Copy the answer with its citations", priority=True),
        Binding("f9", "export", "Export the session", priority=True),
        Binding("ctrl+f", "search_sessions", "Search all sessions", priority=True),
    ]
    assistant: AssistantPort
    sessions: SessionsPort
    opening: Opening

    @property
    def chat(self) -> ChatScreen:
        """The one chat, whatever stands over it."""
        raise NotImplementedError

    def palette_offers(self) -> Offers:
        """What the palette can reach besides actions."""
        read = self.chat.panes.read_article
        return Offers(self.sessions.list, self.assistant.articles, self.resume, read)

    def resume(self, name: str) -> None:
        """Go on in a session, by name or id; what it waits for needs the handlers of the app."""
        self.run_worker(self._resume(name), group="session", exclusive=True)

    async def _resume(self, name: str) -> None:
        try:
            session = await self.sessions.open(name)
        except EXPECTED as error:
            self.chat.tell_failure(error)
            return
        await self.chat.show_session(session)
        self.chat.panes.show_chat()
        if self.chat.panes.lists_sessions:
            await self.chat.panes.list_sessions(session.id)
        self.chat.prompt.focus()

    # Keys

    def action_command_palette(self) -> None:
        """Offer everything by name."""
        self.push_screen(CommandPalette(placeholder=SOUGHT, id="--command-palette"))

    def action_show_help(self) -> None:
        """Show what every key does."""
        from tui.screens.help import HelpScreen
        from tui.widgets.article_view import ArticleView
        from tui.widgets.reader import Reader
        from tui.widgets.session_list import SessionList

        kinds = (AnswerView, Starter, Queued, Reader, ArticleView, SessionList)
        others = [kind for kind in kinds if not self.chat.query(kind)]
        self.push_screen(HelpScreen(self.chat, self.opening.sessions_folder, others))

    def action_sessions(self) -> None:
        """Open the list of sessions, or close it."""
        panes, session = self.chat.panes, self.chat.session
        if panes.lists_sessions:
            panes.close_sessions()
        else:
            self.run_worker(panes.list_sessions(session.id if session else None), group="panes")

    def action_articles(self) -> None:
        """List the articles, and read the one that is chosen."""
        from tui.screens.articles import ArticlesScreen

        async def read(path: str) -> None:
            await self.chat.panes.read_article(path)

        self._choose(ArticlesScreen(self.assistant), read)

    def action_reindex(self) -> None:
        """Compare index and folder now."""
        self.run_worker(self._reindex(rebuild=False), group="index")

    def action_rebuild(self) -> None:
        """Build the index anew."""
        self.run_worker(self._reindex(rebuild=True), group="index")

    def action_dates(self) -> None:
        """Choose which days articles must be of."""
        self.run_worker(self._choose_dates(), group="dates", exclusive=True)

    def action_backend(self) -> None:
        """Choose who words the answers."""
        from tui.screens.backends import BackendsScreen

        async def use(backend: str) -> None:
            self.chat.backend = backend

        self._choose(BackendsScreen(self.opening.backends, self.chat.backend), use)

    def action_copy_answer(self) -> None:
        """Copy the answer that has the focus, else the last one, as `parley ask` prints it."""
        focused, session = self.chat.focused, self.chat.session
        if isinstance(focused, AnswerView):
            answer = focused.answer
        elif session is not None and session.turns:  # whose last answer may be scrolled far out of sight
            answer = session.turns[-1].answer
        else:
            self.chat.remark("there is no answer yet to be copied")
            return
        from assistant.render import Page  # what finds words of the question, 20 ms

        lines: list[str] = []
        Page(lines.append).answer(answer)
        self.post_message(Copy("\n".join([f"> {answer.question}", "", *lines, ""]), "the answer"))

    def action_export(self) -> None:
        """Write the session to a file."""
        if self.chat.session is None or not self.chat.session.turns:
            self.chat.remark("there is nothing yet to be exported")
            return
        from tui.screens.export import ExportScreen

        async def tell(written: Path) -> None:
            self.chat.remark(f"the session is written to {written}")

        self._choose(ExportScreen(self.sessions, self.chat.session), tell)

    def action_search_sessions(self) -> None:
        """Search all sessions, and go on in the one that is chosen."""
        from tui.screens.session_search import SessionSearchScreen

        async def go_on(hit: Hit) -> None:
            self.resume(hit.session.id)

        self._choose(SessionSearchScreen(self.sessions), go_on)

    # What widgets tell

    def on_session_list_chosen(self, message: SessionList.Chosen) -> None:
        """Go on in it."""
        self.resume(message.identity)

    def on_session_list_new(self) -> None:
        """Begin another."""
        self.run_worker(self.chat.new_session(), group="session", exclusive=True)

    def on_session_list_renamed(self, message: SessionList.Renamed) -> None:
        """The status line names the session that is shown."""
        if self.chat.session is not None and self.chat.session.id == message.identity:
            self.chat.tell_session(message.name)

    def on_session_list_deleted(self, message: SessionList.Deleted) -> None:
        """Nobody goes on in a session that was deleted."""
        if self.chat.session is not None and self.chat.session.id == message.identity:
            self.run_worker(self._leave_deleted(), group="session", exclusive=True)

    def on_reader_failed(self, message: Reader.Failed) -> None:
        """The reader says that an article cannot be read; a bug has a report, too."""
        self.chat.tell_failure(message.error)

    def on_open_link(self, message: OpenLink) -> None:
        """Ask before anything is opened."""
        from tui.screens.link import LinkConfirmation

        self.push_screen(LinkConfirmation(message.address))

    async def on_copy(self, message: Copy) -> None:
        """Copy a text, and say where it went."""
        from tui.clipboard import Clipboard

        self.chat.remark(await Clipboard().copy(self, message.text, message.what))

    # Steps of these

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """As Textual does; whatever is done around a question waits until what is open over the chat is closed."""
        if f"action_{action}" in vars(Around) and isinstance(self.screen, ModalScreen):
            return False
        return super().check_action(action, parameters)

    def _choose(
        self, screen: Screen[Result] | Screen[Result | None], then: Callable[[Result], Coroutine[None, None, None]]
    ) -> None:
        """Open a screen over the chat, and go on with what was chosen there, if anything was."""

        def go_on(chosen: Result | None) -> None:
            if chosen is not None:
                self.run_worker(then(chosen), group="chosen")

        self.push_screen(screen, go_on)

    async def _leave_deleted(self) -> None:
        """Into a new session; the keyboard stays in the list, where the deleted one can be brought back."""
        await self.chat.show_session(await self.sessions.begin())

    async def _choose_dates(self) -> None:
        from tui.screens.dates import DateChoice, DatesScreen

        async def use(choice: DateChoice) -> None:
            self.chat.dates = choice.dates

        undated = await self._count_undated()
        if not isinstance(self.screen, ModalScreen):  # something else may have been opened in the meantime
            self._choose(DatesScreen(self.chat.dates, undated), use)

    async def _count_undated(self) -> int | None:
        """How many articles state no date; None where that is not known at once."""
        try:
            async with asyncio.timeout(COUNTED_WITHIN_S):
                articles = await self.assistant.articles()
        except (TimeoutError, *EXPECTED):
            return None
        return sum(article.source.published is None for article in articles)

    async def _reindex(self, *, rebuild: bool) -> None:
        try:
            await self.assistant.reindex(rebuild=rebuild)
        except EXPECTED as error:
            self.chat.tell_failure(error)
