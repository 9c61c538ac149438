"""`parley chat`: what the terminal UI is opened with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui.app import ParleyApp
from tui.ports import Opening


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Opening]:
    """What apps were opened with; none is run."""
    opened: list[Opening] = []
    monkeypatch.setattr("assistant.commands.chat._require_terminal", lambda: None)
    monkeypatch.setattr(ParleyApp, "run", lambda app: opened.append(app.opening))
    return opened


def test_people_can_be_told_where_sessions_are_kept(
    parley: Callable[..., Any], openings: list[Opening], seeds: Path, tmp_path: Path
) -> None:
    states = tmp_path / "states"
    parley("chat", "--corpus", str(seeds), "--state", str(states))
    folder = openings[0].sessions_folder
    assert folder is not None
    assert Path(folder).is_relative_to(states)
    assert not states.exists()


def test_and_that_they_are_not_where_nothing_can_be_written(
    parley: Callable[..., Any], openings: list[Opening], seeds: Path, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "states"
    in_the_way.write_text("a file")
    parley("chat", "--corpus", str(seeds), "--state", str(in_the_way / "below"))
    assert openings[0].sessions_folder is None
