"""The question whether a link is to be opened, which shows where it really leads."""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.addresses import read_target
from tui.messages import Copy
from tui.surviving import Surviving

if TYPE_CHECKING:
    from textual.app import ComposeResult


def open_in_browser(address: str) -> bool:
    """Open an address in a browser with a window of its own; False where there is none. May take seconds."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:  # lynx and the like, which would take over the terminal
        return False
    return browser.open(address)


class LinkConfirmation(Surviving, ModalScreen[bool]):
    """Opens a link where somebody confirms it, and is dismissed with whether it did."""

    DEFAULT_CSS = """
    LinkConfirmation {
        align: center middle;
        & > Vertical {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            overflow-y: auto;
            padding: 1 2;
            border: round $primary;
            background: $surface;
        }
        #link-host { margin: 1 0 0 0; text-style: bold; color: $text; }
        #link-address { margin: 1 0 0 0; color: auto 75%; max-height: 8; }
        #link-remark { margin: 1 0 0 0; padding: 0 1; border-left: outer $warning; color: $text; }
        Horizontal { height: auto; margin: 1 0 0 0; }
        Button { margin: 0 2 0 0; }
        &.-narrow Horizontal { layout: vertical; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (66, "-wide")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n", "cancel", "Do not open"),
        Binding("o", "open", "Open"),
        Binding("y", "copy", "Copy the address"),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, address: str, open_address: Callable[[str], bool] = open_in_browser) -> None:
        """`open_address` is called in a thread, and tells whether it could."""
        super().__init__()
        self._address = address
        self._target = read_target(address)
        self._open_address = open_address

    def compose(self) -> ComposeResult:
        """The host on a line of its own, the whole address, what to know of it, and the choice."""
        target = self._target
        with Vertical():
            asked = "Open this page in the browser?" if target.opened else "This link is not opened."
            yield Static(Content(asked))
            if target.host:
                yield Static(Content(target.host), id="link-host")
            yield Static(Content(target.address), id="link-address")
            remark = Static(Content(target.remark), id="link-remark")
            remark.display = bool(target.remark)
            yield remark
            with Horizontal():
                yield Button(Content("Cancel (Esc)"), id="cancel", compact=True)
                if target.opened:
                    yield Button(Content("Open (o)"), id="open", variant="primary", compact=True)
                yield Button(Content("Copy the address (y)"), id="copy", compact=True)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what was chosen."""
        event.stop()
        await self.run_action(event.button.id or "cancel")

    def action_cancel(self) -> None:
        """Leave it."""
        self.dismiss(False)

    def action_copy(self) -> None:
        """Copy the address as it was written, made harmless."""
        self.app.post_message(Copy(self._target.address, "the address"))
        self.dismiss(False)

    def action_open(self) -> None:
        """Open it, if it may be."""
        if self._target.opened:
            self._open()

    @work(exclusive=True)
    async def _open(self) -> None:
        if await asyncio.to_thread(self._open_address, self._target.opened):
            self.dismiss(True)
            return
        remark = self.query_one("#link-remark", Static)
        remark.update(Content("No browser could be opened from here; copy the address instead."))
        remark.display = True
