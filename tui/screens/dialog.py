"""What small screens over the chat have in common: a frame in the middle, a line of failure, a line of keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from assistant.errors import ConfigurationError
from index.errors import IndexingError
from tui.failures import failure_line
from tui.surviving import Surviving
from tui.widgets.key_line import KeyLine

T = TypeVar("T")


class Dialog(Surviving, ModalScreen[T]):
    """A question over what is behind it; Escape leaves it without an answer, which is None."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #frame {
        width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        overflow-y: auto; scrollbar-size-vertical: 1;
        background: $surface; border: round $primary; border-title-color: $text; border-title-style: bold;
    }
    Dialog Input { border: round $panel; background: $surface; }
    Dialog Input:focus { border: round $primary; background-tint: $foreground 0%; }
    Dialog .quiet { color: $text-muted; height: auto; }
    Dialog #failure { color: $text-error; height: auto; display: none; margin-top: 1; }
    Dialog KeyLine { margin-top: 1; }
    Dialog OptionList { border: none; padding: 0; background: $surface; height: auto; scrollbar-size-vertical: 1; }
    Dialog OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
    Dialog OptionList:focus { border: none; background-tint: $foreground 0%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave without a change"),
        # With priority, so that what is typed right after goes to the field, not to the list before it.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    CALLED = ""
    """The title of the frame."""
    KEYS: ClassVar[tuple[tuple[str, str, str], ...]] = (("Esc", "cancel", "leave"),)
    """What its last line says of its keys, as `KeyLine` takes it."""

    def compose(self) -> ComposeResult:
        """The frame around what the dialog is about."""
        with Vertical(id="frame") as frame:
            frame.border_title = self.CALLED
            yield from self.body()
            yield Static(id="failure")
            yield KeyLine(*self.KEYS)

    def body(self) -> Iterable[Widget]:
        """What the dialog is about."""
        raise NotImplementedError

    def show_failure(self, failure: ConfigurationError | IndexingError | None) -> None:
        """Say what is wrong, and what mends it; None takes it away."""
        line = self.query_one("#failure", Static)
        line.display = failure is not None
        line.update(failure_line(failure) if failure else "")

    def action_leave(self) -> None:
        """Go back to what is behind it, and change nothing."""
        self.dismiss(None)
