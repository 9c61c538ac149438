"""A question in the transcript, and what stands below it: what is waited for, a draft, the answer, a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from assistant.sanitize import sanitize, sanitize_line
from tui.surviving import Surviving
from tui.widgets.answer import AnswerView
from tui.widgets.answer_text import looked_for
from tui.widgets.draft import Draft
from tui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from assistant.answer import Answer
    from tui.failures import Failure

READING = "reading the articles"


class Offer(Surviving, Static, can_focus=True):
    """The way to take a failed question back to the prompt where something else is being typed there."""

    def __init__(self) -> None:
        super().__init__(Content("Take the question back to the prompt (click, or Enter here)"), classes="offer")

    class Taken(Message):
        """The question is wanted back."""

    def on_click(self) -> None:
        """By mouse."""
        self.post_message(self.Taken())

    def key_enter(self) -> None:
        """By keyboard."""
        self.post_message(self.Taken())


class Exchange(Surviving, Vertical):
    """One question, from being asked to its answer; or an answered one of earlier."""

    class TakeBack(Message):
        """A question is wanted in the prompt again."""

        def __init__(self, question: str) -> None:
            super().__init__()
            self.question = question

    def __init__(self, question: str, answer: Answer | None = None) -> None:
        super().__init__()
        self.question = question
        self.answer = answer
        """The checked answer, once there is one."""
        self.is_settled = answer is not None
        """Whether nothing more comes."""
        self._waiting = Waiting(READING)
        self._draft: Draft | None = None
        self._remarks: set[str] = set()

    def compose(self) -> ComposeResult:
        """The question, and its answer where that is known."""
        yield Static(Content(sanitize(self.question)), classes="question")
        yield self._waiting if self.answer is None else AnswerView(self.answer)

    async def rewritten(self, standalone: str) -> None:
        """Say how a follow-up is looked for, until its answer says so."""
        await self.mount(Static(looked_for(standalone), classes="line passing"), before=self._waiting)

    def wait_for(self, doing: str) -> None:
        """Say what is done now."""
        self._waiting.now(doing)

    def tell_stopping(self) -> None:
        """Say that it is being stopped."""
        self._waiting.stop()

    async def write(self, text: str, *, anew: bool) -> None:
        """Show a further piece of a draft."""
        if self._draft is None:
            self._draft = Draft()
            self._waiting.display = False
            await self.mount(self._draft)
        self._draft.add(text, anew=anew)

    async def remark(self, text: str) -> None:
        """Say something about this question, once."""
        if text in self._remarks:
            return  # it was drafted a second time, and meets the same again
        self._remarks.add(text)
        await self.mount(Static(Content(sanitize_line(text)), classes="exchange-remark"))

    async def show_answer(self, answer: Answer) -> None:
        """Put the checked answer where the draft was."""
        self.answer = answer
        async with self.batch():
            await self._settle()
            if self._draft is not None:
                await self._draft.remove()
            await self.mount(AnswerView(answer))

    async def stop_unanswered(self) -> None:
        """It was cancelled before anything was proven: a draft stays, as what it is."""
        await self._settle()
        if self._draft is not None and not self._draft.is_empty:
            self._draft.cut_off()
        else:
            await self.mount(Static(Content("Stopped before there was anything to show."), classes="stopped"))

    async def fail(self, failure: Failure, *, offer: bool) -> None:
        """Show why there is no answer, and what mends that; with `offer` also a way to have the question back."""
        await self._settle()
        if self._draft is not None:
            self._draft.cut_off()
        lines = [Content.styled(failure.said, "bold $error")]
        lines += [Content(f"{failure.mend[:1].upper()}{failure.mend[1:]}")] if failure.mend else []
        await self.mount(Static(Content("\n").join(lines), classes="failure"))
        if offer:
            await self.mount(Offer())

    def on_offer_taken(self, event: Offer.Taken) -> None:
        """Give the question back."""
        event.stop()
        self.query(Offer).remove()
        self.post_message(self.TakeBack(self.question))

    def on_click(self, event: events.Click) -> None:
        """A click beside the answer is one on it."""
        for answer in self.query(AnswerView):
            answer.focus(scroll_visible=False)

    async def _settle(self) -> None:
        self.is_settled = True
        await self._waiting.remove()
        await self.query(".passing").remove()
