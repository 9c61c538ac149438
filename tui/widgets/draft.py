"""A draft while a model writes it: what is finished stays as it is, only its tail is laid out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from assistant.sanitize import sanitize
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

HEADING = "draft, not checked yet"
CUT_OFF = "cut off before it was checked; nothing in it is proven"
REPAINTED_S = 1 / 15
SETTLES = 400
"""Characters of a tail from which on its finished paragraphs are settled."""
LONGEST_TAIL = 1_600
"""Characters of a tail beyond which it is settled inside a paragraph, too."""


class Draft(Surviving, Vertical):
    """Unchecked text, called so, that grows at its end; it can be selected like any other."""

    def __init__(self) -> None:
        super().__init__()
        self._heading = Static(Content(HEADING), classes="label")
        self._tail = Static(Content(""), classes="draft-text")
        self._text = ""
        self._new = ""
        self._repainting: Timer | None = None

    def compose(self) -> ComposeResult:
        """The heading, and the tail."""
        yield self._heading
        yield self._tail

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written that people could read."""
        return not (self._text.strip() or self._new.strip() or self.query(".settled"))

    def add(self, text: str, *, anew: bool = False) -> None:
        """Write on; with `anew` what came before was no draft after all. Shown 15 times a second at most."""
        if anew:
            self._text = self._new = ""
            self.query(".settled").remove()
        self._new += text
        if self._repainting is None:
            self._repainting = self.set_timer(REPAINTED_S, self._repaint)

    def cut_off(self) -> None:
        """Stay as it is, and say that nobody checked it."""
        self._repaint()
        self._heading.update(Content(CUT_OFF))

    def _repaint(self) -> None:
        """Show what has come since."""
        self._repainting = None
        tail = self._text + sanitize(self._new)
        self._new = ""
        finished, self._text = settled(tail)
        if finished:
            self.mount_all(
                [Static(Content(part), classes="settled draft-text") for part in finished], before=self._tail
            )
        self._tail.update(Content(self._text.strip("\n")))


def settled(tail: str) -> tuple[list[str], str]:
    """The parts of a text that nothing changes any more, and the rest, which is short."""
    parts = []
    while (end := _end_of_settled(tail)) > 0:
        parts.append(tail[:end].removesuffix("\n"))
        tail = tail[end:]
    return parts, tail


def _end_of_settled(tail: str) -> int:
    if len(tail) <= SETTLES:
        return 0
    paragraphs = tail.rfind("\n", 0, LONGEST_TAIL) + 1
    if paragraphs or len(tail) <= LONGEST_TAIL:
        return paragraphs
    # One paragraph that does not end: it is broken behind a sentence, or a word, or else where it must be.
    for boundary in (". ", " "):
        if found := tail.rfind(boundary, 0, LONGEST_TAIL) + 1:
            return found + len(boundary) - 1
    return LONGEST_TAIL
