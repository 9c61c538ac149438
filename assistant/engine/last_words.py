"""What a process of the engine writes on stderr: kept while it runs, to be told where it dies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO


def open_log() -> IO[bytes]:
    """A file without a name for the stderr of a process; where there is no place for one, nothing is kept."""
    try:
        return tempfile.TemporaryFile()
    except OSError:
        return Path(os.devnull).open("r+b")


def written(log: IO[bytes]) -> str:
    """All that was written."""
    log.seek(0)
    return log.read().decode(errors="replace")


def report_of(log: IO[bytes], count: int) -> str:
    """What was written, or `count` bytes of it: how it begins, which names a crash, and how it ends."""
    everything = written(log).encode()
    if len(everything) <= count:
        return everything.decode()
    first = count // 4
    beginning, end = everything[:first], everything[first - count :]
    return f"{beginning.decode(errors='replace')}\n[...]\n{end.decode(errors='replace')}"
