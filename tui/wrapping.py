"""A long text as visual lines of a given width, with the exact characters that each one shows.

Lines are found a few at a time, so that a text of any length never holds up the terminal.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import get_character_cell_size

from assistant.sanitize import sanitize

TAB = 8
"""Columns from one tab stop to the next."""
NARROWEST = 2
"""Columns that a line has at least, so that a wide character fits."""
_UNEVEN = re.compile("[^\n\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
"""What may take other than one column, or is not shown as it is; news in Latin letters has next to none of it."""
_NEVER_FIRST = frozenset("、。，．！？；：」』）】》〉’”…")
"""Wide marks that no line begins with."""
_LONGEST_SHARE = 4
"""Characters that a column holds at most, on the average of a line; a flood of combining marks is cut there."""


class VisualLines:
    """Where the visual lines of a text begin; together they are the text, with nothing left out or doubled."""

    def __init__(self, text: str, width: int) -> None:
        """Nothing is wrapped yet; `width` is in columns."""
        self.text = text
        self.width = max(width, NARROWEST)
        self._starts: list[int] = []
        self._end = 0

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def end(self) -> int:
        """The offset behind the last line that was found."""
        return self._end

    @property
    def complete(self) -> bool:
        """Whether the whole text is wrapped."""
        return self._end >= len(self.text)

    def wrap(self, count: int) -> None:
        """Find up to `count` more lines."""
        text, width, begin, length = self.text, self.width, self._end, len(self.text)
        for _ in range(count):
            if begin >= length:
                break
            self._starts.append(begin)
            begin = _end_of_line(text, begin, width)
        self._end = begin

    def span(self, line: int) -> tuple[int, int]:
        """The characters of a line, the line break that ends it included."""
        following = line + 1
        return self._starts[line], self._starts[following] if following < len(self._starts) else self._end

    def line_at(self, offset: int) -> int:
        """The line that holds a character; the last one for those that were not reached."""
        return max(bisect_right(self._starts, offset) - 1, 0)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A visual line as it is shown: harmless, tabs as blanks."""

    text: str
    places: Sequence[int]
    """The offset that each shown character stands for, and that of the line's end."""

    def column_of(self, offset: int) -> int:
        """Which of the shown characters is the first one at or behind an offset."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.places[middle] < offset else (low, middle)
        return low


def shown_line(text: str, start: int, end: int) -> ShownLine:
    """How the characters from `start` to `end`, which are one visual line, are shown."""
    clean = sanitize(text[start:end]).removesuffix("\n")
    if "\t" not in clean:
        return ShownLine(clean, range(start, start + len(clean) + 1))
    shown: list[str] = []
    places: list[int] = []
    cells = 0
    for offset, character in enumerate(clean, start):
        columns = _columns(character, cells)
        piece = " " * columns if character == "\t" else character
        shown.append(piece)
        places += [offset] * len(piece)
        cells += columns
    return ShownLine("".join(shown), [*places, start + len(clean)])


def _end_of_line(text: str, begin: int, width: int) -> int:
    """Where the visual line ends that begins at `begin`; always beyond that."""
    window = text[begin : begin + width + 1]
    if _UNEVEN.search(window):
        return _end_of_uneven_line(text, begin, width)
    line_break = window.find("\n")
    if line_break >= 0:
        return begin + line_break + 1
    if len(window) <= width:
        return begin + len(window)
    blank = window.rfind(" ")
    return _with_line_break(text, begin + blank + 1) if blank >= 0 else begin + width


def _end_of_uneven_line(text: str, begin: int, width: int) -> int:
    """As `_end_of_line`, character by character: for wide and combining ones, tabs and controls."""
    window = sanitize(text[begin : begin + width * _LONGEST_SHARE])
    cells = 0
    best = 0
    after_wide = False
    for index, character in enumerate(window):
        if character == "\n":
            return begin + index + 1
        columns = _columns(character, cells)
        if character in " \t":  # it may hang over the edge
            best = index + 1
            if cells + columns > width:
                return _with_line_break(text, begin + best)
        elif columns:
            if (after_wide or columns > 1) and character not in _NEVER_FIRST:
                best = index
            if cells + columns > width:
                return begin + max(best or index, 1)
            after_wide = columns > 1
        cells += columns
    return begin + len(window)


def _with_line_break(text: str, end: int) -> int:
    """Behind the line break where one follows a blank that hangs over the edge: it ends no line of its own."""
    return end + 1 if text[end : end + 1] == "\n" else end


def _columns(character: str, cells: int) -> int:
    """How many columns a harmless character takes that stands behind `cells` others."""
    if character == "\t":
        return TAB - cells % TAB
    if character == "\N{VARIATION SELECTOR-16}":
        return 1  # it makes some characters wide
    return get_character_cell_size(character)
