"""A checked answer: its sentences with live markers, its sources, how sure it is, and what was struck."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Static

from assistant.phrasing import SHOWN_CLOSEST
from tui.messages import OpenCitation, OpenPassage
from tui.surviving import Surviving
from tui.widgets import answer_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.content import Content

    from assistant.answer import Answer

    Draw = Callable[[int | None], Content]


class Live(Surviving, Static):
    """A part with markers, which is drawn anew when another marker becomes the current one."""

    def __init__(self, draw: Draw, classes: str) -> None:
        super().__init__(draw(None), classes=classes)
        self.draw = draw


class AnswerView(Surviving, Vertical, can_focus=True):
    """An answer in the transcript; a click, Enter or a digit opens what a marker stands for."""

    BINDING_GROUP_TITLE = "on an answer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open the current citation"),
        Binding("left", "step(-1)", "Previous citation"),
        Binding("right", "step(1)", "Next citation"),
        *(
            Binding(digit, f"digit('{digit}')", "Open the citation of this number", key_display="1-9")
            for digit in "1234567890"
        ),
    ]
    current: reactive[int | None] = reactive(None, init=False)
    """The number of the marker that Enter opens."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
        self._typed = ""
        """Digits of a number that may go on."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """What can be opened: the citations, or the closest passages, counted from 1, where there are none."""
        if self.answer.status == "answered":
            return tuple(citation.id for citation in self.answer.citations)
        return tuple(range(1, len(self.answer.evidence[:SHOWN_CLOSEST]) + 1))

    def compose(self) -> ComposeResult:
        """The parts, in the order in which `parley ask` prints them; few, for a long session has hundreds."""
        yield from self._found() if self.answer.status == "answered" else self._not_found()
        yield Static(answer_text.ending(self.answer), classes="part")

    def _found(self) -> Iterator[Static]:
        answer = self.answer
        yield Live(partial(answer_text.body, answer), "body")
        in_other_words = [claim for claim in answer.claims if claim.support == "supported"]
        reworded = {number for claim in in_other_words for number in claim.citations}
        for citation in answer.citations:
            # What is quoted in the answer itself stands there word for word.
            yield Live(partial(answer_text.source, citation, quoted=citation.id in reworded), "part")
        if any(claim.support == "unsupported" for claim in answer.claims):
            yield Static(answer_text.struck(answer), classes="part")

    def _not_found(self) -> Iterator[Static]:
        yield Static(answer_text.not_found(self.answer))
        for number, found in enumerate(self.answer.evidence[:SHOWN_CLOSEST], 1):
            yield Live(partial(answer_text.passage, number, found), "part")

    def watch_current(self) -> None:
        """Show which marker is the current one."""
        for part in self.query(Live):
            part.update(part.draw(self.current), layout=False)  # it takes as many rows as before

    def on_focus(self) -> None:
        """The first marker is the current one, until another is chosen."""
        self._typed = ""
        if self.current is None and self.numbers:
            self.current = self.numbers[0]

    def on_blur(self) -> None:
        """No marker is current where nothing has the focus."""
        self.current = None

    def on_click(self, event: events.Click) -> None:
        """Open what the marker under the mouse stands for."""
        number = event.style.meta.get(answer_text.TARGET)
        if isinstance(number, int):
            event.stop()
            self._open(number)

    def action_open(self) -> None:
        """Open the current one."""
        self._typed = ""
        if self.current is not None:
            self._open(self.current)

    def action_step(self, by: int) -> None:
        """Make the marker before or after the current one the current one."""
        self._typed = ""
        if self.current is None or not self.numbers:
            return
        place = self.numbers.index(self.current) + by
        self.current = self.numbers[min(max(place, 0), len(self.numbers) - 1)]

    def action_digit(self, digit: str) -> None:
        """Open the citation of this number at once, unless it may go on; then Enter or the next digit does."""
        for typed in (self._typed + digit, digit):
            matching = [number for number in self.numbers if str(number).startswith(typed)]
            if matching:
                break
        else:
            self._typed = ""
            return
        if int(typed) in self.numbers:
            self.current = int(typed)
        if matching == [int(typed)]:
            self._typed = ""
            self._open(int(typed))
        else:
            self._typed = typed

    def _open(self, number: int) -> None:
        if number in self.numbers:
            self.current = number
        if self.answer.status == "answered":
            self.post_message(OpenCitation(self.answer.citations, number))
        else:
            self.post_message(OpenPassage(self.answer.evidence[number - 1]))
