"""Lines of bytes over descriptors, read and written by an event loop that they never hold up.

No thread waits in a system call here, so that the program can end whatever the other side does or leaves undone.
"""

from __future__ import annotations

import os
import select
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

import anyio

LONGEST_LINE = 2**20
"""Bytes of a line; a longer one is not kept."""
_PIECE = 2**16


async def read_lines(descriptor: int) -> AsyncGenerator[bytes | None, None]:
    """The lines that come, without their ends; None for one that is too long. What has no end is no line."""
    begun, passing_over = b"", False
    while piece := await _read(descriptor):
        *ended, begun = (begun + piece).split(b"\n")
        for line in ended:
            yield None if passing_over or len(line) > LONGEST_LINE else line
            passing_over = False
        if passing_over or len(begun) > LONGEST_LINE:
            begun, passing_over = b"", True


async def write_line(descriptor: int, line: bytes) -> None:
    """Write a line and its end.

    Raises:
        OSError: nobody reads it any more.
    """
    left = memoryview(line + b"\n")
    while left:
        await _ready(anyio.wait_writable, descriptor)
        with suppress(BlockingIOError):
            # A pipe that can be written to takes so much at once, and then no write waits for a reader.
            left = left[os.write(descriptor, left[: select.PIPE_BUF]) :]


async def _read(descriptor: int) -> bytes:
    """What has come; nothing at the end, to which a connection that is broken has come, too."""
    while True:
        await _ready(anyio.wait_readable, descriptor)
        try:
            return os.read(descriptor, _PIECE)
        except BlockingIOError:
            continue
        except OSError:
            return b""


async def _ready(wait: Callable[[int], Awaitable[None]], descriptor: int) -> None:
    with suppress(PermissionError):  # a file or /dev/null, which are always ready and cannot be waited for
        await wait(descriptor)
