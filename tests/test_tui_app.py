"""The terminal UI as a whole: beginning, ending, themes, sizes, and exceptions that nobody expected."""

import os
import signal
from contextlib import nullcontext

import pytest
from textual.widgets import Input

from assistant.events import Delta
from tui.app import TOLD_MOST
from tui.elsewhere import lend_terminal
from tui.fakes import Script, SessionsInMemory
from tui.messages import Copy
from tui.ports import Opening
from tui.screens.failure import FailureScreen
from tui.theme import DARK, LIGHT
from tui.widgets.too_small import TooSmall
from tui.widgets.welcome import SAMPLE, Starter
from tui_stage import Stage, answered, on_stage

HOSTILE = "[@click=app.quit]x[/] [/b] \x1b[31m\u202e"
HARMLESS = "[@click=app.quit]x[/] [/b] ␛[31m\N{REPLACEMENT CHARACTER}"


def test_an_empty_session_explains_itself_and_offers_questions() -> None:
    async def act(stage: Stage) -> None:
        await stage.until_shown("Who led the talks?")
        assert SAMPLE in stage.text()
        assert "with every sentence proven" in stage.text()
        await stage.pilot.press("down", "down", "enter")
        await stage.until_shown("certain")
        assert stage.assistant.asked[0].text == f"And {HOSTILE}"
        assert not stage.app.screen.query(Starter)
        assert stage.chat.prompt.has_focus

    answer = Script(answer=answered())
    on_stage(act, answer, questions=("Who led the talks?", f"And {HOSTILE}"))


def test_a_starter_question_is_asked_by_a_click_and_shown_harmless() -> None:
    async def act(stage: Stage) -> None:
        await stage.until_shown(HARMLESS)
        await stage.pilot.click(Starter)
        await stage.until(lambda: stage.assistant.asked)

    on_stage(act, Script(answer=answered()), questions=(HOSTILE,), opening=Opening("/articles"))


def test_a_folder_of_ones_own_is_not_told_about_again() -> None:
    async def act(stage: Stage) -> None:
        assert SAMPLE not in stage.text()

    on_stage(act, opening=Opening("/articles"))


def test_ctrl_q_quits_while_an_answer_runs_and_the_engine_is_closed() -> None:
    stages: list[Stage] = []

    async def act(stage: Stage) -> None:
        stages.append(stage)
        await stage.ask("Who?")
        await stage.until_shown("Some")
        await stage.pilot.press("ctrl+q")

    on_stage(act, Script((Delta("Some"),), held=True))
    assert stages[0].assistant.is_closed
    assert stages[0].app.return_value is None


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_it_with_its_own_exit_code(number: signal.Signals, code: int) -> None:
    before, stages = signal.getsignal(number), list[Stage]()

    async def act(stage: Stage) -> None:
        stages.append(stage)
        os.kill(os.getpid(), number)
        await stage.until(lambda: stage.app._exit)

    on_stage(act)
    assert (stages[0].app.return_value, stages[0].app.return_code) == (code, code)
    assert signal.getsignal(number) == before


def test_ctrl_c_copies_what_is_selected_else_it_says_how_to_quit() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("ctrl+c")
        await stage.until_shown("Ctrl+Q quits")
        await stage.pilot.press(*"abc", "shift+home", "ctrl+c")
        await stage.until_shown("Copied the selection")
        assert stage.app.clipboard == "abc"

    on_stage(act)


def test_f2_switches_between_our_two_themes() -> None:
    async def act(stage: Stage) -> None:
        assert stage.app.theme == DARK.name
        await stage.pilot.press("f2")
        assert stage.app.theme == LIGHT.name
        await stage.pilot.press("f2")
        assert stage.app.theme == DARK.name

    on_stage(act)


def test_an_interrupt_of_a_program_that_has_the_terminal_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    async def act(stage: Stage) -> None:
        monkeypatch.setattr(stage.app, "suspend", nullcontext)
        lend_terminal(stage.app, ["less"], interrupted)
        await stage.pilot.press(*"abc")
        await stage.until(lambda: stage.chat.prompt.text == "abc")
        assert not stage.app._exit

    on_stage(act)


def test_reduced_motion_leaves_nothing_that_moves() -> None:
    async def act(stage: Stage) -> None:
        assert stage.app.animation_level == "none"
        assert not stage.chat.prompt.cursor_blink
        for opening in ("ctrl+p", "ctrl+f", "f4", "f6"):
            await stage.pilot.press(opening)
            await stage.until(lambda: isinstance(stage.app.focused, Input))
            assert isinstance(stage.app.focused, Input)
            assert not stage.app.focused.cursor_blink, opening
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.chat)

    on_stage(act, opening=Opening("/articles", reduced_motion=True))


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await stage.pilot.pause()
        svg = stage.app.export_screenshot()
        assert str(DARK.primary) not in svg.lower()

    on_stage(act, Script(answer=answered()))


def test_too_small_a_terminal_says_so_and_loses_nothing() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press(*"Begun")
        await stage.pilot.resize_terminal(30, 8)
        await stage.until_shown("Too small to read here")
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: not stage.chat.query_one(TooSmall).display)
        assert stage.chat.prompt.text == "Begun"
        assert stage.chat.prompt.has_focus

    on_stage(act)


@pytest.mark.parametrize(("columns", "name"), [(80, "-narrow"), (109, "-narrow"), (110, "-wide"), (300, "-wide")])
def test_a_wide_terminal_has_room_beside_the_chat(columns: int, name: str) -> None:
    async def act(stage: Stage) -> None:
        await stage.until(lambda: stage.chat.has_class(name))

    on_stage(act, size=(columns, 24))


def test_a_bug_in_a_handler_is_shown_with_a_report_to_copy_and_the_app_goes_on() -> None:
    async def act(stage: Stage) -> None:
        def fail() -> None:
            raise RuntimeError(f"unheard of {HOSTILE}")

        stage.chat.call_later(fail)
        await stage.until(lambda: isinstance(stage.app.screen, FailureScreen))
        assert f"RuntimeError: unheard of {HARMLESS}" in stage.text()
        assert "textual 8" in stage.text()
        await stage.pilot.press("c")
        await stage.until(lambda: "Traceback" in stage.app.clipboard)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.chat)
        await stage.ask("Who?")
        await stage.until_shown("certain")

    on_stage(act, Script(answer=answered()), bugs=1)


def test_a_bug_in_a_worker_is_shown_too_and_further_ones_join_it() -> None:
    async def act(stage: Stage) -> None:
        async def fail() -> None:
            raise KeyError("first")

        stage.chat.run_worker(fail())
        await stage.until(lambda: isinstance(stage.app.screen, FailureScreen))
        stage.chat.run_worker(fail())
        await stage.until(lambda: stage.text().count("KeyError: 'first'") > 3)
        assert len(stage.app.screen_stack) == 2

    on_stage(act, bugs=2)


def test_what_fails_again_and_again_ends_the_app_with_a_report() -> None:
    stages: list[Stage] = []

    async def act(stage: Stage) -> None:
        stages.append(stage)
        for number in range(TOLD_MOST + 1):
            stage.app._handle_exception(ValueError(number))
        await stage.until(lambda: stage.app._exit)

    on_stage(act, bugs=TOLD_MOST + 1)
    assert stages[0].app.return_value == 1


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that is left is never cut off, however slowly it ends."""
    monkeypatch.setattr("tui.questions.CANCELLED_WITHIN_S", 3600.0)


@pytest.mark.usefixtures("patient")
def test_another_session_is_shown_and_a_running_question_is_kept_in_its_own() -> None:
    async def act(stage: Stage) -> None:
        own = stage.chat.session
        await stage.ask("Who?")
        await stage.until_shown("Some")
        await stage.ask("Where?")
        await stage.until(lambda: stage.chat.questions.waiting)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.chat.session not in (own, None))
        assert own is not None
        assert [turn.answer.incomplete for turn in own.turns] == [True]
        await stage.until_shown("left without an answer: 1; Up in the prompt")
        assert stage.chat.transcript.exchanges == []
        assert stage.chat.prompt.earlier == ["Where?"]

    on_stage(act, Script((Delta("Some"),), held=True, partial=answered("Who?", incomplete=True)))


def test_a_question_that_was_left_before_its_answer_is_recalled_in_the_other_session() -> None:
    async def act(stage: Stage) -> None:
        own = stage.chat.session
        await stage.ask("Who?")
        await stage.until(lambda: stage.assistant.asked)
        await stage.pilot.press("ctrl+n")
        await stage.until(lambda: stage.chat.session not in (own, None))
        await stage.until_shown("left without an answer: 1")
        await stage.pilot.press("up")
        assert stage.chat.prompt.text == "Who?"

    on_stage(act, Script(held=True))


def test_it_goes_on_in_the_session_that_was_named() -> None:
    async def act(stage: Stage) -> None:
        assert stage.chat.session is not None
        assert stage.chat.session.name == "trade"

    on_stage(act, opening=Opening("/articles", session="trade"), sessions=SessionsInMemory())


def test_a_text_to_copy_reaches_the_clipboard() -> None:
    async def act(stage: Stage) -> None:
        stage.chat.post_message(Copy("quoted", "the quote"))
        await stage.until_shown("Copied the quote")
        assert stage.app.clipboard == "quoted"

    on_stage(act)
