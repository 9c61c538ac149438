"""The bytes of one reply up to the JSON in them: that of each event, or one document; bounded, and pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assistant.backends.refusals import Asked
from assistant.backends.sse import LARGEST_EVENT, EventParser, EventTooLargeError
from assistant.errors import BackendError

LARGEST_DOCUMENT = LARGEST_EVENT
URL_HINT = "mend the base URL: most end in /v1"


class ReplyEvents:
    """Takes one reply apart, and words what may be wrong with it."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._parser = EventParser()
        self._begun = False
        self.document: bytearray | None = None
        """What has come so far, where it is one JSON document and no events."""

    def feed(self, piece: bytes) -> Iterator[str]:
        """What the events hold that a piece completes; to be exhausted before the next, if there is one.

        Raises:
            BackendError: an event or the document is too large.
        """
        if not self._begun and piece.strip():
            self._begun = True
            if piece.lstrip().startswith(b"{"):
                self.document = bytearray()
        if self.document is not None:
            self.document += piece
            if len(self.document) > LARGEST_DOCUMENT:
                raise self.failed(f"sent a reply of more than {LARGEST_DOCUMENT:,} bytes")
            return
        try:
            for event in self._parser.feed(piece):
                yield event.data
        except EventTooLargeError as error:
            raise self.failed(f"sent {error}") from None

    def decoded(self, data: str) -> Any:
        """The JSON that an event or the document holds.

        Raises:
            BackendError: it is none.
        """
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise self.no_reply() from None

    def no_reply(self) -> BackendError:
        """The error that nothing of what came is a reply of a model, if anything came."""
        return self.failed("sent what is no reply of a model" if self._begun else "sent nothing", URL_HINT)

    def failed(self, what: str, hint: str = "ask again") -> BackendError:
        """The error that the host did so."""
        return BackendError(f"{self._asked.address.authority} {what}", hint)
