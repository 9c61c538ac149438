"""The line at the foot of the reader that names its keys, each of which can be clicked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widgets import Static

from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual import events


class ReaderKeys(Surviving, Static):
    """Names keys and what they do; where not all of them fit, the last one, which leads out, is still there."""

    DEFAULT_CSS = """
    ReaderKeys {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: auto 75%;
        text-wrap: nowrap;
    }
    """
    ALLOW_SELECT = False

    class Pressed(Message):
        """A key was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action
            """What it does, as bindings name it."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[Content] = []

    def show_keys(self, keys: Iterable[tuple[str, str, str]]) -> None:
        """Name these keys, the least important before the last: key, word for what it does, action."""
        self._keys = []
        for key, word, action in keys:
            style = Style.from_meta({"reader_action": action})
            self._keys.append(Content.assemble((key, style + Style(bold=True)), (f" {word}", style)))
        self.on_resize()

    def on_resize(self) -> None:
        """Leave out whole keys where there is no room for all of them."""
        shown = list(self._keys)
        while len(shown) > 1 and Content("  ").join(shown).cell_length > self.size.width:
            shown.pop(-2)
        self.update(Content("  ").join(shown), layout=False)  # one row, whatever it names

    def on_click(self, event: events.Click) -> None:
        """Tell which key was clicked."""
        action = event.style.meta.get("reader_action")
        if isinstance(action, str):
            event.stop()
            self.post_message(self.Pressed(action))
