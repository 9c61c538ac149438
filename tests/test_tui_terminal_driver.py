"""How the app leaves the terminal when it is stopped: at once while a pager has it, else between two steps."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal import TerminalDriver


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """A driver listens to signals; afterwards they do again what they did."""
    numbers = (signal.SIGTSTP, signal.SIGCONT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A driver asks for input and output of the process, which whoever runs the tests may have closed."""
    with (tmp_path / "terminal").open("w+") as file:
        monkeypatch.setattr("sys.__stdin__", file)
        monkeypatch.setattr("sys.__stderr__", file)
        yield


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Textual's driver was told to do, which is not done."""
    told: list[str] = []

    def note(what: str) -> Callable[..., None]:
        return lambda *_: told.append(what)

    monkeypatch.setattr(LinuxDriver, "_sigtstp_application", note("stop"))
    monkeypatch.setattr(LinuxDriver, "_sigcont_application", note("go on"))
    monkeypatch.setattr(LinuxDriver, "suspend_application_mode", note("leave"))
    monkeypatch.setattr(App, "refresh", lambda *_, layout=False, **_more: told.extend(["paint"] * layout))
    return told


def with_driver(act: Callable[[TerminalDriver], None], done: list[str]) -> list[str]:
    """What was done by the end of a step of the app in which this happens, and then until the end of the next."""

    async def run() -> list[str]:
        app: App[Any] = App()
        act(TerminalDriver(app))
        amid = list(done)
        await asyncio.sleep(0)
        return ["amid", *amid, "after", *done[len(amid) :]]

    return asyncio.run(run())


def test_a_stop_waits_for_the_end_of_what_is_being_written(done: list[str]) -> None:
    assert with_driver(lambda _: signal.raise_signal(signal.SIGTSTP), done) == ["amid", "after", "stop"]


def test_while_a_pager_has_the_terminal_no_step_of_the_app_is_waited_for(done: list[str]) -> None:
    def stop(driver: TerminalDriver) -> None:
        with driver.no_automatic_restart():
            signal.raise_signal(signal.SIGTSTP)

    assert with_driver(stop, done) == ["amid", "stop", "after"]


def test_what_was_stopped_without_being_asked_leaves_the_terminal_before_it_takes_it_up(done: list[str]) -> None:
    taken_up = ["leave", "go on", "paint"]
    assert with_driver(lambda _: signal.raise_signal(signal.SIGCONT), done) == ["amid", "after", *taken_up]


def test_a_stop_of_the_pager_is_over_without_a_step_of_the_app(done: list[str]) -> None:
    def go_on(driver: TerminalDriver) -> None:
        with driver.no_automatic_restart():
            signal.raise_signal(signal.SIGCONT)

    assert with_driver(go_on, done) == ["amid", "after"]
