"""Processes of an engine: none outlives whoever started it, odd places do no harm, nothing is lost in pipes."""

import asyncio
import fcntl
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.engine.messages import NOTICE, Ended, ReadArticle, Told
from assistant.engine.notices import ArticleText
from assistant.engine.settings import EngineSettings
from assistant.engine.wire import framed, value_of
from engine_desk import (
    BURNED,
    PATIENCE_S,
    EngineDesk,
    answer_of,
    children,
    engines,
    gone,
    holds,
    indexers,
    run,
    until,
)
from engine_starts import HeldIndexers
from index.encoder import OnnxEmbedder

HALF_A_PIPE = 32_000
"""Bytes that wait only where an article, which is longer than a pipe, is on its way."""

ASKING = """
import asyncio, sys
from assistant.engine.client import Engine
from assistant.engine.settings import EngineSettings

async def main():
    engine = Engine(EngineSettings(sys.argv[1], sys.argv[2]))
    await engine.start()
    print(engine._host._process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def empty(tmp_path: Path) -> EngineDesk:
    """Nothing is indexed yet."""
    return EngineDesk(tmp_path)


def test_a_program_that_is_killed_while_its_engine_indexes_leaves_neither_process(
    empty: EngineDesk, held: HeldIndexers
) -> None:
    command = [sys.executable, "-c", ASKING, str(empty.corpus), str(empty.states)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        host = int(program.stdout.readline())
        assert holds(lambda: indexers(host))
        (indexer,) = indexers(host)
        program.kill()
    assert gone(host, indexer)


def test_an_indexer_inherits_nothing_that_would_keep_the_pipes_of_its_engine_open(
    empty: EngineDesk, held: HeldIndexers
) -> None:
    async def look() -> None:
        async with empty.engine():
            (host,) = await until(engines)
            (indexer,) = await until(lambda: indexers(host))
            shared = set(pipes(host)) & set(pipes(indexer))
            assert len(shared) == 2  # its own stdin and stdout

    run(look())


def test_an_engine_that_is_closed_at_once_leaves_no_process(empty: EngineDesk) -> None:
    async def end() -> None:
        async with empty.engine():
            pass

    before = set(children())
    run(end())
    assert set(children()) <= before


@pytest.mark.parametrize("name", ["a b ü\n'x' %20?#&=\"$(id)", "x" * 200], ids=["odd", "long"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, encoder: OnnxEmbedder, name: str) -> None:
    (tmp_path / name).mkdir()
    desk = EngineDesk(tmp_path / name).index(encoder)

    async def ask() -> None:
        async with desk.engine() as engine:
            assert (await answer_of(engine)).status == "answered"
            assert Path((await engine.article("mill.txt")).path).is_file()

    run(ask())


def test_neither_a_home_nor_a_current_folder_is_needed(
    empty: EngineDesk, encoder: OnnxEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.index(encoder)
    for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name)
    (tmp_path / "removed").mkdir()
    monkeypatch.chdir(tmp_path / "removed")
    (tmp_path / "removed").rmdir()

    async def ask() -> None:
        async with empty.engine() as engine:
            assert (await answer_of(engine)).status == "answered"

    run(ask())


def test_an_article_longer_than_the_pipe_comes_whole(empty: EngineDesk, encoder: OnnxEmbedder) -> None:
    text = "The dam held.\n" * 200_000
    (empty.corpus / "long.txt").write_text(text)

    async def read() -> None:
        async with empty.engine() as engine:
            assert (await engine.article("long.txt")).text == text

    run(read())


def test_whoever_does_not_read_for_a_while_gets_everything_in_order(
    empty: EngineDesk, encoder: OnnxEmbedder
) -> None:
    empty.index(encoder)
    (empty.corpus / "long.txt").write_text("The dam held.\n" * 20_000)
    command = [sys.executable, "-P", "-m", "assistant.engine.host"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as host:
        assert host.stdin is not None
        assert host.stdout is not None
        host.stdin.write(framed(EngineSettings(str(empty.corpus), str(empty.states))))
        host.stdin.write(b"".join(framed(ReadArticle(number, "long.txt")) for number in range(1, 6)))
        host.stdin.flush()
        pipe = host.stdout.fileno()
        assert holds(lambda: waiting_in(pipe) > HALF_A_PIPE)
        told: dict[int, list[object]] = {number: [] for number in range(6)}
        while sum(isinstance(said, Ended) for of_one in told.values() for said in of_one) < 5:
            said = value_of(host.stdout.read(int.from_bytes(host.stdout.read(4), "big")))
            assert isinstance(said, Told | Ended)
            told[said.number].append(said)
        host.stdin.close()
        assert host.wait(PATIENCE_S) == 0
    del told[NOTICE]
    for number, (first, last) in told.items():
        assert isinstance(first, Told)
        assert isinstance(first.what, ArticleText)
        assert len(first.what.text) == 280_000
        assert last == Ended(number)


def pipes(pid: int) -> list[str]:
    """The pipes that a process has open; what it closes while we look is none of them."""
    places = []
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            places.append(str(opened.readlink()))
    return [place for place in places if place.startswith("pipe:")]


def waiting_in(pipe: int) -> int:
    """Bytes that were written and not read yet."""
    return int(struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0"))[0])


def test_questions_that_are_asked_at_the_same_time_are_all_answered(
    empty: EngineDesk, encoder: OnnxEmbedder
) -> None:
    empty.index(encoder)

    async def ask() -> None:
        async with empty.engine() as engine:
            asked = [answer_of(engine, question) for question in (BURNED, "When was the dam inspected?", BURNED)]
            answers = await asyncio.gather(*asked)
            assert [answer.question for answer in answers] == [BURNED, "When was the dam inspected?", BURNED]
            assert engine._asked == {}

    run(ask())
