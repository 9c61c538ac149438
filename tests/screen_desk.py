"""An app around one widget or screen, what it shows as text, and sessions in files for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from assistant.sessions.store import SessionStore
from kept_sessions import ARTICLES, answered
from settled_app import settle
from tui.session_desk import SessionDesk

PATIENCE_S = 60.0
"""Until a test that waits for an app is given up."""
HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31mred \x1b]52;c;aGk=\x07 \x9b2J \u202egnp.exe"
"""What would run, raise, colour, copy, clear or mislead, were it not shown as plain text."""
SHOWN = "[@click=app.quit]x[/] [/b] \u241b[31mred \u241b]52;c;aGk=\u2407 \ufffd2J \ufffdgnp.exe"
"""The same as people may see it."""

Steps = Callable[[Any], Awaitable[None]]


class Around(App[None]):
    """Nothing but the widget that is tested, and what it told."""

    def __init__(self, widget: Widget | None = None) -> None:
        super().__init__()
        self._widget = widget
        self.came: list[object] = []
        """What screens were left with."""

    def compose(self) -> ComposeResult:
        if self._widget:
            yield self._widget

    def ask(self, screen: Screen[Any]) -> None:
        """Show a screen, and keep what it is left with."""
        self.push_screen(screen, self.came.append)


def go_through(app: App[Any], steps: Steps, size: tuple[int, int] = (80, 24)) -> None:
    """Run an app without a terminal, and take the steps in it."""

    async def run() -> None:
        app.animation_level = "none"
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await steps(pilot)

    asyncio.run(run())


async def until(pilot: Pilot[Any], true: Callable[[], object]) -> None:
    """Wait until something is so, which it must soon be."""
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "it never came to be"
        await pilot.pause(0.005)
    await settle(pilot.app)  # what comes with it has come, too


def offers_all(app: App[Any]) -> bool:
    """Whether the command palette is open and has found all that it offers: it shows what it has meanwhile."""
    gathering = (worker for worker in app.workers if worker.group == CommandPalette._GATHER_COMMANDS_GROUP)
    return (
        isinstance(app.screen, CommandPalette)
        and app.screen.query_one(CommandList).option_count > 0
        and all(worker.is_finished for worker in gathering)
    )


def text_of(app: App[Any]) -> str:
    """What the screen shows, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


class Sessions:
    """A corpus with sessions about it, as files, and a desk over them."""

    def __init__(self, place: Path) -> None:
        self.corpus, self.states = place / "articles", place / "state"
        self.corpus.mkdir()
        for name, text in ARTICLES.items():
            (self.corpus / name).write_text(text)
        self.warned: list[str] = []
        self.desk = SessionDesk(self.corpus, self.states)
        self.desk.warn = self.warned.append

    @property
    def elsewhere(self) -> SessionStore:
        """The same sessions as another process sees them."""
        return SessionStore.of(self.corpus, self.states, lambda message: None)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return next(self.states.glob("*/sessions"))

    def begin(self, name: str, *questions: str) -> str:
        """Keep a session with these questions; returns its id."""
        session = self.elsewhere.create(name)
        for question in questions or ("What burned down?",):
            assert session.append(answered(question))
        return session.id
