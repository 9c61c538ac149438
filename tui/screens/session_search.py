"""Looks for words in all saved conversations, and shows the turns that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from assistant.sanitize import sanitize_line
from tui.failures import MENDABLE
from tui.screens.dialog import Dialog
from tui.when import say_when

if TYPE_CHECKING:
    from assistant.sessions.search import Hit
    from tui.ports import SessionsPort

PAUSE_S = 0.25
"""How long somebody stops typing before their words are looked for."""
MOST_SHOWN = 100


class SessionSearchScreen(Dialog["Hit"]):
    """Searches while one types; left with the turn that was chosen, or None."""

    DEFAULT_CSS = """
    SessionSearchScreen > #frame { width: 100; height: 90%; }
    SessionSearchScreen OptionList { height: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }
    SessionSearchScreen #count { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open the turn", show=False),
        Binding("down", "results", "To the results", show=False),
    ]
    CALLED = "Search all sessions"
    KEYS = (
        ("Enter", "search, then open", "choose"),
        ("Down", "to the results", "results"),
        ("Esc", "close", "leave"),
    )

    def __init__(self, sessions: SessionsPort) -> None:
        """Nothing is looked for before something is typed."""
        super().__init__()
        self._sessions = sessions
        self._hits: tuple[Hit, ...] = ()
        self._found_for = ""
        """The words that the hits were found with."""
        self._pause: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Words, how many turns hold them, and those turns."""
        yield Input(placeholder="words of questions, answers, quotes, titles or outlets")
        yield Static(id="count", classes="quiet")
        yield OptionList(markup=False)

    @on(Input.Changed)
    def _wait_a_little(self) -> None:
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_S, self._begin)

    @on(Input.Submitted)
    def _search_now(self) -> None:
        if self._pause:
            self._pause.stop()
        if self._hits and self._found_for == self.query_one(Input).value:
            self.query_one(OptionList).focus()
        else:
            self._begin()

    def _begin(self) -> None:
        self.run_worker(self._search(self.query_one(Input).value), group="search", exclusive=True)

    async def _search(self, words: str) -> None:
        self.show_failure(None)
        try:
            hits = await self._sessions.search(words) if words.strip() else ()
        except MENDABLE as failure:
            self.show_failure(failure)
            hits = ()
        self._hits, self._found_for = hits[:MOST_SHOWN], words
        now = datetime.now(UTC)
        options = self.query_one(OptionList)
        options.set_options(Option(_row(hit, words, now)) for hit in self._hits)
        options.highlighted = 0 if self._hits else None
        self.query_one("#count", Static).update(Content(_counted(len(hits)) if words.strip() else ""))

    @on(OptionList.OptionSelected)
    def _choose_row(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._hits[event.option_index])

    def action_choose(self) -> None:
        """Open the turn under the cursor; look for the words where none was found yet."""
        row = self.query_one(OptionList).highlighted
        if row is None:
            self._search_now()
        else:
            self.dismiss(self._hits[row])

    def action_results(self) -> None:
        """Go on to the turns that were found."""
        self.query_one(OptionList).focus()


def _counted(hits: int) -> str:
    if not hits:
        return "No question, answer or quote holds all of these words."
    shown = f", the first {MOST_SHOWN} of them shown" if hits > MOST_SHOWN else ""
    return ("1 turn" if hits == 1 else f"{hits} turns") + shown


def _row(hit: Hit, words: str, now: datetime) -> Content:
    """A turn: its question, where it is, and the words in it where they are not in the question."""
    question = sanitize_line(hit.turn.answer.question)
    place = f"  turn {hit.number} · {say_when(hit.turn.at, now)} · {sanitize_line(hit.session.name)}"
    excerpt = sanitize_line(hit.excerpt)
    lines = [emphasised(question, words).stylize_before("bold"), Content.styled(place, "$quiet")]
    if excerpt != question:
        lines.append(Content("  ") + emphasised(excerpt, words))
    return Content("\n").join(lines)


def emphasised(text: str, words: str) -> Content:
    """The text with the words in it marked, whatever their case and accents."""
    from assistant.sessions.search import folded  # not before somebody searches

    pieces = [folded(character) for character in text]
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    whole, content = "".join(pieces), Content(text)
    for word in folded(words).split():
        at = whole.find(word)
        while at >= 0:
            content = content.stylize("bold underline", places[at], places[at + len(word) - 1] + 1)
            at = whole.find(word, at + len(word))
    return content
