"""Journeys through the app: following citations into articles and back, in any size, by keyboard and mouse."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Static

from assistant.events import Delta
from journey_stage import BOTH, citing_both, focus_answer, lay_out_articles, on_screen
from tui.fakes import Script
from tui.messages import OpenLink
from tui.screens.articles import ArticlesScreen
from tui.screens.link import LinkConfirmation
from tui.widgets.answer import Live
from tui.widgets.reader import Reader
from tui_stage import TALKS, TRADE, UNDATED, Stage, not_found, on_stage

TITLE = "Trade talks end without a deal"


def is_read(stage: Stage, title: str) -> bool:
    """Whether the reader shows the article of this title."""
    return title in str(stage.chat.query_one("#reader-title", Static).content)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_a_citation_is_followed_to_its_sentence_on_to_the_next_article_and_back(size: tuple[int, int]) -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.ask(BOTH)
        await stage.until_shown("certain")
        answer = await focus_answer(stage)
        await stage.pilot.press("1")
        await stage.until(lambda: TALKS[:40] in on_screen(stage) and TITLE in stage.text())
        assert stage.chat.panes.has_class("-reading")
        for key, title in (("n", UNDATED.article), ("p", TITLE), ("n", UNDATED.article)):
            await stage.pilot.press(key)
            await stage.until(partial(is_read, stage, title))
        assert TRADE[:40] in on_screen(stage)
        await stage.pilot.press("q")
        await stage.until(lambda: not stage.chat.panes.has_class("-reading"))
        assert stage.app.focused is answer
        await stage.pilot.press("ctrl+down")
        assert stage.chat.prompt.has_focus

    on_stage(act, Script(answer=citing_both()), size=size)


def test_a_click_on_a_marker_opens_it_and_a_click_on_close_leads_back_to_the_prompt() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.ask(BOTH)
        await stage.until_shown("certain")
        second = next(part for part in stage.chat.query(Live) if str(part.content).startswith("[2]"))
        await stage.pilot.click(second, offset=(1, 0))
        await stage.until(lambda: stage.chat.panes.has_class("-reading") and TRADE[:40] in on_screen(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: not stage.chat.panes.has_class("-reading"))
        await stage.pilot.press("x")
        assert stage.chat.prompt.text == "x"

    on_stage(act, Script(answer=citing_both()))


def test_a_passage_that_came_close_is_read_where_nothing_was_found() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.ask("Who built the harbour?")
        await stage.until_shown("Passage 0")
        await focus_answer(stage)
        await stage.pilot.press("2")
        await stage.until(lambda: stage.chat.panes.has_class("-reading") and "......" in on_screen(stage))

    on_stage(act, Script(answer=not_found()))


def test_an_answer_goes_on_while_the_terminal_is_resized_with_an_article_open() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.ask(BOTH)
        await stage.until_shown("certain")
        await focus_answer(stage)
        await stage.pilot.press("1")
        await stage.until(lambda: stage.chat.panes.has_class("-reading"))
        await stage.ask("And then?")
        await stage.until_shown("Some")
        reader = stage.chat.query_one(Reader)
        for size in ((140, 40), (80, 24), (40, 10), (20, 5), (40, 10), (140, 40)):
            await stage.pilot.resize_terminal(*size)
            await stage.pilot.pause()
            assert stage.app.screen.size == size
        assert reader.display
        await stage.until(lambda: TALKS[:30] in on_screen(stage) and "Some" in on_screen(stage))
        stage.assistant.release()
        await stage.until(lambda: stage.chat.questions.running is None)
        await stage.until(lambda: stage.text().count("certain") == 2)

    on_stage(
        act,
        Script(answer=citing_both()),
        Script((Delta("Some"),), held=True, answer=citing_both()),
        size=(140, 40),
    )


def test_an_article_is_chosen_from_the_list_and_read() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.pilot.press("f4")
        await stage.until(lambda: isinstance(stage.app.screen, ArticlesScreen))
        await stage.until(lambda: "Trade talks end" in on_screen(stage))
        await stage.pilot.press(*"talks", "enter")
        await stage.until(lambda: stage.chat.panes.has_class("-reading") and stage.app.screen is stage.chat)
        await stage.until(lambda: "....." in on_screen(stage))
        await stage.pilot.press("q")
        await stage.until(lambda: stage.chat.prompt.has_focus)

    on_stage(act)


def test_an_article_is_read_from_the_palette() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: stage.app.screen is not stage.chat)
        await stage.pilot.press(*"Trade talks end")
        await stage.until(lambda: "Article: Trade talks end" in on_screen(stage))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.chat.panes.has_class("-reading") and "....." in on_screen(stage))

    on_stage(act)


def test_quote_and_answer_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.pilot.press("f8")
        await stage.until_shown("no answer yet")
        await stage.ask(BOTH)
        await stage.until_shown("certain")
        await stage.pilot.press("f8")
        await stage.until(lambda: f"> {BOTH}" in stage.app.clipboard)
        assert "[2]" in stage.app.clipboard
        await focus_answer(stage)
        await stage.pilot.press("1")
        await stage.until(lambda: TALKS[:40] in on_screen(stage))
        await stage.pilot.press("y")
        await stage.until(lambda: stage.app.clipboard.startswith(f"“{TALKS}”"))

    on_stage(act, Script(answer=citing_both()))


def test_a_link_is_asked_about_and_not_opened_on_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url, *more: opened.append(url))

    async def act(stage: Stage) -> None:
        stage.chat.post_message(OpenLink("https://example.org/a"))
        await stage.until(lambda: isinstance(stage.app.screen, LinkConfirmation))
        await stage.until(lambda: "https://example.org/a" in on_screen(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        await asyncio.sleep(0)

    on_stage(act)
    assert opened == []
