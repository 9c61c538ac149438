"""Journeys through the app where something goes wrong, changes beneath it, or is hostile."""

from pathlib import Path

import pytest

from assistant.engine.failures import EngineLost
from assistant.engine.notices import ArticleText, FolderChanged, IndexingFailed, Lost, Standing
from assistant.errors import BackendError
from assistant.events import Delta
from journey_stage import HARMLESS, HOSTILE, focus_answer, hostile_answer, lay_out_articles, on_screen
from tui.fakes import Script, SessionsInMemory
from tui.ports import Opening
from tui.theme import LIGHT
from tui_stage import INDEX, Stage, answered, not_found, on_stage


def test_a_backend_that_is_lost_in_mid_answer_is_left_for_the_extractive_one() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who led the talks?")
        await stage.until(lambda: stage.chat.prompt.text == "Who led the talks?")
        assert "the connection was closed" in stage.text()
        assert "Robert" in stage.text()
        await stage.pilot.press("f7")
        await stage.until(lambda: "Who words the answers" in on_screen(stage))
        await stage.pilot.press("down", "enter")
        await stage.until(lambda: stage.chat.backend == "extractive" and stage.chat.prompt.has_focus)
        await stage.pilot.press("enter")
        await stage.until_shown("certain")
        assert [(asked.text, asked.backend) for asked in stage.assistant.asked] == [
            ("Who led the talks?", "openai:small"),
            ("Who led the talks?", "extractive"),
        ]

    lost = Script((Delta("Robert"),), fails=BackendError("the connection was closed", "ask again"))
    opening = Opening("/articles", backend="openai:small", backends=("openai:small", "extractive"))
    on_stage(act, lost, Script(answer=answered()), opening=opening)


def test_after_a_lost_engine_the_question_is_sent_again_with_enter() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who led the talks?")
        await stage.until(lambda: stage.chat.prompt.text == "Who led the talks?")
        await stage.tell(Lost("the engine's process ended", ""))
        await stage.until_shown("starts another engine")
        await stage.pilot.press("enter")
        await stage.until_shown("certain")

    lost = Script(fails=EngineLost("the engine's process ended", ""))
    on_stage(act, lost, Script(answer=answered()))


def test_what_becomes_of_the_folder_is_said_while_an_answer_runs_and_disturbs_nothing() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("Some")
        await stage.tell(FolderChanged())
        await stage.until_shown("the folder changed")
        await stage.tell(Standing(INDEX, "1 article added"))
        await stage.until_shown("1 article added")
        await stage.tell(IndexingFailed("the disk is full", "free some"))
        await stage.until_shown("the disk is full; free some")
        await stage.pilot.press(*"next")
        stage.assistant.release()
        await stage.until_shown("certain")
        assert stage.chat.prompt.text == "next"

    on_stage(act, Script((Delta("Some"),), held=True, answer=answered()))


def test_an_answer_is_stopped_while_the_next_question_waits_which_is_then_asked() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("Some")
        await stage.ask("Where?")
        await stage.until_shown("next  Where?")
        await stage.pilot.press("escape")
        await stage.until_shown("Passage 0")
        assert [asked.text for asked in stage.assistant.asked] == ["Who?", "Where?"]
        assert stage.assistant.cancelled == 1

    partial = answered("Who?", incomplete=True)
    on_stage(act, Script((Delta("Some"),), held=True, partial=partial), Script(answer=not_found("Where?")))


def test_where_nothing_is_kept_it_is_said_and_the_export_says_why_it_fails() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("f9")
        await stage.until_shown("nothing yet to be exported")
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await stage.pilot.press("f9")
        await stage.until(lambda: "Export this session" in on_screen(stage))
        await stage.pilot.press("enter")
        await stage.until(lambda: "is not exported" in on_screen(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.app.screen is stage.chat)

    on_stage(act, Script(answer=answered()))


@pytest.mark.parametrize("size", [(80, 24), pytest.param((140, 40), marks=pytest.mark.slow)])
def test_whatever_is_hostile_is_shown_and_does_nothing_wherever_it_is_shown(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    answer = hostile_answer()
    source = answer.citations[0].source

    async def act(stage: Stage) -> None:
        lay_out_articles(stage)
        stage.assistant.texts[source.article] = ArticleText(source, f"{HOSTILE}\n" * 40, f"/{HOSTILE}")

        async def shows(keys: tuple[str, ...], part: str = HARMLESS[:16]) -> None:
            await stage.pilot.press(*keys)
            await stage.until(lambda: part in on_screen(stage))
            raw = on_screen(stage)
            assert not {"\x1b", "\x07", "\x9b", "\u202e"}.intersection(raw)

        await stage.until_shown(HARMLESS)
        await stage.ask(HOSTILE)
        await stage.until_shown("certain")
        await shows(())
        assert HARMLESS in stage.text()
        await stage.tell(FolderChanged())
        await stage.tell(IndexingFailed(HOSTILE, HOSTILE))
        await stage.until_shown(f"{HARMLESS}; {HARMLESS}")
        await focus_answer(stage)
        await shows(("1",))
        await stage.pilot.press("y", "q")
        await stage.until(lambda: not stage.chat.panes.has_class("-reading"))
        await shows(("f3",))
        await stage.pilot.press("escape")
        for keys in (("f4",), ("f7",), ("ctrl+p", *"click")):
            await shows(keys)
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.chat)
        await stage.pilot.press("f8")
        await stage.until(lambda: HARMLESS in stage.app.clipboard)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"}.intersection(stage.app.clipboard)
        await stage.pilot.press("f2")
        assert stage.app.theme == LIGHT.name
        assert stage.app.is_running
        assert not stage.app._exit

    opening = Opening(f"/articles/{HOSTILE}", backend=HOSTILE, backends=(HOSTILE, "extractive"))
    on_stage(act, Script(answer=answer), opening=opening, size=size, questions=(HOSTILE,))


def test_a_session_of_a_hostile_name_is_resumed_and_renamed() -> None:
    async def act(stage: Stage) -> None:
        await stage.ask("Who?")
        await stage.until_shown("certain")
        await stage.pilot.press("f3")
        await stage.until(lambda: HARMLESS[:16] in on_screen(stage))
        await stage.pilot.press("r", "enter")
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.chat.prompt.has_focus)
        assert "\x1b" not in str(stage.chat.status.render())

    on_stage(
        act,
        Script(answer=answered()),
        sessions=SessionsInMemory(),
        opening=Opening("/articles", session=HOSTILE),
        size=(140, 40),
    )
