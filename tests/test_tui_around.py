"""What can be done around a question: dialogs over one another, an export, a list of sessions that stays true."""

from pathlib import Path

import pytest

from tui.fakes import Script, SessionsInMemory
from tui.ports import Export
from tui.screens.export import ExportScreen
from tui.widgets.session_list import SessionList
from tui_stage import Stage, answered, on_stage


def test_the_palette_is_not_opened_a_second_time_over_a_dialog_over_it() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("ctrl+p", "f1", "ctrl+p", "ctrl+p")
        await stage.pilot.press("escape", "escape")
        await stage.until(lambda: stage.app.screen is stage.chat)

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
