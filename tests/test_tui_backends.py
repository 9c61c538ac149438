"""The screen that says who is to word the answers."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from assistant.backends import choosing
from assistant.errors import ConfigurationError
from screen_desk import HOSTILE, SHOWN, Around, Steps, go_through, text_of
from tui.screens.backends import KINDS, BackendsScreen, checked_backend

OFFERED = ("extractive", "openai:gpt-5-mini")


def asked(steps: Steps, current: str = "extractive", offered: tuple[str, ...] = OFFERED) -> list[object]:
    """What the screen is left with after these steps."""
    app = Around()

    async def all_steps(pilot: Pilot[Any]) -> None:
        app.ask(BackendsScreen(offered, current))
        await pilot.pause()
        await steps(pilot)
        await pilot.pause()

    go_through(app, all_steps)
    return app.came


def test_the_current_one_is_marked_and_each_says_what_leaves_the_machine() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        text = " ".join(text_of(pilot.app).replace("│", " ").split())
        assert "● openai:gpt-5-mini" in text
        assert "nothing leaves this machine" in text
        assert "OpenAI (or base_url) gets the question, earlier turns and passages." in text

    asked(steps, "openai:gpt-5-mini")


def test_one_is_chosen_with_the_arrows() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("down", "enter")

    assert asked(steps) == ["openai:gpt-5-mini"]


def test_one_is_chosen_with_a_click() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.click(OptionList, offset=(4, 2))

    assert asked(steps) == ["openai:gpt-5-mini"]


def test_another_one_is_typed() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("tab", *"gguf:m.gguf", "enter")

    assert asked(steps) == ["gguf:m.gguf"]


def test_another_one_is_typed_right_away() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press(*"gguf:m.gguf", "enter")

    assert asked(steps) == ["gguf:m.gguf"]


def test_enter_in_the_empty_field_takes_the_row_under_the_cursor() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("down", "tab", "enter")

    assert asked(steps) == ["openai:gpt-5-mini"]


def test_the_current_one_is_offered_though_nobody_configured_it() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("enter")

    assert asked(steps, "anthropic:claude-5", ("extractive",)) == ["anthropic:claude-5"]


def test_a_kind_that_there_is_not_is_refused_with_those_there_are() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("tab", *"gpt", "enter")
        assert "! there is no backend 'gpt'. Known: extractive, openai" in text_of(pilot.app)
        await pilot.press("escape")

    assert asked(steps) == [None]


def test_hostile_names_are_shown_and_do_nothing() -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert SHOWN[:40] in text_of(pilot.app)
        pilot.app.screen.query_one(Input).value = "[@click=app.quit]x[/]"
        pilot.app.screen.query_one(Input).focus()
        await pilot.press("enter")
        assert "there is no backend '[@click=app.quit]x[/]'" in text_of(pilot.app)

    assert asked(steps, offered=(*OFFERED, HOSTILE)) == []


def test_it_knows_the_kinds_that_the_command_line_knows() -> None:
    assert tuple(KINDS) == choosing.KINDS


@pytest.mark.parametrize("stated", ["gpt", "extractive:x", ""])
def test_it_refuses_what_the_command_line_refuses_in_the_same_words(stated: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        choosing.Choice.of(stated)
    with pytest.raises(ConfigurationError) as here:
        checked_backend(stated)
    assert (str(here.value), here.value.hint) == (str(refused.value), refused.value.hint)


@pytest.mark.parametrize("stated", ["openai", "openai:a:b", "extractive"])
def test_it_takes_what_the_command_line_takes(stated: str) -> None:
    assert choosing.Choice.of(stated)
    assert checked_backend(stated) == stated
