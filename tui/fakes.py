"""Stand-ins for the assistant and the sessions, for tests, pictures and demonstrations; no article is read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.engine.notices import ArticleSummary, ArticleText, Indexing, Notice, Remark
from assistant.errors import SessionFileError
from assistant.events import Answered

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.conversation import Turn
    from assistant.events import Event
    from assistant.sessions.search import Hit
    from assistant.sessions.session import Session
    from assistant.sessions.summary import Summary
    from index.view import DateRange
    from tui.ports import Export


@dataclass(slots=True)
class Script:
    """What happens when the next question is asked."""

    events: Sequence[Event | Remark | Indexing] = ()
    fails: Exception | None = None
    """Raised after the events."""
    held: bool = False
    """Whether it waits, after its events and before its answer or failure, until it is released or cancelled."""
    answer: Answer | None = None
    partial: Answer | None = None
    """The answer where it is cancelled; None where nothing could be kept."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked."""

    text: str
    dates: DateRange | None
    history: tuple[Turn, ...]
    backend: str | None


@dataclass
class ScriptedAssistant:
    """Plays its scripts, one a question; refuses a question beyond the last."""

    scripts: list[Script] = field(default_factory=list)
    questions: Sequence[str] = ()
    """Those to begin with."""
    texts: dict[str, ArticleText] = field(default_factory=dict)
    """Articles by path."""
    asked: list[Question] = field(default_factory=list)
    """History of what was asked."""
    cancelled: int = 0
    reindexed: list[bool] = field(default_factory=list)
    """Whether each was a rebuild."""
    is_started: bool = False
    is_closed: bool = False

    def __post_init__(self) -> None:
        self._notices: asyncio.Queue[Notice | None] = asyncio.Queue()
        self._released = asyncio.Event()
        self._is_cancelled = False

    async def start(self) -> None:
        """Note that it was started."""
        self.is_started = True

    def tell(self, notice: Notice) -> None:
        """Send a notice to whoever listens."""
        self._notices.put_nowait(notice)

    async def notices(self) -> AsyncIterator[Notice]:
        """What `tell` is given."""
        while (notice := await self._notices.get()) is not None:
            yield notice

    def release(self) -> None:
        """Let the question that is held go on."""
        self._released.set()

    async def ask(
        self,
        question: str,
        dates: DateRange | None = None,
        history: Sequence[Turn] = (),
        backend: str | None = None,
    ) -> AsyncGenerator[Event | Remark | Indexing, None]:
        """Play the next script."""
        self.asked.append(Question(question, dates, tuple(history), backend))
        script = self.scripts[len(self.asked) - 1]
        self._is_cancelled = False
        self._released.clear()
        for event in script.events:
            yield event
            await asyncio.sleep(0)
            if self._is_cancelled:
                break
        if script.held and not self._is_cancelled:
            await self._released.wait()
        if script.fails is not None and not self._is_cancelled:
            raise script.fails
        answer = script.partial if self._is_cancelled else script.answer
        if answer is not None:
            yield Answered(answer)

    def cancel(self) -> None:
        """End the question that is asked."""
        self.cancelled += 1
        self._is_cancelled = True
        self._released.set()

    async def articles(self) -> tuple[ArticleSummary, ...]:
        """All texts, by path."""
        return tuple(
            ArticleSummary(text.source, len(text.text.split()), len(text.text))
            for _, text in sorted(self.texts.items())
        )

    async def article(self, path: str) -> ArticleText:
        """One text; KeyError where there is none of this path."""
        return self.texts[path]

    async def starters(self) -> tuple[str, ...]:
        """The questions to begin with."""
        return tuple(self.questions)

    async def reindex(self, *, rebuild: bool = False) -> None:
        """Note that it was asked for."""
        self.reindexed.append(rebuild)

    async def aclose(self) -> None:
        """End the notices."""
        self.is_closed = True
        self._notices.put_nowait(None)


class SessionsInMemory:
    """Conversations that end with the process; they do not come apart from files, so nothing is exported."""

    def __init__(self, *, keeps: bool = True, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Where `keeps` is False, answers are not kept, as where a disk is full."""
        self.keeps = keeps
        self.warn: Callable[[str], None] = print
        self._has_warned = False
        self._clock = clock
        self.sessions: dict[str, Session] = {}
        """Those with an answer, by id."""
        self._deleted: dict[str, Session] = {}
        self._made = 0

    async def list(self) -> tuple[Summary, ...]:
        """All with an answer, last used first."""
        summaries = [session.summary() for session in self.sessions.values()]
        return tuple(sorted(summaries, key=lambda summary: summary.used, reverse=True))

    async def open(self, name: str) -> Session:
        """The one of this name or id; SessionFileError where there is none."""
        for session in self.sessions.values():
            if name in (session.id, session.name):
                return session
        raise SessionFileError(f"there is no session {name!r}", "see what is there with: parley sessions")

    async def open_or_begin(self, name: str) -> Session:
        """The one of this name, or a new one."""
        found = [session for session in self.sessions.values() if session.name == name]
        return found[0] if found else self._new(name)

    async def begin(self) -> Session:
        """A new one."""
        return self._new("")

    async def latest(self) -> Session | None:
        """The one that was last asked in."""
        summaries = await self.list()
        return self.sessions[summaries[0].id] if summaries else None

    async def history(self, session: Session) -> tuple[Turn, ...]:
        """Its last turns."""
        return session.history()

    async def keep(self, session: Session, answer: Answer) -> bool:
        """Keep an answer, if answers are kept at all."""
        if self.keeps:
            session.append(answer)
            self.sessions[session.id] = session
        elif not self._has_warned:
            self._has_warned = True
            self.warn("nothing is kept in the session: no space is left")
        return self.keeps

    async def rename(self, identity: str, name: str) -> Summary:
        """Call one something else."""
        self.sessions[identity].rename(name)
        return self.sessions[identity].summary()

    async def delete(self, identity: str) -> Summary:
        """Take one away."""
        self._deleted[identity] = self.sessions.pop(identity)
        return self._deleted[identity].summary()

    async def restore(self, identity: str) -> Summary:
        """Bring a deleted one back."""
        self.sessions[identity] = self._deleted.pop(identity)
        return self.sessions[identity].summary()

    async def search(self, words: str) -> tuple[Hit, ...]:
        """The turns whose question holds the words."""
        from assistant.sessions.search import Hit

        return tuple(
            Hit(session.summary(), number, turn, turn.answer.question)
            for session in self.sessions.values()
            for number, turn in enumerate(session.turns, 1)
            if words.casefold() in turn.answer.question.casefold()
        )

    async def export(self, session: Session, kind: Export, target: Path) -> Path:
        """Nothing can be exported; SessionFileError."""
        raise SessionFileError(f"{session.name} is not exported as {kind} to {target}", "these are no files")

    def _new(self, name: str) -> Session:
        # After the first paint: what files of sessions need takes 50 ms.
        from assistant.sessions.folder import SessionFolder
        from assistant.sessions.naming import name_from
        from assistant.sessions.record import Header, KeptTurn
        from assistant.sessions.session import Session

        clock = self._clock

        class Remembered(Session):
            """A session whose turns are in memory alone."""

            def append(self, answer: Answer) -> bool:
                self._name = self._name or name_from(answer.question)
                self._kept.append(KeptTurn(clock(), answer))
                return True

            def rename(self, name: str) -> None:
                self._name = name

        self._made += 1
        return Remembered(
            SessionFolder(Path("memory"), lambda _: None), Header(f"s{self._made}", name, clock(), "")
        )

    async def aclose(self) -> None:
        """Nothing is to be written."""
