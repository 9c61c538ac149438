"""How to ask, what markers mean, and every key there is: made from the bindings, so that none is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from assistant.sanitize import sanitize_line
from tui.screens.dialog import Dialog
from tui.shortcuts import Shortcut, nodes_of, shortcuts_of

_HOW = (
    "Type a question about the articles and press Enter. A question may lean on the one before it.",
    "[1] marks the sentence of an article that proves what stands before it; open it to read it in its place. "
    "What no sentence proves is struck, and the reason is told.",
    "“Not in these articles” means just that: the closest passages are shown instead.",
    "For a screen reader or a script, parley ask says the same in plain text; parley ask --help tells how.",
)
_KEYS_WIDTH = 14
"""Cells for the keys; where they need more, what they do begins on the next line."""


class HelpScreen(Dialog[None]):
    """What can be done in the screen beneath it."""

    DEFAULT_CSS = """
    HelpScreen > #frame { width: 92; height: 90%; }
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    HelpScreen VerticalScroll Static { height: auto; margin-bottom: 1; padding-right: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,f1,question_mark", "leave", "Close the help", show=False),
    ]
    CALLED = "Help"
    KEYS = (("Up Down", "scroll", "scroll"), ("Esc", "close", "leave"))

    def __init__(self, beneath: Screen[Any], sessions: str | None, others: Sequence[type[DOMNode]] = ()) -> None:
        """Tells of the keys of the screen `beneath`, and of the `others`, which are not shown at the moment.

        `sessions` is where conversations are kept; None where they are not.
        """
        super().__init__()
        self._shortcuts = shortcuts_of([*nodes_of(beneath), *others])
        self._sessions = sessions

    def body(self) -> Iterable[Widget]:
        """How to ask, where sessions are kept, and the keys by topic."""
        with VerticalScroll():
            yield Static(Content("\n".join((*_HOW, _where(self._sessions)))))
            for topic, shortcuts in groupby(self._shortcuts, lambda shortcut: shortcut.topic):
                yield Static(_listed(topic, shortcuts))

    def on_mount(self) -> None:
        """Let the arrow keys scroll at once."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self) -> None:
        """Scroll on by a page, as a click on the line of keys does."""
        self.query_one(VerticalScroll).scroll_page_down()


def _where(sessions: str | None) -> str:
    if sessions is None:
        return "Nothing is kept: the state folder cannot be written."
    return f"Sessions are kept in {sanitize_line(sessions)}; parley sessions lists them."


def _listed(topic: str, shortcuts: Iterable[Shortcut]) -> Content:
    """The keys of a topic, each with what it does, in two columns."""
    lines = [Content.styled(topic, "bold underline")]
    for shortcut in shortcuts:
        keys = ", ".join(shortcut.keys)
        apart = " " * (_KEYS_WIDTH - len(keys)) if len(keys) < _KEYS_WIDTH else "\n" + " " * _KEYS_WIDTH
        lines.append(Content.assemble((keys, "bold"), apart, sanitize_line(shortcut.does)))
    return Content("\n").join(lines)
