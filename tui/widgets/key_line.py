"""A quiet line that says which keys do what here; each can be clicked, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.dom import DOMNode
from textual.style import Style
from textual.widgets import Static

from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual import events


class KeyLine(Surviving, Static):
    """Keys with what they do: `n new  r rename`; a click does the same, in the widget or screen around it."""

    DEFAULT_CSS = """
    KeyLine { height: auto; color: $text-muted; link-style: none; link-color: $text-muted; }
    """

    def __init__(self, *keys: tuple[str, str, str], within: DOMNode | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        """Takes for each key how people write it, what it does, and its action, all of our own making.

        `within` has the actions; the screen has them, if None.
        """
        self._keys = []
        for key, does, action in keys:
            style = Style.from_meta({"@click": f"do({action!r})"})
            self._keys.append(Content.assemble((key, "bold $text"), f" {does}").stylize(style))
        super().__init__(Content("  ").join(self._keys), id=id)
        self._within = within

    def on_resize(self, event: events.Resize) -> None:
        """Fold the line between keys; Textual would fold it between a key and its words, too."""
        rows: list[list[Content]] = [[]]
        for key in self._keys:
            if rows[-1] and Content("  ").join([*rows[-1], key]).cell_length > event.size.width:
                rows.append([])
            rows[-1].append(key)
        self.update(Content("\n").join(Content("  ").join(row) for row in rows))

    async def action_do(self, action: str) -> None:
        """Do what a key that was clicked would do."""
        await self.app.run_action(action, self._within or self.screen)
