"""The app on a stage: a scripted assistant, sessions in memory, and a way to wait for what is expected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date

from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from assistant.answer import Answer, Citation, Claim, Evidence, IndexStatus, ShortAnswer, Source, Spent
from assistant.engine.notices import Notice
from settled_app import settle
from tui.app import ParleyApp
from tui.fakes import Script, ScriptedAssistant, SessionsInMemory
from tui.ports import Opening

TALKS = "Robert Lighthizer led the talks in Beijing, which ended on Friday without a joint statement."
TRADE = "The trade deficit with China reached $375.2 billion last year."
INDEX = IndexStatus(5, 38, "2019-02-02T10:00:00+00:00", stale=False)
BLOOMBERG = Source("001_trade.txt", "Trade talks end without a deal", "Bloomberg", date(2019, 2, 2))
UNDATED = Source("004_deficit.txt", None, None, None)


def cited(number: int = 1, quote: str = TALKS, source: Source = BLOOMBERG, **more: object) -> Citation:
    """A citation of a sentence."""
    return Citation(number, source, 100 * number, 100 * number + len(quote), quote, **more)  # type: ignore[arg-type]


def answered(question: str = "Who led the talks?", **more: object) -> Answer:
    """An answer with a short one, quoted word for word."""
    stated: dict[str, object] = {
        "question": question,
        "status": "answered",
        "confidence": 0.93,
        "text": f"{TALKS} [1]",
        "claims": (Claim(TALKS, (1,), "verbatim"),),
        "citations": (cited(),),
        "evidence": (),
        "index": INDEX,
        "backend": "extractive",
        "shorts": (ShortAnswer("Robert Lighthizer", 1, 100, 117),),
        "timings_ms": {"total": 412.0},
    }
    return Answer(**{**stated, **more})  # type: ignore[arg-type]


def full_answer() -> Answer:
    """One with everything that an answer may hold."""
    return answered(
        "And how large was it?",
        standalone="How large was the trade deficit with China?",
        confidence=0.61,
        claims=(
            Claim(TALKS, (1,), "verbatim"),
            Claim("The deficit with China was $375.2 billion.", (2,), "supported"),
            Claim("China will buy more soybeans.", (), "unsupported", "no sentence is cited for it"),
        ),
        citations=(cited(), cited(2, TRADE, UNDATED, also_in=("003_copy.txt",))),
        shorts=(ShortAnswer("Robert Lighthizer", 1, 100, 117), ShortAnswer("$375.2 billion", 2, 247, 261)),
        incomplete=True,
        spent=Spent(1203, 87, 0.00123),
        backend="openai:small",
    )


def not_found(question: str = "Who built the harbour?") -> Answer:
    """A question that the articles do not answer, with four passages that come close."""
    closest = tuple(
        Evidence(BLOOMBERG, n * 10, n * 10 + 9, f"Passage {n} about ports.", (), 0.2, None, 0.5 - n / 10)
        for n in range(4)
    )
    return answered(
        question, status="not_found", text="", claims=(), citations=(), shorts=(), evidence=closest, confidence=0.1
    )


def is_displayed(widget: Widget) -> bool:
    """Whether neither it nor what it is in is hidden."""
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


class Stage:
    """An app in a terminal of some size, and everything behind it."""

    patience_s = 60.0
    """Until a test that waits for the app is given up."""

    def __init__(
        self, pilot: Pilot[int], app: ParleyApp, assistant: ScriptedAssistant, sessions: SessionsInMemory
    ) -> None:
        self.pilot = pilot
        self.app = app
        self.assistant = assistant
        self.sessions = sessions
        self.chat = app.chat

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the app work until this holds."""
        ends = time.monotonic() + self.patience_s
        while not holds():
            assert time.monotonic() < ends, f"it never came to be; on the screen:\n{self.text()}"
            await self.pilot.pause()
        await settle(self.app)  # what comes with it has come, too

    async def until_shown(self, text: str) -> None:
        """Let the app work until somebody can read this."""
        await self.until(lambda: text in self.text())

    async def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.chat.prompt.focus()
        self.chat.prompt.put(question)
        await self.pilot.press("enter")

    def text(self) -> str:
        """All that is displayed, row by row of widgets, also what is scrolled out of sight."""
        return "\n".join(
            widget.content.plain
            for widget in self.app.screen.query(Static)
            if isinstance(widget.content, Content) and is_displayed(widget)
        )

    async def tell(self, notice: Notice) -> None:
        """Send a notice, and let the app tell it."""
        self.assistant.tell(notice)
        await self.pilot.pause()


def on_stage(
    act: Callable[[Stage], Awaitable[None]],
    *scripts: Script,
    size: tuple[int, int] = (80, 24),
    opening: Opening | None = None,
    sessions: SessionsInMemory | None = None,
    questions: tuple[str, ...] = (),
    bugs: int = 0,
) -> None:
    """Run the app with these scripts, and fail where it showed another number of bugs than expected."""

    async def play() -> None:
        assistant = ScriptedAssistant(list(scripts), questions)
        kept = sessions or SessionsInMemory()
        app = ParleyApp(assistant, kept, opening or Opening("/articles/seeds", is_sample=True))
        async with app.run_test(size=size, notifications=True) as pilot:
            stage = Stage(pilot, app, assistant, kept)
            await stage.until(lambda: stage.chat.session is not None)
            await act(stage)
            told = [failure.report for failure in app.failures]
        assert len(told) == bugs, "\n".join(told)

    asyncio.run(play())
