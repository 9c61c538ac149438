"""Questions of a chat, served one after another: what is asked, what waits, and what becomes of failures."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from tui.asking import Asked, follow
from tui.failures import EXPECTED, explain
from tui.widgets.exchange import Exchange
from tui.widgets.queue import QueueView
from tui.widgets.status_line import last_in_words, short_name

if TYPE_CHECKING:
    from assistant.sessions.session import Session
    from tui.screens.chat import ChatScreen

CANCELLED_WITHIN_S = 5.0
"""How long a cancelled question may take to keep what it has, where another session is to be shown."""


class Questions:
    """The line of questions; each belongs to the session in which it is begun."""

    def __init__(self, chat: ChatScreen) -> None:
        self._chat = chat
        self.running: Exchange | None = None
        """The one that is being answered."""
        self.waiting: deque[str] = deque()
        """Those that come after it."""
        self._is_cancelled = False
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def ask(self, question: str) -> None:
        """Ask it now, or when those before it are answered."""
        self.waiting.append(question)
        await self.serve()

    async def serve(self) -> None:
        """Begin the next one, where none is being answered and there is a session to keep it in."""
        chat = self._chat
        if self.running is None and self.waiting and chat.session is not None:
            self.running = Exchange(self.waiting.popleft())
            self._is_cancelled = False
            self._is_idle.clear()
            chat.run_worker(self._answer(self.running, chat.session), group="question")
        await chat.query_one(QueueView).show(self.waiting)

    async def withdraw(self, place: int) -> str:
        """Take out the one that waits at this place; returns it."""
        question = self.waiting[place]
        del self.waiting[place]
        await self.serve()
        return question

    def cancel(self) -> bool:
        """Stop the one that is being answered, and keep what it has; False where there is none."""
        if self.running is None or self._is_cancelled:
            return False
        self._is_cancelled = True
        self.running.tell_stopping()
        self._chat.assistant.cancel()
        return True

    async def leave(self) -> list[str]:
        """Stop everything, for another session; once that is done, returns the questions without an answer."""
        running, unanswered = self.running, list(self.waiting)
        self.waiting.clear()
        self.cancel()
        try:
            await asyncio.wait_for(self._is_idle.wait(), CANCELLED_WITHIN_S)
        except TimeoutError:
            self._chat.workers.cancel_group(self._chat, "question")
            await self._is_idle.wait()
        if running is not None and running.answer is None:
            unanswered.insert(0, running.question)
        return unanswered

    async def _answer(self, exchange: Exchange, session: Session) -> None:
        """Follow one question to its end, whatever that is; then begin the next."""
        try:
            await self._chat.transcript.add(exchange)
            await self._follow(exchange, session)
        except EXPECTED as error:
            await self._return(exchange, error)
        except Exception as error:  # noqa: BLE001 - a bug, here or in the engine: the dialog shows it, too
            self._chat.app._handle_exception(error)
            await self._return(exchange, error)
        finally:
            self.running = None
            self._is_idle.set()
        self._chat.tell_grown()
        await self.serve()

    async def _follow(self, exchange: Exchange, session: Session) -> None:
        chat = self._chat
        history = await chat.sessions.history(session)
        asked = Asked(exchange.question, chat.backend, chat.dates, history)
        answer = await follow(chat.assistant, asked, exchange, chat.tell_grown)
        if answer is None or (self._is_cancelled and answer.status == "not_found"):  # nothing could be kept
            await exchange.stop_unanswered()
            return
        await exchange.show_answer(answer)
        chat.call_after_refresh(chat.transcript.show_from_its_question, exchange)
        await chat.sessions.keep(session, answer)
        await chat.panes.list_added(session.id)
        chat.status.tell(session=short_name(session.name), last=last_in_words(answer))

    async def _return(self, exchange: Exchange, error: Exception) -> None:
        """Give a failed question back, with why it failed in its place."""
        failure, prompt = explain(error), self._chat.prompt
        is_free = not prompt.text.strip()
        if exchange.is_attached:
            await exchange.fail(failure, offer=not is_free)
        if is_free:
            prompt.put(exchange.question)
