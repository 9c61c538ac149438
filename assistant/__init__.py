"""Questions in, answers out: retrieve evidence, draft an answer, verify every claim and citation.

    with Assistant.open("clippings") as assistant:
        answer = assistant.ask("Who led the talks?")

Names are imported when they are first used, so that `import assistant` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import (
        Answer,
        Citation,
        Claim,
        Evidence,
        IndexStatus,
        Sentence,
        ShortAnswer,
        Source,
        Spent,
    )
    from assistant.assistant import Assistant
    from assistant.asynchronous import AsyncAssistant
    from assistant.backends.choosing import Price
    from assistant.backends.protocol import Backend
    from assistant.conversation import AsyncConversation, Conversation, Turn
    from assistant.errors import BackendError, ConfigurationError
    from assistant.events import Answered, Delta, Event, Found, Retrieved, Rewritten
    from index.encoder import Embedder
    from index.errors import CorpusError, IndexingError
    from index.keeping import Listener
    from index.view import DateRange

__all__ = [
    "Answer",
    "Answered",
    "Assistant",
    "AsyncAssistant",
    "AsyncConversation",
    "Backend",
    "BackendError",
    "Citation",
    "Claim",
    "ConfigurationError",
    "Conversation",
    "CorpusError",
    "DateRange",
    "Delta",
    "Embedder",
    "Event",
    "Evidence",
    "Found",
    "IndexStatus",
    "IndexingError",
    "Listener",
    "Price",
    "Retrieved",
    "Rewritten",
    "Sentence",
    "ShortAnswer",
    "Source",
    "Spent",
    "Turn",
]

_HOMES = {
    "assistant.answer": "Answer Citation Claim Evidence IndexStatus Sentence ShortAnswer Source Spent",
    "assistant.assistant": "Assistant",
    "assistant.asynchronous": "AsyncAssistant",
    "assistant.backends.choosing": "Price",
    "assistant.backends.protocol": "Backend",
    "assistant.conversation": "AsyncConversation Conversation Turn",
    "assistant.errors": "BackendError ConfigurationError",
    "assistant.events": "Answered Delta Event Found Retrieved Rewritten",
    "index.encoder": "Embedder",
    "index.errors": "CorpusError IndexingError",
    "index.keeping": "Listener",
    "index.view": "DateRange",
}
"""Where each name is defined."""


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names.split():
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
