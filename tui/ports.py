"""What the terminal UI needs of the rest of Parley; it asks for nothing else."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.answer import Answer
    from assistant.conversation import Turn
    from assistant.engine.notices import ArticleSummary, ArticleText, Indexing, Notice, Remark
    from assistant.events import Event
    from assistant.sessions.search import Hit
    from assistant.sessions.session import Session
    from assistant.sessions.summary import Summary
    from index.view import DateRange

Export = Literal["markdown", "html", "json"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the terminal UI is opened with."""

    corpus: str
    """The folder of articles, as people named it; not sanitised."""
    is_sample: bool = False
    """Whether nobody named a folder, so that the sample articles are read."""
    backend: str = "extractive"
    """Who words the answers, as `--backend` names it."""
    backends: tuple[str, ...] = ("extractive",)
    """Those that can be switched to, the one it opens with among them."""
    dates: DateRange | None = None
    session: str | None = None
    """The session to go on in, by name; a new one is made of that name where there is none."""
    resume: bool = False
    """Go on in the session that was last used, if there is one."""
    theme: Literal["dark", "light"] = "dark"
    reduced_motion: bool = False
    sessions_folder: str | None = None
    """Where sessions are kept, for people to know."""


class AssistantPort(Protocol):
    """Answers questions where that neither stalls nor ends the terminal, as `assistant.engine.client.Engine` does.

    Where a question, an article or the index fails it raises ConfigurationError, IndexingError, BackendError,
    EngineLost or EngineFault.
    """

    async def start(self) -> None:
        """Begin to load, and to look after the index; returns at once."""

    def notices(self) -> AsyncIterator[Notice]:
        """What happens apart from questions, until it is closed; for one listener."""

    def ask(
        self,
        question: str,
        dates: DateRange | None = None,
        history: Sequence[Turn] = (),
        backend: str | None = None,
    ) -> AsyncGenerator[Event | Remark | Indexing, None]:
        """The events of a question, `Answered` last; one question at a time.

        `backend` names who words the answer, as `--backend` does; the one that was opened with, if None. Where it
        was cancelled before anything could be kept, the events end without `Answered`.
        """

    def cancel(self) -> None:
        """End the question that is being answered; what a model wrote until now is checked and kept."""

    async def articles(self) -> tuple[ArticleSummary, ...]:
        """All articles of the index, by path."""

    async def article(self, path: str) -> ArticleText:
        """One article, as its file holds it now."""

    async def starters(self) -> tuple[str, ...]:
        """A few questions that these articles answer, made from them."""

    async def reindex(self, *, rebuild: bool = False) -> None:
        """Compare folder and index now, or build it anew; what comes of it is told by notices."""

    async def aclose(self) -> None:
        """End it, and the processes it started."""


class SessionsPort(Protocol):
    """The saved conversations about these articles, none of which is read on the loop of the terminal.

    Methods raise as `assistant.sessions.store.SessionStore` does; a session is known by its id.
    """

    warn: Callable[[str], None]
    """Told what people should know of their sessions; not sanitised. Set by who shows it."""

    async def list(self) -> tuple[Summary, ...]:
        """All sessions, last used first."""

    async def open(self, name: str) -> Session:
        """The session of this name or id, read whole."""

    async def open_or_begin(self, name: str) -> Session:
        """The session of just this name, or a new one."""

    async def begin(self) -> Session:
        """A new one, which is made on the disk with its first answer and called by its question."""

    async def latest(self) -> Session | None:
        """The one that was last asked in."""

    async def history(self, session: Session) -> tuple[Turn, ...]:
        """What the next question takes from it, with what other processes added meanwhile."""

    async def keep(self, session: Session, answer: Answer) -> bool:
        """Keep an answer; False where it could not be written, which a warning told."""

    async def rename(self, identity: str, name: str) -> Summary:
        """Call a session something else."""

    async def delete(self, identity: str) -> Summary:
        """Take a session away; `restore` undoes it."""

    async def restore(self, identity: str) -> Summary:
        """Bring a deleted session back."""

    async def search(self, words: str) -> tuple[Hit, ...]:
        """The turns of all sessions that hold each of the words."""

    async def export(self, session: Session, kind: Export, target: Path) -> Path:
        """Write a session to a new file in or at `target`; returns where it is."""

    async def aclose(self) -> None:
        """Wait until all is written that is to be."""
