"""The line of keys at the foot of the reader, at any width."""

import pytest
from textual.pilot import Pilot

from reader_desk import ShelvedArticles, read, rows
from screen_desk import until
from tui.widgets.reader import Reader

ALL = "n next  p previous  / search  o pager  e editor  y copy  q close"


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (80, ALL),
        (len(ALL) + 2, ALL),
        (len(ALL) + 1, "n next  p previous  / search  o pager  e editor  q close"),
        (40, "n next  p previous  / search  q close"),
    ],
)
def test_whole_keys_are_named_and_the_way_out_at_any_width(columns: int, line: str) -> None:
    articles = ShelvedArticles({"a.txt": "First of all. Then another."})
    citations = [articles.cite(1, "a.txt", "First of all."), articles.cite(2, "a.txt", "Then another.")]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation(citations, 1)
        await until(pilot, lambda: rows(reader.query_one("ReaderKeys"))[0].strip() == line)

    read(articles, journey, size=(columns, 24))


def test_keys_come_back_where_there_is_room_again() -> None:
    articles = ShelvedArticles({"a.txt": "First of all. Then another."})
    citations = [articles.cite(1, "a.txt", "First of all."), articles.cite(2, "a.txt", "Then another.")]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation(citations, 1)
        keys = reader.query_one("ReaderKeys")
        await pilot.resize_terminal(45, 24)
        await until(pilot, lambda: rows(keys)[0].strip() == "n next  p previous  / search  q close")
        await pilot.resize_terminal(90, 24)
        await until(pilot, lambda: rows(keys)[0].strip() == ALL)

    read(articles, journey)
