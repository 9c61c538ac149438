"""What can be done around a question: dialogs over one another, an export, a list of sessions that stays true."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.command import CommandList
from textual.screen import ModalScreen
from textual.widgets._toast import Toast

from assistant.engine.notices import FolderChanged, Standing
from journey_stage import lay_out_articles, on_screen
from screen_desk import offers_all, text_of
from tui.around import Around
from tui.failures import A_BUG, Failure
from tui.fakes import Script, SessionsInMemory
from tui.messages import OpenLink
from tui.ports import Export
from tui.screens.articles import ArticlesScreen
from tui.screens.export import ExportScreen
from tui.widgets.session_list import SessionList
from tui_stage import INDEX, Stage, answered, on_stage


async def ask(stage: Stage) -> None:
    await stage.ask("Who?")
    await stage.until_shown("certain")


async def fail(stage: Stage) -> None:
    stage.app.show_failure(Failure("ZeroDivisionError", A_BUG, "a report"))


async def follow_link(stage: Stage) -> None:
    stage.app.post_message(OpenLink("https://example.org/"))


def pressed(key: str) -> Callable[[Stage], Awaitable[None]]:
    async def press(stage: Stage) -> None:
        await stage.pilot.press(key)

    return press


OPENING = {
    "help": pressed("f1"),
    "articles": pressed("f4"),
    "dates": pressed("f6"),
    "backends": pressed("f7"),
    "export": pressed("f9"),
    "sessions searched": pressed("ctrl+f"),
    "palette": pressed("ctrl+p"),
    "link": follow_link,
    "failure": fail,
}
KEYS = [binding.key for binding in Binding.make_bindings(Around.BINDINGS)]
"""All that do something around a question, wherever the focus is."""


@pytest.mark.parametrize("name", OPENING)
def test_nothing_is_opened_over_a_dialog_by_a_key(name: str) -> None:
    async def act(stage: Stage) -> None:
        await ask(stage)
        await OPENING[name](stage)
        await stage.until(lambda: isinstance(stage.app.screen, ModalScreen))
        over_the_chat = stage.app.screen_stack[1:]
        for key in KEYS:
            if (name, key) != ("help", "f1"):  # which closes it
                await stage.pilot.press(key)
                assert stage.app.screen_stack[1:] == over_the_chat, key
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)
        assert not stage.chat.panes.lists_sessions
        assert not stage.assistant.reindexed

    on_stage(act, Script(answer=answered()))


def test_what_is_chosen_in_the_palette_is_done_once_that_is_closed() -> None:
    async def act(stage: Stage) -> None:
        def is_first(line: str) -> bool:
            return [str(option.prompt) for option in stage.app.screen.query_one(CommandList).options][:1] == [line]

        await stage.pilot.press("ctrl+p", *"articleslist")
        await stage.until(lambda: offers_all(stage.app) and is_first("Articles: list and read  F4"))
        await stage.pilot.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ArticlesScreen))

    on_stage(act)


def test_an_export_is_told_with_its_whole_path_above_the_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def export(self: object, session: object, kind: Export, target: Path) -> Path:
        return Path(f"talks [/b].{kind}")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(SessionsInMemory, "export", export)

    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await stage.pilot.press("f9")
        await stage.until(lambda: isinstance(stage.app.screen, ExportScreen))
        await stage.pilot.press("enter")
        await stage.until_shown(f"the session is written to {tmp_path / 'talks [/b].markdown'}")

    on_stage(act, Script(answer=answered()))


def test_an_open_list_of_sessions_shows_one_that_is_made_by_its_first_answer() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.pilot.press("f3")
        await stage.until_shown("Sessions: none yet")
        stage.assistant.release()
        await stage.until_shown("Sessions: 1")
        assert stage.chat.query_one(SessionList).has_focus_within

    on_stage(act, Script(held=True, answer=answered()))


@pytest.mark.parametrize("size", [(46, 16), (80, 24)], ids=["46x16", "80x24"])
def test_what_can_be_done_about_a_failure_is_seen_on_a_small_terminal(size: tuple[int, int]) -> None:
    async def act(stage: Stage) -> None:
        await fail(stage)
        await stage.until(
            lambda: "Go on (Esc)" in text_of(stage.app) and "Copy the report (c)" in text_of(stage.app)
        )

    on_stage(act, size=size)


def test_the_choices_about_a_link_are_seen_on_a_small_terminal() -> None:
    async def act(stage: Stage) -> None:
        await follow_link(stage)
        await stage.until(
            lambda: all(
                choice in text_of(stage.app) for choice in ("Cancel (Esc)", "Open (o)", "Copy the address (y)")
            )
        )

    on_stage(act, size=(46, 16))


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said over what covers the chat stays until a slow machine has seen it."""
    monkeypatch.setattr("tui.screens.chat.READ_S", 3600.0)


HOSTILE = "in [/b] [@click=app.quit]x \x1b[1m"
HARMLESS = "in [/b] [@click=app.quit]x ␛[1m"


@pytest.mark.usefixtures("lasting")
def test_where_an_article_covers_the_chat_what_is_said_there_is_seen_and_is_harmless() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.chat.panes.read_article("001_trade.txt")
        await stage.until(lambda: not stage.chat.transcript.region)
        stage.chat.remark(HOSTILE)
        await stage.until(lambda: HARMLESS in on_screen(stage))
        await stage.pilot.press("q")
        await stage.until_shown(HARMLESS)

    on_stage(act)


@pytest.mark.usefixtures("lasting")
def test_a_report_that_is_copied_from_a_dialog_is_said_to_be() -> None:
    async def act(stage: Stage) -> None:
        stage.app.show_failure(Failure("it broke", "ask again", "a report"))
        await stage.pilot.press("c")
        await stage.until(lambda: "Copied the report" in on_screen(stage))

    on_stage(act)


def test_what_is_said_above_the_prompt_is_said_only_there() -> None:
    async def act(stage: Stage) -> None:
        stage.chat.remark("it is brought up to date")
        await stage.until(lambda: "it is brought up to date" in on_screen(stage))
        assert not stage.app.screen.query(Toast)

    on_stage(act)


def test_what_the_status_line_tells_too_does_not_cover_an_article() -> None:
    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        await stage.chat.panes.read_article("001_trade.txt")
        await stage.tell(FolderChanged())
        await stage.tell(Standing(INDEX, "2 articles added"))
        await stage.until(lambda: "index is current" in on_screen(stage))
        assert not stage.app.screen.query(Toast)
        await stage.pilot.press("q")
        await stage.until_shown("2 articles added")

    on_stage(act)


def test_a_remark_with_the_path_of_a_file_can_be_read_to_its_end_on_a_small_terminal() -> None:
    async def act(stage: Stage) -> None:
        path = "/home/somebody/.local/share/parley/clippings-9ea983489547/sessions/20261122-5b1e71ef.jsonl"
        stage.chat.remark(f"{path} is gone; the next question makes it again, with the 3 that are known here")
        await stage.until(lambda: "that are known here" in " ".join(on_screen(stage).split()))

    on_stage(act, size=(60, 15))
