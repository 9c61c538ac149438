"""A draft on the terminal while a model writes it: dim, called unchecked, gone when the checked answer comes."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.sanitize import sanitize

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

HEADING = "draft, not checked yet"
TAIL = 4_000
"""Characters of the end of a draft that are laid out anew at each repainting."""
REPAINTED = 12
"""Times a second."""


class DraftScreen:
    """Shows the end of a draft, as many lines as there is room for; nothing at all in a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._live: Live | None = None
        self._tail = ""

    def __enter__(self) -> DraftScreen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def add(self, text: str, *, anew: bool = False) -> None:
        """Show a further piece, or one in place of all before it."""
        if not self._shown:
            return
        self._tail = (("" if anew else self._tail) + sanitize(text))[-TAIL:]
        if self._live is None:
            self._begin()

    def clear(self) -> None:
        """Take the draft away."""
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._tail = ""

    def _begin(self) -> None:
        from rich.console import Console  # 0.1 s
        from rich.live import Live

        console = Console(no_color=bool(os.environ.get("NO_COLOR")) or None, highlight=False, markup=False)
        self._live = Live(
            console=console,
            transient=True,
            refresh_per_second=REPAINTED,
            get_renderable=lambda: self._lines(console),
        )
        self._live.start()

    def _lines(self, console: Console) -> Text:
        from rich.text import Text

        lines = Text(self._tail.strip(), style="dim").wrap(console, console.width)
        room = max(console.height - 3, 1)
        return Text("\n").join([Text(HEADING, style="dim italic"), *lines[-room:]])
