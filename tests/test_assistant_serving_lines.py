"""Lines over descriptors: whole ones come out as they went in, whoever reads slowly or has gone."""

import asyncio
import os
import select
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.serving.lines import LONGEST_LINE, read_lines, write_line

LINES = st.lists(st.binary(max_size=50).filter(lambda line: b"\n" not in line), max_size=20)


@pytest.fixture
def pipe() -> Iterator[tuple[FileIO, FileIO]]:
    """Closed once and not twice: the number of one that was closed is another file's by then."""
    reading, writing = os.pipe()
    with FileIO(reading, "r") as reader, FileIO(writing, "w") as writer:
        yield reader, writer


def lines_of(descriptor: int) -> list[bytes | None]:
    async def read() -> list[bytes | None]:
        return [line async for line in read_lines(descriptor)]

    return asyncio.run(read())


def sent(data: bytes) -> list[bytes | None]:
    """What is read of data that fits a pipe, and then its end."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    try:
        return lines_of(reading)
    finally:
        os.close(reading)


@given(LINES, st.binary(max_size=20).filter(lambda line: b"\n" not in line))
def test_lines_come_as_they_are_and_half_a_line_is_none(lines: list[bytes], half: bytes) -> None:
    assert sent(b"".join(line + b"\n" for line in lines) + half) == lines


def test_a_line_longer_than_a_pipe_holds_passes_through_it(pipe: tuple[FileIO, FileIO]) -> None:
    reading, writing = pipe
    long = os.urandom(200_000).replace(b"\n", b" ")

    async def both() -> list[bytes | None]:
        async def write() -> None:
            await write_line(writing.fileno(), long)
            await write_line(writing.fileno(), b"short")
            writing.close()

        written = asyncio.create_task(write())
        read = [line async for line in read_lines(reading.fileno())]
        await written
        return read

    assert asyncio.run(both()) == [long, b"short"]


def test_a_line_that_is_too_long_is_told_and_the_next_one_comes(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"a\n" + b"x" * (3 * LONGEST_LINE) + b"\nb\n" + b"y" * (LONGEST_LINE + 1) + b"\nc\n")
    with file.open("rb") as opened:
        assert lines_of(opened.fileno()) == [b"a", None, b"b", None, b"c"]


def test_the_longest_line_is_a_line(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"x" * LONGEST_LINE + b"\n")
    with file.open("rb") as opened:
        assert lines_of(opened.fileno()) == [b"x" * LONGEST_LINE]


def test_a_line_without_end_leaves_nothing_in_memory_and_nothing_read(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_bytes(b"x" * (2 * LONGEST_LINE))
    with file.open("rb") as opened:
        assert lines_of(opened.fileno()) == []


def test_whoever_has_gone_is_an_error_to_write_to(pipe: tuple[FileIO, FileIO]) -> None:
    reading, writing = pipe
    reading.close()
    with pytest.raises(BrokenPipeError):
        asyncio.run(write_line(writing.fileno(), b"hello"))


def test_a_file_is_written_like_a_pipe(tmp_path: Path) -> None:
    with (tmp_path / "out").open("wb") as out:
        asyncio.run(write_line(out.fileno(), b"hello"))
    assert (tmp_path / "out").read_bytes() == b"hello\n"


def test_writing_to_one_who_does_not_read_can_be_given_up(pipe: tuple[FileIO, FileIO]) -> None:
    writing = pipe[1].fileno()

    async def write() -> bool:
        writing_long = asyncio.create_task(write_line(writing, b"x" * 10**6))
        while not is_full(writing):
            await asyncio.sleep(0)
        writing_long.cancel()
        await asyncio.wait([writing_long])
        return writing_long.cancelled()

    assert asyncio.run(write())


def is_full(writing: int) -> bool:
    return not select.select([], [writing], [], 0)[1]
