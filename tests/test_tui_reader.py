import asyncio
import sys
from dataclasses import replace
from datetime import date

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from assistant.answer import Evidence, Source
from assistant.engine.failures import EngineLost
from assistant.engine.notices import ArticleText
from index.errors import CorpusError
from reader_desk import HOSTILE, ReaderApp, ShelvedArticles, read, rows, shown
from screen_desk import until
from tui.messages import Copy
from tui.widgets.reader import Reader

PARAGRAPHS = [f"Paragraph {number} says something of its own." for number in range(200)]
LONG = "\n\n".join(PARAGRAPHS)
SHELF = {"long.txt": LONG, "short.txt": "First of all. Then another.", "bad.txt": f"Before. {HOSTILE} After."}


def said(reader: Reader, name: str) -> str:
    line = reader.query_one(f"#reader-{name}", Static)
    return "\n".join(rows(line)) if line.display else ""


def test_an_article_opens_at_the_cited_sentence_with_its_number_and_context_above() -> None:
    articles = ShelvedArticles(SHELF)
    citation = articles.cite(7, "long.txt", PARAGRAPHS[100])

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([citation], 7)
        await until(pilot, lambda: PARAGRAPHS[100] in shown(reader))
        lines = rows(reader.view)
        at = next(number for number, line in enumerate(lines) if PARAGRAPHS[100] in line)
        assert lines[at] == f"▌[7]   {PARAGRAPHS[100]}"
        assert PARAGRAPHS[99] in lines[at - 2]
        assert said(reader, "title").strip() == "Title of long.txt"
        assert said(reader, "subtitle").strip() == "[7] 1 of 1 · Bloomberg · 2019-02-02 · long.txt"
        assert said(reader, "notice") == ""

    read(articles, journey)


def test_next_and_previous_lead_through_the_citations_of_all_articles_of_the_answer() -> None:
    articles = ShelvedArticles(SHELF)
    citations = [
        articles.cite(1, "long.txt", PARAGRAPHS[3]),
        articles.cite(2, "short.txt", "Then another."),
        articles.cite(3, "long.txt", PARAGRAPHS[150]),
        articles.cite(4, "long.txt", PARAGRAPHS[4]),
    ]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation(citations, 1)
        reader.focus()
        await until(pilot, lambda: f"▌[1]   {PARAGRAPHS[3]}" in shown(reader))
        assert f"│[4]   {PARAGRAPHS[4]}" in shown(reader)
        await pilot.press("n")
        await until(pilot, lambda: "▌[2]   First of all. Then another." in shown(reader))
        await pilot.press("n")
        await until(pilot, lambda: f"▌[3]   {PARAGRAPHS[150]}" in shown(reader))
        await pilot.press("n")
        await until(pilot, lambda: f"▌[4]   {PARAGRAPHS[4]}" in shown(reader))
        await pilot.press("n")
        await until(pilot, lambda: f"▌[1]   {PARAGRAPHS[3]}" in shown(reader))
        await pilot.press("p")
        await until(pilot, lambda: f"▌[4]   {PARAGRAPHS[4]}" in shown(reader))

    read(articles, journey)


def test_a_sentence_that_has_moved_is_marked_where_it_stands_now_and_that_is_said() -> None:
    articles = ShelvedArticles(SHELF)
    citation = articles.cite(1, "short.txt", "Then another.")
    articles.texts["short.txt"] = "Something new. First of all. Then another."

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([citation], 1)
        await until(pilot, lambda: "▌[1]   Something new." in shown(reader))
        assert "This sentence no longer stands here, at 14-27" in said(reader, "notice")

    read(articles, journey)


def test_a_sentence_that_is_gone_is_marked_nowhere_and_stays_readable() -> None:
    articles = ShelvedArticles(SHELF)
    citation = replace(articles.cite(1, "short.txt", "Then another."), quote="Then others.")

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([citation], 1)
        await until(pilot, lambda: "First of all." in shown(reader))
        assert "[1]" not in shown(reader)
        assert "▌" not in shown(reader)
        assert "It was: “Then others.”" in " ".join(said(reader, "notice").split())

    read(articles, journey)


def test_of_an_article_that_is_gone_the_quote_stays_readable() -> None:
    articles = ShelvedArticles(SHELF)
    citation = articles.cite(1, "short.txt", "Then another.")
    articles.texts["short.txt"] = CorpusError("there is no such article", "look at: parley index")

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([citation], 1)
        await until(pilot, lambda: said(reader, "notice"))
        notice = " ".join(said(reader, "notice").split())
        assert "short.txt cannot be read: there is no such article. Look at: parley index" in notice
        assert "It was cited for: “Then another.”" in notice
        assert "First of all" not in shown(reader)

    read(articles, journey)


def test_a_lost_engine_is_told_to_those_who_can_show_its_report() -> None:
    articles = ShelvedArticles({"a.txt": EngineLost("the engine ended", "a report")})

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_article("a.txt")
        await until(pilot, lambda: "the engine ended" in said(reader, "notice"))

    (failed,) = read(articles, journey)
    assert isinstance(failed, Reader.Failed)
    assert isinstance(failed.error, EngineLost)


class HeldArticles(ShelvedArticles):
    """Holds the long article back until it is let go."""

    def __init__(self) -> None:
        super().__init__(SHELF)
        self.let_go = asyncio.Event()

    async def article(self, path: str) -> ArticleText:
        if path == "long.txt":
            await self.let_go.wait()
        return await super().article(path)


def test_an_article_that_comes_late_is_not_shown_over_a_later_one() -> None:
    articles = HeldArticles()

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        first = asyncio.create_task(reader.show_article("long.txt"))
        await pilot.pause()
        await reader.show_article("short.txt")
        articles.let_go.set()
        await first
        await until(pilot, lambda: "First of all." in shown(reader))
        assert said(reader, "title").strip() == "Title of short.txt"

    read(articles, journey)


def test_one_that_takes_its_time_is_said_to_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.widgets.reader.PATIENCE", 0.001)
    articles = HeldArticles()

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        opening = asyncio.create_task(reader.show_article("long.txt"))
        await until(pilot, lambda: "Opening long.txt …" in said(reader, "notice"))
        articles.let_go.set()
        await opening
        await until(pilot, lambda: PARAGRAPHS[0] in shown(reader))
        reader._tell_of_opening("long.txt", 1)  # as a timer does that was due when it came
        await pilot.pause()
        assert said(reader, "notice") == ""

    read(articles, journey)


def test_a_passage_is_marked_without_a_number_and_copied_as_one() -> None:
    articles = ShelvedArticles(SHELF)
    passage = Evidence(articles.source("short.txt"), 14, 27, "Then another.", (), 0.5, None, 0.5)

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_passage(passage)
        reader.focus()
        await until(pilot, lambda: "▌      First of all." in shown(reader))
        assert said(reader, "subtitle").strip().startswith("passage · Bloomberg")
        await pilot.press("y")

    (copied,) = read(articles, journey)
    assert isinstance(copied, Copy)
    assert copied.what == "the passage"


def test_y_copies_the_quote_with_its_reference() -> None:
    articles = ShelvedArticles(SHELF, {"short.txt": Source("short.txt", None, None, date(2020, 1, 2))})

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([articles.cite(1, "short.txt", "Then another.")], 1)
        reader.focus()
        await pilot.press("y")

    (copied,) = read(articles, journey)
    assert isinstance(copied, Copy)
    assert (copied.text, copied.what) == (
        "“Then another.” outlet unknown · 2020-01-02, short.txt:14-27",
        "the quote",
    )


def test_a_hostile_article_is_shown_as_it_is_written_and_harmless() -> None:
    name = f"{HOSTILE}.txt"
    articles = ShelvedArticles({name: f"Before. {HOSTILE} After."}, {name: Source(name, HOSTILE, HOSTILE, None)})

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([articles.cite(1, name, "Before.")], 1)
        await until(pilot, lambda: "Before." in shown(reader))
        everything = "\n".join([shown(reader), said(reader, "title"), said(reader, "subtitle")])
        assert everything.count("[@click=app.quit]x[/] [/b] ␛[31m ␛]52;c;aGk=␇") == 4
        assert not set("\x1b\x07\x9b\u202e\u202c") & set(everything)
        articles.texts[name] = CorpusError(HOSTILE, HOSTILE)
        await reader.show_article(name)
        await until(pilot, lambda: "[@click=app.quit]x[/] [/b]" in said(reader, "notice"))
        notice = said(reader, "notice")
        assert not set("\x1b\x07\x9b\u202e\u202c") & set(notice)

    read(articles, journey, size=(160, 24))


def test_q_and_escape_close_it() -> None:
    articles = ShelvedArticles(SHELF)

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_article("short.txt")
        reader.focus()
        await pilot.press("q", "escape")

    assert [type(message) for message in read(articles, journey)] == [Reader.Closed, Reader.Closed]


def test_each_key_of_the_last_line_can_be_clicked() -> None:
    articles = ShelvedArticles(SHELF)
    citations = [articles.cite(1, "short.txt", "First of all."), articles.cite(2, "short.txt", "Then another.")]

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation(citations, 1)
        await until(pilot, lambda: "n next" in rows(reader.query_one("ReaderKeys"))[0])
        line = rows(reader.query_one("ReaderKeys"))[0]
        await pilot.click("ReaderKeys", offset=(line.index("n next") + 2, 0))
        await until(pilot, lambda: said(reader, "subtitle").strip().startswith("[2] 2 of 2"))
        await pilot.click("ReaderKeys", offset=(line.index("q close") + 2, 0))

    assert isinstance(read(articles, journey)[-1], Reader.Closed)


def test_an_empty_article_is_shown_as_one() -> None:
    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_article("empty.txt")
        reader.focus()
        await pilot.press("down", "G", "slash", "a", "enter", "escape", "l", "enter", "n", "y")
        assert shown(reader).strip() == ""
        assert said(reader, "title").strip() == "Title of empty.txt"

    assert read(ShelvedArticles({"empty.txt": ""}), journey) == []


def test_the_line_that_is_read_is_opened_elsewhere_and_what_fails_is_told() -> None:
    articles = ShelvedArticles(SHELF)
    app = ReaderApp(Reader(articles, environment={"PAGER": "no-such-pager", "PATH": ""}))  # type: ignore[arg-type]

    async def journey() -> None:
        async with app.run_test() as pilot:
            await app.reader.show_article("short.txt")
            app.reader.focus()
            await pilot.press("o")
            (notification,) = app._notifications
            assert "PAGER names no-such-pager, and there is no such program" in notification.message

    asyncio.run(journey())


def test_the_editor_opens_at_the_sentence_or_where_the_window_was_moved_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr("tui.widgets.reader.lend_terminal", lambda _, command: commands.append(command))
    articles = ShelvedArticles(SHELF)
    environment = {"EDITOR": sys.executable}

    async def journey(pilot: Pilot[None], reader: Reader) -> None:
        await reader.show_citation([articles.cite(1, "long.txt", PARAGRAPHS[100])], 1)
        reader.focus()
        await until(pilot, lambda: PARAGRAPHS[100] in shown(reader))
        await pilot.press("e", "g", "down")
        await until(pilot, lambda: rows(reader.view)[1].strip() == PARAGRAPHS[1])
        await pilot.press("e")

    read(articles, journey, environment=environment)
    assert [command[1:] for command in commands] == [["+201", "/corpus/long.txt"], ["+2", "/corpus/long.txt"]]
