"""Chat, list of sessions and reader over one another: what has the keyboard is always in sight."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from journey_stage import citing_both, kept, lay_out_articles
from tui.fakes import Script, SessionsInMemory
from tui.widgets.answer import AnswerView
from tui_stage import Stage, is_displayed, on_stage

NARROW, WIDE = (80, 24), (140, 40)
READER, LIST = "#reader-slot", "#sessions-slot"


async def read(stage: Stage) -> None:
    """Open an article from the prompt."""
    lay_out_articles(stage)
    await stage.chat.panes.read_article("001_trade.txt")
    await stage.until(lambda: has_the_keyboard(stage, READER))


async def list_sessions(stage: Stage) -> None:
    await stage.pilot.press("f3")
    await stage.until(lambda: has_the_keyboard(stage, LIST))


def has_the_keyboard(stage: Stage, place: str) -> bool:
    """Whether the keyboard is in this place, and the place in sight."""
    focused = stage.app.focused
    return focused is not None and stage.chat.query_one(place) in focused.ancestors and is_displayed(focused)


def sessions() -> SessionsInMemory:
    return asyncio.run(kept("What burned down in May?"))


def play(act: Callable[[Stage], Awaitable[None]], size: tuple[int, int] = NARROW) -> None:
    on_stage(act, Script(answer=citing_both()), size=size, sessions=sessions())


@pytest.mark.parametrize("size", [NARROW, WIDE])
def test_whoever_lists_sessions_while_reading_reads_on_when_the_list_is_closed(size: tuple[int, int]) -> None:
    async def act(stage: Stage) -> None:
        await read(stage)
        for key in ("escape", "f3"):
            await list_sessions(stage)
            await stage.pilot.press(key)
            await stage.until(lambda: has_the_keyboard(stage, READER))
        await stage.pilot.press("q")
        await stage.until(lambda: stage.chat.prompt.has_focus and is_displayed(stage.chat.prompt))

    play(act, size)


def test_an_article_that_is_chosen_over_the_list_of_sessions_is_not_covered_by_it() -> None:
    async def act(stage: Stage) -> None:
        await list_sessions(stage)
        await read(stage)
        await stage.pilot.press("q")
        await stage.until(lambda: stage.chat.prompt.has_focus and is_displayed(stage.chat.prompt))

    play(act)


@pytest.mark.parametrize("keys", [("ctrl+n",), ("f3", "n"), ("f3", "enter")])
def test_a_session_that_is_begun_or_resumed_over_an_article_is_in_sight(keys: tuple[str, ...]) -> None:
    async def act(stage: Stage) -> None:
        await read(stage)
        for key in keys:
            if key == "f3":
                await list_sessions(stage)
            else:
                await stage.pilot.press(key)
        await stage.until(lambda: stage.chat.prompt.has_focus and is_displayed(stage.chat.prompt))

    play(act)


def test_a_step_to_an_answer_over_an_article_shows_the_answer() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await read(stage)
        await stage.pilot.press("ctrl+up")
        await stage.until(lambda: isinstance(stage.app.focused, AnswerView) and is_displayed(stage.app.focused))

    play(act)


def test_what_is_being_typed_stays_in_sight_when_the_terminal_becomes_narrow() -> None:
    async def act(stage: Stage) -> None:
        await read(stage)
        await stage.pilot.click(stage.chat.prompt)
        await stage.pilot.press(*"Who ")
        await stage.pilot.resize_terminal(*NARROW)
        await stage.until(lambda: stage.chat.has_class("-narrow"))
        await stage.pilot.press(*"led?")
        assert stage.chat.prompt.text == "Who led?"
        assert is_displayed(stage.chat.prompt)

    play(act, WIDE)


def test_what_is_being_read_beside_a_list_stays_in_sight_when_the_terminal_becomes_narrow() -> None:
    async def act(stage: Stage) -> None:
        await list_sessions(stage)
        await read(stage)
        await stage.pilot.resize_terminal(*NARROW)
        await stage.until(lambda: stage.chat.has_class("-narrow"))
        await stage.until(lambda: has_the_keyboard(stage, READER))

    play(act, WIDE)
