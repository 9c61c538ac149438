"""Is a backend there? One tiny request, and what came of it."""

from __future__ import annotations

import time
from contextlib import closing

from assistant.backends.bridge import BlockingBackend
from assistant.backends.protocol import Backend, Finished, ReasoningDelta, Request, ShownPassage, TextDelta
from assistant.errors import BackendError

TINY = Request(
    instructions="Answer in one word.",
    passages=(ShownPassage(None, None, None, ("The mill closed in May.",)),),
    question="In which month did the mill close?",
    longest_reply=64,
)


def probe(backend: Backend) -> float:
    """Seconds until the first text of a reply to a tiny request; the backend is closed afterwards.

    Raises:
        BackendError: it cannot be reached, refuses, breaks off, or says nothing.
    """
    began = time.perf_counter()
    with closing(BlockingBackend(backend)) as asked, closing(asked.stream(TINY)) as events:
        for event in events:
            if isinstance(event, TextDelta | ReasoningDelta):
                return time.perf_counter() - began
            if isinstance(event, Finished):
                break
    raise BackendError(f"{backend.name} replied with nothing", "ask again, or use --backend extractive")
