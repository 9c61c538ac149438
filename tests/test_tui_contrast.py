"""Text stands out from what it stands on: in both themes, in the style sheet, and as it is painted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from textual.color import Color
from textual.geometry import Region
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget

import tui
from assistant.engine.notices import Standing
from tui.fakes import Script
from tui.ports import Opening
from tui.theme import DARK, LIGHT, PAIRS
from tui_stage import INDEX, Stage, full_answer, on_stage

LEAST = 4.5
"""The ratio that WCAG 2.2 asks for of small text."""


@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_what_it_stands_on(theme: Theme, pair: tuple[str, str]) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    text, ground = (luminance(Color.parse(colours[name])) for name in pair)
    brighter, darker = max(text, ground), min(text, ground)
    assert (brighter + 0.05) / (darker + 0.05) >= LEAST


def test_the_style_sheet_shows_text_in_no_other_colours() -> None:
    sheet = (Path(tui.__file__).parent / "parley.tcss").read_text()
    texts = set(re.findall(r"[ {]color: ([^;]+);", sheet))
    grounds = set(re.findall(r"background: ([^;]+);", sheet))
    assert texts == {"$foreground", "$quiet", "$primary", "$warning", "$error", "$background"}
    assert texts <= {f"${name}" for name, _ in PAIRS}
    assert grounds - {"$background 60%"} <= {f"${name}" for _, name in PAIRS}


def luminance(colour: Color) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shares = (value / 255 for value in colour.rgb)
    linear = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: Color, second: Color) -> float:
    """The ratio of the brighter to the darker one, as WCAG 2.2 defines it."""
    darker, brighter = sorted(map(luminance, (first, second)))
    return (brighter + 0.05) / (darker + 0.05)


def painted(screen: Screen[Any]) -> Iterator[tuple[str, Color, Color]]:
    """Each piece of text that widgets of the screen paint, its colour, and what it stands on."""
    for widget in screen.walk_children(Widget):
        if widget.children or not widget.region.area:
            continue
        for strip in widget.render_lines(Region(0, 0, *widget.size)):
            for text, style, _ in strip:
                if style and style.color and style.bgcolor and re.search(r"\w", text):
                    colours = (Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
                    yield text.strip(), *colours


def assert_legible(screen: Screen[Any]) -> set[str]:
    """Fails where a piece of text does not stand out; returns all that are painted."""
    seen = list(painted(screen))
    for text, colour, ground in seen:
        assert contrast(colour, ground) >= LEAST, f"{text!r} in {screen}"
    return {text for text, _, _ in seen}


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_what_is_painted_stands_out_on_every_screen(theme: Literal["dark", "light"]) -> None:
    async def act(stage: Stage) -> None:
        await stage.tell(Standing(INDEX))
        await stage.ask("How large was it?")
        await stage.until_shown("likely")
        seen: set[str] = set()
        for key in ("f1", "f4", "f6", "f7", "f9", "ctrl+f", "ctrl+p"):
            await stage.pilot.press(key)
            await stage.until(lambda: stage.app.screen is not stage.chat)
            await stage.pilot.pause()
            seen |= assert_legible(stage.app.screen)
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.chat)
        for key in ("ctrl+up", "f3", "r"):
            await stage.pilot.press(key)
            await stage.pilot.pause()
            seen |= assert_legible(stage.app.screen)
        # Pieces of some of them: the first letter of a placeholder stands under the cursor.
        assert {"Robert Lighthizer", "First of all", "ilter by title, outlet, date or name"} <= seen

    # A cursor that blinks is not always there to be seen.
    opening = Opening("/articles", theme=theme, reduced_motion=True)
    on_stage(act, Script(answer=full_answer()), opening=opening)
