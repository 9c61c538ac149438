"""The saved conversations, read and written in one thread of their own so that the loop never waits for a disk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answer import Answer
    from assistant.conversation import Turn
    from assistant.sessions.search import Hit
    from assistant.sessions.session import Session
    from assistant.sessions.store import SessionStore
    from assistant.sessions.summary import Summary
    from tui.ports import Export

T = TypeVar("T")

_LONGEST_STEM = 50
"""Characters of a session's name that name its file; a file system may allow no more than 255 bytes."""


class SessionDesk:
    """The sessions of one corpus, as `tui.ports.SessionsPort` asks for them; raises as `SessionStore` does.

    A session belongs to the desk's thread while something that was asked for is under way; in between its
    turns and its name may be read anywhere.
    """

    def __init__(self, corpus: Path, states: Path) -> None:
        """Nothing is read or imported before something is asked for."""
        self.warn: Callable[[str], None] = _pass_over
        """Is told on the loop, line by line, what people should know; a text from a file is not sanitised."""
        self._corpus = corpus
        self._states = states
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sessions")
        self._is_closed = False
        self._store: SessionStore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def list(self) -> tuple[Summary, ...]:
        """All sessions, last used first."""
        return await self._look(lambda: self._opened().list())

    async def open(self, name: str) -> Session:
        """The session of this name or id, read whole."""
        return await self._look(lambda: self._opened().open(name))

    async def open_or_begin(self, name: str) -> Session:
        """The session of just this name, or a new one."""
        return await self._look(lambda: self._opened().open_or_create(name))

    async def begin(self) -> Session:
        """A new one, which is made on the disk with its first answer and called by its question."""
        return await self._look(lambda: self._opened().create())

    async def latest(self) -> Session | None:
        """The one that was last asked in."""
        return await self._look(lambda: self._opened().latest())

    async def history(self, session: Session) -> tuple[Turn, ...]:
        """What the next question takes from it, with what other processes added meanwhile."""
        return await self._look(partial(_history, session, self._corpus))

    async def keep(self, session: Session, answer: Answer) -> bool:
        """Keep an answer; False where it could not be written, which a warning told."""
        return await self._change(lambda: session.append(answer))

    async def rename(self, identity: str, name: str) -> Summary:
        """Call a session something else."""
        return await self._change(lambda: self._opened().rename(identity, name))

    async def delete(self, identity: str) -> Summary:
        """Take a session away; `restore` undoes it."""
        return await self._change(lambda: self._opened().delete(identity))

    async def restore(self, identity: str) -> Summary:
        """Bring a deleted session back."""
        return await self._change(lambda: self._opened().restore(identity))

    async def search(self, words: str) -> tuple[Hit, ...]:
        """The turns of all sessions that hold each of the words."""
        return await self._look(lambda: self._opened().search(words))

    async def export(self, session: Session, kind: Export, target: Path) -> Path:
        """Write a session to a new file in or at `target`; returns where it is.

        Raises:
            ConfigurationError: nothing was asked in it yet.
            SessionFileError: it cannot be written.
        """
        return await self._change(partial(_export, session, kind, target, self._corpus))

    async def aclose(self) -> None:
        """Wait until all is written that is to be, and take nothing on any more; once is enough."""
        if not self._is_closed:
            self._is_closed = True
            await self._change(lambda: None)  # one thread does one thing after another
            self._thread.shutdown(wait=False)

    def _opened(self) -> SessionStore:
        if self._store is None:
            from assistant.sessions.store import SessionStore  # 50 ms, which the first paint does not wait for

            self._store = SessionStore.of(self._corpus, self._states, self._tell)
        return self._store

    async def _look(self, read: Callable[[], T]) -> T:
        """What is read; given up where nobody waits for it any more and it has not begun."""
        return await self._begun(read)

    async def _change(self, write: Callable[[], T]) -> T:
        """What comes of a change, which is done even where nobody waits for it any more."""
        return await asyncio.shield(self._begun(write))

    def _begun(self, work: Callable[[], T]) -> asyncio.Future[T]:
        self._loop = asyncio.get_running_loop()
        return self._loop.run_in_executor(self._thread, work)

    def _tell(self, message: str) -> None:
        """Hand a warning from the thread to the loop."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and nobody is there to be told
                self._loop.call_soon_threadsafe(lambda: self.warn(message))


def _pass_over(message: str) -> None:
    """What happens to warnings until somebody listens."""


def _history(session: Session, corpus: Path) -> tuple[Turn, ...]:
    from assistant.sessions.standing import articles_in  # with what looks quotes up, 20 ms

    session.refresh()
    return session.history(articles_in(corpus))


def _export(session: Session, kind: Export, target: Path, corpus: Path) -> Path:
    from assistant.errors import ConfigurationError
    from assistant.sessions.export import export
    from assistant.sessions.formats import FORMATS, export_text
    from assistant.sessions.naming import unused
    from assistant.sessions.new_file import write_whole
    from assistant.sessions.standing import articles_in

    if not session.turns:
        raise ConfigurationError("there is nothing to export yet", "ask a question first")
    target = target.expanduser()
    if target.is_dir():
        target = target / f"{file_stem(session.name) or session.id}{FORMATS[kind][0]}"
    if target.exists():
        taken = {path.stem for path in target.parent.iterdir() if path.suffix == target.suffix}
        target = target.with_name(unused(target.stem, taken) + target.suffix)
    write_whole(target, export_text(export(session, articles_in(corpus), datetime.now(UTC)), kind))
    return target


def file_stem(name: str) -> str:
    """A name as a file can be called everywhere: letters, digits, and a hyphen for whatever else; may be empty."""
    return re.sub(r"[^\w]+", "-", name)[:_LONGEST_STEM].strip("-_")
