"""A draft on the terminal while a model writes it: dim, called unchecked, gone when the checked answer comes."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING

from assistant.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

HEADING = "draft, not checked yet"
TAIL = 4_000
"""Characters of the end of a draft that are laid out anew at each repainting."""
REPAINTED = 12
"""Times a second."""
ECHO = "^C"
"""What terminals add where the cursor stands when somebody interrupts: room is left for it, or it would begin a
line of its own that nobody takes away."""


class DraftScreen:
    """Shows the end of a draft, as many lines as there is room for; nothing at all in a pipe."""

    def __init__(self, model: str | None) -> None:
        """`model` is whom people wait for; None where nobody writes drafts, or none are wanted."""
        self._model = model
        self._shown = model is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._live: Live | None = None
        self._tail = ""

    def __enter__(self) -> DraftScreen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def wait(self) -> None:
        """Say who is asked: a model may think for minutes before its first word."""
        if self._shown and self._live is None:
            self._begin()

    def add(self, text: str, *, anew: bool = False) -> None:
        """Show a further piece, or one in place of all before it."""
        if not self._shown:
            return
        begins = not self._tail
        self._tail = (("" if anew else self._tail) + sanitize(text))[-TAIL:]
        if self._live is None:
            self._begin()
        elif begins:  # nobody waits for the next repainting to see the first word
            self._live.refresh()

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
            redirect_stdout=False,
            redirect_stderr=False,  # whoever has a remark to make clears the draft away first
            refresh_per_second=REPAINTED,
            get_renderable=lambda: self._lines(console),
        )
        self._live.start()

    def _lines(self, console: Console) -> Text:
        from rich.text import Text

        width = max(console.width - len(ECHO), 1)
        told = HEADING if self._tail.strip() else sanitize_line(f"asking {self._model}")
        heading = Text(told, style="dim italic").wrap(console, width)
        lines = Text(self._tail.strip(), style="dim").wrap(console, width)
        room = max(console.height - len(heading) - 2, 1)
        return Text("\n").join([*heading, *lines[-room:]])
