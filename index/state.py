"""Where one corpus keeps its state on disk, and whether that place can be written."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.errors import StateError


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The paths of one corpus's state; nothing is made until `create` is called."""

    root: Path

    @classmethod
    def of(cls, corpus: Path, states: Path) -> StateFolder:
        """The folder under `states` that belongs to the corpus at this real path."""
        real = Path(os.path.realpath(corpus))  # Path.resolve raises where a link leads to itself
        name = re.sub(r"[^\w.-]+", "_", real.name)[:60] or "root"
        digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:12]
        return cls(states / f"{name}-{digest}")

    @property
    def catalog(self) -> Path:
        """The SQLite file."""
        return self.root / "catalog.sqlite3"

    @property
    def chroma(self) -> Path:
        """The folder with one Chroma store a generation of rebuilding."""
        return self.root / "chroma"

    @property
    def lock(self) -> Path:
        """Held by the one process that syncs, for as long as it does."""
        return self.root / "lock"

    @property
    def chroma_lock(self) -> Path:
        """Held for moments: around each opening of Chroma and each write."""
        return self.chroma / "lock"

    @property
    def sessions(self) -> Path:
        """The folder with one file a saved conversation."""
        return self.root / "sessions"

    def store(self, name: str) -> Path:
        """The Chroma store of this name."""
        return self.chroma / name

    def create(self) -> None:
        """Make the folders.

        Raises:
            StateError: they cannot be made or written.
        """
        try:
            self.chroma.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(
                f"the state folder {self.root} cannot be made: {error.strerror}",
                "free the place, or name another with --state DIR",
            ) from error
        if not os.access(self.root, os.W_OK | os.X_OK) or not os.access(self.chroma, os.W_OK | os.X_OK):
            raise StateError(
                f"the state folder {self.root} cannot be written",
                "give yourself the right to write there, or name another with --state DIR",
            )

    def remove_catalog(self) -> None:
        """Remove the catalog and what SQLite keeps beside it; who has it open reads on in what is removed.

        Raises:
            StateError: that is not allowed.
        """
        with changing(self.root):
            for path in self.root.glob(self.catalog.name + "*"):
                path.unlink()


@contextmanager
def changing(place: Path) -> Iterator[None]:
    """Turn what the file system refuses at `place` into StateError."""
    try:
        yield
    except OSError as error:
        raise StateError(
            f"{error.filename or place} cannot be changed: {error.strerror}",
            "free the place, or name another with --state DIR",
        ) from error
