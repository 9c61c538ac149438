"""The assistant for code that awaits: whoever gives a question up holds nobody up, at whatever point it was."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from assistant import Answered, AsyncAssistant, Delta, Retrieved, Turn
from assistant.backends.protocol import BackendEvent, Request, TextDelta
from assistant.backends.scripted import ScriptedBackend
from awaited_assistant import BURNED, PROVEN, Held, Silent, run, soon
from index.fakes import FakeEmbedder, RecordingListener
from index.locks import FileLock
from index.state import StateFolder

pytestmark = pytest.mark.usefixtures("loaded_models", "long_goodbye")


def test_a_cancelled_question_is_cut_off_at_once_and_the_next_is_answered(mill: Path) -> None:
    async def test() -> None:
        backend = Silent()
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            asking = asyncio.create_task(assistant.ask(BURNED))
            await soon(backend.thinks.wait())
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await soon(asking)
            answer = await soon(assistant.ask(BURNED))
            assert answer.text == "The mill burned down in May. [1]"
            assert backend.ended == backend.asked == 2
        assert backend.closed

    run(test)


def test_a_follow_up_is_given_up_while_a_model_puts_it(mill: Path) -> None:
    async def test() -> None:
        backend = Silent()
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            before = [Turn(BURNED, "The mill burned down in May.")]
            asking = asyncio.create_task(assistant.ask("Why?", history=before))
            await soon(backend.thinks.wait())
            assert not assistant.cancel()  # half of a question is none
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await soon(asking)
            assert (await soon(assistant.ask(BURNED))).text == "The mill burned down in May. [1]"
            assert backend.ended == backend.asked == 2

    run(test)


def test_a_time_limit_that_passes_before_a_question_has_begun_touches_no_other(mill: Path) -> None:
    async def test() -> None:
        backend = ScriptedBackend([PROVEN])
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await assistant.ask(BURNED)
            assert (await soon(assistant.ask(BURNED))).text

    run(test)


def test_a_question_that_is_given_up_before_a_model_is_asked_asks_none(mill: Path) -> None:
    async def test() -> None:
        held, backend = Held(), ScriptedBackend([PROVEN])
        async with AsyncAssistant.open(mill, embedder=held, backend=backend) as assistant:
            asking = asyncio.create_task(assistant.ask(BURNED))
            await soon(held.reached.wait())
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking  # while the thread is still at it
            held.let.set()
            assert (await soon(assistant.search("mill"))).passages
        assert backend.requests == []

    run(test)


def test_a_first_index_stops_for_a_question_given_up_and_keeps_what_was_encoded(
    folder: Callable[..., Path],
) -> None:
    corpus = folder({f"{number}.txt": f"The mill of village {number} burned down.\n" for number in range(200)})

    async def test() -> None:
        held = Held()
        async with AsyncAssistant.open(corpus, embedder=held) as assistant:
            asking = asyncio.create_task(assistant.search("mill"))
            await soon(held.reached.wait())
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
            held.let.set()
        first = list(held.encoded)
        assert 0 < len(first) < 200
        async with AsyncAssistant.open(corpus, embedder=held) as assistant:
            assert (await soon(assistant.search("mill"))).status.articles == 200
        assert len(held.encoded) - len(first) <= 201 - len(first)  # and the query

    run(test)


def test_waiting_for_the_first_index_of_another_process_ends_with_the_question(mill: Path, tmp_path: Path) -> None:
    async def test() -> None:
        loop, waits = asyncio.get_running_loop(), asyncio.Event()

        class Listening(RecordingListener):
            def warn(self, message: str) -> None:
                loop.call_soon_threadsafe(waits.set)

        lock = FileLock(StateFolder.of(mill, tmp_path / "states").lock)
        async with AsyncAssistant.open(mill, tmp_path / "states", FakeEmbedder(), Listening()) as assistant:
            with lock.held():
                asking = asyncio.create_task(assistant.search("mill"))
                await soon(waits.wait())
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await soon(asking)
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0):
                        await assistant.search("mill")
            assert (await soon(assistant.search("mill"))).passages

    run(test)


def test_leaving_a_stream_early_gives_the_question_up(mill: Path) -> None:
    async def test() -> None:
        backend = Silent()
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            async for event in assistant.stream(BURNED):
                assert isinstance(event, Retrieved)
                break
            assert (await soon(assistant.search("mill"))).passages
            async with aclosing(assistant.stream(BURNED)) as events:
                await anext(events)
                await soon(backend.thinks.wait()) if backend.asked else None
            assert (await soon(assistant.search("mill"))).passages
            assert backend.ended == backend.asked

    run(test)


def test_giving_up_one_question_leaves_another_alone(mill: Path) -> None:
    async def test() -> None:
        backend = Silent()
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            first, second, third = (asyncio.create_task(assistant.ask(BURNED)) for _ in range(3))
            await soon(backend.thinks.wait())
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await soon(second)
            assert not first.done()
            first.cancel()
            assert (await soon(third)).text
            assert backend.asked == 2

    run(test)


def test_cutting_off_keeps_what_can_be_proven(mill: Path) -> None:
    class Endless(Silent):
        async def stream(self, request: Request) -> AsyncGenerator[BackendEvent, None]:
            yield TextDelta(f"{PROVEN} It")
            await asyncio.Event().wait()

    async def test() -> None:
        async with AsyncAssistant.open(mill, backend=Endless()) as assistant:
            assert not assistant.cancel()
            async for event in assistant.stream(BURNED):
                if isinstance(event, Delta):
                    assert assistant.cancel()
            assert isinstance(event, Answered)
            assert event.answer.incomplete
            assert event.answer.text == "The mill burned down in May. [1]"

    run(test)
