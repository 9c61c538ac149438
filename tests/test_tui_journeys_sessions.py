"""Journeys through the app: going on in sessions, dates, backends, and what is opened over the chat."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from assistant.events import Delta
from index.view import DateRange
from journey_stage import focus_answer, kept, on_screen
from tui.fakes import Script, SessionsInMemory
from tui.ports import Opening
from tui.screens.articles import ArticlesScreen
from tui.screens.dates import DatesScreen
from tui.screens.failure import FailureScreen
from tui.screens.help import HelpScreen
from tui_stage import Stage, answered, on_stage

MILL, DAM = "What burned down in May?", "When was the dam inspected?"


async def from_the_list(stage: Stage) -> None:
    await stage.pilot.press("f3")
    await stage.until(lambda: "Sessions: 2" in on_screen(stage))
    await stage.pilot.press("slash", *"burned", "enter")
    await stage.until(lambda: "Sessions: 1 of 2" in on_screen(stage))
    await stage.pilot.press("enter")


async def from_search(stage: Stage) -> None:
    await stage.pilot.press("ctrl+f")
    await stage.until(lambda: stage.app.screen is not stage.chat)
    await stage.pilot.press(*"burned")
    await stage.until(lambda: "1 turn" in on_screen(stage))
    await stage.pilot.press("down", "enter")


async def from_the_palette(stage: Stage) -> None:
    await stage.pilot.press("ctrl+p")
    await stage.until(lambda: stage.app.screen is not stage.chat)
    await stage.pilot.press(*"burned down")
    await stage.until(lambda: f"Session: {MILL}" in on_screen(stage))
    await stage.pilot.press("enter")


@pytest.mark.parametrize("way", [from_the_list, from_search, from_the_palette])
def test_a_session_is_resumed_and_the_next_question_leans_on_it(way: Callable[[Stage], Awaitable[None]]) -> None:
    async def act(stage: Stage) -> None:
        await way(stage)
        await stage.until(lambda: stage.chat.session is not None and stage.chat.session.name == MILL)
        await stage.until(lambda: stage.chat.prompt.has_focus and MILL in stage.text())
        await stage.ask("And who was hurt?")
        await stage.until(lambda: stage.text().count("certain") == 2)
        assert [turn.question for turn in stage.assistant.asked[0].history] == [MILL]

    on_stage(act, Script(answer=answered("And who was hurt?")), sessions=asyncio.run(kept(MILL, DAM)))


def test_the_current_session_is_renamed_deleted_and_brought_back() -> None:
    async def act(stage: Stage) -> None:
        own = stage.chat.session
        assert own is not None
        await stage.pilot.press("f3")
        await stage.until(lambda: f"● {DAM}" in on_screen(stage))
        await stage.pilot.press("r", "home", "shift+end", *"Dams", "enter")
        await stage.until(lambda: "Dams" in str(stage.chat.status.render()))
        await stage.pilot.press("d")
        await stage.until(lambda: stage.chat.session is not own)
        assert stage.chat.transcript.exchanges == []
        await stage.pilot.press("u")
        await stage.until(lambda: "Dams is back" in on_screen(stage))
        await stage.pilot.press("f3")
        await stage.until(lambda: stage.chat.prompt.has_focus)

    on_stage(act, sessions=asyncio.run(kept(MILL, DAM)), opening=Opening("/articles", session=DAM), size=(140, 40))


def test_a_model_that_goes_on_writing_does_not_keep_keys_waiting_while_a_session_is_resumed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tui.questions.CANCELLED_WITHIN_S", 3600.0)  # else it may be cut off before the keys come

    async def act(stage: Stage) -> None:
        stage.assistant.cancel = lambda: None  # type: ignore[method-assign]
        await stage.ask("Who?")
        await stage.until_shown("Some")
        await from_the_list(stage)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        assert stage.chat.questions.running is not None
        await stage.pilot.press("escape")
        stage.assistant.release()
        await stage.until(lambda: stage.chat.session is not None and stage.chat.session.name == MILL)

    on_stage(
        act, Script((Delta("Some"),), held=True, answer=answered("Who?")), sessions=asyncio.run(kept(MILL, DAM))
    )


def test_questions_are_asked_with_the_days_and_the_backend_that_were_chosen() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("f6")
        await stage.until(lambda: isinstance(stage.app.screen, DatesScreen))
        await stage.pilot.press(*"2019-01", "tab", *"2019-02-02", "enter")
        await stage.until(lambda: stage.app.screen is stage.chat and stage.chat.dates)
        await stage.pilot.press("f7")
        await stage.until(lambda: "Who words the answers" in on_screen(stage))
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.chat.backend == "extractive")
        await stage.ask("Who?")
        await stage.until_shown("certain")
        asked = stage.assistant.asked[0]
        assert (asked.dates, asked.backend) == (DateRange(date(2019, 1, 1), date(2019, 2, 2)), "extractive")
        assert "2019-01-01" in str(stage.chat.status.render())

    opening = Opening("/articles", backend="openai:small", backends=("openai:small", "extractive"))
    on_stage(act, Script(answer=answered()), opening=opening, size=(140, 40))


@pytest.mark.parametrize("keys", [("f6", "f6"), ("f6", "f4"), ("f4", "f6"), ("f7", "f6", "f1", "ctrl+f", "f4")])
def test_dialogs_do_not_pile_up(keys: tuple[str, ...]) -> None:
    async def act(stage: Stage) -> None:
        listed, pressed, late = stage.assistant.articles, asyncio.Event(), 0

        async def list_late() -> tuple[object, ...]:
            nonlocal late
            late += 1
            try:
                await pressed.wait()
            finally:
                late -= 1
            return await listed()

        stage.assistant.articles = list_late  # type: ignore[assignment, method-assign]
        for key in keys:
            await stage.pilot.press(key)
        pressed.set()
        await stage.until(lambda: not late)
        await stage.pilot.pause()
        assert len(stage.app.screen_stack) == 2
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        assert stage.chat.prompt.has_focus

    on_stage(act)


def test_help_is_left_with_escape_and_leads_back_to_the_answer() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        answer = await focus_answer(stage)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        assert stage.app.focused is answer

    on_stage(act, Script(answer=answered()))


def test_a_question_asked_before_there_is_a_session_is_answered_in_the_first_one() -> None:
    class Slow(SessionsInMemory):
        opens = asyncio.Event()

        async def open_or_begin(self, name: str):  # type: ignore[no-untyped-def]
            await self.opens.wait()
            return await super().open_or_begin(name)

    async def play() -> None:
        from tui.app import ParleyApp
        from tui.fakes import ScriptedAssistant

        sessions, assistant = Slow(), ScriptedAssistant([Script(answer=answered())])
        app = ParleyApp(assistant, sessions, Opening("/articles", session="trade"))
        async with app.run_test() as pilot:
            stage = Stage(pilot, app, assistant, sessions)
            await stage.ask("Who led the talks?")
            assert stage.chat.session is None
            sessions.opens.set()
            await stage.until_shown("certain")
            assert [session.name for session in sessions.sessions.values()] == ["trade"]
        assert app.failures == []

    asyncio.run(play())


def test_an_article_list_that_fails_by_a_bug_shows_the_dialog_and_the_app_goes_on() -> None:
    async def act(stage: Stage) -> None:
        async def fail() -> tuple[object, ...]:
            raise ZeroDivisionError("by nought")

        stage.assistant.articles = fail  # type: ignore[assignment, method-assign]
        await stage.pilot.press("f4")
        await stage.until(lambda: isinstance(stage.app.screen, FailureScreen))
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, ArticlesScreen))
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        await stage.ask("Who?")
        await stage.until_shown("certain")

    on_stage(act, Script(answer=answered()), bugs=1)
