"""A text of any length in a window: wrapped to the width there is, scrolled, selected with the mouse.

Wrapping gives way to the loop, so that neither opening nor resizing a long text holds up the terminal.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from assistant.sanitize import sanitize
from tui.surviving import Surviving
from tui.wrapping import VisualLines, shown_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.segment import Segment
    from textual.selection import Selection

WIDEST = 100
"""Columns beyond which a line of prose is no longer read with ease."""
MARGIN = 7
"""Columns before the text."""
LINES_AT_ONCE = 400
"""Lines that are wrapped before the loop may do something else; 1 to 10 ms."""
LINES_ABOVE = 4
"""Lines of context above what is gone to."""


class WrappedView(Surviving, ScrollView, can_focus=True):
    """Shows a text with a margin; offsets count its characters, and nothing of it is shown unsanitised."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    WrappedView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """
    BINDING_GROUP_TITLE = "in an article"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Line down", show=False),
        Binding("k", "scroll_up", "Line up", show=False),
        Binding("space", "page_down", "Page down", show=False),
        Binding("b", "page_up", "Page up", show=False),
        Binding("g", "scroll_home", "Beginning", show=False),
        Binding("G", "scroll_end", "End", show=False),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - as all widgets name it
        super().__init__(id=id)
        self._text = ""
        self._lines = VisualLines("", MARGIN)
        self._anchor = (0, 0)
        """A character, and the row of the window that it is kept in where lines are wrapped anew."""
        self._anchored_at = 0
        """Where the window stood when that was noted."""
        self._awaits_anchor = False
        """Whether that character is to be gone to when it has its line."""
        self._last_size = Size()
        self._strips: LRUCache[int, Strip] = LRUCache(512)

    @property
    def text(self) -> str:
        """The text that is shown, as it stands in the file."""
        return self._text

    def action_scroll_home(self) -> None:
        """The beginning, at once: what lies between is not read by whoever goes there."""
        self.scroll_home(animate=False)

    def action_scroll_end(self) -> None:
        """The end, at once."""
        self.scroll_end(animate=False)

    def replace_text(self, text: str, start: int | None) -> None:
        """Show another text, from its beginning or with the character at `start` near the top."""
        self._text = text
        self._lines = VisualLines("", MARGIN)
        self._anchor = (0, 0) if start is None else (start, LINES_ABOVE)
        self._wrap_anew()

    def go_to(self, start: int, end: int) -> None:
        """Bring these characters into the window, if they are not there, with some lines above them."""
        if self._lines.end <= start:
            self._anchor, self._awaits_anchor = (start, LINES_ABOVE), True
            return
        first, last = self._lines.line_at(start), self._lines.line_at(max(start, end - 1))
        top, height = round(self.scroll_y), self._window.height
        if not (top + min(LINES_ABOVE, first) <= first and last < top + height):
            self.scroll_to(y=first - LINES_ABOVE, animate=False)

    @property
    def top_offset(self) -> int:
        """The first character in the window."""
        return self._lines.span(min(round(self.scroll_y), len(self._lines) - 1))[0] if len(self._lines) else 0

    def is_in_window(self, offset: int) -> bool:
        """Whether the line of a character is in the window."""
        row = self._lines.line_at(offset) - round(self.scroll_y)
        return offset < self._lines.end and 0 <= row < self._window.height

    # Lines

    @property
    def _window(self) -> Size:
        # What is hidden has no size, and is told of none when it comes back with the one that it had.
        size = self.size or self._last_size
        return Size(max(size.width - self.scrollbar_size_vertical, 0), size.height)

    @property
    def _columns(self) -> int:
        return min(self._window.width - MARGIN - 1, WIDEST)

    def on_resize(self) -> None:
        """Wrap to the new width, and keep the place."""
        self._last_size = self.size or self._last_size
        if self._columns != self._lines.width or self._lines.text is not self._text:
            self._note_place()
            self._wrap_anew()

    def notify_style_update(self) -> None:
        """The theme may have changed."""
        super().notify_style_update()
        self._strips.clear()

    def _place_to_keep(self) -> int | None:
        """The character that is to stay in its row of the window where it is in that; None for the first one."""
        return None

    def _note_place(self) -> None:
        """Remember what is in the window, unless it is still where it was put: the place would drift."""
        top = round(self.scroll_y)
        if not len(self._lines) or top == self._anchored_at or self._awaits_anchor:
            return
        kept = self._place_to_keep()
        if kept is not None and self.is_in_window(kept):
            self._anchor = (kept, self._lines.line_at(kept) - top)
        else:
            self._anchor = (self.top_offset, 0)
        self._anchored_at = top

    def _wrap_anew(self) -> None:
        if self._window:  # else a resize comes
            self._wrap(VisualLines(self._text, self._columns))

    @work(group="wrap", exclusive=True)
    async def _wrap(self, lines: VisualLines) -> None:
        """Wrap in slices; the lines come to be shown as soon as they reach to the end of the window."""
        while not lines.complete:
            lines.wrap(LINES_AT_ONCE)
            if lines is self._lines:
                self.virtual_size = Size(self._window.width, len(lines))
            elif lines.complete or self._last_row(lines) < len(lines):
                self._take(lines)
            await asyncio.sleep(0)
        if lines is not self._lines:  # there is nothing in it
            self._take(lines)
        if self._awaits_anchor:
            self._go_to_anchor()

    def _last_row(self, lines: VisualLines) -> int:
        """The line at the end of the window, once that is where it is to be."""
        offset, row = self._anchor
        return (lines.line_at(offset) if offset < lines.end else len(lines)) - row + self._window.height

    def _take(self, lines: VisualLines) -> None:
        self._lines = lines
        self.virtual_size = Size(self._window.width, len(lines))
        self._go_to_anchor()
        self.repaint()

    def _go_to_anchor(self) -> None:
        offset, row = self._anchor
        self.scroll_to(y=self._lines.line_at(offset) - row, animate=False)
        self._anchored_at, self._awaits_anchor = round(self.scroll_y), False

    # Painting

    def repaint(self) -> None:
        """Show what has come to be marked otherwise."""
        self._strips.clear()
        self.refresh()

    def margin(self, start: int, end: int) -> Sequence[Segment]:
        """What stands before the line of these characters, `MARGIN` columns wide."""
        raise NotImplementedError

    def styled(self, start: int, end: int) -> Iterator[tuple[Style, int, int]]:
        """What is marked of these characters, and how; what lies on top comes last."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """A row of the window."""
        line, width = self.scroll_offset.y + y, self._window.width
        if line >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._strip(line)
        return strip.crop_extend(0, width, self.rich_style)

    def _strip(self, line: int) -> Strip:
        start, end = self._lines.span(line)
        shown = shown_line(self._text, start, end)
        text = Text(shown.text, no_wrap=True, end="")
        text.stylize(self.rich_style)
        visible = len(shown.text.rstrip())  # a line under blanks at the end of a row looks like text
        for style, first, last in self.styled(start, end):
            text.stylize(style, shown.column_of(first), min(shown.column_of(last), visible))
        selected = self.text_selection.get_span(line) if self.text_selection else None
        if selected:
            first, last = max(selected[0], 0), selected[1] if selected[1] >= 0 else len(shown.text)
            text.stylize(self.screen.get_component_rich_style("screen--selection"), first, last)
        # A selection that is begun in the margin begins before the text of the line.
        margin = Strip(self.margin(start, end)).apply_offsets(-MARGIN, line)
        return Strip([*margin, *Strip(text.render(self.app.console)).apply_offsets(0, line)])

    # Selected text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected characters of the text, harmless, without the breaks that wrapping makes."""
        begin = self._offset_at(selection.start) if selection.start else 0
        end = self._offset_at(selection.end) if selection.end else len(self._text)
        return sanitize(self._text[begin:end]), "\n"

    def _offset_at(self, place: tuple[int, int]) -> int:
        column, line = place
        if line >= len(self._lines):
            return len(self._text)
        shown = shown_line(self._text, *self._lines.span(line))
        return shown.places[min(max(column, 0), len(shown.text))]

    def selection_updated(self, selection: Selection | None) -> None:
        """Show what is selected now."""
        self.repaint()
