"""The assistant for code that awaits: it answers as the other does, the loop goes on, and tasks take turns."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from contextvars import ContextVar
from pathlib import Path

import pytest

from assistant import (
    Answer,
    Answered,
    Assistant,
    AsyncAssistant,
    BackendError,
    ConfigurationError,
    CorpusError,
    Event,
    Retrieved,
    Turn,
)
from assistant.backends.scripted import ScriptedBackend
from awaited_assistant import BURNED, PROVEN, Held, run, soon

DEFICIT = "How big is the trade deficit with China?"
BRIEFLY = 0.1
"""Seconds for which a loop may be held up."""
pytestmark = pytest.mark.usefixtures("loaded_models", "long_goodbye")


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


def test_tasks_take_turns(sample: Path) -> None:
    questions = [DEFICIT, "Who is Liu He?", "What did China offer?", "Who led the talks?"]

    async def test() -> list[Answer]:
        async with AsyncAssistant.open(sample) as assistant:
            return await asyncio.gather(*(assistant.ask(question) for question in questions))

    answers = run(test)
    assert [answer.question for answer in answers] == questions
    with Assistant.open(sample) as blocking:
        assert [answer.text for answer in answers] == [blocking.ask(question).text for question in questions]


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


def test_one_assistant_serves_one_loop_after_another(mill: Path) -> None:
    assistant = AsyncAssistant.open(mill)

    async def test() -> Answer:
        return await assistant.ask(BURNED)

    assert run(test).text == run(test).text
    asyncio.run(assistant.aclose())


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
