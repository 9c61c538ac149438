"""An engine that dies, and questions that are cancelled: what is kept, what is told, and that it goes on."""

import asyncio
import os
import signal
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.engine.failures import EngineFault, EngineLost
from assistant.engine.notices import Lost, Standing
from assistant.events import Answered, Delta, Retrieved
from chat_wire import delta
from engine_desk import BURNED, PATIENCE_S, EngineDesk, answer_of, engines, events_of, gone, indexers, run, until
from engine_starts import HeldIndexers
from index.encoder import OnnxEmbedder
from misbehaving_server import MisbehavingServer, saying_nothing, stalling

WRITTEN = stalling(delta("The old mill burned down in May [1.1]. "), delta("And then"))

SOON_S = 60.0
"""Two it may take, by its own clocks; a busy machine takes longer, and what is never killed for ever."""


@pytest.fixture
def desk(tmp_path: Path, encoder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch) -> EngineDesk:
    monkeypatch.setattr("assistant.engine.host_process.STOPS_WITHIN_S", PATIENCE_S)  # however busy the machine is
    return EngineDesk(tmp_path).index(encoder)


def test_a_question_whose_engine_dies_says_so_and_the_next_one_is_answered(desk: EngineDesk) -> None:
    async def die() -> None:
        with MisbehavingServer(saying_nothing) as server:
            async with desk.engine("openai:m", server.url) as engine:
                asking = asyncio.create_task(events_of(engine))
                await until(lambda: server.received)
                os.kill(engines()[0], signal.SIGSEGV)
                with pytest.raises(EngineLost, match="the engine's process ended") as lost:
                    await asking
                assert lost.value.hint.startswith("ask again")
                assert lost.value.hint.endswith("parley doctor --fix")
                assert "Segmentation fault" in lost.value.report
                assert desk.told(Lost) == [Lost(str(lost.value), lost.value.report)]
                assert (await answer_of(engine, backend="extractive")).status == "answered"
                assert len(engines()) == 1

    run(die())


def test_one_that_dies_between_questions_is_told_and_replaced(desk: EngineDesk) -> None:
    async def die() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Standing))
            os.kill(engines()[0], signal.SIGKILL)
            assert "killed" in (await until(lambda: desk.told(Lost)))[0].message
            assert len(await engine.articles()) == 2

    run(die())


def test_one_that_dies_at_once_is_not_started_again_and_again(
    desk: EngineDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    monkeypatch.setattr("assistant.engine.client.LEAST_LIFE_S", PATIENCE_S)
    pauses: list[float] = []

    async def die() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Lost))
            with monkeypatch.context() as patch:
                patch.setattr("assistant.engine.client.asyncio.sleep", pause)
                with pytest.raises(EngineLost, match="with code 1"):
                    await events_of(engine)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    run(die())
    assert len(pauses) == 1
    assert 0 < pauses[0] < PATIENCE_S


def test_one_that_cannot_be_started_says_so(desk: EngineDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    async def start() -> None:
        with pytest.raises(EngineLost, match="cannot be started: No such file"):
            async with desk.engine():
                pass

    run(start())


def test_what_a_model_wrote_until_it_was_cancelled_is_checked_and_kept(desk: EngineDesk) -> None:
    async def cancel() -> None:
        with MisbehavingServer(WRITTEN) as server:
            async with desk.engine("openai:m", server.url) as engine:
                events = []
                async with aclosing(engine.ask(BURNED)) as asked:
                    async for event in asked:
                        events.append(event)
                        if isinstance(event, Delta) and "And" in event.text:
                            engine.cancel()
                last = events[-1]
                assert isinstance(last, Answered)
                assert last.answer.incomplete
                assert last.answer.text == "The old mill burned down in May. [1]"
                await until(server.connections[-1].left.is_set)
                assert (await answer_of(engine, backend="extractive")).status == "answered"

    run(cancel())


def test_a_question_that_is_cancelled_before_there_is_anything_to_keep_ends_without_an_answer(
    desk: EngineDesk,
) -> None:
    async def cancel() -> None:
        with MisbehavingServer(saying_nothing) as server:
            async with desk.engine("openai:m", server.url) as engine:
                asking = asyncio.create_task(events_of(engine))
                await until(lambda: server.received)
                engine.cancel()
                events = await asking
                assert isinstance(events[0], Retrieved)
                assert not any(isinstance(event, Answered) for event in events)
                assert (await answer_of(engine, backend="extractive")).status == "answered"

    run(cancel())


def test_a_model_is_not_asked_again_for_a_question_that_was_cancelled(desk: EngineDesk) -> None:
    unproven = stalling(delta("The new bridge was opened by a queen. "), delta("And then"))

    async def cancel() -> None:
        with MisbehavingServer(unproven) as server:
            async with desk.engine("openai:m", server.url) as engine:
                async with aclosing(engine.ask(BURNED)) as asked:
                    async for event in asked:
                        if isinstance(event, Delta) and "And" in event.text:
                            engine.cancel()
                assert len(server.received) == 1

    run(cancel())


def test_an_engine_that_hangs_is_replaced_once_its_question_is_cancelled(
    desk: EngineDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.host_process.STOPS_WITHIN_S", 0.1)

    async def cancel() -> None:
        async with desk.engine() as engine:
            await until(lambda: desk.told(Standing))
            os.kill(engines()[0], signal.SIGSTOP)
            asking = asyncio.create_task(events_of(engine))
            while not asking.done():  # as people press Escape again and again
                engine.cancel()
                await asyncio.sleep(0.02)
            with pytest.raises(EngineLost, match="it hung, and was killed"):
                await asking
            assert (await answer_of(engine)).status == "answered"

    run(cancel())


def test_an_engine_whose_question_ends_is_left_alone(desk: EngineDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.engine.host_process.STOPS_WITHIN_S", 0.0)

    async def cancel() -> None:
        async with desk.engine() as engine:
            host = engine._host
            assert host is not None
            async with aclosing(engine.ask(BURNED)) as asked:
                async for event in asked:
                    if isinstance(event, Answered):
                        await until(lambda: not host._running)  # it has told the end of the question
                        engine.cancel()
            assert (await answer_of(engine)).status == "answered"
            assert desk.told(Lost) == []

    run(cancel())


def test_closing_the_events_of_a_question_lets_go_of_its_model(desk: EngineDesk) -> None:
    async def give_up() -> None:
        with MisbehavingServer(WRITTEN) as server:
            async with desk.engine("openai:m", server.url) as engine:
                async with aclosing(engine.ask(BURNED)) as asked:
                    async for event in asked:
                        if isinstance(event, Delta):
                            break
                await until(server.connections[-1].left.is_set)
                assert (await answer_of(engine, backend="extractive")).status == "answered"

    run(give_up())


def test_an_engine_that_is_closed_while_a_model_writes_ends_soon(desk: EngineDesk) -> None:
    async def end() -> float:
        with MisbehavingServer(WRITTEN) as server:
            async with desk.engine("openai:m", server.url) as engine:
                asking = asyncio.create_task(events_of(engine))
                await until(lambda: server.received)
                began = time.monotonic()
            spent = time.monotonic() - began
            with pytest.raises(EngineLost, match="the engine was closed"):
                await asking
            assert desk.told(Lost) == []
            return spent

    assert run(end()) < SOON_S
    assert engines() == []


def test_a_stopped_engine_is_ended_all_the_same(desk: EngineDesk) -> None:
    async def end() -> float:
        async with desk.engine():
            await until(lambda: desk.told(Standing))
            os.kill(engines()[0], signal.SIGSTOP)
            began = time.monotonic()
        return time.monotonic() - began

    assert run(end()) < SOON_S
    assert engines() == []


def test_a_bug_in_the_engine_comes_with_its_traceback(desk: EngineDesk) -> None:
    async def ask() -> None:
        async with desk.engine() as engine:
            with pytest.raises(EngineFault) as fault:
                await events_of(engine, 5)  # type: ignore[arg-type]
            assert "AttributeError" in str(fault.value)
            assert "assistant.py" in fault.value.report

    run(ask())


def test_an_engine_that_dies_while_it_indexes_takes_its_indexer_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HeldIndexers(tmp_path / "starts", monkeypatch)
    desk = EngineDesk(tmp_path)

    async def die() -> int:
        async with desk.engine():
            indexer = (await until(lambda: indexers(engines()[0])))[0]
            os.kill(engines()[0], signal.SIGKILL)
            await until(lambda: desk.told(Lost))
        return indexer

    assert gone(run(die()))


@pytest.mark.slow
def test_an_engine_that_is_killed_leaves_no_temporary_index(
    desk: EngineDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", str(place))
    desk.states = tmp_path / "in-the-way"
    desk.states.touch()

    async def die() -> None:
        async with desk.engine() as engine:
            assert (await answer_of(engine)).status == "answered"
            assert list(place.iterdir())
            os.kill(engines()[0], signal.SIGKILL)
            await until(lambda: desk.told(Lost))
            assert list(place.iterdir()) == []
            assert (await answer_of(engine)).status == "answered"
        assert list(place.iterdir()) == []

    run(die())
