"""How to ask, what markers mean, and every key there is: made from the bindings, so that none is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from assistant.sanitize import sanitize_line
from tui.folding import NO_MARK, Folded
from tui.screens.dialog import Dialog
from tui.shortcuts import Shortcut, nodes_of, shortcuts_of

_FIRST = (
    ("Prompt", "submit"),
    ("Prompt", "break_line"),
    ("ChatScreen", "stop"),
    ("ChatScreen", "step(-1)"),
    ("AnswerView", "digit('1')"),
    ("Reader", "go(1)"),
    ("Reader", "close"),
    ("Around", "sessions"),
    ("Around", "articles"),
    ("Around", "command_palette"),
    ("ParleyApp", "quit"),
)
"""What somebody needs first, in this order: who binds it, and its action; each stands below its topic, too."""
_HOW = (
    "A question may lean on the one before it.",
    "[1] marks the sentence of an article that proves what stands before it; open it to read it in its place. "
    "What no sentence proves is struck, and the reason is told.",
    "“Not in these articles” means just that: the closest passages are shown instead.",
    "For a screen reader or a script, parley ask says the same in plain text; parley ask --help tells how.",
)
_HEADING = "bold underline"
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
        app, screen, *widgets = nodes_of(beneath)
        self._shortcuts = shortcuts_of([*widgets, *others, screen, app])
        self._sessions = sessions

    def body(self) -> Iterable[Widget]:
        """The keys that one needs first, what answers mean, where sessions are kept, and all keys by topic."""
        with VerticalScroll():
            first = [(shortcut, _place(shortcut)) for shortcut in _needed_first(self._shortcuts)]
            yield Static(_listed("First of all", first))
            yield Static(_told("Answers", (*_HOW, _where(self._sessions))))
            for heading, shortcuts in _by_topic_and_place(self._shortcuts).items():
                yield Static(_listed(heading, [(shortcut, "") for shortcut in shortcuts]))

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


def _needed_first(shortcuts: Sequence[Shortcut]) -> list[Shortcut]:
    """Those of `_FIRST` that there are; the first of each, as several nodes may have the same."""
    known = {(shortcut.owner.__name__, shortcut.action): shortcut for shortcut in reversed(shortcuts)}
    return [known[place] for place in _FIRST if place in known]


def _told(heading: str, sentences: Iterable[str]) -> Content:
    """Sentences to be read one by one."""
    told = ((Content("- "), Content(sentence)) for sentence in sentences)
    return Folded((NO_MARK, Content.styled(heading, _HEADING)), *told)


def _place(shortcut: Shortcut) -> str:
    """Where its keys mean that; empty where they mean it everywhere."""
    return "" if shortcut.topic == "Moving and editing" else shortcut.owner.BINDING_GROUP_TITLE or ""


def _by_topic_and_place(shortcuts: Iterable[Shortcut]) -> dict[str, list[Shortcut]]:
    """The shortcuts below their headings: topic by topic, and in each those of one place together."""
    found: dict[str, list[Shortcut]] = {}
    for shortcut in shortcuts:
        place = _place(shortcut)
        found.setdefault(f"{shortcut.topic}, {place}" if place else shortcut.topic, []).append(shortcut)
    return found


def _listed(heading: str, shortcuts: Iterable[tuple[Shortcut, str]]) -> Content:
    """Keys, each with what it does, and with where where that is given, in two columns."""
    lines = [(NO_MARK, Content.styled(heading, _HEADING))]
    for shortcut, place in shortcuts:
        keys = Content.styled(", ".join(shortcut.keys), "bold")
        does = Content.assemble(sanitize_line(shortcut.does), (f"  {place}" if place else "", "$quiet"))
        if keys.cell_length < _KEYS_WIDTH:
            lines.append((keys.pad_right(_KEYS_WIDTH - keys.cell_length), does))
        else:
            lines += [(NO_MARK, keys), (Content.blank(_KEYS_WIDTH), does)]
    return Folded(*lines)
