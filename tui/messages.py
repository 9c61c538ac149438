"""What widgets tell the screen around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Citation, Evidence


class OpenCitation(Message):
    """A citation is to be read in its article; the others of its answer are next and previous."""

    def __init__(self, citations: Sequence[Citation], number: int) -> None:
        super().__init__()
        self.citations = tuple(citations)
        self.number = number
        """The id of the citation, which is the number of its marker."""


class OpenPassage(Message):
    """A passage that came close is to be read in its article."""

    def __init__(self, passage: Evidence) -> None:
        super().__init__()
        self.passage = passage


class OpenLink(Message):
    """A link in an article or an answer was chosen; nothing is opened before somebody confirms it."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address


class Copy(Message):
    """A text is to be copied; `what` names it for people: `the answer`, `the quote`."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
