"""Where questions are typed: Enter sends, Ctrl+J breaks the line, Up on the first line recalls earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from assistant.sanitize import sanitize
from tui.messages import Copy
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual import events

LONGEST = 8_000
"""Characters of a question; nobody types as many, and laying out more takes long."""
LEFT_TO_OTHERS = ("f6", "f7", "pageup", "pagedown")
"""Keys that a text area would take for itself, and that mean something in the whole app."""


class Prompt(Surviving, TextArea):
    """A few lines for the next question."""

    BINDING_GROUP_TITLE = "in the prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Send the question"),
        Binding("ctrl+j", "break_line", "Break the line", key_display="Ctrl+J"),
        Binding("up", "recall_or_move_up", "Earlier questions, from the first line"),
        Binding("down", "recall_or_move_down", "Later questions, from the last line"),
        Binding("end,ctrl+e", "end", "End of the line; at the end of the text: the newest answer"),
    ]

    class Submitted(Message):
        """A question is to be asked; never empty."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class TooLong(Message):
        """A text of `given` characters is longer than a question may be."""

        def __init__(self, given: int, *, is_cut: bool) -> None:
            super().__init__()
            self.given = given
            self.is_cut = is_cut
            """Whether the rest of it was left out; else it stands in the prompt as it was."""

    class Left(Message):
        """Down was pressed where there is nothing further down, or End at the very end."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, **more: Any) -> None:
        super().__init__(soft_wrap=True, tab_behavior="focus", compact=True, highlight_cursor_line=False, **more)
        self.placeholder = Content("Ask these articles a question")
        self.earlier: list[str] = []
        """Questions that can be recalled, oldest first."""
        self._recalled: int | None = None
        self._unsent = ""
        """What stood here before something was recalled."""
        for key in LEFT_TO_OTHERS:
            self._bindings.key_to_bindings.pop(key, None)

    def put(self, text: str) -> None:
        """Show this text in place of what stands here, the cursor at its end."""
        self.load_text(sanitize(text)[:LONGEST])
        self.move_cursor(self.document.end)

    def clear_for_next(self, asked: str) -> None:
        """Be empty for the next question, and remember this one."""
        if not self.earlier or self.earlier[-1] != asked:
            self.earlier.append(asked)
        self._recalled, self._unsent = None, ""
        self.load_text("")

    def action_submit(self) -> None:
        """Send what stands here, unless that is nothing."""
        text = self.text.strip()
        if len(text) > LONGEST:
            self.post_message(self.TooLong(len(text), is_cut=False))
        elif text:
            self.clear_for_next(text)
            self.post_message(self.Submitted(text))

    def action_break_line(self) -> None:
        """Begin a new line."""
        self._replace_via_keyboard("\n", *self.selection)

    def action_recall_or_move_up(self) -> None:
        """A line up; on the first, the question before."""
        if self._row > 0 or not self.earlier or self._recalled == 0:
            self.action_cursor_up()
            return
        if self._recalled is None:
            self._unsent = self.text
            self._recalled = len(self.earlier)
        self._recalled -= 1
        self.put(self.earlier[self._recalled])
        self.move_cursor((0, 0))

    def action_recall_or_move_down(self) -> None:
        """A line down; on the last, the question after, and at last what had been begun."""
        if self._row < self.wrapped_document.height - 1:
            self.action_cursor_down()
        elif self._recalled is None:
            if self.text:
                self.action_cursor_down()
            else:
                self.post_message(self.Left("down"))
        elif self._recalled + 1 < len(self.earlier):
            self._recalled += 1
            self.put(self.earlier[self._recalled])
        else:
            self._recalled = None
            self.put(self._unsent)

    def action_end(self) -> None:
        """The end of the line; from the end of the text, the end of the conversation."""
        if self.cursor_location == self.document.end:
            self.post_message(self.Left("end"))
        else:
            self.action_cursor_line_end()

    def action_copy(self) -> None:
        """Copy what is selected here; else what is selected elsewhere."""
        if self.selected_text:
            self.post_message(Copy(self.selected_text, "the selection"))
        else:
            self.screen.action_copy_text()

    @property
    def _row(self) -> int:
        """The row of the cursor among those that are shown, from 0."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y

    async def _on_key(self, event: events.Key) -> None:
        """Send or break the line in its turn among the keys typed: bindings may overtake or follow letters."""
        actions = {"enter": self.action_submit, "ctrl+j": self.action_break_line}
        if action := actions.get(event.key):
            event.prevent_default()
            event.stop()
            action()

    async def _on_paste(self, event: events.Paste) -> None:
        """Insert what was pasted, as far as it fits: a text area lays out a megabyte for seconds."""
        event.prevent_default()
        event.stop()
        room = max(LONGEST - len(self.text) + len(self.selected_text), 0)
        given = event.text.replace("\r\n", "\n").replace("\r", "\n")
        text = sanitize(given[:room])
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)
        if len(given) > room:
            self.post_message(self.TooLong(len(self.text) + len(given) - room, is_cut=True))
        self.focus()
