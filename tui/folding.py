"""Text that is folded under itself: what begins with a mark such as `[1]` goes on under the text behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from tui.wrapping import VisualLines

if TYPE_CHECKING:
    from textual.css.styles import RulesMap
    from textual.style import Style
    from textual.visual import RenderOptions

BOUND = "\N{NO-BREAK SPACE}"
"""A blank at which no row ends, unless what it binds is longer than one."""
NO_MARK = Content("")


class _Row(NamedTuple):
    """The characters of a paragraph, counted from 0, that one row shows behind some blank columns."""

    paragraph: int
    start: int
    end: int
    indent: int


class Folded(Content):
    """Parts below one another, each a mark and the text behind it; all rows of a text begin below each other.

    It is selected as any content is: nobody copies the breaks that folding makes, and a bound blank comes out as
    any other. No part holds a tab.
    """

    def __init__(self, *parts: tuple[Content, Content]) -> None:
        whole = Content("\n").join(mark + text for mark, text in parts)
        super().__init__(whole.plain.replace(BOUND, " "), list(whole.spans))
        self._paragraphs = whole.plain.split("\n")
        self._marks: list[tuple[int, int]] = []
        """For each paragraph the characters of its mark, and the columns before its text."""
        for mark, text in parts:
            further = text.plain.count("\n")
            self._marks += [(len(mark), mark.cell_length), *[(0, mark.cell_length)] * further]
        self._folded: tuple[int, list[_Row]] = (0, [])
        """The rows for the width that was asked for last."""

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Rows that it takes in this many columns."""
        return len(self._rows(width))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Its rows, as Textual wants them: selected text marked, and each character with its place."""
        paragraphs = [
            _with_styles(paragraph, number, options)
            for number, paragraph in enumerate(self.split("\n", allow_blank=True))
        ]
        return [_strip(paragraphs[row.paragraph], row, style, options) for row in self._rows(width)[:height]]

    def _rows(self, width: int) -> list[_Row]:
        if self._folded[0] != width:
            rows = [row for number in range(len(self._marks)) for row in self._fold(number, width)]
            self._folded = (width, rows)
        return self._folded[1]

    def _fold(self, number: int, width: int) -> Iterator[_Row]:
        text, (marked, columns) = self._paragraphs[number], self._marks[number]
        lines = VisualLines(text[marked:], width - columns)
        lines.wrap(len(text))
        first = lines.span(0)[1] if len(lines) else 0
        yield _Row(number, 0, marked + first, 0 if marked else columns)
        for line in range(1, len(lines)):
            start, end = lines.span(line)
            yield _Row(number, marked + start, marked + end, columns)


def _with_styles(paragraph: Content, number: int, options: RenderOptions) -> Content:
    """The paragraph in the styles that it has only now: what is laid over all of it, and what is selected."""
    if options.post_style is not None:
        paragraph = paragraph.stylize(options.post_style)
    selected = options.selection.get_span(number) if options.selection else None
    if selected is None or options.selection_style is None:
        return paragraph
    start, end = selected
    return paragraph.stylize(options.selection_style, start, len(paragraph) if end == -1 else end)


def _strip(paragraph: Content, row: _Row, style: Style, options: RenderOptions) -> Strip:
    """A row; each of the blank columns stands for the first character behind them, where a selection may begin."""
    place, number = row.start, row.paragraph
    segments = [Segment(" ", style.rich_style_with_offset(place, number))] * row.indent
    shown = paragraph[row.start : row.end].rstrip()
    for text, text_style in shown.render(style, end="", parse_style=options.get_style):
        segments.append(Segment(text, (style + text_style).rich_style_with_offset(place, number)))
        place += len(text)
    return Strip(segments, row.indent + shown.cell_length)
