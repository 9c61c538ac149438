"""A place for an index that is not kept: it goes with whoever made it, however that one ends.

Each is a folder of its own among the system's temporary ones, with a lock that its owner holds. A process that is
killed cannot remove it; the kernel lets go of its lock, and whoever looks next removes the folder.
"""

from __future__ import annotations

import shutil
import stat
import tempfile
from contextlib import suppress
from os import geteuid
from pathlib import Path

from index.errors import IndexingError
from index.locks import FileLock, holder

_PREFIX = "parley-index-"
_UNLOCKED = "new-"
"""In the names of those whose owners do not hold the lock yet."""
_LOCK = "owner"
_WRITER_ENDS_WITHIN_S = 0.5
"""Who was indexing there ends with its owner, but perhaps a moment later."""


class TemporaryFolder:
    """A folder that is there until `close`, or until somebody sweeps after the death of this process."""

    def __init__(self) -> None:
        """Make one, after a sweep. Raises OSError, or StateError, where there is no place for it."""
        sweep()
        made = Path(tempfile.mkdtemp(prefix=_PREFIX + _UNLOCKED))
        self._lock = FileLock(made / _LOCK)
        self._lock.acquire()
        self.path = made.rename(made.with_name(made.name.replace(_UNLOCKED, "", 1)))

    def close(self) -> None:
        """Remove it, as far as that is allowed."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.release()


def sweep() -> None:
    """Remove what processes of this user left behind that are no more; milliseconds, where there is nothing."""
    try:
        folders = list(Path(tempfile.gettempdir()).glob(_PREFIX + "*"))
    except OSError:
        return
    for folder in folders:
        with suppress(OSError, IndexingError):
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == geteuid() and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether neither its owner lives, nor anybody who writes the index in it."""
    if folder.name.startswith(_PREFIX + _UNLOCKED) or holder(folder / _LOCK):
        return False
    for written in folder.glob("*/lock"):
        with FileLock(written).held(_WRITER_ENDS_WITHIN_S):
            pass
    return True
