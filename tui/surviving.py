"""What keeps one failing handler from taking its widget, or the whole app, with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.message import Message


class Surviving(MessagePump):
    """Tells the app of an exception in a handler and goes on; Textual itself would stop listening for good."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is shown, with its traceback
            self.app._handle_exception(error)
