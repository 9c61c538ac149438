"""From a request to the messages of a chat: passages as quoted data, each sentence with its id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.backends.protocol import Request, SentenceId


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


def chat_messages(request: Request) -> tuple[Message, ...]:
    """Instructions, history, and the question under its passages."""
    shown = [
        f"{SentenceId(number, place)} {sentence}"
        for number, passage in enumerate(request.passages, 1)
        for place, sentence in enumerate(passage.sentences, 1)
    ]
    turns = [
        message
        for turn in request.history
        for message in (Message("user", turn.question), Message("assistant", turn.answer))
    ]
    return (
        Message("system", request.instructions),
        *turns,
        Message("user", "\n".join([*shown, "", request.question])),
    )
