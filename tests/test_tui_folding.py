"""Text folded under itself: where its rows begin and end, and that selecting and clicking go by its characters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection
from textual.style import Style
from textual.visual import RenderOptions
from textual.widgets import Static

from screen_desk import Around, go_through, text_of
from tui.folding import BOUND, NO_MARK, Folded

WORDS = st.text(st.sampled_from(f"ab  -é’中。😀{BOUND}"), max_size=80)


def parsed(style: str | Style) -> Style:
    return Style.parse(style) if isinstance(style, str) else style


def rows(text: Folded, width: int, selected: Selection | None = None) -> list[str]:
    """What is painted, row by row, and that it is as high as it says."""
    options = RenderOptions(parsed, {}, selected, Style.parse("reverse"))
    strips = text.render_strips(width, None, Style(), options)
    assert text.get_height({}, width) == len(strips)
    return [strip.text for strip in strips]


def marked(mark: str, text: str) -> tuple[Content, Content]:
    return Content(mark), Content(text)


def test_what_does_not_fit_goes_on_under_the_text_and_so_do_further_lines() -> None:
    source = Folded(marked("[12] ", "Bloomberg · Trade talks end\na.txt:1-2"), marked("- ", "struck for a reason"))
    assert rows(source, 18) == [
        "[12] Bloomberg ·",
        "     Trade talks",
        "     end",
        "     a.txt:1-2",
        "- struck for a",
        "  reason",
    ]
    assert rows(source, 40)[0] == "[12] Bloomberg · Trade talks end"


def test_no_row_ends_at_a_bound_blank_and_it_is_a_blank() -> None:
    sentence = Folded((NO_MARK, Content(f"It reached a peak last year.{BOUND}[2]")))
    assert rows(sentence, 30) == ["It reached a peak last", "year. [2]"]
    assert rows(sentence, 40) == ["It reached a peak last year. [2]"]


def test_empty_lines_stay() -> None:
    assert rows(Folded((NO_MARK, Content("one\n\ntwo")), (NO_MARK, NO_MARK)), 20) == ["one", "", "two", ""]


@given(WORDS, st.integers(min_value=2, max_value=30))
def test_every_character_is_painted_in_its_place_and_no_row_is_too_wide(words: str, width: int) -> None:
    painted = rows(Folded(marked("- ", words)), width + 2)
    assert all(cell_len(row) <= width + 2 for row in painted)
    assert all(row.startswith("  ") or not row.strip() for row in painted[1:])
    assert "".join("".join(painted).split()) == "".join(f"-{words}".split())


def shown(text: Folded, steps: Any) -> None:
    """Show it in 24 columns, and take the steps."""
    widget = Static(text)
    widget.styles.width = 24
    go_through(Around(widget), steps)


SOURCE = Folded(marked("[1] ", "Bloomberg · Trade talks end without\na.txt:1-2"))
"""[1] Bloomberg · Trade
    talks end without
    a.txt:1-2"""


@pytest.mark.parametrize(
    ("begin", "end", "copied"),
    [
        ((4, 0), (8, 1), "Bloomberg · Trade talks"),
        ((0, 0), (4, 2), "[1] Bloomberg · Trade talks end without\na"),
        ((1, 1), (8, 1), "talks"),
        ((10, 1), (9, 2), "end without\na.txt:"),
    ],
    ids=["over a fold", "from the mark", "from before a row", "over a line"],
)
def test_what_is_selected_is_copied_as_it_stands_without_the_folds(
    begin: tuple[int, int], end: tuple[int, int], copied: str
) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert text_of(pilot.app).splitlines()[1] == "    talks end without"
        await pilot.mouse_down(Static, offset=begin)
        await pilot.hover(Static, offset=end)
        await pilot.mouse_up(Static, offset=end)
        assert pilot.app.screen.get_selected_text() == copied

    shown(SOURCE, steps)


def test_what_is_selected_is_marked_on_each_of_its_rows() -> None:
    options = RenderOptions(parsed, {}, Selection(Offset(4, 0), Offset(27, 0)), Style.parse("reverse"))
    strips = SOURCE.render_strips(24, None, Style(), options)
    reversed_text = [
        "".join(segment.text for segment in strip if segment.style and segment.style.reverse) for strip in strips
    ]
    assert reversed_text == ["Bloomberg · Trade", "talks", ""]


def test_a_mark_keeps_what_a_click_on_it_means() -> None:
    mark = Content.styled("[1]", Style.from_meta({"target": 1})) + " "
    options = RenderOptions(parsed, {}, None, None)
    (strip,) = Folded((mark, Content("here"))).render_strips(24, None, Style(), options)
    targets = [(segment.text, (segment.style.meta if segment.style else {}).get("target")) for segment in strip]
    assert targets == [("[1]", 1), (" here", None)]


def test_markup_in_it_is_text() -> None:
    assert rows(Folded(marked("- ", "[@click=app.quit]x[/] [/b]")), 40) == ["- [@click=app.quit]x[/] [/b]"]
