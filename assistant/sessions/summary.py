"""What a list of sessions shows of each, found without reading the turns in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.errors import SessionFileError
from assistant.sessions.record import TURN, Damaged, Header, KeptTurn, Later, Renamed, read_header, read_record
from assistant.sessions.session_file import LaterVersionError, lines_of


@dataclass(frozen=True, slots=True)
class Summary:
    """A session as a list shows it."""

    id: str
    name: str
    """As people wrote it: to be sanitised where it is shown."""
    created: datetime
    used: datetime
    """When the last answer came; when it began, where none has."""
    turns: int
    question: str | None
    """The last one that was asked."""

    def to_json(self) -> dict[str, Any]:
        """The summary as `parley sessions --json` prints it."""
        return {
            "id": self.id,
            "name": self.name,
            "created": self.created.isoformat(),
            "used": self.used.isoformat(),
            "turns": self.turns,
            "question": self.question,
        }


def summarise(path: Path) -> Summary:
    """The summary of a file. Turns are counted by how their lines begin and end; only the last one is read.

    Raises:
        LaterVersionError: it is of another version.
        SessionFileError: it is no session, or cannot be read.
    """
    try:
        header, names, turns = _scan(path)
    except OSError as error:
        raise SessionFileError(f"{path} cannot be read: {error.strerror}", "see to its rights") from error
    last = next((record for line in reversed(turns) if isinstance(record := read_record(line), KeptTurn)), None)
    if header is None:
        if last is None:
            raise SessionFileError(f"{path} is no session", "move it elsewhere, or mend its first line")
        header = Header(path.stem, path.stem, last.at, "")
    return Summary(
        id=path.stem,
        name=names[-1] if names else header.name,
        created=header.created,
        used=last.at if last else header.created,
        turns=len(turns),
        question=last.answer.question if last else None,
    )


def _scan(path: Path) -> tuple[Header | None, list[str], list[bytes]]:
    """The header if it can be read, later names, and the lines that look like turns."""
    header, names, turns = None, [], []
    with path.open("rb") as file:
        for number, line in enumerate(lines_of(file), 1):
            if number == 1:
                found = read_header(line.content)
                if isinstance(found, Later):
                    raise LaterVersionError(path, found)
                header = None if isinstance(found, Damaged) else found
            elif line.content.startswith(TURN):
                if line.content.endswith(b"}}"):  # half a line does not
                    turns.append(line.content)
            elif isinstance(record := read_record(line.content), Renamed):
                names.append(record.name)
    return header, names, turns
