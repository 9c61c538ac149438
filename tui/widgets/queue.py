"""Questions that wait for the one before them: visible, in their order, each removable."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from assistant.phrasing import on_one_line
from tui.surviving import Surviving

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 20
"""Questions that are listed; the others are counted. All are listed anew whenever one comes or goes."""


class Queued(Surviving, Static, can_focus=True):
    """A question that is asked next but some; a click or Delete takes it back to the prompt."""

    BINDING_GROUP_TITLE = "on a question that waits"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete,backspace,enter", "remove", "Take it back to the prompt")
    ]

    class Removed(Message):
        """The question at this place is not to be asked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, place: int, question: str) -> None:
        shown = Content.assemble((f"✕ {'next' if place == 0 else 'then'}  ", "$quiet"), on_one_line(question))
        super().__init__(shown)
        self._place = place

    def action_remove(self) -> None:
        """Ask for it to be taken out."""
        self.post_message(self.Removed(self._place))

    def on_click(self) -> None:
        """By mouse."""
        self.action_remove()


class QueueView(Surviving, VerticalScroll, can_focus=False):
    """All that wait, the next first; not there where none do."""

    async def show(self, waiting: Iterable[str]) -> None:
        """Show these."""
        questions = list(waiting)
        self.display = bool(questions)
        async with self.batch():
            await self.remove_children()
            await self.mount_all(Queued(place, question) for place, question in enumerate(questions[:MOST]))
            if len(questions) > MOST:
                await self.mount(Static(Content(f"and {len(questions) - MOST:,} more"), classes="more"))
