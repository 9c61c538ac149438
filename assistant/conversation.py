"""A conversation: what was asked and answered before, and what a new question takes from it.

A question that leans on earlier ones is put so that it stands by itself, and that is what passages are looked
for with; the passages that proved the last answer are candidates again. One that does already takes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.answer import Answer, Citation
from assistant.events import Answered, Event

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.asynchronous import AsyncAssistant
    from index.view import DateRange


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question with its checked answer."""

    question: str
    """As it was asked."""
    answer: str
    """What was shown, without markers; empty where the articles do not hold it."""
    standalone: str | None = None
    """The question as it was looked for, where it leaned on earlier ones."""
    cited: tuple[Citation, ...] = ()
    """What proved the answer."""

    @classmethod
    def of(cls, answer: Answer) -> Turn:
        """The turn that an answer was."""
        shown = " ".join(claim.text for claim in answer.claims if claim.support != "unsupported")
        return cls(answer.question, shown, answer.standalone, answer.citations)

    @property
    def asked(self) -> str:
        """The question so that it stands by itself."""
        return self.standalone or self.question


class Rewriter(Protocol):
    """Puts questions so that they stand by themselves."""

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question with what it takes from earlier turns, oldest first; None where it stands by itself.

        Raises:
            BackendError: a model that is asked cannot be reached, refuses, or breaks off.
        """


def to_carry(history: Sequence[Turn]) -> tuple[Citation, ...]:
    """What a follow-up carries on: the citations of the last turn that had any."""
    return next((turn.cited for turn in reversed(history) if turn.cited), ())


class Conversation:
    """Questions one after another, each asked with the turns before it; raises as the assistant does."""

    def __init__(self, assistant: Assistant, history: Sequence[Turn] = ()) -> None:
        self._assistant = assistant
        self.turns = list(history)
        """Oldest first; a question joins them when it is answered."""

    def ask(self, question: str, dates: DateRange | None = None) -> Answer:
        """The checked answer to the next question."""
        answer = self._assistant.ask(question, dates, tuple(self.turns))
        self.turns.append(Turn.of(answer))
        return answer

    def stream(self, question: str, dates: DateRange | None = None) -> Iterator[Event]:
        """The events of the next question."""
        for event in self._assistant.stream(question, dates, tuple(self.turns)):
            if isinstance(event, Answered):
                self.turns.append(Turn.of(event.answer))
            yield event


class AsyncConversation:
    """The same with an assistant that is awaited."""

    def __init__(self, assistant: AsyncAssistant, history: Sequence[Turn] = ()) -> None:
        self._assistant = assistant
        self.turns = list(history)
        """Oldest first; a question joins them when it is answered."""

    async def ask(self, question: str, dates: DateRange | None = None) -> Answer:
        """The checked answer to the next question."""
        answer = await self._assistant.ask(question, dates, tuple(self.turns))
        self.turns.append(Turn.of(answer))
        return answer

    async def stream(self, question: str, dates: DateRange | None = None) -> AsyncGenerator[Event, None]:
        """The events of the next question."""
        async with aclosing(self._assistant.stream(question, dates, tuple(self.turns))) as events:
            async for event in events:
                if isinstance(event, Answered):
                    self.turns.append(Turn.of(event.answer))
                yield event
