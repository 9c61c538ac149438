"""One failing handler takes neither its widget nor the app with it, whichever widget that is."""

import inspect
import pkgutil
from importlib import import_module

import pytest
from textual import events
from textual.widget import Widget

import tui.screens
import tui.widgets
from tui.surviving import Surviving
from tui.widgets.remark import RemarkLine
from tui_stage import Stage, on_stage


def widgets() -> list[type[Widget]]:
    """All that the terminal UI defines, screens among them."""
    names = [
        module.name
        for package in (tui.screens, tui.widgets)
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    ]
    return [
        kind
        for name in names
        for _, kind in inspect.getmembers(import_module(name), inspect.isclass)
        if kind.__module__ == name and issubclass(kind, Widget)
    ]


@pytest.mark.parametrize("kind", widgets(), ids=lambda kind: kind.__name__)
def test_each_widget_survives(kind: type[Widget]) -> None:
    assert issubclass(kind, Surviving)


def test_a_widget_whose_handler_failed_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = iter([True])
    click = RemarkLine.on_click

    def once(line: RemarkLine) -> None:
        if next(failing, False):
            raise ValueError("once")
        click(line)

    monkeypatch.setattr(RemarkLine, "on_click", once)

    async def act(stage: Stage) -> None:
        stage.chat.remark("something")
        line = stage.chat.query_one(RemarkLine)
        pressed = events.Click(line, 0, 0, 0, 0, 1, shift=False, meta=False, ctrl=False)
        line.post_message(pressed)
        await stage.until_shown("ValueError: once")
        await stage.pilot.press("escape")
        line.post_message(pressed)
        await stage.until(lambda: not line.display)

    on_stage(act, bugs=1)
