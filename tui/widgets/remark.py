"""One quiet line for what people should know, and that stops nothing."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from assistant.sanitize import sanitize_line
from tui.surviving import Surviving


class RemarkLine(Surviving, Static):
    """The last remark, until it is dismissed or another question is asked; not there where there is none."""

    def __init__(self) -> None:
        super().__init__(Content(""))
        self.display = False
        self.said = ""

    def say(self, text: str) -> None:
        """Show a remark in place of the last."""
        self.said = sanitize_line(text)
        self.update(Content(self.said))
        self.display = True

    def dismiss(self) -> None:
        """Show none."""
        self.said = ""
        self.display = False

    def on_click(self) -> None:
        """Dismiss it."""
        self.dismiss()
