"""A store to keep sessions in, one that stands there, and what was asked in it."""

from pathlib import Path

import pytest

from assistant.sessions.session import Session
from kept_sessions import Kept, answered


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A store of sessions that has a folder of its own."""
    return Kept(tmp_path)


def questions(session: Session) -> list[str]:
    return [turn.answer.question for turn in session.turns]


def with_turns(kept: Kept, *asked: str) -> Session:
    """The session `talks`, with these questions in it."""
    session = kept.store.create("talks")
    for question in asked:
        assert session.append(answered(question))
    return session
