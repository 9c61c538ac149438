"""What an empty conversation shows: what this is, in three lines, and questions that these articles answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from assistant.phrasing import on_one_line
from tui.surviving import Surviving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

LINES = (
    "Answers from these articles, with every sentence proven by a citation.",
    "Type a question and press Enter; then ask on, as you would a person.",
    "Click [1], or press Ctrl+Up and 1, to read the proof; F1 lists all keys.",
)
SAMPLE = "These are the sample articles. To ask your own: parley --corpus FOLDER"


class Starter(Surviving, Static, can_focus=True):
    """A question to begin with."""

    BINDING_GROUP_TITLE = "Starter questions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "ask", "Ask this question"),
        Binding("up", "app.focus_previous", "The one before"),
        Binding("down", "app.focus_next", "The one after"),
    ]

    class Chosen(Message):
        """It is to be asked."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def __init__(self, number: int, question: str) -> None:
        super().__init__(Content.assemble((f"{number}  ", "$primary"), on_one_line(question)))
        self.question = question

    def action_ask(self) -> None:
        """Ask it."""
        self.post_message(self.Chosen(self.question))

    def on_click(self) -> None:
        """By mouse."""
        self.action_ask()


class Welcome(Surviving, Vertical):
    """Gone with the first question."""

    def __init__(self, *, is_sample: bool) -> None:
        super().__init__()
        self._is_sample = is_sample

    def compose(self) -> ComposeResult:
        """The name, and three lines; how to name a folder where nobody did."""
        yield Static(Content("Parley"), classes="name")
        for line in LINES:
            yield Static(Content(line), classes="explains")
        if self._is_sample:
            yield Static(Content(SAMPLE), classes="sample")

    async def offer(self, questions: Sequence[str]) -> None:
        """Show questions to begin with, in place of any before."""
        async with self.batch():
            await self.query(".starters, Starter").remove()
            if questions:
                heading = Content("For instance (Down, then Enter; or click):")
                starters = [Starter(number, question) for number, question in enumerate(questions, 1)]
                await self.mount_all([Static(heading, classes="starters"), *starters])
