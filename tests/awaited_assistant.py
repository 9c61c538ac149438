"""What the assistant that is awaited waits for: a model that thinks, an encoder that is held, and our patience."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from assistant.backends.protocol import BackendEvent, Finished, Request, TextDelta
from index.fakes import FakeEmbedder

T = TypeVar("T")
BURNED = "When did the mill burn down?"
PROVEN = "The mill burned down in May [1.1]."


class Silent:
    """Thinks until it is cut off when its turn comes, then says what is proven."""

    name = "silent"
    context = None

    def __init__(self, silent: int = 1) -> None:
        self.asked, self.ended, self.closed = 0, 0, False
        self.thinks = asyncio.Event()
        """Set in the loop of the test, as soon as a reply is waited for."""
        self._loop = asyncio.get_running_loop()
        self._silent = silent

    async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
        self.asked += 1
        try:
            if self.asked <= self._silent:
                self._loop.call_soon_threadsafe(self.thinks.set)
                await asyncio.Event().wait()
            yield TextDelta(PROVEN)
            yield Finished("complete")
        finally:
            self.ended += 1

    async def aclose(self) -> None:
        self.closed = True


class Held(FakeEmbedder):
    """Encodes only when it is let, and says that it is about to."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.let = threading.Event()
        self._loop = asyncio.get_running_loop()

    def embed(self, texts: Sequence[str]) -> Any:
        self._loop.call_soon_threadsafe(self.reached.set)
        self.let.wait(60)
        return super().embed(texts)


async def soon(awaited: Awaitable[T]) -> T:
    """It comes; only where it never does, time matters."""
    return await asyncio.wait_for(awaited, 60)


def run(test: Callable[[], Any]) -> Any:
    """Runs it in a loop of its own."""
    return asyncio.run(test())
