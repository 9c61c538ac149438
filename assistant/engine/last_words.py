"""What a process of the engine writes on stderr: kept while it runs, because its end is told where it dies."""

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


def end_of(log: IO[bytes], count: int) -> str:
    """The last `count` bytes of what was written, or fewer."""
    log.seek(max(0, log.seek(0, os.SEEK_END) - count))
    return log.read().decode(errors="replace")
