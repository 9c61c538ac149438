"""Backends asked from tests: a request with passages, and all that came of it."""

import asyncio
from datetime import date

from assistant.backends.protocol import Backend, BackendEvent, Request, ShownPassage, ShownTurn, TextDelta
from assistant.errors import BackendError

MILL = ShownPassage(
    "Daily News", date(2019, 2, 2), "Fire", ("The old mill burned down.", "It had been sold in May.")
)
BRIDGE = ShownPassage(None, None, None, ("The bridge was closed.",))
ASKED = Request("Answer from the passages.", (MILL, BRIDGE), "What burned down?")
FOLLOWED = Request(
    ASKED.instructions, (MILL,), "And when was it sold?", (ShownTurn("What burned down?", "The mill."),)
)


def ask(backend: Backend, request: Request = ASKED) -> list[BackendEvent]:
    """All events of one reply."""

    async def collect() -> list[BackendEvent]:
        return [event async for event in backend.stream(request)]

    return asyncio.run(collect())


def ask_until_failure(backend: Backend, request: Request = ASKED) -> tuple[list[BackendEvent], BackendError]:
    """What came before the reply failed, and how it failed."""

    async def collect() -> tuple[list[BackendEvent], BackendError]:
        events: list[BackendEvent] = []
        try:
            async for event in backend.stream(request):
                events.append(event)
        except BackendError as error:
            return events, error
        raise AssertionError(f"it did not fail, but gave {events}")

    return asyncio.run(collect())


def text_of(events: list[BackendEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
