"""What is waited for while nothing can be read yet; how long already is told only where it takes long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from assistant.sanitize import sanitize_line
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.timer import Timer

LONG_S = 3.0
STOPS = " · Esc stops it"
STOPPING = "stopping"


class Waiting(Surviving, Static):
    """A quiet line; no animation, so that nothing has to be reduced."""

    def __init__(self, doing: str) -> None:
        super().__init__(Content(f"{doing}{STOPS}"), classes="waiting")
        self._doing = doing
        self._since = time.monotonic()
        self._seconds: Timer | None = None
        self._is_stopping = False

    def on_mount(self) -> None:
        """Count seconds from when it takes long."""
        self._seconds = self.set_interval(1.0, self._tell)

    def now(self, doing: str) -> None:
        """Something else is waited for."""
        self._doing = sanitize_line(doing)
        self._tell()

    def stop(self) -> None:
        """It is stopped, whatever else it does until then."""
        self._is_stopping = True
        self._tell()

    def _tell(self) -> None:
        elapsed = time.monotonic() - self._since
        took = f" · {elapsed:.0f} s" if elapsed >= LONG_S else ""
        self.update(Content(f"{STOPPING}{took}" if self._is_stopping else f"{self._doing}{took}{STOPS}"))
