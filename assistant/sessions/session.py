"""A conversation that is kept: its turns, what a question takes from them, and the file behind it.

What cannot be written stays in memory and goes into the file with the next turn that can: a full disk or a
file that somebody removed costs a warning, never an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.conversation import Turn
from assistant.errors import ConfigurationError, SessionFileError
from assistant.sessions.folder import SessionFolder
from assistant.sessions.naming import clean_name, name_from, unused
from assistant.sessions.record import LONGEST_LINE, Header, KeptTurn, Renamed, to_line
from assistant.sessions.session_file import Reading
from assistant.sessions.summary import Summary
from index.errors import IndexingError

if TYPE_CHECKING:
    from assistant.answering.verification import ReadArticle

HISTORY_TURNS = 20
"""A question takes nothing from what was asked longer ago."""

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class Session:
    """One conversation; not for several threads at once. Other processes may add to it at any time."""

    def __init__(self, folder: SessionFolder, header: Header, clock: Clock = now) -> None:
        """A new one, made with its first turn; an empty name is then taken from that."""
        self._folder = folder
        self._header = header
        self._name = header.name
        self._file = folder.file(header.id)
        self._clock = clock
        self._is_made = False
        self._is_lost = False
        """Whether it was made, and its file is gone since."""
        self._kept: list[KeptTurn] = []
        self._waiting: list[KeptTurn] = []
        """Turns that are not in the file yet."""
        self._told = ""

    @classmethod
    def opened(cls, folder: SessionFolder, identity: str, clock: Clock = now) -> Session:
        """The session with this id, as its file holds it.

        Raises:
            SessionFileError: it is gone, cannot be read, or is no session of this version.
        """
        file = folder.file(identity)
        reading = file.read_on()
        if reading is None:
            raise SessionFileError(f"{file.path} is gone", "see what is there with: parley sessions")
        session = cls(folder, reading.header, clock)
        session._file, session._is_made = file, True
        session._take(reading)
        return session

    @property
    def id(self) -> str:
        """What it is known by as long as it lives; also the name of its file."""
        return self._header.id

    @property
    def name(self) -> str:
        """What people call it, to be sanitised where it is shown; empty until the first turn of an unnamed one."""
        return self._name

    @property
    def created(self) -> datetime:
        """When it began, in UTC."""
        return self._header.created

    @property
    def corpus(self) -> str:
        """Path of the folder of articles when it began."""
        return self._header.corpus

    @property
    def turns(self) -> tuple[KeptTurn, ...]:
        """All turns that are known, oldest first: those in the file as it was last read, then our own."""
        return (*self._kept, *self._waiting)

    def summary(self) -> Summary:
        """The session as a list shows it."""
        last = self.turns[-1] if self.turns else None
        return Summary(
            id=self.id,
            name=self.name,
            created=self.created,
            used=last.at if last else self.created,
            turns=len(self.turns),
            question=last.answer.question if last else None,
        )

    def history(self, articles: ReadArticle | None = None, most: int = HISTORY_TURNS) -> tuple[Turn, ...]:
        """The last turns, oldest first, as `Assistant.stream` takes them.

        With `articles` their citations are those that still stand, where they stand now.
        """
        turns = tuple(Turn.of(turn.answer) for turn in self.turns[-most:])
        if articles is None:
            return turns
        from assistant.sessions.standing import still_standing  # with what looks quotes up, 20 ms

        return tuple(still_standing(turn, articles) for turn in turns)

    def refresh(self) -> tuple[KeptTurn, ...]:
        """Read what other processes added; returns their turns.

        A file that is gone or cannot be read any more is warned of; what is in memory stays.
        """
        try:
            return self._read_on()
        except SessionFileError as error:
            self._tell(f"{error}; what was asked here before stays known")
            return ()

    def append(self, answer: Answer) -> bool:
        """Keep an answer; True once it is on the disk.

        Otherwise why not was warned of, and it is written with the next one that can be.
        """
        turn = KeptTurn(self._clock(), answer)
        if len(to_line(turn)) > LONGEST_LINE:
            self._tell(f"an answer of more than {LONGEST_LINE} bytes is not kept in the session {self.name!r}")
            return False
        self._waiting.append(turn)
        try:
            with self._folder.changing():
                self._write_waiting()
        except IndexingError as error:
            self._tell(f"nothing is kept in the session {self.name or self.id!r}: {error}")
            return False
        self._told = ""
        return True

    def rename(self, name: str) -> None:
        """Call it something else.

        Raises:
            ConfigurationError: there is nothing in the name, or another session has it.
            IndexingError: it cannot be written.
        """
        name = clean_name(name)
        if name == self._name:
            return
        with self._folder.changing():
            if name in self._others():
                raise ConfigurationError(f"there is a session {name!r} already", "choose another name")
            self._read_on()
            if self._is_made:
                self._file.append([Renamed(self._clock(), name)])
        self._name = name

    def _read_on(self) -> tuple[KeptTurn, ...]:
        reading = self._file.read_on() if self._is_made else None
        if reading:
            return self._take(reading)
        if self._is_made:
            self._lose()
        return ()

    def _others(self) -> set[str]:
        listed = self._folder.listing()
        return {summary.name for summary in listed.summaries if summary.id != self.id}

    def _write_waiting(self) -> None:
        """Write what waits, under the lock, after what others added: so turns are in the order of the file."""
        self._read_on()
        records: list[Header | KeptTurn | Renamed] = list(self._waiting)
        if not self._is_made and not self._join():
            self._name = unused(self._name or name_from(self._waiting[0].answer.question), self._others())
            self._header = Header(self.id, self._name, self.created, self.corpus)
            records.insert(0, self._header)
        self._file.append(records)
        self._is_made, self._is_lost = True, False
        self._kept += self._waiting
        self._waiting = []

    def _join(self) -> bool:
        """Go on in the session of our name that another process has made since we looked."""
        if self._is_lost or not self._name:
            return False
        same = [summary.id for summary in self._folder.listing().summaries if summary.name == self._name]
        if not same:
            return False
        file = self._folder.file(same[0])
        reading = file.read_on()
        if reading is None:
            return False
        self._file = file
        self._take(reading)
        return True

    def _take(self, reading: Reading) -> tuple[KeptTurn, ...]:
        if reading.anew:
            self._header = reading.header
            self._name = self._header.name
            self._kept = []
        for record in reading.records:
            if isinstance(record, Renamed):
                self._name = record.name
        turns = tuple(record for record in reading.records if isinstance(record, KeptTurn))
        self._kept += turns
        return turns

    def _lose(self) -> None:
        if not self._is_lost:
            self._tell(
                f"{self._file.path} is gone; the next question makes it again, "
                f"with the {len(self.turns)} that are known here"
            )
        self._waiting = [*self._kept, *self._waiting]
        self._kept = []
        self._is_made, self._is_lost = False, True

    def _tell(self, message: str) -> None:
        """Warn, but not of the same again and again."""
        if message != self._told:
            self._told = message
            self._folder.warn(message)
