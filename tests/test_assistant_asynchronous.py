"""The assistant for code that awaits: the loop goes on, tasks take turns, and whoever gives up holds nobody up."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import pytest

from assistant import (
    Answer,
    Answered,
    Assistant,
    AsyncAssistant,
    BackendError,
    ConfigurationError,
    CorpusError,
    Delta,
    Event,
    Retrieved,
    Turn,
)
from assistant.answering.reader import OnnxReader
from assistant.backends.protocol import BackendEvent, Finished, Request, TextDelta
from assistant.backends.scripted import ScriptedBackend
from index.encoder import OnnxEmbedder
from index.fakes import FakeEmbedder, RecordingListener
from index.locks import FileLock
from index.state import StateFolder

T = TypeVar("T")
DEFICIT = "How big is the trade deficit with China?"
BURNED = "When did the mill burn down?"
PROVEN = "The mill burned down in May [1.1]."
BRIEFLY = 0.1
"""Seconds for which a loop may be held up."""


@pytest.fixture(autouse=True)
def shipped_models(monkeypatch: pytest.MonkeyPatch, encoder: OnnxEmbedder, span_reader: OnnxReader) -> None:
    """Those that are loaded once for all tests."""
    encoder.load()
    span_reader.load()
    monkeypatch.setattr("index.encoder.OnnxEmbedder", lambda: encoder)
    monkeypatch.setattr("assistant.opening.OnnxReader", lambda: span_reader)


@pytest.fixture
def mill(folder: Callable[..., Path]) -> Path:
    return folder({"mill.txt": "The mill burned down in May.\nIt was rebuilt in June.\n"})


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


async def answer_of(asked: AsyncGenerator[Event, None]) -> Answer:
    events = [event async for event in asked]
    assert isinstance(events[-1], Answered)
    return events[-1].answer


def test_it_answers_as_the_assistant_that_is_not_awaited(sample: Path) -> None:
    async def test() -> None:
        async with AsyncAssistant.open(sample) as assistant:
            answer = await assistant.ask(DEFICIT)
            events = [event async for event in assistant.stream(DEFICIT)]
            found = await assistant.search("trade deficit", 3)
        with Assistant.open(sample) as blocking:  # in a running loop, too
            assert answer.text == blocking.ask(DEFICIT).text
            assert [type(event) for event in events] == [type(event) for event in blocking.stream(DEFICIT)]
            assert found == blocking.search("trade deficit", 3)

    run(test)


def test_the_loop_goes_on_while_a_question_is_worked_on(mill: Path) -> None:
    async def test() -> None:
        held = Held()
        async with AsyncAssistant.open(mill, embedder=held) as assistant:
            asking = asyncio.create_task(assistant.search("mill"))
            await soon(held.reached.wait())  # were the loop held up, nothing here would go on
            assert not asking.done()
            held.let.set()
            assert (await soon(asking)).passages

    run(test)


def test_the_loop_is_not_held_up_for_longer_than_a_tenth_of_a_second(
    sample: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        asyncio.get_running_loop().slow_callback_duration = BRIEFLY
        async with AsyncAssistant.open(sample) as assistant:
            await assistant.ask(DEFICIT)
            worked = time.thread_time()
            for question in ("Who is Liu He?", "What did China offer?", DEFICIT):
                await assistant.ask(question)
            assert time.thread_time() - worked < BRIEFLY  # of the loop's own thread, for all three

    def held_up() -> list[str]:
        caplog.clear()
        asyncio.run(test(), debug=True)
        return [record.getMessage() for record in caplog.records if record.name == "asyncio"]

    with caplog.at_level(logging.WARNING, "asyncio"):
        # What we do does so each time; that the processor was given to another program does not.
        assert min((held_up() for _ in range(3)), key=len) == []


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


def test_tasks_take_turns(sample: Path) -> None:
    questions = [DEFICIT, "Who is Liu He?", "What did China offer?", "Who led the talks?"]

    async def test() -> list[Answer]:
        async with AsyncAssistant.open(sample) as assistant:
            return await asyncio.gather(*(assistant.ask(question) for question in questions))

    answers = run(test)
    assert [answer.question for answer in answers] == questions
    with Assistant.open(sample) as blocking:
        assert [answer.text for answer in answers] == [blocking.ask(question).text for question in questions]


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


def test_a_question_may_be_asked_while_the_events_of_another_are_read(mill: Path) -> None:
    async def test() -> None:
        backend = ScriptedBackend([PROVEN, "It was rebuilt in June [1.2]."])
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            texts = []
            async for event in assistant.stream(BURNED):
                if isinstance(event, Retrieved):
                    texts.append((await soon(assistant.ask("When was it rebuilt?"))).text)
                if isinstance(event, Answered):
                    texts.append(event.answer.text)
            assert texts == ["It was rebuilt in June. [1]", "The mill burned down in May. [1]"]

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


def test_failures_are_those_of_the_assistant(mill: Path) -> None:
    async def test() -> None:
        with pytest.raises(ConfigurationError, match="no backend"):
            async with AsyncAssistant.open(mill, backend="nonsense"):
                pass
        unusable = AsyncAssistant.open("/nowhere/at/all")
        with pytest.raises(CorpusError):
            await unusable.ask("Who?")
        await unusable.aclose()
        async with AsyncAssistant.open(
            mill, backend=ScriptedBackend([BackendError("it broke"), PROVEN])
        ) as assistant:
            with pytest.raises(ConfigurationError, match="empty"):
                await assistant.ask(" ")
            with pytest.raises(BackendError, match="it broke"):
                await assistant.ask(BURNED)
            assert (await assistant.ask(BURNED)).text

    run(test)


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
    for thread in threading.enumerate():
        if thread.name.startswith("parley"):
            thread.join(timeout=10)  # it has closed all, and may be about to end
            assert not thread.is_alive()


def test_one_assistant_serves_one_loop_after_another(mill: Path) -> None:
    assistant = AsyncAssistant.open(mill)

    async def test() -> Answer:
        return await assistant.ask(BURNED)

    assert run(test).text == run(test).text
    asyncio.run(assistant.aclose())


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


def test_context_variables_reach_the_thread(mill: Path) -> None:
    request = ContextVar("request", default="none")
    seen = set()

    class Listening:
        def progress(self, progress: object) -> None:
            seen.add(request.get())

        def synced(self, report: object) -> None:
            seen.add(request.get())

        def warn(self, message: str) -> None:
            """Nothing is expected."""

    async def test() -> None:
        async with AsyncAssistant.open(mill, listener=Listening()) as assistant:
            request.set("the first")
            await assistant.search("mill")

    run(test)
    assert seen == {"the first"}


def test_a_conversation_keeps_its_turns(mill: Path) -> None:
    async def test() -> None:
        backend = ScriptedBackend([PROVEN, "When was the mill rebuilt?", "It was rebuilt in June [1.2]."])
        async with AsyncAssistant.open(mill, backend=backend) as assistant:
            conversation = assistant.conversation()
            first = await conversation.ask(BURNED)
            second = await answer_of(conversation.stream("When was it rebuilt?"))
            assert second.standalone == "When was the mill rebuilt?"
            assert conversation.turns == [Turn.of(first), Turn.of(second)]
            assert assistant.conversation(conversation.turns).turns == conversation.turns

    run(test)
