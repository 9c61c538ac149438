"""What may come through the pipes of an engine, and what may not."""

import asyncio
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.engine import wire
from assistant.engine.failures import EngineFault
from assistant.engine.messages import Failed, Told
from assistant.engine.notices import Standing
from assistant.engine.wire import WireError, framed, receive, value_of
from assistant.errors import BackendError, ConfigurationError, ReaderError
from assistant.events import Answered, Delta
from index.errors import CorpusError, IndexingError, ModelError
from kept_sessions import full_answer


class Hostile:
    """Runs a command where it is read."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self._target}",)


async def read(data: bytes) -> object:
    pipe = asyncio.StreamReader()
    pipe.feed_data(data)
    pipe.feed_eof()
    return await receive(pipe)


@pytest.mark.parametrize(
    "value",
    [
        Told(1, Answered(full_answer())),
        Told(2, Delta("\x1b[2J[@click=app.quit]x[/]\ud800")),
        Told(0, Standing(full_answer().index, "1 article added")),
    ],
    ids=["answer", "hostile text", "notice"],
)
def test_values_come_out_as_they_went_in(value: Told) -> None:
    assert asyncio.run(read(framed(value))) == value


def test_nothing_but_the_values_of_an_engine_is_made(tmp_path: Path) -> None:
    target = tmp_path / "made"
    for foreign in (Hostile(target), np.float64(0.5), {"set": {1}, "path": tmp_path}, ValueError("x")):
        with pytest.raises(WireError, match="a frame names"):
            value_of(pickle.dumps(Told(1, foreign)))
    assert not target.exists()


@pytest.mark.parametrize("data", [b"", b"\x80\x05", b"cos\nsystem\n.", b"garbage"])
def test_what_is_no_frame_ends_the_reading(data: bytes) -> None:
    with pytest.raises(WireError):
        value_of(data)


def test_a_pipe_that_ends_in_a_frame_has_ended() -> None:
    assert asyncio.run(read(framed(Told(1, "x"))[:-1])) is None
    assert asyncio.run(read(b"")) is None


def test_no_frame_is_longer_than_agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LONGEST_FRAME", 100)
    with pytest.raises(WireError, match="more than the 100 that can be told at once"):
        framed(Told(1, "x" * 100))
    with pytest.raises(WireError, match="a frame of 101 bytes was announced"):
        asyncio.run(read((101).to_bytes(4, "big") + b"x" * 101))


@pytest.mark.parametrize(
    "error",
    [
        ConfigurationError("a", "b"),
        BackendError("a", "b"),
        CorpusError("a", "b"),
        ReaderError("a", "b"),
        IndexingError("a"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_for_people_are_raised_as_they_were(
    error: ConfigurationError | BackendError | IndexingError,
) -> None:
    raised = Failed.of(1, error).error()
    assert type(raised) is type(error)
    assert isinstance(raised, ConfigurationError | BackendError | IndexingError)
    assert (str(raised), raised.hint) == (str(error), error.hint)


def test_an_error_of_a_kind_of_its_own_is_raised_as_the_next_one_above() -> None:
    class VocabularyError(ModelError):
        pass

    assert type(Failed.of(1, VocabularyError("a")).error()) is ModelError


def test_any_other_error_is_a_fault_with_its_traceback() -> None:
    try:
        replace(full_answer(), nonsense=1)  # type: ignore[call-arg]
    except TypeError as error:
        fault = Failed.of(1, error).error()
    assert isinstance(fault, EngineFault)
    assert str(fault).startswith("TypeError: ")
    assert "test_assistant_engine_wire.py" in fault.report
