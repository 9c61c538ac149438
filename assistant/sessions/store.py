"""All sessions of one corpus: listed, opened, made, renamed, deleted, brought back, searched; prints nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import ConfigurationError, SessionFileError
from assistant.sessions.folder import SUFFIX, Listing, SessionFolder
from assistant.sessions.naming import clean_name, composed, exactly, meant, unused
from assistant.sessions.record import Header
from assistant.sessions.search import Hit, search
from assistant.sessions.session import Clock, Session, now
from assistant.sessions.session_file import Warn
from assistant.sessions.summary import Summary
from index.state import StateFolder

KEPT_DELETED_S = 30 * 24 * 3600
"""Seconds for which a deleted session can be brought back."""
DELETED_NAMED = 3
"""Deleted sessions that are named to somebody who asks for one that is none of them."""


class SessionStore:
    """The sessions about one folder of articles.

    Names are matched exactly or by their only beginning, and never become paths. Methods that take a name take
    an id as well. What people should know but nobody needs to act on goes to `warn`, line by line; a text from a
    file in it is not sanitised yet.
    """

    def __init__(self, folder: Path, corpus: Path, warn: Warn, clock: Clock = now) -> None:
        """Keeps sessions in `folder`, which need not be there before the first turn."""
        self._folder = SessionFolder(folder, warn)
        self._corpus = corpus
        self._clock = clock

    @classmethod
    def of(cls, corpus: Path, states: Path, warn: Warn) -> SessionStore:
        """The sessions of a corpus, which keeps its state below `states`."""
        return cls(StateFolder.of(corpus, states).sessions, Path(os.path.realpath(corpus)), warn)

    def list(self) -> tuple[Summary, ...]:
        """All sessions, last used first; a file that is none of this version is warned of.

        Raises:
            SessionFileError: the folder cannot be read.
        """
        return self._listing(self._folder.listing).summaries

    def open(self, name: str) -> Session:
        """The session that is meant by a name or its beginning.

        Raises:
            ConfigurationError: there is none, or more than one.
            SessionFileError: it cannot be read, or is of another version.
        """
        return Session.opened(self._folder, self._meant(name).id, self._clock)

    def create(self, name: str | None = None) -> Session:
        """A new session, made on the disk with its first turn; without a name it is called by its first question.

        Where another process makes one of this name before that, both go on in that one.

        Raises:
            ConfigurationError: there is nothing in the name, or a session has it.
            SessionFileError: the folder cannot be read.
        """
        cleaned = clean_name(name) if name is not None else ""
        if cleaned and self._exactly(cleaned):
            raise ConfigurationError(f"there is a session {cleaned!r} already", "choose another name, or open it")
        return self._new(cleaned)

    def open_or_create(self, name: str) -> Session:
        """The session of just this name or id, or a new one of this name.

        Raises:
            ConfigurationError: there is nothing in the name, or several sessions have it.
            SessionFileError: the session or the folder cannot be read.
        """
        cleaned = clean_name(name)
        found = self._exactly(cleaned)
        return Session.opened(self._folder, found.id, self._clock) if found else self._new(cleaned)

    def latest(self) -> Session | None:
        """The session that was last asked in, if there is any.

        Raises:
            SessionFileError: the folder cannot be read.
        """
        summaries = self.list()
        return Session.opened(self._folder, summaries[0].id, self._clock) if summaries else None

    def rename(self, name: str, new: str) -> Summary:
        """Call a session something else; raises as `open` and `Session.rename` do."""
        session = self.open(name)
        session.rename(new)
        return self._meant(session.id)

    def delete(self, name: str) -> Summary:
        """Take a session away; `restore` brings it back within thirty days, by the id of what this returns.

        Raises:
            ConfigurationError: there is none of this name, or more than one.
            SessionFileError: it cannot be moved, or is of another version.
            IndexingError: the lock cannot be had.
        """
        found = self._meant(name)
        with self._folder.changing():
            self._throw_away()
            path = self._folder.path / f"{found.id}{SUFFIX}"
            with _moving(f"the session {found.name!r} cannot be deleted"):
                self._folder.deleted.mkdir(exist_ok=True)
                os.utime(path)  # the thirty days begin now
                path.rename(self._folder.deleted / path.name)
        return found

    def restore(self, name: str) -> Summary:
        """Bring back a deleted session; one whose name is taken by now gets a number behind it.

        Raises:
            ConfigurationError: none of this name was deleted, or several were.
            SessionFileError: it cannot be moved.
            IndexingError: the lock cannot be had.
        """
        listing = self._listing(lambda: self._folder.listing(self._folder.deleted))
        found = meant(name, listing.summaries, "deleted session", _to_bring_back(listing.summaries))
        taken = {summary.name for summary in self._folder.listing().summaries}
        with self._folder.changing():
            path = self._folder.deleted / f"{found.id}{SUFFIX}"
            target = self._folder.path / path.name
            if target.exists():
                raise ConfigurationError(f"the session {found.name!r} is there again", "nothing need be restored")
            with _moving(f"the session {found.name!r} cannot be restored"):
                path.rename(target)
        if found.name in taken:
            self.rename(found.id, unused(found.name, taken))
        return self._meant(found.id)

    def search(self, words: str) -> tuple[Hit, ...]:
        """The turns that hold every one of these words, last used session first.

        Raises:
            ConfigurationError: there is no word.
            SessionFileError: the folder cannot be read.
        """
        return search(self._folder, self.list(), words)

    def _new(self, name: str) -> Session:
        created = self._clock()
        identity = f"{created:%Y%m%d}-{os.urandom(4).hex()}"
        return Session(self._folder, Header(identity, name, created, str(self._corpus)), self._clock)

    def _exactly(self, name: str) -> Summary | None:
        listing = self._folder.listing()
        refusal = listing.refusal_of(name)
        if refusal:
            raise refusal
        return exactly(name, listing.summaries)

    def _meant(self, name: str) -> Summary:
        listing = self._folder.listing()
        refusal = listing.refusal_of(composed(name))
        if refusal:
            raise refusal
        return meant(name, listing.summaries)

    def _listing(self, look: Callable[[], Listing]) -> Listing:
        listing = look()
        for _, error in listing.refused:
            self._folder.warn(str(error))
        return listing

    def _throw_away(self) -> None:
        """Remove for good what was deleted long ago."""
        for path in self._folder.deleted.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > KEPT_DELETED_S:
                    path.unlink()


def _to_bring_back(summaries: Sequence[Summary]) -> str:
    if not summaries:
        return "none was deleted within the last thirty days"
    more = f" and {len(summaries) - DELETED_NAMED} more" if len(summaries) > DELETED_NAMED else ""
    return f"deleted were {', '.join(repr(summary.name) for summary in summaries[:DELETED_NAMED])}{more}"


@contextmanager
def _moving(failed: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SessionFileError(f"{failed}: {error.strerror}", "see to the rights of its file") from error
