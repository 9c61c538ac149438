"""When the terminal UI has garbage collected."""

import gc
from collections.abc import Iterator

import pytest

from tui.collecting import EVERY, QUIET_S, WORTHWHILE, GarbageCollection
from tui.fakes import Script
from tui_stage import Stage, answered, on_stage


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def garbage(clock: Clock) -> Iterator[GarbageCollection]:
    collection = GarbageCollection(clock)
    gc.collect()
    collection.begin()
    yield collection
    collection.end()


def make_work() -> None:
    """Have so many younger collections behind us that a full one is worthwhile."""
    for _ in range(WORTHWHILE):
        gc.collect(1)


def test_it_collects_fully_only_once_nobody_has_touched_anything_for_a_while(
    garbage: GarbageCollection, clock: Clock
) -> None:
    make_work()
    clock.now = 3.0
    garbage.touch()
    clock.now += QUIET_S - 0.1
    assert not garbage.collect_if_quiet()
    clock.now += 0.2
    assert garbage.collect_if_quiet()


def test_it_does_not_collect_again_and_again_while_nothing_happens(
    garbage: GarbageCollection, clock: Clock
) -> None:
    make_work()
    clock.now = 2 * QUIET_S
    assert garbage.collect_if_quiet()
    clock.now = 4 * QUIET_S
    assert not garbage.collect_if_quiet()


def test_how_python_collects_is_put_back() -> None:
    before = gc.get_threshold()
    collection = GarbageCollection()
    collection.begin()
    assert gc.get_threshold() == EVERY
    collection.end()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_the_app_does_not_stop_a_draft_to_collect_and_knows_when_keys_are_pressed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(GarbageCollection, "touch", lambda _: done.append("touched"))
    monkeypatch.setattr(GarbageCollection, "collect_if_quiet", lambda _: done.append("looked"))

    async def act(stage: Stage) -> None:
        await stage.ask("Who led?")
        assert "touched" in done
        await stage.until(lambda: stage.assistant.asked)
        done.clear()  # opening an app takes a slow machine long enough to be quiet
        stage.app.collect_if_quiet()
        assert "looked" not in done
        stage.assistant.release()
        await stage.until(lambda: stage.chat.questions.running is None)
        stage.app.collect_if_quiet()
        assert "looked" in done

    on_stage(act, Script(held=True, answer=answered()))
