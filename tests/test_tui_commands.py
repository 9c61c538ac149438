"""The command palette: every action, session, article and theme, found by a few letters."""

from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import OptionList

from assistant.engine.failures import EngineLost
from palette_desk import WithPalette
from screen_desk import HOSTILE, SHOWN, Sessions, Steps, go_through, offers_all, until
from tui.shortcuts import nodes_of, shortcuts_of


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def opened(app: WithPalette, steps: Steps) -> None:
    async def all_steps(pilot: Pilot[Any]) -> None:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: offers_all(app))
        await steps(pilot)

    go_through(app, all_steps, (140, 60))


def lines(app: WithPalette) -> list[str]:
    """What the palette offers."""
    return [str(option.prompt) for option in app.screen.query_one(OptionList).options]


async def choose(pilot: Pilot[Any], app: WithPalette, typed: str, line: str) -> None:
    """Type, wait for the line to be the first one, and take it."""
    await pilot.press(*typed)
    await until(pilot, lambda: lines(app)[:1] == [line] and offers_all(app))
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, CommandPalette))


def test_every_action_that_says_what_it_does_is_offered_with_its_keys(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        offered = "\n".join(lines(app))
        for shortcut in shortcuts_of(nodes_of(app.screen_stack[0])):
            known = shortcut.topic != "Moving and editing" and shortcut.action not in (
                "impossible",
                "command_palette",
            )
            if known and not shortcut.action.endswith("command_palette"):
                assert f"{shortcut.does}  {', '.join(shortcut.keys)}" in offered
        assert "Build the index anew  Ctrl+R" in offered
        assert "Rename the session  r" in offered
        assert "Quit" in offered

    opened(app := WithPalette(sessions), steps)


def test_what_cannot_be_done_now_and_what_textual_offers_of_its_own_is_left_out(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        offered = "\n".join(lines(app))
        assert "Never possible" not in offered
        assert "Open the command palette" not in offered
        assert "screenshot" not in offered.casefold()

    opened(app := WithPalette(sessions), steps)


def test_actions_of_what_is_hidden_are_left_out(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        app.query_one("SessionList").display = False
        await pilot.press("ctrl+p")
        await until(pilot, lambda: offers_all(app))
        assert "Rename the session  r" not in lines(app)
        assert "Build the index anew  Ctrl+R" in lines(app)

    go_through(app := WithPalette(sessions), steps)


def test_an_action_is_done_where_it_is_bound(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await choose(pilot, app, "anew", "Build the index anew  Ctrl+R")
        await until(pilot, lambda: app.done)

    opened(app := WithPalette(sessions), steps)
    assert app.done == ["rebuilt"]


def test_a_session_is_resumed_by_its_name(sessions: Sessions) -> None:
    identity = sessions.begin("Trade talks")

    async def steps(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: lines(app)[-1] == "Session: Trade talks")
        await choose(pilot, app, "tradetalks", "Session: Trade talks")
        await until(pilot, lambda: app.done)

    opened(app := WithPalette(sessions), steps)
    assert app.done == [("resume", identity)]


def test_only_the_last_used_sessions_are_offered_before_anything_is_typed(sessions: Sessions) -> None:
    for number in range(7):
        sessions.begin(f"number {number}")

    async def steps(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: lines(app)[-1] == "Session: number 2")
        assert "Session: number 1" not in lines(app)

    opened(app := WithPalette(sessions), steps)


def test_an_article_is_read_by_its_title(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await choose(pilot, app, "deficit", "Article: Trade deficit grows  Bloomberg")
        await until(pilot, lambda: app.done)

    opened(app := WithPalette(sessions), steps)
    assert app.done == [("read", "a.txt")]


def test_a_theme_is_chosen_by_its_name(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await choose(pilot, app, "textual-light", "Theme: textual-light")
        await until(pilot, lambda: app.theme == "textual-light")

    opened(app := WithPalette(sessions), steps)


def test_hostile_names_are_shown_marked_and_chosen_as_text(sessions: Sessions) -> None:
    identity = sessions.begin(HOSTILE)

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"click=app.quit")
        await until(pilot, lambda: len(lines(app)) == 2 and offers_all(app))
        assert sorted(lines(app)) == [f"Article: {SHOWN}  {SHOWN}", f"Session: {SHOWN}"]
        prompt = app.screen.query_one(OptionList).options[0].prompt
        assert "@click" not in repr(getattr(prompt, "spans", ()))
        await choose(pilot, app, "]x[/]", lines(app)[0])
        await until(pilot, lambda: app.done)

    opened(app := WithPalette(sessions), steps)
    assert app.done in ([("resume", identity)], [("read", HOSTILE)])


def test_articles_that_cannot_be_listed_are_told_and_the_rest_is_offered(sessions: Sessions) -> None:
    app = WithPalette(sessions)
    app.fails = EngineLost("the engine ended [/b]", "")

    async def steps(pilot: Pilot[Any]) -> None:
        await until(pilot, lambda: [note.message for note in app._notifications] == ["the engine ended [/b]"])
        assert "Build the index anew  Ctrl+R" in lines(app)

    opened(app, steps)
