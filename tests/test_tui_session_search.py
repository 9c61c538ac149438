"""The search across all saved conversations."""

from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from assistant.sessions.search import Hit
from screen_desk import HOSTILE, SHOWN, Around, Sessions, Steps, go_through, text_of, until
from tui import when
from tui.screens.session_search import SessionSearchScreen, emphasised


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def asked(sessions: Sessions, steps: Steps) -> list[Any]:
    """What the screen is left with after these steps."""
    app = Around()

    async def all_steps(pilot: Pilot[Any]) -> None:
        app.ask(SessionSearchScreen(sessions.desk))
        await pilot.pause()
        await steps(pilot)
        await pilot.pause()

    go_through(app, all_steps, (100, 30))
    return app.came


def hits(pilot: Pilot[Any]) -> list[str]:
    return [str(option.prompt) for option in pilot.app.screen.query_one(OptionList).options]


def test_turns_are_found_while_one_types(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    # Else a turn of before midnight could be looked at after it.
    monkeypatch.setattr("tui.screens.session_search.say_when", lambda then, _: when.say_when(then, then))
    sessions.begin("The mill", "What burned down?", "Who was hurt?")
    sessions.begin("The dam", "Was it inspected?")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"HURT mill")
        await until(pilot, lambda: "1 turn" in text_of(pilot.app))
        (hit,) = hits(pilot)
        question, place = hit.splitlines()[:2]
        assert question == "Who was hurt?"
        assert place.startswith("  turn 2 · today ")
        assert place.endswith(" · The mill")

    asked(sessions, steps)


def test_enter_goes_to_the_turns_and_takes_the_one_under_the_cursor(sessions: Sessions) -> None:
    sessions.begin("The mill", "first", "second")

    async def steps(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one(Input).value = "burned"
        await pilot.press("enter")
        await until(pilot, lambda: len(hits(pilot)) == 2)
        await pilot.press("enter")
        assert isinstance(pilot.app.focused, OptionList)
        await pilot.press("down", "enter")

    (hit,) = asked(sessions, steps)
    assert isinstance(hit, Hit)
    assert (hit.session.name, hit.number, hit.turn.answer.question) == ("The mill", 2, "second")


def test_the_arrows_lead_from_the_words_to_the_turns(sessions: Sessions) -> None:
    sessions.begin("The mill", "first")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"mill")
        await until(pilot, lambda: hits(pilot))
        await pilot.press("down", "enter")

    (hit,) = asked(sessions, steps)
    assert hit.number == 1


def test_what_its_keys_do_can_be_clicked(sessions: Sessions) -> None:
    sessions.begin("The mill", "first")

    async def steps(pilot: Pilot[Any]) -> None:
        lines = text_of(pilot.app).splitlines()
        row = next(row for row, line in enumerate(lines) if "then open" in line)
        place = (lines[row].index("then open"), row)
        pilot.app.screen.query_one(Input).value = "mill"
        await pilot.click(offset=place)
        await until(pilot, lambda: hits(pilot))
        await pilot.click(offset=place)

    (hit,) = asked(sessions, steps)
    assert hit.number == 1


def test_a_click_takes_a_turn(sessions: Sessions) -> None:
    sessions.begin("The mill", "first")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"mill", "enter")
        await until(pilot, lambda: hits(pilot))
        await pilot.click(OptionList, offset=(3, 1))

    (hit,) = asked(sessions, steps)
    assert hit.turn.answer.question == "first"


def test_words_that_nothing_holds_are_told_and_no_words_show_nothing(sessions: Sessions) -> None:
    sessions.begin("The mill")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"zeppelin", "enter")
        await until(pilot, lambda: "No question, answer or quote holds all of these words." in text_of(pilot.app))
        pilot.app.screen.query_one(Input).value = ""
        await until(pilot, lambda: "No question" not in text_of(pilot.app))
        await pilot.press("enter", "escape")

    assert asked(sessions, steps) == [None]


def test_a_folder_that_cannot_be_read_is_told(sessions: Sessions) -> None:
    sessions.states.write_text("a file where a folder is needed")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"mill", "enter")
        await until(pilot, lambda: "cannot be read" in " ".join(text_of(pilot.app).split()))

    asked(sessions, steps)


def test_hostile_names_questions_and_words_are_shown_and_do_nothing(sessions: Sessions) -> None:
    sessions.begin(HOSTILE, f"What is {HOSTILE}")

    async def steps(pilot: Pilot[Any]) -> None:
        pilot.app.screen.query_one(Input).value = "[/b]"
        await pilot.press("enter")
        await until(pilot, lambda: hits(pilot))
        assert text_of(pilot.app).count(SHOWN) >= 2
        await pilot.click(OptionList, offset=(8, 0))

    (hit,) = asked(sessions, steps)
    assert hit.session.name == " ".join(HOSTILE.split())


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("The old Mill burned", "mill BURNED", ["Mill", "burned"]),
        ("Café culture, cafe", "cafe", ["Café", "cafe"]),
        ("Straße", "strasse", ["Straße"]),
        ("nothing of it", "mill", []),
    ],
)
def test_words_are_marked_whatever_their_case_and_accents(text: str, words: str, marked: list[str]) -> None:
    content: Content = emphasised(text, words)
    assert [text[span.start : span.end] for span in sorted(content.spans, key=lambda span: span.start)] == marked
    assert content.plain == text
