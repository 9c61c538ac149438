"""What a model thinks aloud, `<think>...</think>` before its reply, kept apart from it while both stream.

Only at the beginning does the tag mean anything: later it may be quoted from an article. Some servers put the
first tag into the prompt; then a lone `</think>` shows, too late, that all text before it was thought.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from assistant.backends.protocol import ReasoningDelta, TextDelta, Withdrawn

OPENING = "<think>"
CLOSING = "</think>"

Piece = TextDelta | ReasoningDelta | Withdrawn


class _At(Enum):
    """Where in a reply we are."""

    BEGINNING = auto()
    """Nothing but white space has come."""
    THOUGHT = auto()
    UNMARKED = auto()
    """Text that no opening tag came before."""
    AFTER_THOUGHT = auto()
    """Of the white space that follows a thought."""
    REPLY = auto()


class ThoughtSplitter:
    """Splits one reply; however it is cut into pieces, what is thought and what is text are the same.

    White space before a reply is dropped.
    """

    def __init__(self) -> None:
        self._at = _At.BEGINNING
        self._held = ""
        self._told = False

    def feed(self, text: str) -> Iterator[Piece]:
        """What a piece of the reply brings; an end that may be the beginning of a tag waits for the next piece."""
        self._held += text
        if self._at is _At.BEGINNING:
            self._begin()
        if self._at in (_At.THOUGHT, _At.UNMARKED):
            yield from self._seek_closing()
        if self._at is _At.AFTER_THOUGHT:
            self._held = self._held.lstrip()
            if self._held:
                self._at = _At.REPLY
        if self._at is _At.REPLY:
            yield from self._let_go(len(self._held))

    def close(self) -> Iterator[Piece]:
        """What was held back, now that nothing follows."""
        yield from self._let_go(len(self._held))

    def _begin(self) -> None:
        self._held = self._held.lstrip()
        if self._held.startswith(OPENING):
            self._held = self._held.removeprefix(OPENING)
            self._at = _At.THOUGHT
        elif not OPENING.startswith(self._held):
            self._at = _At.UNMARKED

    def _seek_closing(self) -> Iterator[Piece]:
        found = self._held.find(CLOSING)
        if found < 0:
            yield from self._let_go(len(self._held) - _length_of_beginning(self._held))
            return
        unmarked, self._at = self._at is _At.UNMARKED, _At.THOUGHT
        if unmarked and self._told:
            yield Withdrawn()
        yield from self._let_go(found)
        self._held = self._held.removeprefix(CLOSING)
        self._at = _At.AFTER_THOUGHT

    def _let_go(self, length: int) -> Iterator[Piece]:
        text, self._held = self._held[:length], self._held[length:]
        if not text:
            return
        if self._at is _At.THOUGHT:
            yield ReasoningDelta(text)
        else:
            self._told = True
            yield TextDelta(text)


def _length_of_beginning(text: str) -> int:
    """Of the longest end of the text that may be the beginning of a closing tag, in characters."""
    start = text.rfind("<", -len(CLOSING) + 1)
    return len(text) - start if start >= 0 and CLOSING.startswith(text[start:]) else 0
