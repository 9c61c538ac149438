"""A dialog for what should not have happened, with a report to copy; the app goes on where it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.messages import Copy
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.failures import Failure


class FailureScreen(Surviving, ModalScreen[None]):
    """One or more failures that came one after another."""

    AUTO_FOCUS = "#go-on"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (50, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Go on"),
        Binding("c", "copy", "Copy the report"),
    ]

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self._failures = [failure]

    @property
    def report(self) -> str:
        """All of them, as it is copied."""
        return "\n".join(f"{failure.said}\n{failure.report}" for failure in self._failures)

    def add(self, failure: Failure) -> None:
        """Another one came while the dialog stands."""
        self._failures.append(failure)
        for shown in self.query("#report").results(Static):  # not there yet, if the first one came just now
            shown.update(Content(self.report))

    def compose(self) -> ComposeResult:
        """What happened, what to do, the report, and two buttons."""
        with Vertical(id="dialog"):
            yield Static(Content("Something went wrong in Parley"), id="heading")
            yield Static(Content(self._failures[0].said), id="said")
            mend = self._failures[0].mend
            yield Static(Content(f"{mend[:1].upper()}{mend[1:]}"), id="mend")
            with VerticalScroll(id="report-pane"):
                yield Static(Content(self.report), id="report")
            with Horizontal(id="buttons"):
                yield Button(Content("Go on (Esc)"), id="go-on")
                yield Button(Content("Copy the report (c)"), id="copy")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """By mouse, or Enter."""
        if event.button.id == "copy":
            self.action_copy()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """Copy the report."""
        self.post_message(Copy(self.report, "the report"))
