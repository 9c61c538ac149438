"""Says quietly that text arrived below what is being read."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.surviving import Surviving


class NewBelow(Surviving, Static):
    """Shown only where there is something; a click brings people there."""

    class Wanted(Message):
        """The newest text is to be shown."""

    def __init__(self) -> None:
        super().__init__(Content("↓ new text below (End)"))
        self.display = False

    def on_click(self) -> None:
        """Ask for it."""
        self.post_message(self.Wanted())
