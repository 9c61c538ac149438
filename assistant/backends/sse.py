"""Server-sent events: bytes in, events out; pure, incremental, and bounded.

As in https://html.spec.whatwg.org/multipage/server-sent-events.html (9.2.6): lines end with LF, CR or CRLF, an
event ends with an empty line, and one that the end of the stream cuts short is no event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LARGEST_EVENT = 1 << 20
"""Bytes of one event, its comments included."""


class EventTooLargeError(ValueError):
    """An event, or a single line, is larger than any that makes sense."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event; `id` and `retry` are for clients that connect again, which we do not."""

    name: str
    """`message` where the server gives none."""
    data: str
    """Its lines, joined with LF."""


class EventParser:
    """Reads one stream; however it is split into chunks, the events are the same."""

    def __init__(self, largest: int = LARGEST_EVENT) -> None:
        """`largest` bounds what one event may hold, in bytes."""
        self._largest = largest
        self._size = 0
        self._line = bytearray()
        self._after_return = False
        self._first = True
        self._name = ""
        self._data: list[str] = []

    def feed(self, chunk: bytes) -> Iterator[ServerEvent]:
        """The events that this chunk completes; to be exhausted before the next one is fed.

        Raises:
            EventTooLargeError: after the events that came before the one that is too large.
        """
        if self._after_return and chunk:
            self._after_return = False
            chunk = chunk.removeprefix(b"\n")
        for piece in chunk.splitlines(keepends=True):
            line = piece.rstrip(b"\r\n")
            self._size += len(line)
            if self._size > self._largest:
                raise EventTooLargeError(f"an event of more than {self._largest:,} bytes")
            self._after_return = piece.endswith(b"\r")
            if len(line) == len(piece):
                self._line += line
                return
            if self._line:
                line = bytes(self._line) + line
                self._line.clear()
            event = self._take(line)
            if event is not None:
                yield event

    def _take(self, line: bytes) -> ServerEvent | None:
        """Read one whole line; the event that it ends, if it does."""
        if self._first:
            self._first = False
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._data.append(value.decode(errors="replace"))
        elif field == b"event":
            self._name = value.decode(errors="replace")
        return None

    def _dispatch(self) -> ServerEvent | None:
        event = ServerEvent(self._name or "message", "\n".join(self._data)) if self._data else None
        self._data.clear()
        self._name = ""
        self._size = 0
        return event
