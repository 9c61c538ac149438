import asyncio
import threading
import webbrowser
from collections.abc import Callable

import pytest
from textual.app import App

from reader_desk import HOSTILE, rows
from screen_desk import until
from tui.addresses import read_target
from tui.messages import Copy
from tui.screens.link import LinkConfirmation, open_in_browser


@pytest.mark.parametrize(
    ("address", "host", "opened"),
    [
        ("https://example.com/a?b=c#d", "example.com", "https://example.com/a?b=c#d"),
        ("http://Example.COM:8080", "example.com", "http://example.com:8080"),
        ("https://exämple.com/ü", "xn--exmple-cua.com", "https://xn--exmple-cua.com/%C3%BC"),
        ("https://[::1]/a", "::1", "https://[::1]/a"),
        ("https://example.com/a%20b", "example.com", "https://example.com/a%20b"),
    ],
)
def test_a_page_is_opened_at_the_host_that_is_shown(address: str, host: str, opened: str) -> None:
    target = read_target(address)
    assert (target.host, target.opened, target.address) == (host, opened, address)


def test_letters_that_look_like_others_are_pointed_out() -> None:
    assert "аpple.com" in read_target("https://аpple.com").remark  # its first letter is Cyrillic
    assert "аpple.com" in read_target("https://xn--pple-43d.com").remark
    assert read_target("https://apple.com").remark == ""


def test_a_name_that_looks_like_a_host_is_not_taken_for_it() -> None:
    target = read_target("https://bank.example@evil.example/")
    assert (target.host, target.opened) == ("evil.example", "")
    assert "before the @" in target.remark


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a b", "https://a\\@b", "https://a:x/",
     "https://a\x1b]52;c;x", "https://a/\u202e", "https://..", "https://[::1", f"https://{HOSTILE}"],
)  # fmt: skip
def test_nothing_else_is_opened(address: str) -> None:
    target = read_target(address)
    assert target.opened == ""
    assert target.remark.startswith("Not opened: ")
    assert not set("\x1b\u202e") & set(target.address)


class AskingApp(App[None]):
    """Asks whether a link is to be opened, and keeps what came of it."""

    def __init__(self, address: str, open_address: Callable[[str], bool]) -> None:
        super().__init__()
        self.question = LinkConfirmation(address, open_address)
        self.answers: list[bool | None] = []
        self.copied: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(self.question, self.answers.append)

    def on_copy(self, message: Copy) -> None:
        self.copied.append(message.text)


def asked(address: str, *keys: str, opens: bool = True) -> tuple[AskingApp, list[tuple[str, bool]], str]:
    """The app after these keys, what was opened and whether that was apart from the loop, and what it showed."""
    opened: list[tuple[str, bool]] = []

    def open_address(address: str) -> bool:
        opened.append((address, threading.current_thread() is not threading.main_thread()))
        return opens

    app = AskingApp(address, open_address)

    async def journey() -> str:
        async with app.run_test() as pilot:
            await until(pilot, lambda: app.screen is app.question)
            await pilot.press(*keys)
            await until(pilot, lambda: app.answers or not keys or not app.question.workers)
            await pilot.pause()
            if app.answers:
                return ""
            return "\n".join(row for static in app.question.query("Static") for row in rows(static))

    return app, opened, asyncio.run(journey())


def test_the_target_is_shown_in_full_with_the_host_on_a_line_of_its_own() -> None:
    _, opened, screen = asked("https://www.example.com/a/b?c")
    assert opened == []
    assert {"www.example.com", "https://www.example.com/a/b?c"} <= set(screen.splitlines())


def test_it_is_opened_on_confirmation_apart_from_the_loop() -> None:
    app, opened, _ = asked("https://example.com/", "tab", "enter")
    assert opened == [("https://example.com/", True)]
    assert app.answers == [True]
    assert asked("https://example.com/", "o")[1] == [("https://example.com/", True)]


@pytest.mark.parametrize("key", ["escape", "enter", "n"])
def test_it_is_not_opened_otherwise(key: str) -> None:
    app, opened, _ = asked("https://example.com/", key)
    assert (opened, app.answers) == ([], [False])


def test_a_link_that_pretends_cannot_be_opened_but_is_shown_and_copied() -> None:
    app, opened, _ = asked("https://bank.example@evil.example/", "o", "y")
    assert (opened, app.answers, app.copied) == ([], [False], ["https://bank.example@evil.example/"])
    assert "evil.example" in asked("https://bank.example@evil.example/")[2].splitlines()


def test_a_hostile_link_is_shown_harmless() -> None:
    screen = asked(f"https://a/{HOSTILE}")[2]
    assert "https://a/[@click=app.quit]x[/] [/b] ␛[31m" in screen
    assert "\x1b" not in screen


def test_where_no_browser_opens_that_is_said() -> None:
    app, _, screen = asked("https://example.com/", "o", opens=False)
    assert app.answers == []
    assert "No browser could be opened" in screen


def test_a_browser_that_would_take_over_the_terminal_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser.GenericBrowser, "open", lambda _, address: opened.append(address))
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("lynx"))
    assert not open_in_browser("https://example.com/")
    assert opened == []


def test_without_a_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_browser() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("none")

    monkeypatch.setattr(webbrowser, "get", no_browser)
    assert not open_in_browser("https://example.com/")
