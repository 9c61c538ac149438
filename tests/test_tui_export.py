"""The screen that writes a session to a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from screen_desk import HOSTILE, Around, Sessions, Steps, go_through, text_of, until
from tui.screens.export import ExportScreen


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def asked(sessions: Sessions, folder: Path, steps: Steps) -> Around:
    """The app after these steps in the screen, for the session that was last used."""
    app = Around()

    async def all_steps(pilot: Pilot[Any]) -> None:
        session = await sessions.desk.latest() or await sessions.desk.begin()
        app.ask(ExportScreen(sessions.desk, session, folder))
        await pilot.pause()
        await steps(pilot)

    go_through(app, all_steps, (140, 40))
    return app


def target(pilot: Pilot[Any]) -> Input:
    return pilot.app.screen.query_one("#target", Input)


@pytest.mark.parametrize(("down", "ending"), [(0, ".md"), (1, ".html"), (2, ".json")])
def test_a_format_is_chosen_and_the_file_named_by_the_session(
    sessions: Sessions, tmp_path: Path, down: int, ending: str
) -> None:
    sessions.begin("Trade talks")
    expected = tmp_path / f"Trade-talks{ending}"

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*["down"] * down)
        await until(pilot, lambda: target(pilot).value == str(expected))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    app = asked(sessions, tmp_path, steps)
    assert app.came == [expected]
    assert expected.exists()


def test_what_is_typed_right_after_tab_goes_to_the_field(sessions: Sessions, tmp_path: Path) -> None:
    sessions.begin("fire")

    async def steps(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: isinstance(pilot.app.focused, OptionList))
        for key in ("tab", "m", "e"):  # sooner than anything is done about them
            pilot.app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: target(pilot).value == "me")

    asked(sessions, tmp_path, steps)


def test_a_file_that_somebody_named_stays_so_when_the_format_changes(sessions: Sessions, tmp_path: Path) -> None:
    sessions.begin("fire")

    async def steps(pilot: Pilot[Any]) -> None:
        target(pilot).value = str(tmp_path / "mine.txt")
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    app = asked(sessions, tmp_path, steps)
    assert app.came == [tmp_path / "mine.txt"]
    assert json.loads((tmp_path / "mine.txt").read_text())["name"] == "fire"


def test_enter_in_the_field_writes_too_and_never_over_a_file(sessions: Sessions, tmp_path: Path) -> None:
    sessions.begin("fire")
    (tmp_path / "fire.md").write_text("of somebody")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("tab", "enter")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    assert asked(sessions, tmp_path, steps).came == [tmp_path / "fire (2).md"]
    assert (tmp_path / "fire.md").read_text() == "of somebody"


def test_a_place_that_cannot_be_written_is_told_and_can_be_changed(sessions: Sessions, tmp_path: Path) -> None:
    sessions.begin("fire")

    async def steps(pilot: Pilot[Any]) -> None:
        target(pilot).value = str(tmp_path / "[@click=app.quit]x[/]" / "fire.md")
        await pilot.press("enter")
        said = "[@click=app.quit]x[/]/fire.mdcannotbewritten"
        await until(pilot, lambda: said in "".join(text_of(pilot.app).replace("│", "").split()))
        target(pilot).value = ""
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    assert asked(sessions, tmp_path, steps).came == [tmp_path / "fire.md"]


def test_a_session_without_questions_says_that_there_is_nothing_yet(sessions: Sessions, tmp_path: Path) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: "there is nothing to export yet. Ask a question first" in text_of(pilot.app))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    assert asked(sessions, tmp_path, steps).came == [None]


def test_a_hostile_name_makes_a_harmless_file(sessions: Sessions, tmp_path: Path) -> None:
    sessions.begin(HOSTILE)

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.came)  # type: ignore[attr-defined]

    (written,) = asked(sessions, tmp_path, steps).came
    assert written == tmp_path / "click-app-quit-x-b-31mred-52-c-aGk-2J-gnp-exe.md"
