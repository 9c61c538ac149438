"""Says that the terminal is too small, over everything, until it is not; nothing beneath is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.geometry import Size

COLUMNS, ROWS = 40, 10
"""The least in which a question and an answer can be read."""


class TooSmall(Surviving, Static):
    """Covers the screen of which it is a part where that is too small."""

    def __init__(self) -> None:
        super().__init__(Content(f"Too small to read here: make it {COLUMNS} by {ROWS} or more. Ctrl+Q quits."))
        self.display = False

    def fit(self, size: Size) -> None:
        """Show it in a size that is too small, and not in others."""
        self.display = size.width < COLUMNS or size.height < ROWS
