"""A session made ready to leave Parley: every citation in full, and what became of it since; as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from assistant.answer import Answer
from assistant.answering.verification import ReadArticle
from assistant.sessions.kept_answer import answer_to_json
from assistant.sessions.record import KeptTurn
from assistant.sessions.session import Session
from assistant.sessions.standing import Standing, standings

SCHEMA = "parley.session-export/1"


@dataclass(frozen=True, slots=True)
class ExportedTurn:
    """A question, its answer, and how its citations stand."""

    number: int
    """From 1."""
    at: datetime
    """When the answer came, in UTC."""
    answer: Answer
    standings: Mapping[int, Standing]
    """By the number of the citation."""


@dataclass(frozen=True, slots=True)
class Export:
    """All that an export says, whatever its format."""

    id: str
    name: str
    folder: str
    """Name of the folder of articles, without its path: that is nobody's business but its owner's."""
    created: datetime
    exported: datetime
    """When the citations were looked up."""
    turns: Sequence[ExportedTurn]

    def to_json(self) -> dict[str, Any]:
        """The export in the schema that scripts rely on; texts are verbatim."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "name": self.name,
            "folder": self.folder,
            "created": self.created.isoformat(),
            "exported": self.exported.isoformat(),
            "turns": [_turn(turn) for turn in self.turns],
        }


def export(session: Session, articles: ReadArticle, exported: datetime) -> Export:
    """Look up each citation of a session in the articles as they are now."""
    return Export(
        id=session.id,
        name=session.name,
        folder=PurePath(session.corpus).name,
        created=session.created,
        exported=exported,
        turns=[_looked_up(number, turn, articles) for number, turn in enumerate(session.turns, 1)],
    )


def _looked_up(number: int, turn: KeptTurn, articles: ReadArticle) -> ExportedTurn:
    return ExportedTurn(number, turn.at, turn.answer, standings(turn.answer, articles))


def _turn(turn: ExportedTurn) -> dict[str, Any]:
    stated = answer_to_json(turn.answer)
    cited = [
        {**citation, "standing": turn.standings[citation["id"]].to_json()} for citation in stated["citations"]
    ]
    return {"number": turn.number, "at": turn.at.isoformat(), "answer": {**stated, "citations": cited}}
