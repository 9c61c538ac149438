"""An app with a command palette of ours, over real sessions and made-up articles."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from assistant.answer import Source
from assistant.engine.notices import ArticleSummary
from screen_desk import HOSTILE, Sessions
from tui.commands import COMMANDS, Offers
from tui.widgets.session_list import SessionList


class Field(TextArea):
    """A prompt with a binding for what cannot be done."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "impossible", "Never possible")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "impossible"


class WithPalette(App[None]):
    """A prompt and the list of sessions, with a few bindings of its own."""

    COMMANDS = COMMANDS
    NOTIFICATION_TIMEOUT = 3600.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "help", "Help"),
        Binding("ctrl+r", "rebuild_index", "Build the index anew"),
        Binding("ctrl+b", "choose_backend", "Switch the backend"),
        Binding("ctrl+o", "list_articles", "All articles"),
        Binding("f9", "unsaid"),
    ]

    def __init__(self, sessions: Sessions) -> None:
        super().__init__()
        self.sessions = sessions.desk
        self.done: list[object] = []
        self.fails: Exception | None = None

    def compose(self) -> ComposeResult:
        yield Field()
        yield SessionList(self.sessions)

    def palette_offers(self) -> Offers:
        return Offers(
            self.sessions.list,
            self.articles,
            lambda identity: self.done.append(("resume", identity)),
            lambda path: self.done.append(("read", path)),
        )

    async def articles(self) -> Sequence[ArticleSummary]:
        if self.fails:
            raise self.fails
        titled = Source("a.txt", "Trade deficit grows", "Bloomberg", None)
        hostile = Source(HOSTILE, None, HOSTILE, None)
        return tuple(ArticleSummary(source, 10, 60) for source in (titled, hostile))

    def action_rebuild_index(self) -> None:
        self.done.append("rebuilt")
