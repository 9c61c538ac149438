"""One run of the process that brings an index up to date, as the engine sees it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress

from assistant.engine.last_words import open_log, written
from assistant.engine.messages import FAULT, Failed, Indexed, IndexOrder
from assistant.engine.notices import Indexing
from assistant.engine.wire import WireError, framed, receive
from assistant.sanitize import sanitize_line
from index.errors import REBUILD_HINT, IndexingError

LONGEST_REASON = 300
"""Characters of what is told of a process that ended by itself."""


async def index(order: IndexOrder, report: Callable[[Indexing], None]) -> Indexed:
    """Bring an index up to date; cancelling it ends the process.

    Raises:
        IndexingError: as `index.sync.sync`, or the process ended by itself.
    """
    with open_log() as log:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "assistant.engine.indexer"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        except OSError as error:
            raise IndexingError(f"indexing cannot be started: {error.strerror}") from error
        assert process.stdin is not None  # noqa: S101 - it was asked for
        try:
            process.stdin.write(framed(order))
            ended = await _outcome(process, report)
            process.stdin.close()  # which ends it, where it has not ended by itself
            code = await process.wait()
        except BaseException:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if isinstance(ended, Indexed):
            return ended
        if isinstance(ended, IndexingError):
            raise ended
        reasons = written(log).split("\n\n")[0].splitlines() or [f"code {code}"]
        told = ended or f"its process ended by itself: {reasons[0]}"
        raise IndexingError(f"indexing broke off: {sanitize_line(told)[:LONGEST_REASON]}", REBUILD_HINT)


async def _outcome(
    process: asyncio.subprocess.Process, report: Callable[[Indexing], None]
) -> Indexed | IndexingError | str:
    """What it ended with; a text, perhaps empty, where that is no outcome of a sync."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    try:
        while (said := await receive(process.stdout)) is not None:
            match said:
                case Indexing():
                    report(said)
                case Indexed():
                    return said
                case Failed(kind=kind):
                    error = said.error()
                    return error if kind != FAULT and isinstance(error, IndexingError) else said.message
    except WireError as error:
        return str(error)
    return ""
