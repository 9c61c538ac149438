"""The terminal UI as an app: one chat, two themes, and what becomes of signals and of exceptions."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from assistant.errors import ExitCode
from tui.around import Around
from tui.collecting import QUIET_S, GarbageCollection
from tui.failures import explain
from tui.screens.chat import ChatScreen
from tui.surviving import Surviving
from tui.terminal import TerminalDriver
from tui.theme import DARK, LIGHT

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.screen import Screen

    from tui.failures import Failure
    from tui.ports import AssistantPort, Opening, SessionsPort

ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
TOLD_MOST = 20
"""Failures after which the app ends: what fails at every painting cannot be lived with."""


class ParleyApp(Surviving, Around):
    """Parley in the terminal; `run` returns the exit code, or None where people quit."""

    TITLE = "Parley"
    CSS_PATH = "parley.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit at once", priority=True),
        Binding("f2", "switch_theme", "Light or dark", priority=True),
    ]

    def __init__(self, assistant: AssistantPort, sessions: SessionsPort, opening: Opening) -> None:
        super().__init__()
        self.assistant = assistant
        self.sessions = sessions
        self.opening = opening
        self.failures: list[Failure] = []
        """What should not have happened, in the order in which people were told."""
        self._garbage = GarbageCollection()
        self._interrupted_before = signal.getsignal(signal.SIGINT)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = (LIGHT if opening.theme == "light" else DARK).name
        if opening.reduced_motion:
            self.animation_level = "none"

    @property
    def chat(self) -> ChatScreen:
        """The one chat, whatever stands over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, ChatScreen))

    def get_default_screen(self) -> Screen[None]:
        """The chat is there from the first painting on."""
        return ChatScreen(self.assistant, self.sessions, self.opening)

    def get_driver_class(self) -> type[Driver]:
        """A driver whose process ends with its terminal, too."""
        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our colours have a value before a theme is chosen, too."""
        return DARK.variables

    def on_mount(self) -> None:
        """End as one should where somebody ends the process or closes the terminal."""
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.add_signal_handler(number, self._end, 128 + number)
        # Not by the loop: it would hear of a Ctrl-C that is for a pager, and end the app when that is left.
        self._interrupted_before = signal.signal(
            signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self._end, ExitCode.INTERRUPTED)
        )
        self.sessions.warn = self.tell
        self.call_after_refresh(self._garbage.begin)
        self.set_interval(QUIET_S, self.collect_if_quiet)

    async def on_unmount(self) -> None:
        """End the engine, and leave signals to whoever comes next."""
        loop = asyncio.get_running_loop()
        for number in ENDING_SIGNALS:
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGINT, self._interrupted_before)
        self._garbage.end()
        await asyncio.gather(self.assistant.aclose(), self.sessions.aclose())

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where nothing may move by itself no cursor blinks, wherever one types: in Textual's palette, too."""
        if self.opening.reduced_motion and isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def collect_if_quiet(self) -> None:
        """Have garbage collected where nobody would notice; a draft would stop for it."""
        if self.chat.questions.running is None:
            self._garbage.collect_if_quiet()

    def tell(self, warning: str) -> None:
        """Say what people should know of their sessions; one that comes when all is over is passed over."""
        if self.is_running:
            self.chat.remark(warning)

    async def on_event(self, event: events.Event) -> None:
        """As Textual does; a key or the mouse means that somebody is there."""
        if isinstance(event, events.InputEvent):
            self._garbage.touch()
        await super().on_event(event)

    def action_switch_theme(self) -> None:
        """The other of the two themes."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def _end(self, code: int) -> None:
        self.exit(code, return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """Show what nobody expected in a dialog; where that cannot be, end with a report.

        Textual would end at once, with the values of all variables on the terminal.
        """
        if self._exit:
            return  # widgets are taken apart under whatever still runs
        cause = error.error if isinstance(error, WorkerFailed) else error
        failure = explain(cause)
        self.failures.append(failure)
        if not self.is_running or len(self.failures) > TOLD_MOST:
            from rich.text import Text

            self.exit(1, return_code=1, message=Text(failure.report or failure.said))
            return
        self.show_failure(failure)

    def show_failure(self, failure: Failure) -> None:
        """The dialog; further failures go into the one that stands."""
        # Deferred: what the dialog shows is needed by few.
        from tui.screens.failure import FailureScreen

        if isinstance(self.screen, FailureScreen):
            self.screen.add(failure)
        else:
            self.push_screen(FailureScreen(failure))
