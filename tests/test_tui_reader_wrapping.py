from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from assistant.sanitize import sanitize
from tui.wrapping import _UNEVEN, VisualLines, shown_line

TEXTS = st.text(st.sampled_from("ab  \n\t-é’中。”😀e\u0301\u200d\ufe0f\x1b\x9b\u202e\r\x00"), max_size=120)
WIDTHS = st.integers(min_value=2, max_value=24)


def wrapped(text: str, width: int) -> VisualLines:
    lines = VisualLines(text, width)
    while not lines.complete:
        lines.wrap(3)
    return lines


def shown(text: str, width: int) -> list[str]:
    lines = wrapped(text, width)
    return [shown_line(text, *lines.span(line)).text for line in range(len(lines))]


@given(TEXTS, WIDTHS)
def test_lines_are_the_text_with_nothing_left_out_or_doubled(text: str, width: int) -> None:
    lines = wrapped(text, width)
    spans = [lines.span(line) for line in range(len(lines))]
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)
    assert all("\n" not in text[start : end - 1] for start, end in spans)


@given(TEXTS, WIDTHS)
def test_a_line_fits_its_width_but_for_blanks_that_hang_over_the_edge(text: str, width: int) -> None:
    for line in shown(text, width):
        assert cell_len(line.rstrip()) <= width


@given(TEXTS, WIDTHS)
def test_each_character_is_found_on_the_line_that_shows_it(text: str, width: int) -> None:
    lines = wrapped(text, width)
    for offset in range(len(text)):
        start, end = lines.span(lines.line_at(offset))
        assert start <= offset < end


@given(TEXTS, WIDTHS)
def test_what_is_shown_stands_for_just_its_characters(text: str, width: int) -> None:
    lines = wrapped(text, width)
    for number in range(len(lines)):
        start, end = lines.span(number)
        line = shown_line(text, start, end)
        assert len(line.places) == len(line.text) + 1
        for column, character in enumerate(line.text):
            own = sanitize(text[line.places[column]])
            assert own == character or (own == "\t" and character == " ")
        for offset in range(start, end - text[start:end].endswith("\n")):
            assert line.places[line.column_of(offset)] == offset


@given(TEXTS, WIDTHS)
def test_nothing_that_steers_a_terminal_is_shown(text: str, width: int) -> None:
    assert all(line == sanitize(line) and "\t" not in line for line in shown(text, width))


def test_what_is_counted_as_even_takes_one_column_each() -> None:
    even = [chr(code) for code in range(0x3000) if not _UNEVEN.search(chr(code)) and chr(code) != "\n"]
    assert {get_character_cell_size(character) for character in even} == {1}
    assert all(sanitize(character) == character for character in even)


def test_words_stay_whole_where_they_fit() -> None:
    assert shown("one two three four", 9) == ["one two ", "three ", "four"]
    assert shown("one two", 3) == ["one ", "two"]


def test_a_line_break_behind_a_full_line_makes_no_empty_one() -> None:
    assert shown("one \ntwo", 3) == ["one ", "two"]
    assert shown("café \ntwo", 4) == ["café ", "two"]
    assert shown("one\n\ntwo", 9) == ["one", "", "two"]


def test_what_is_wider_than_a_line_is_cut() -> None:
    assert shown("abcdefgh ij", 3) == ["abc", "def", "gh ", "ij"]


def test_chinese_is_wrapped_between_characters_and_begins_no_line_with_a_full_stop() -> None:
    assert shown("中文字符", 4) == ["中文", "字符"]
    assert shown("中文字。符", 6) == ["中文", "字。符"]


def test_a_combining_mark_stays_with_its_letter() -> None:
    assert shown("e\u0301e\u0301e\u0301", 2) == ["e\u0301e\u0301", "e\u0301"]


def test_tabs_go_to_tab_stops() -> None:
    assert shown("a\tb", 20) == ["a       b"]


def test_an_empty_text_has_no_lines() -> None:
    assert len(wrapped("", 10)) == 0
    assert wrapped("", 10).line_at(0) == 0


def test_a_megabyte_without_a_break_is_wrapped_a_few_lines_at_a_time() -> None:
    lines = VisualLines("x" * 1_000_000, 80)
    lines.wrap(10)
    assert (len(lines), lines.end, lines.complete) == (10, 800, False)
    assert lines.line_at(900_000) == 9
