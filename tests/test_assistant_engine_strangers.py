"""Another program in the engine's place: whatever it says, whoever asked is told, and it is ended."""

import asyncio
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.failures import EngineLost
from assistant.engine.host_process import HostProcess
from assistant.engine.messages import NOTICE, Ended, Told
from assistant.engine.notices import Lost, Remark
from assistant.engine.settings import EngineSettings
from assistant.engine.wire import LONGEST_FRAME, framed
from engine_desk import PATIENCE_S, engines, events_of, run

UNTIL_STDIN_ENDS = "exec cat > /dev/null"
WITHOUT_STDOUT = "exec >&-; exec cat > /dev/null"
FOR_A_WHILE = "exec sleep 60 < /dev/null"
KILLED_SOON_S = 0.05
"""One that does not end by itself need not be waited for; one that does may take its time on a busy machine."""


class Stranger:
    """A shell script that is started instead of the engine."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.settings = EngineSettings(str(folder), str(folder))
        self._script = folder / "engine"
        self._said = folder / "said"

    def says(self, said: bytes, then: str) -> None:
        """Write these bytes to stdout, then do something in shell."""
        ends = then not in (UNTIL_STDIN_ENDS, WITHOUT_STDOUT, FOR_A_WHILE)
        patience_s = PATIENCE_S if ends else KILLED_SOON_S
        self._monkeypatch.setattr("assistant.engine.host_process.GOODBYE_S", patience_s)
        self._said.write_bytes(said)
        self._script.write_text(f"#!/bin/sh\nhead -c 4 > /dev/null\ncat '{self._said}'\n{then}\n")
        self._script.chmod(0o755)


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    monkeypatch.setattr("sys.executable", str(tmp_path / "engine"))
    return Stranger(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("said", "then", "told"),
    [
        (b"", "exit 0", "with code 0"),
        (b"", "echo nonsense >&2; exit 3", "with code 3"),
        (b"", "kill -ABRT $$", "by SIGABRT"),
        (b"", WITHOUT_STDOUT, "by SIGKILL|it was killed"),
        (framed(Told(NOTICE, Remark("half")))[:-3], "exit 0", "with code 0"),
        (b"\0\0\0\4spam", UNTIL_STDIN_ENDS, "it told what cannot be understood"),
        ((LONGEST_FRAME + 1).to_bytes(4, "big"), UNTIL_STDIN_ENDS, "a frame of 67,108,865 bytes was announced"),
        (framed(Told(NOTICE, "no notice")), UNTIL_STDIN_ENDS, "Told was not asked for"),
        (framed(Ended(["no number"])), UNTIL_STDIN_ENDS, "Ended was not asked for"),  # type: ignore[arg-type]
        (framed("no message"), UNTIL_STDIN_ENDS, "str was not asked for"),
    ],
    ids=[
        *("ends at once", "ends with a code", "aborts", "closes its pipe", "dies in a frame", "garbage"),
        *("too long", "unknown notice", "no number", "unknown message"),
    ],
)
def test_a_question_to_it_fails_and_says_what_happened(
    stranger: Stranger, said: bytes, then: str, told: str
) -> None:
    stranger.says(said, then)

    async def ask() -> None:
        engine = Engine(stranger.settings)
        try:
            with pytest.raises(EngineLost, match=told):
                await events_of(engine)
        finally:
            await engine.aclose()
        assert [type(notice) for notice in [notice async for notice in engine.notices()]] == [Lost]

    run(ask())
    assert engines() == []


def test_how_it_began_and_what_it_wrote_last_are_in_the_report(stranger: Stranger) -> None:
    stranger.says(b"", "echo earlier >&2; head -c 100000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 3")

    async def ask() -> None:
        engine = Engine(stranger.settings)
        with pytest.raises(EngineLost) as lost:
            await events_of(engine)
        await engine.aclose()
        assert len(lost.value.report) == len("\n[...]\n") + 8000
        assert lost.value.report.startswith("earlier\n" + "x" * 100)
        assert lost.value.report.endswith("x" * 100 + "the end\n")

    run(ask())


def test_without_a_place_for_its_report_it_is_started_all_the_same(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    stranger.says(b"", "echo nonsense >&2; exit 3")

    async def ask() -> None:
        engine = Engine(stranger.settings)
        with pytest.raises(EngineLost, match="with code 3") as lost:
            await events_of(engine)
        await engine.aclose()
        assert lost.value.report == ""

    run(ask())


def test_one_that_does_not_end_with_its_stdin_is_killed(stranger: Stranger) -> None:
    stranger.says(framed(Told(NOTICE, Remark("ready"))), FOR_A_WHILE)

    async def end() -> None:
        engine = Engine(stranger.settings)
        await engine.start()
        notices = engine.notices()
        assert await anext(notices) == Remark("ready")
        asking = asyncio.create_task(events_of(engine))
        await asyncio.sleep(0)
        await engine.aclose()
        with pytest.raises(EngineLost, match="the engine was closed"):
            await asking
        assert [notice async for notice in notices] == []

    run(end())
    assert engines() == []


def test_a_number_is_given_once_so_that_no_question_is_taken_for_one_that_was_lost(stranger: Stranger) -> None:
    stranger.says(b"", UNTIL_STDIN_ENDS)

    async def count() -> None:
        numbers = []
        for _ in range(2):
            host = await HostProcess.start(stranger.settings, lambda notice: None)
            numbers += [host.number(), host.number()]
            await host.aclose()
        assert len(set(numbers)) == 4
        assert NOTICE not in numbers

    run(count())
