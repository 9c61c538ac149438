"""A desk for tests of the reader: an app with nothing else in it, over articles that stand in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import date

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from assistant.answer import Citation, Source
from assistant.engine.notices import ArticleSummary, ArticleText
from tui.messages import Copy, OpenLink
from tui.widgets.article_view import ArticleView
from tui.widgets.reader import Reader

HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31m \x1b]52;c;aGk=\x07 \x9b1m \u202eevil\u202c"
"""What a hostile article may hold: markup, escape sequences, a clipboard write, C1, bidirectional controls."""


class ShelvedArticles:
    """Gives out articles as `AssistantPort` does; what is an exception is raised."""

    def __init__(self, articles: Mapping[str, str | Exception], told: Mapping[str, Source] | None = None) -> None:
        self.texts = dict(articles)
        self.failure: Exception | None = None
        self._told = told or {}

    async def article(self, path: str) -> ArticleText:
        """The article with this path."""
        await asyncio.sleep(0)
        text = self.texts[path]
        if isinstance(text, Exception):
            raise text
        return ArticleText(self.source(path), text, f"/corpus/{path}")

    async def articles(self) -> tuple[ArticleSummary, ...]:
        """All of them."""
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        return tuple(
            ArticleSummary(self.source(path), len(text.split()), len(text))
            for path, text in self.texts.items()
            if isinstance(text, str)
        )

    def source(self, path: str) -> Source:
        """Who wrote it, and when."""
        return self._told.get(path) or Source(path, f"Title of {path}", "Bloomberg", date(2019, 2, 2))

    def cite(self, number: int, path: str, quote: str) -> Citation:
        """A citation of the first place that holds the quote."""
        text = self.texts[path]
        assert isinstance(text, str)
        start = text.index(quote)
        return Citation(number, self.source(path), start, start + len(quote), quote)


class ReaderApp(App[None]):
    """Shows a reader, and keeps what it tells."""

    NOTIFICATION_TIMEOUT = 3600.0  # no busy machine outlasts what is to be seen

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.told: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.reader

    def on_copy(self, message: Copy) -> None:
        self.told.append(message)

    def on_open_link(self, message: OpenLink) -> None:
        self.told.append(message)

    def on_reader_closed(self, message: Reader.Closed) -> None:
        self.told.append(message)

    def on_reader_failed(self, message: Reader.Failed) -> None:
        self.told.append(message)


Journey = Callable[[Pilot[None], Reader], Coroutine[object, object, None]]


def read(
    articles: ShelvedArticles, journey: Journey, size: tuple[int, int] = (80, 24), **options: Mapping[str, str]
) -> list[Message]:
    """Go through a journey in a reader over these articles; returns what the reader told meanwhile."""
    app = ReaderApp(Reader(articles, **options))  # type: ignore[arg-type]  # the reader asks for articles alone

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await journey(pilot, app.reader)
            await pilot.pause()

    asyncio.run(go())
    return app.told


def rows(widget: Widget) -> list[str]:
    """What a widget that fills its rows shows, row by row."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def shown(reader: Reader) -> str:
    """All that the reader's article shows in the window."""
    return "\n".join(rows(reader.query_one(ArticleView)))
