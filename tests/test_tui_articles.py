import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import date

from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.answer import Source
from assistant.engine.notices import ArticleSummary
from index.errors import CorpusError
from reader_desk import HOSTILE, ShelvedArticles, rows
from screen_desk import until
from tui.article_rows import matching, row_of, sought_in
from tui.screens.articles import ArticlesScreen
from tui.widgets.article_list import ArticleList
from tui.widgets.key_line import KeyLine

TOLD = {
    "a.txt": Source("a.txt", "Élections in France", "Le Monde", date(2020, 5, 1)),
    "b.txt": Source("b.txt", "Trade talks end", "Bloomberg", date(2019, 2, 2)),
    "c.txt": Source("c.txt", None, None, None),
}
TEXTS: Mapping[str, str] = {"a.txt": "one two", "b.txt": "one " * 1234, "c.txt": "one"}


class ListingApp(App[None]):
    """Shows the list of articles, and keeps what was chosen."""

    def __init__(self, articles: ShelvedArticles) -> None:
        super().__init__()
        self.listing = ArticlesScreen(articles)  # type: ignore[arg-type]  # it asks for articles alone
        self.chosen: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.listing, self.chosen.append)


Journey = Callable[[Pilot[None], ArticlesScreen], Coroutine[object, object, None]]


def listed(articles: ShelvedArticles, journey: Journey, size: tuple[int, int] = (80, 24)) -> list[str | None]:
    """Go through a journey in the list; returns what was chosen."""
    app = ListingApp(articles)

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.screen is app.listing and "moment" not in said(app.listing))
            await journey(pilot, app.listing)
            await pilot.pause()

    asyncio.run(go())
    return app.chosen


def said(screen: ArticlesScreen) -> str:
    lines = rows(screen.query_one("#articles-said", Static))
    return "\n".join(lines).strip() or "one moment"


def shown(screen: ArticlesScreen) -> list[str]:
    return [row for row in rows(screen.query_one(ArticleList)) if row]


def test_articles_are_listed_with_title_outlet_date_and_words() -> None:
    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        first, second, third = shown(screen)
        assert first.startswith("› Élections in France")
        assert second.split() == ["Trade", "talks", "end", "Bloomberg", "2019-02-02", "1,234"]
        assert third.split() == ["c.txt", "outlet", "unknown", "undated", "1"]
        assert said(screen) == "3 articles"

    listed(ShelvedArticles(TEXTS, TOLD), journey)


def test_typing_filters_and_enter_reads_what_the_cursor_is_on() -> None:
    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        await pilot.press(*"elections")
        await until(pilot, lambda: said(screen) == "1 of 3 articles")
        await pilot.press(*["backspace"] * 9, *"txt", "down", "down", "down", "up")
        await until(pilot, lambda: shown(screen)[1].startswith("› Trade talks"))
        await pilot.press("enter")

    assert listed(ShelvedArticles(TEXTS, TOLD), journey) == ["b.txt"]


def test_a_click_reads_an_article_and_escape_reads_none() -> None:
    async def click(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        await pilot.click(ArticleList, offset=(10, 2))

    async def leave(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        await pilot.press("escape")

    assert listed(ShelvedArticles(TEXTS, TOLD), click) == ["c.txt"]
    assert listed(ShelvedArticles(TEXTS, TOLD), leave) == [None]


def test_what_keys_do_can_be_clicked_too() -> None:
    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        line = rows(screen.query_one(KeyLine))[0]
        await pilot.click(KeyLine, offset=(line.index("choose"), 0))
        await until(pilot, lambda: shown(screen)[1].startswith("›"))
        await pilot.click(KeyLine, offset=(line.index("read"), 0))

    assert listed(ShelvedArticles(TEXTS, TOLD), journey) == ["b.txt"]


def test_what_matches_nothing_is_said_and_nothing_is_chosen() -> None:
    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        await pilot.press(*"nowhere")
        await until(pilot, lambda: said(screen) == "none of 3 articles")
        await pilot.press("enter")

    assert listed(ShelvedArticles(TEXTS, TOLD), journey) == []


def test_an_index_without_articles_is_told() -> None:
    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        assert said(screen).startswith("There are no articles in the index yet")

    listed(ShelvedArticles({}), journey)


def test_an_error_is_told_with_what_mends_it() -> None:
    articles = ShelvedArticles(TEXTS, TOLD)
    articles.failure = CorpusError("the folder is gone \x1b[31m", "name another with --corpus")

    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        assert said(screen) == "the folder is gone ␛[31m. Name another with --corpus"

    listed(articles, journey)


def test_ten_thousand_articles_are_gone_through_from_end_to_end() -> None:
    articles = ShelvedArticles({f"{number:05}.txt": "x" for number in range(10_000)})

    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        listing = screen.query_one(ArticleList)
        listing.focus()
        await pilot.press("end")
        await until(pilot, lambda: shown(screen)[-1].startswith("› Title of 09999"))
        await pilot.press("pageup", "home", "pagedown")
        await until(pilot, lambda: listing.scroll_offset.y < 20)
        await pilot.press("tab", *"0421")
        await until(pilot, lambda: said(screen) == "11 of 10,000 articles")

    listed(articles, journey)


def test_a_hostile_article_is_listed_harmless() -> None:
    source = Source("x.txt", HOSTILE, HOSTILE, None)

    async def journey(pilot: Pilot[None], screen: ArticlesScreen) -> None:
        (row,) = shown(screen)
        assert "[@click=app.quit]x[/] [/b] ␛[31m ␛]52;c;aGk=␇" in row
        assert not set("\x1b\x07\x9b\u202e") & set(row)

    listed(ShelvedArticles({"x.txt": ""}, {"x.txt": source}), journey, size=(140, 30))


def test_words_may_stand_in_any_order_and_accents_do_not_count() -> None:
    sought = [sought_in(ArticleSummary(source, 1, 1)) for source in TOLD.values()]
    assert matching(sought, "monde ELECTION") == [0]
    assert matching(sought, "2019") == [1]
    assert matching(sought, "undated") == [2]
    assert matching(sought, "élections") == [0]
    assert matching(sought, "") == [0, 1, 2]


def test_a_row_takes_just_its_columns_whatever_stands_in_it() -> None:
    for title in ("Short", "中文" * 60, "e\u0301" * 90, HOSTILE, "x" * 10_000):
        article = ArticleSummary(Source("a", title, title, None), 1, 1)
        for width in (40, 59, 60, 120):
            assert cell_len(row_of(article, width)) == width
