"""The reader's window on a text: place, search, links, selection."""

from functools import partial

from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection
from textual.widgets import Static

from assistant.answer import Citation
from reader_desk import HOSTILE, ShelvedArticles, read, rows, shown
from screen_desk import until
from tui.messages import OpenLink
from tui.widgets.reader import Reader
from tui.wrapping import VisualLines

LONG = "\n".join(f"Line {number} of a text about trade and many other things that wrap." for number in range(500))
LINKS = "See https://example.com/a, or\nhttps://example.com/b.\n" + "\n" * 80 + "https://example.com/c"


def count(reader: Reader) -> str:
    return rows(reader.query_one("#search-count", Static))[0].strip()


def shows_the_first_line(reader: Reader, whether: bool) -> bool:
    return ("Line 0 of" in shown(reader)) is whether


def shows_in_row(reader: Reader, row: int, line: str) -> bool:
    return rows(reader.view)[row] == line


def line_of(citation: Citation) -> str:
    return line_wrapped_to(80, int(citation.quote.split()[1]))


def line_wrapped_to(width: int, number: int) -> str:
    """What is left of a line of the text in a window of so many columns, margins and scroll bar taken away."""
    lines = VisualLines(LONG.splitlines()[number], width - 9)
    lines.wrap(1)
    return LONG.splitlines()[number][slice(*lines.span(0))].rstrip()


async def opened(pilot: Pilot[None], reader: Reader, path: str) -> None:
    await reader.show_article(path)
    reader.focus()
    await until(pilot, lambda: shown(reader).strip())


def test_keys_move_through_the_text() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        for key, first in [("G", False), ("g", True), ("end", False), ("home", True), ("pagedown", False)]:
            await pilot.press(key)
            await until(pilot, partial(shows_the_first_line, reader, first))
        await pilot.press("g", "down")
        await until(pilot, lambda: rows(reader.view)[0].startswith("       Line 1 of"))

    read(ShelvedArticles({"a": LONG}), journey)


def test_the_end_of_a_long_article_and_its_beginning_are_there_at_once_and_nothing_between_is_painted() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        await until(pilot, lambda: reader.view.max_scroll_y >= 480)
        for key, row in (
            ("G", reader.view.max_scroll_y),
            ("home", 0),
            ("end", reader.view.max_scroll_y),
            ("g", 0),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert reader.view.scroll_y == row
            assert not pilot.app.animator.is_being_animated(reader.view, "scroll_y")

    read(ShelvedArticles({"a": LONG}), journey)


def test_the_place_is_kept_when_the_window_becomes_narrower_and_wider_again() -> None:
    articles = ShelvedArticles({"a": LONG})

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([articles.cite(1, "a", "Line 300 of a text")], 1)
        await until(pilot, lambda: "[1]   Line 300 of" in shown(reader))
        row = next(n for n, line in enumerate(rows(reader.view)) if "[1]" in line)
        for width in (40, 120, 30, 80):
            await pilot.resize_terminal(width, 24)
            await until(pilot, partial(shows_in_row, reader, row, f"▌[1]   {line_wrapped_to(width, 300)}"))
        await pilot.press("g")

    read(articles, journey)


def test_the_first_line_stays_the_first_after_scrolling_away() -> None:
    articles = ShelvedArticles({"a": LONG})

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([articles.cite(1, "a", "Line 3 of a text")], 1)
        await until(pilot, lambda: "[1]" in shown(reader))
        reader.view.scroll_to(y=100, animate=False)
        await until(pilot, lambda: rows(reader.view)[0].strip().startswith("Line 100 of"))
        for width in (40, 120, 30, 80):
            await pilot.resize_terminal(width, 24)
            await until(pilot, partial(shows_in_row, reader, 0, f"       {line_wrapped_to(width, 100)}"))

    read(articles, journey)


def test_what_is_opened_while_the_reader_is_hidden_is_there_when_it_comes() -> None:
    articles = ShelvedArticles({"a": LONG, "b": f"{LONG}."})
    citations = [
        articles.cite(1, "a", "Line 300 of a text"),
        articles.cite(2, "b", "Line 400 of a text"),
        articles.cite(3, "b", "Line 100 of a text"),
    ]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        for citation in citations:
            reader.display = False
            await pilot.pause()
            await reader.show_citation(citations, citation.id)
            await pilot.pause()
            reader.display = True
            await until(pilot, partial(shows_in_row, reader, 4, f"▌[{citation.id}]   {line_of(citation)}"))

    read(articles, journey)


def test_searching_counts_the_places_and_goes_round() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        await pilot.press("slash", *"line 49")
        await until(pilot, lambda: count(reader) == "1 of 11")
        assert "Line 49 of" in shown(reader)
        await pilot.press("enter")
        await until(pilot, lambda: count(reader) == "2 of 11")
        assert "Line 490 of" in shown(reader)
        await pilot.press("shift+enter", "shift+enter")
        await until(pilot, lambda: count(reader) == "11 of 11")
        await pilot.press("enter")
        await until(pilot, lambda: count(reader) == "1 of 11")

    read(ShelvedArticles({"a": LONG}), journey)


def test_with_the_keyboard_in_the_text_enter_and_capital_n_lead_through_the_places() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        await pilot.press("slash", *"line 49")
        await until(pilot, lambda: count(reader) == "1 of 11")
        reader.focus()
        await pilot.press("enter", "enter", "N")
        await until(pilot, lambda: count(reader) == "2 of 11")

    read(ShelvedArticles({"a": LONG}), journey)


def test_what_is_not_there_is_said_and_escape_leaves_the_search_before_it_closes() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        await pilot.press("slash", *"nowhere")
        await until(pilot, lambda: count(reader) == "not in this article")
        await pilot.press("escape")
        await pilot.pause()
        assert not reader.query_one("ReaderSearch").display
        assert reader.view.has_focus
        await pilot.press("escape")

    assert [type(message) for message in read(ShelvedArticles({"a": LONG}), journey)] == [Reader.Closed]


def test_links_in_the_window_are_gone_through_and_asked_to_be_opened() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        await pilot.press("l", "enter", "l", "enter", "l", "enter", "G")
        await until(pilot, lambda: "/c" in shown(reader))
        await pilot.press("l", "enter")

    told = read(ShelvedArticles({"a": LINKS}), journey)
    assert [message.address[-1] for message in told if isinstance(message, OpenLink)] == ["a", "b", "a", "c"]


def test_a_click_on_a_link_asks_to_open_it_and_one_beside_does_not() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        column = rows(reader.view)[0].index("https")
        await until(pilot, lambda: reader.view.get_style_at(column, 0).meta.get("link") == 0)
        await pilot.click(reader.view, offset=(column + 3, 0))
        await pilot.click(reader.view, offset=(column - 3, 0))

    told = read(ShelvedArticles({"a": LINKS}), journey)
    assert [message.address for message in told if isinstance(message, OpenLink)] == ["https://example.com/a"]


def test_text_is_selected_with_the_mouse_without_the_breaks_that_wrapping_makes() -> None:
    text = "one two three four five six seven\n中文\tend"

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        view = reader.view
        assert [line.strip() for line in rows(view)[:3]] == ["one two three", "four five six", "seven"]
        await pilot.mouse_down(view, offset=(7 + 4, 0))
        await pilot.hover(view, offset=(7 + 3, 1))
        await pilot.mouse_up(view, offset=(7 + 3, 1))
        assert pilot.app.screen.get_selected_text() == "two three four"
        selection = pilot.app.screen.get_component_rich_style("screen--selection").bgcolor
        marked = [
            segment.text for segment in view.render_line(0) if segment.style and segment.style.bgcolor == selection
        ]
        assert "".join(marked).rstrip() == "two three"
        await pilot.mouse_down(view, offset=(2, 3))
        await pilot.hover(view, offset=(7 + 12, 3))
        await pilot.mouse_up(view, offset=(7 + 12, 3))
        assert pilot.app.screen.get_selected_text() == "中文\tend"

    read(ShelvedArticles({"a": text}), journey, size=(24, 20))


def test_what_is_selected_is_copied_harmless() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await opened(pilot, reader, "a")
        whole = reader.view.get_selection(Selection(None, None))
        assert whole is not None
        assert not set("\x1b\x07\x9b\u202e") & set(whole[0])
        part = reader.view.get_selection(Selection(Offset(-7, 0), Offset(9, 0)))
        assert part is not None
        assert part[0] == "[@click=a"
        assert reader.view.get_selection(Selection(Offset(0, 99), None)) == ("", "\n")

    read(ShelvedArticles({"a": HOSTILE}), journey)


def test_all_of_it_is_told_apart_without_colours() -> None:
    articles = ShelvedArticles({"a": "Cited here. Plain. Cited there."})
    citations = [articles.cite(1, "a", "Cited here."), articles.cite(2, "a", "Cited there.")]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation(citations, 1)
        await until(pilot, lambda: "▌[1,2] Cited here." in shown(reader))
        styles = {segment.text.strip(): segment.style for segment in reader.view.render_line(0)}
        assert styles["Cited here."].bold  # type: ignore[union-attr]
        assert styles["Cited there."].underline  # type: ignore[union-attr]
        assert not styles["Plain."].bold  # type: ignore[union-attr]
        assert not styles["Plain."].underline  # type: ignore[union-attr]

    read(articles, journey)
