"""Two articles that are asked about in sessions from the command line, and what those keep."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assistant.conversation import Turn
from assistant.sessions.store import SessionStore
from kept_sessions import ARTICLES

BURNED = "What burned down in May?"
MUSHROOMS = "Which mushrooms grow under a birch tree in autumn?"


@pytest.fixture
def articles(folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Two articles, and a place for their state."""
    monkeypatch.setenv("PARLEY_STATE", str(tmp_path / "states"))
    return folder(ARTICLES)


def store(articles: Path) -> SessionStore:
    """The sessions about these articles."""
    return SessionStore.of(articles, Path(os.environ["PARLEY_STATE"]), print)


def file_of(articles: Path, name: str) -> Path:
    """The file of a session about these articles."""
    states = Path(os.environ["PARLEY_STATE"])
    (path,) = states.glob(f"*/sessions/{store(articles).open(name).id}.jsonl")
    return path


class Remembering:
    """Takes the place of the rules that complete follow-ups: completes nothing, and keeps what it was given."""

    given: list[tuple[str, Sequence[Turn]]]

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        Remembering.given.append((question, tuple(history)))
        return None
