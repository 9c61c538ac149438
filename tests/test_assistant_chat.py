"""`parley chat`, and bare `parley`: what the terminal UI is opened with, and what is refused before it opens."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.commands import chat
from assistant.engine.client import Engine
from assistant.errors import ConfigurationError
from index.view import DateRange
from tui.app import ParleyApp
from tui.ports import Opening

Parley = Callable[..., Any]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Opening]:
    """What apps were opened with, in a terminal that is not there."""
    apps: list[Opening] = []

    def run(app: ParleyApp) -> int | None:
        assert isinstance(app.assistant, Engine)
        apps.append(app.opening)
        return None

    monkeypatch.setattr(ParleyApp, "run", run)
    monkeypatch.setattr(chat, "_require_terminal", lambda: None)
    return apps


def test_bare_parley_opens_the_sample_articles(parley: Parley, opened: list[Opening]) -> None:
    ran = parley()
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    (opening,) = opened
    assert opening.is_sample
    assert (opening.backend, opening.backends, opening.dates) == ("extractive", ("extractive",), None)
    assert (opening.session, opening.resume) == (None, False)


@pytest.mark.parametrize("command", [(), ("chat",)], ids=["parley", "parley chat"])
def test_its_flags_reach_it(
    parley: Parley, opened: list[Opening], folder: Callable[..., Path], command: tuple[str, ...]
) -> None:
    corpus = folder({"a.txt": "The old mill burned down.\n"})
    flags = ("--corpus", str(corpus), "--session", "trade", "--since", "2019-01-31", "--backend", "openai:small")
    assert parley(*command, *flags).code == 0
    (opening,) = opened
    assert (opening.corpus, opening.is_sample, opening.session) == (str(corpus), False, "trade")
    assert opening.dates == DateRange(date(2019, 1, 31), None)
    assert opening.backends == ("openai:small", "extractive")


def test_it_goes_on_in_the_last_session(parley: Parley, opened: list[Opening]) -> None:
    parley("--continue")
    assert opened[0].resume


def test_it_ends_with_the_code_of_the_app(parley: Parley, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_require_terminal", lambda: None)
    monkeypatch.setattr(ParleyApp, "run", lambda app: app.exit(return_code=143))
    assert parley().code == 143


@pytest.mark.parametrize(
    ("flags", "named"),
    [
        (("--nonsense",), "--nonsense"),
        (("--since", "2019-13-01"), "2019-13-01"),
        (("--since", ""), "--since"),
        (("--since", "2019-02-02", "--until", "2019-02-01"), "later than"),
        (("--session", "a", "--continue"), "two sessions"),
        (("--corpus",), "--corpus"),
        (("Who?",), "Who?"),
    ],
)
def test_what_it_cannot_be_opened_with_is_told_before_it_opens(
    parley: Parley, opened: list[Opening], flags: tuple[str, ...], named: str
) -> None:
    ran = parley("chat", *flags)
    assert (ran.code, ran.out, opened) == (2, "", [])
    assert named in ran.err
    assert ran.err.count("\n") == 1


def test_it_has_no_json_and_says_so_in_json(parley: Parley, opened: list[Opening]) -> None:
    ran = parley("--json")
    error = json.loads(ran.out)
    assert (ran.code, ran.err, opened) == (2, "", [])
    assert (error["schema"], error["code"]) == ("parley.error/1", 2)
    assert "--json" in error["error"]


@pytest.mark.parametrize("piped", ["stdin", "stdout", "stderr"])
def test_where_one_stream_is_no_terminal_the_command_that_needs_none_is_named(
    monkeypatch: pytest.MonkeyPatch, piped: str
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda name=name: name != piped, raising=False)
    with pytest.raises(ConfigurationError, match=f"{piped} is none") as told:
        chat._require_terminal()
    assert told.value.hint == chat.ASK_INSTEAD
    assert "parley ask" in chat.ASK_INSTEAD


@pytest.mark.parametrize("term", ["dumb", None])
def test_a_terminal_that_cannot_move_its_cursor_is_refused(
    monkeypatch: pytest.MonkeyPatch, term: str | None
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True, raising=False)
    monkeypatch.delenv("TERM", raising=False)
    if term:
        monkeypatch.setenv("TERM", term)
    with pytest.raises(ConfigurationError, match="move its cursor"):
        chat._require_terminal()


def test_people_can_be_told_where_sessions_are_kept(
    parley: Parley, opened: list[Opening], seeds: Path, tmp_path: Path
) -> None:
    states = tmp_path / "states"
    parley("chat", "--corpus", str(seeds), "--state", str(states))
    folder = opened[0].sessions_folder
    assert folder is not None
    assert Path(folder).is_relative_to(states)
    assert not states.exists()


def test_and_that_they_are_not_where_nothing_can_be_written(
    parley: Parley, opened: list[Opening], seeds: Path, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "states"
    in_the_way.write_text("a file")
    parley("chat", "--corpus", str(seeds), "--state", str(in_the_way / "below"))
    assert opened[0].sessions_folder is None
