"""One question through the assistant: its events are shown in its exchange, in the order in which they come."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.engine.notices import Indexing, Remark
from assistant.events import Answered, Delta, Retrieved, Rewritten
from assistant.sanitize import sanitize_line
from tui.failures import said_in_the_app
from tui.widgets.exchange import READING
from tui.widgets.status_line import dates_in_words, indexing_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.answer import Answer
    from assistant.conversation import Turn
    from assistant.events import Event
    from index.view import DateRange
    from tui.ports import AssistantPort
    from tui.widgets.exchange import Exchange

WITHOUT_A_MODEL = "extractive"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is asked with."""

    question: str
    backend: str
    dates: DateRange | None
    history: tuple[Turn, ...]


async def follow(
    assistant: AssistantPort, asked: Asked, exchange: Exchange, grown: Callable[[], None]
) -> Answer | None:
    """The checked answer; None where the question was cancelled before anything could be kept.

    `grown` is called whenever there is more to see. Raises as `AssistantPort.ask` does.
    """
    events = assistant.ask(asked.question, asked.dates, asked.history, asked.backend)
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answered):
                if asked.dates and event.answer.status == "not_found":
                    await exchange.remark(
                        f"only articles of these dates were asked: {dates_in_words(asked.dates)} (F6)"
                    )
                return event.answer
            await _show(event, asked, exchange)
            grown()
    return None


async def _show(event: Event | Remark | Indexing, asked: Asked, exchange: Exchange) -> None:
    if isinstance(event, Delta):
        await exchange.write(event.text, anew=event.anew)
    elif isinstance(event, Rewritten):
        await exchange.rewritten(event.standalone)
    elif isinstance(event, Retrieved):
        is_model = asked.backend != WITHOUT_A_MODEL
        exchange.wait_for(f"asking {sanitize_line(asked.backend)}" if is_model else READING)
    elif isinstance(event, Indexing):
        exchange.wait_for(indexing_in_words(event))
    elif isinstance(event, Remark):
        await exchange.remark(said_in_the_app(event.text))
