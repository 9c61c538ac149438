"""The chat: a transcript, a prompt, and the questions that go from one to the other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from assistant.engine.failures import EngineFault
from assistant.phrasing import on_one_line
from tui.failures import EXPECTED, explain
from tui.listening import listen
from tui.messages import Copy
from tui.questions import Questions
from tui.surviving import Surviving
from tui.widgets.answer import AnswerView
from tui.widgets.exchange import Exchange
from tui.widgets.new_below import NewBelow
from tui.widgets.panes import Panes
from tui.widgets.prompt import LONGEST, Prompt
from tui.widgets.queue import Queued, QueueView
from tui.widgets.remark import RemarkLine
from tui.widgets.status_line import StatusLine, corpus_in_words, dates_in_words, last_in_words, short_name
from tui.widgets.too_small import TooSmall
from tui.widgets.transcript import Transcript
from tui.widgets.welcome import Starter, Welcome

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from assistant.sessions.session import Session
    from index.view import DateRange
    from tui.ports import AssistantPort, Opening, SessionsPort

WIDE = 110
"""Columns from which on an article is read beside the chat."""
READ_S = 8.0
"""How long a remark stays over what covers the chat: long enough for the name of a file."""


class ChatScreen(Surviving, Screen[None]):
    """Questions and answers of one session at a time."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    AUTO_FOCUS = "Prompt"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop the answer and keep what is proven"),
        # With priority, so that a digit typed right after goes to the answer, not to the prompt.
        Binding("ctrl+up", "step(-1)", "To the answer above", priority=True),
        Binding("ctrl+down", "step(1)", "To the answer below; then to the prompt", priority=True),
        Binding("pageup", "page(-1)", "A page up"),
        Binding("pagedown", "page(1)", "A page down"),
        Binding("end", "newest", "To the newest text"),
        Binding("ctrl+n", "new_session", "A new session", priority=True),
        Binding("ctrl+c", "copy_text", "Copy what is selected"),
    ]
    dates: reactive[DateRange | None] = reactive(None, init=False)
    """The days that articles must be of, from the next question on."""
    backend: reactive[str] = reactive("", init=False)
    """Who words the answers, from the next question on."""

    def __init__(self, assistant: AssistantPort, sessions: SessionsPort, opening: Opening) -> None:
        super().__init__()
        self.assistant = assistant
        self.sessions = sessions
        self.opening = opening
        self.session: Session | None = None
        """The one that is shown; None until one is there, and questions wait for it."""
        self.questions = Questions(self)

    def compose(self) -> ComposeResult:
        """The chat, with places beside it for a list of sessions and for a reader."""
        chat = (Transcript(), NewBelow(), QueueView(), RemarkLine(), Prompt())
        yield Panes(self.assistant, self.sessions, *chat)
        yield StatusLine()
        yield TooSmall()

    async def on_mount(self) -> None:
        """Paint; whatever takes time comes after that."""
        self.panes = self.query_one(Panes)
        self.transcript = self.query_one(Transcript)
        self.prompt = self.query_one(Prompt)
        self.status = self.query_one(StatusLine)
        self.status.tell(corpus=corpus_in_words(self.opening.corpus))
        self.set_reactive(ChatScreen.dates, self.opening.dates)
        self.backend = self.opening.backend
        self.watch_dates()
        await self.transcript.show((), Welcome(is_sample=self.opening.is_sample))
        self.call_after_refresh(self._begin)

    def watch_dates(self) -> None:
        """Tell which days are asked about."""
        self.status.tell(dates=dates_in_words(self.dates))

    def watch_backend(self) -> None:
        """Tell who answers."""
        self.status.tell(backend=on_one_line(self.backend))

    def remark(self, text: str, *, can_wait: bool = False) -> None:
        """Say something quietly above the prompt; unless it can wait, over what covers that, too."""
        line = self.query_one(RemarkLine)
        line.say(text)
        is_covered = self.app.screen is not self or not self.query_one("#chat").display
        if is_covered and not can_wait:
            self.app.notify(line.said, timeout=READ_S, markup=False)

    def tell_failure(self, error: Exception) -> None:
        """Say what went wrong, and what mends it; a bug has a report, which the dialog shows."""
        failure = explain(error)
        if isinstance(error, EngineFault):
            self.app._handle_exception(error)
        else:
            self.remark(f"{failure.said}; {failure.mend}" if failure.mend else failure.said)

    def tell_session(self, name: str) -> None:
        """Name the session in the status line."""
        self.status.tell(session=short_name(name))

    def tell_grown(self) -> None:
        """There is more to read: say so, where nobody sees it come."""
        if not self.transcript.is_at_end:
            self.call_after_refresh(self._show_new_below)

    def _show_new_below(self) -> None:
        self.transcript.follow_at_end()
        self.query_one(NewBelow).display = not self.transcript.is_at_end

    def ask(self, question: str) -> None:
        """Ask it now, or when those before it are answered."""
        self.query_one(RemarkLine).dismiss()
        self.run_worker(self.questions.ask(question), group="asking")

    async def show_session(self, session: Session) -> None:
        """Go on in another session; a running question is stopped and kept in its own."""
        before, self.session = self.session, None  # what is asked from now on belongs to the other one
        unanswered: list[str] = []
        try:
            if before is not None:  # what was typed before the first one came is asked in that
                unanswered = await self.questions.leave()
        except asyncio.CancelledError:
            self.session = before
            raise
        self.session = session
        answers = [turn.answer for turn in session.turns]
        await self.transcript.show(answers, Welcome(is_sample=self.opening.is_sample))
        self.prompt.earlier = [*(answer.question for answer in answers), *unanswered]
        if unanswered:
            self.remark(f"left without an answer: {len(unanswered)}; Up in the prompt brings them back")
        self.status.tell(session=short_name(session.name), last=last_in_words(answers[-1]) if answers else "")
        if not answers:
            self.run_worker(self._offer_starters(), group="starters", exclusive=True)
        await self.questions.serve()

    async def new_session(self) -> None:
        """Go on in a new one."""
        await self.show_session(await self.sessions.begin())
        self.panes.show_chat()
        self.prompt.focus()

    # What happens by itself

    def _begin(self) -> None:
        self.run_worker(self._load(), group="load")

    async def _load(self) -> None:
        """Start the engine, listen to it, and open the session."""
        try:
            self.run_worker(listen(self.assistant, self), group="notices")
            await self.assistant.start()
            session = await self._first_session()
        except EXPECTED as error:
            self.tell_failure(error)
            session = await self.sessions.begin()
        await self.show_session(session)

    async def _first_session(self) -> Session:
        if self.opening.session is not None:
            return await self.sessions.open_or_begin(self.opening.session)
        latest = await self.sessions.latest() if self.opening.resume else None
        return latest or await self.sessions.begin()

    async def _offer_starters(self) -> None:
        try:
            questions = await self.assistant.starters()
        except EXPECTED as error:
            if not self.query_one(RemarkLine).said:  # which tells the same, with what mends it
                self.remark(f"no questions to begin with: {explain(error).said}")
            return
        for welcome in self.query(Welcome):
            await welcome.offer(questions)

    # What people do

    def on_prompt_submitted(self, event: Prompt.Submitted) -> None:
        """Ask what was typed."""
        self.ask(event.text)

    def on_starter_chosen(self, event: Starter.Chosen) -> None:
        """Ask what was offered."""
        self.prompt.clear_for_next(event.question)
        self.prompt.focus()
        self.ask(event.question)

    def on_prompt_too_long(self, event: Prompt.TooLong) -> None:
        """Say what became of a text that is too long for a question."""
        done = "the rest is left out" if event.is_cut else "it is not sent"
        self.remark(f"a question has {LONGEST:,} characters at most, and this one {event.given:,}; {done}")

    def on_prompt_left(self, event: Prompt.Left) -> None:
        """Leave the prompt downwards: to the starter questions, or to the newest text."""
        starters = self.query(Starter)
        if event.key == "down" and starters:
            starters.first().focus()
        else:
            self.action_newest()

    async def on_queued_removed(self, event: Queued.Removed) -> None:
        """Do not ask a question that waits; an empty prompt gets it back."""
        question = await self.questions.withdraw(event.place)
        self._give_back(question)

    def on_exchange_take_back(self, event: Exchange.TakeBack) -> None:
        """Have a failed question in the prompt, and what was typed there among the earlier ones."""
        if self.prompt.text.strip():
            self.prompt.clear_for_next(self.prompt.text.strip())
        self._give_back(event.question)

    def _give_back(self, question: str) -> None:
        if not self.prompt.text.strip():
            self.prompt.put(question)
        self.prompt.focus()

    def on_new_below_wanted(self) -> None:
        """Go there."""
        self.action_newest()

    def on_transcript_reached(self) -> None:
        """Everything new is seen."""
        self.query_one(NewBelow).display = False

    def on_key(self, event: events.Key) -> None:
        """Whoever types a letter beside an answer means the prompt."""
        means_a_citation = isinstance(self.focused, AnswerView) and (event.character or "").isdigit()
        if means_a_citation or not isinstance(self.focused, AnswerView | Starter | Queued):
            return
        if event.is_printable and event.character:
            event.stop()
            self.prompt.focus()
            self.prompt.insert(event.character)

    def on_resize(self, event: events.Resize) -> None:
        """Say where there is no room, and keep what has the focus in sight."""
        self.query_one(TooSmall).fit(event.size)
        if event.size.width < WIDE:
            self.query_one(Panes).keep_in_sight(self.focused)

    def action_stop(self) -> None:
        """Stop the answer; where none is written, dismiss the remark and go back to the prompt."""
        if not self.questions.cancel():
            self.query_one(RemarkLine).dismiss()
            self.prompt.focus()

    def action_step(self, by: int) -> None:
        """From answer to answer; below the last is the prompt."""
        self.panes.show_chat()
        stops = [*self.query(AnswerView), self.prompt]
        here = next((place for place, stop in enumerate(stops) if stop.has_focus), len(stops) - 1)
        self.set_focus(stops[min(max(here + by, 0), len(stops) - 1)])

    def action_page(self, by: int) -> None:
        """Scroll the transcript by a page."""
        if by < 0:
            self.transcript.scroll_page_up(animate=False)
        else:
            self.transcript.scroll_page_down(animate=False)

    def action_newest(self) -> None:
        """Scroll to the end, and follow what is added."""
        self.transcript.go_to_end()

    async def action_new_session(self) -> None:
        """Begin a new session."""
        self.run_worker(self.new_session(), group="session", exclusive=True)

    def action_copy_text(self) -> None:
        """Copy what is selected; else say how to quit, which Ctrl+C means elsewhere."""
        if selected := self.get_selected_text():
            self.post_message(Copy(selected, "the selection"))
        else:
            self.remark("nothing is selected to be copied; Ctrl+Q quits")
