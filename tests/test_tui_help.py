"""The help screen, and the list of key bindings that it and the palette are made from."""

import re
from pathlib import Path
from typing import Any

import pytest
from textual.binding import Binding
from textual.pilot import Pilot
from textual.widgets import Static

from palette_desk import WithPalette
from screen_desk import HOSTILE, SHOWN, Around, Sessions, Steps, go_through, text_of, until
from tui.screens.help import HelpScreen
from tui.shortcuts import name_key, nodes_of, shortcuts_of
from tui.widgets.answer import AnswerView
from tui.widgets.reader import Reader
from tui.widgets.session_list import SessionList
from tui_stage import Stage, on_stage

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture
def app(tmp_path: Path) -> WithPalette:
    return WithPalette(Sessions(tmp_path))


def helped(app: WithPalette, steps: Steps, kept: str | None = "/state/sessions") -> None:
    async def all_steps(pilot: Pilot[Any]) -> None:
        app.push_screen(HelpScreen(app.screen, kept))
        await pilot.pause()
        await steps(pilot)

    go_through(app, all_steps)


def whole_text(app: WithPalette) -> str:
    """All of the help, below what is in view too."""
    return "\n".join(str(part.content) for part in app.screen.query("VerticalScroll Static").results(Static))


def test_what_one_needs_first_is_seen_at_once_on_a_small_terminal() -> None:
    async def act(stage: Stage) -> None:
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))
        await stage.until_shown("First of all")
        rows = [" ".join(row.strip(" │▁▂▃▄▅▆▇█").split()) for row in text_of(stage.app).splitlines()]
        for expected in (
            "Enter Send the question in the prompt",
            "Ctrl+J Break the line in the prompt",
            "Esc Stop the answer and keep what is proven",
            "Ctrl+Up To the answer above",
            "1-9 Open the citation of this number on an answer",
            "n Next citation in an article",
            "q Close the article in an article",
            "F3 Sessions: list, resume, rename, delete",
            "F4 Articles: list and read",
            "Ctrl+P All commands, by name",
            "Ctrl+Q Quit at once",
        ):
            assert expected in rows, "\n".join(rows)

    on_stage(act, size=(80, 24))


def test_the_readme_has_every_key_of_the_app_and_none_that_there_is_not() -> None:
    async def act(stage: Stage) -> None:
        table = README.read_text(encoding="utf-8").split("| keys | |")[1].split("\n\n")[0]
        named = {
            key for row in table.splitlines()[2:] for key in re.split(r" · |, then | or | ", row.split("|")[1])
        }
        shortcuts = shortcuts_of([*nodes_of(stage.chat), AnswerView, Reader])
        known = {key for shortcut in shortcuts for key in shortcut.keys}
        everywhere = {key for shortcut in shortcuts if shortcut.node is stage.app for key in shortcut.keys}
        assert named - {""} <= known
        assert everywhere <= named

    on_stage(act)


def test_it_tells_what_answers_mean_and_where_they_are_kept(app: WithPalette) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        text = " ".join(text_of(app).replace("│", " ").split())
        assert "[1] marks the sentence" in text
        assert "parley ask says the same in plain text" in text
        assert "Sessions are kept in /state/sessions" in text

    helped(app, steps)


def test_every_binding_with_a_description_appears_with_its_key(app: WithPalette) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        text, checked = whole_text(app), 0
        for node in nodes_of(app.screen_stack[0]):
            for key, bindings in node._bindings.key_to_bindings.items():
                for binding in bindings:
                    if binding.description:
                        assert binding.description.casefold() in text.casefold()
                        assert name_key(key) in text
                        checked += 1
        assert checked > 50

    helped(app, steps)


def test_keys_stand_under_their_topics(app: WithPalette) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        topics = {part.splitlines()[0]: part for part in _blocks(app)}
        assert list(topics) == [
            "Asking",
            "Reading",
            "Sessions, in their list",
            "Index",
            "App",
            "Moving and editing",
        ]
        assert "Switch the backend" in topics["Asking"]
        assert "All articles" in topics["Reading"]
        assert "Rename the session" in topics["Sessions, in their list"]
        assert "Build the index anew" in topics["Index"]
        assert "Ctrl+Q" in topics["App"]
        assert "Delete character left" in topics["Moving and editing"]
        assert "F9" not in "".join(topics.values())

    helped(app, steps)


def _blocks(app: WithPalette) -> list[str]:
    parts = [str(part.content) for part in app.screen.query("VerticalScroll Static").results(Static)]
    return parts[2:]


def test_it_scrolls_to_its_end_and_closes(app: WithPalette) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert "Moving and editing" not in text_of(app)
        for _ in range(12):
            await pilot.press("pagedown")
        await until(pilot, lambda: "First" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen))

    helped(app, steps)


def test_it_says_where_nothing_is_kept_and_shows_hostile_paths_as_text(app: WithPalette) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert "Nothing is kept: the state folder cannot be written." in whole_text(app)
        app.switch_screen(HelpScreen(app.screen_stack[0], HOSTILE))
        await pilot.pause()
        assert f"Sessions are kept in {SHOWN}" in " ".join(text_of(app).replace("│", " ").split())

    helped(app, steps, kept=None)


def test_widgets_that_are_not_there_yet_are_helped_with_too() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        pilot.app.push_screen(HelpScreen(pilot.app.screen, None, [SessionList]))
        await pilot.pause()
        assert any(shortcut.does == "New session" for shortcut in shortcuts_of([SessionList]))
        parts = [str(part.content) for part in pilot.app.screen.query("VerticalScroll Static").results(Static)]
        assert "New session" in "\n".join(parts)

    go_through(Around(), steps)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("ctrl+j", "Ctrl+J"),
        ("?", "?"),
        ("slash", "/"),
        ("n", "n"),
        ("N", "N"),
        ("escape", "Esc"),
        ("shift+tab", "Shift+Tab"),
        ("ctrl+pagedown", "Ctrl+Page Down"),
        ("f1", "F1"),
        ("alt+up", "Alt+Up"),
        ("ctrl+shift+left", "Ctrl+Shift+Left"),
        ("1", "1"),
    ],
)
def test_keys_are_written_as_people_write_them(key: str, written: str) -> None:
    (binding,) = Binding.make_bindings([Binding(key, "act")])
    assert name_key(binding.key) == written
