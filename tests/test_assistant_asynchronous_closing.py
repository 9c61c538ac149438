"""The assistant for code that awaits ends: it is closed, interrupted, or its loop goes away."""

import asyncio
import signal
import threading
from pathlib import Path

import pytest

from assistant import AsyncAssistant
from awaited_assistant import BURNED, Silent, run, soon

pytestmark = pytest.mark.usefixtures("loaded_models", "long_goodbye")


def test_after_closing_every_method_says_that_it_is_closed(mill: Path) -> None:
    async def test() -> None:
        assistant = AsyncAssistant.open(mill)
        await assistant.search("mill")
        await assistant.aclose()
        await assistant.aclose()
        for use in (assistant.ask, assistant.search, lambda question: anext(assistant.stream(question))):
            with pytest.raises(RuntimeError, match="this assistant is closed"):
                await use(BURNED)

    run(test)


def test_closing_gives_up_what_is_asked_and_tells_its_tasks(mill: Path) -> None:
    async def test() -> None:
        backend = Silent()
        assistant = AsyncAssistant.open(mill, backend=backend)
        asking = [asyncio.create_task(assistant.ask(BURNED)) for _ in range(2)]
        await soon(backend.thinks.wait())
        await soon(assistant.aclose())
        for task in asking:
            with pytest.raises(RuntimeError, match="this assistant is closed"):
                await soon(task)
        assert backend.closed
        assert backend.asked == backend.ended == 1

    run(test)


def test_an_interruption_ends_the_question_and_the_thread(mill: Path) -> None:
    backends: list[Silent] = []
    before = set(threading.enumerate())  # what another test left may end whenever it likes

    async def test() -> None:
        backends.append(Silent())
        async with AsyncAssistant.open(mill, backend=backends[0]) as assistant:
            asking = asyncio.create_task(assistant.ask(BURNED))
            await soon(backends[0].thinks.wait())
            asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
            await asking

    with pytest.raises(KeyboardInterrupt):
        run(test)
    assert backends[0].closed
    assert backends[0].ended == 1
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("parley"):
            thread.join(timeout=60)  # it has closed all, and may be about to end
            assert not thread.is_alive()


def test_a_loop_that_ended_while_it_was_asked_holds_nobody_up(mill: Path) -> None:
    lasting = []

    async def lost() -> AsyncAssistant:
        backend = Silent()
        assistant = AsyncAssistant.open(mill, backend=backend)
        lasting.append(asyncio.create_task(assistant.ask(BURNED)))
        await soon(backend.thinks.wait())
        return assistant

    async def found(assistant: AsyncAssistant) -> str:
        async with assistant:
            return (await soon(assistant.ask(BURNED))).text

    assert asyncio.run(found(asyncio.run(lost())))
