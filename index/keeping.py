"""Keep the index fresh: compare folder and catalog whenever a question is asked, and sync what differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.catalog import KnownFile
from index.errors import DamagedError, LockedError, StateError
from index.folder import Scan, scan
from index.freshness import Build, compare
from index.locks import holder
from index.passages import SPLITTER
from index.state import StateFolder
from index.sync import Progress, SyncReport, sync
from index.temporary import TemporaryFolder
from index.view import CHROMA_WAIT_S, IndexReader

if TYPE_CHECKING:
    from index.encoder import Embedder

WAIT_STEP_S = 0.2
SYNC_WAIT_S = 0.2
"""A sync that finds nothing to do is over within this time; for a longer one nobody waits."""
SKIPPED_NAMED = 3
"""Of the files that cannot be read, so many are named, the others counted."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a question waits for other processes, in seconds."""

    for_sync_s: float = SYNC_WAIT_S
    for_vectors_s: float = CHROMA_WAIT_S
    pause: Callable[[float], None] = time.sleep
    """Lets some time go by; called between two looks at whether the first index is finished."""


class Listener(Protocol):
    """Whoever wants to know what happens to the index while a question waits."""

    def progress(self, progress: Progress) -> None:
        """A sync has come this far."""

    def synced(self, report: SyncReport) -> None:
        """A sync has ended; its report says whether anything changed."""

    def warn(self, message: str) -> None:
        """Something that people should know, and that does not stop the answer."""


class KeptIndex:
    """The index of one corpus, brought up to date on request and read through `reader`. One thread at a time."""

    def __init__(
        self,
        corpus: Path,
        state: StateFolder,
        embedder: Embedder,
        listener: Listener,
        patience: Patience | None = None,
    ) -> None:
        self.corpus = corpus
        self.state = state
        self.embedder = embedder
        self._patience = patience or Patience()
        self._listener = listener
        self.reader = self._open_reader()
        self._temporary: TemporaryFolder | None = None
        self._told: set[str] = set()

    def close(self) -> None:
        """Close what is open, and remove the index if it was a temporary one."""
        self.reader.close()
        if self._temporary:
            self._temporary.close()

    def refresh(self) -> bool:
        """Bring the index up to date; true if it stays stale because another process is at it.

        Raises:
            CorpusError: the folder cannot be used.
            DamagedError: the index cannot even be built anew.
            LockedError: there is no index yet, and another process holds up what has to be written.
            StateError: no place can be written, not even a temporary one.
        """
        held_up = False
        while not self._is_fresh():
            try:
                report = sync(
                    self.corpus,
                    self.state,
                    self.embedder,
                    self._listener.progress,
                    wait_s=self._patience.for_sync_s,
                )
            except LockedError as error:
                if self._answerable():
                    self._listener.warn(f"{error}; answered from the index as it was before")
                    return True
                if holder(self.state.lock) is None:  # that sync has just ended, or a shorter lock is in the way
                    if held_up:
                        raise
                    held_up = True
                else:
                    self._wait_for_first(error)
            except StateError as error:
                self._use_temporary(error)
            else:
                report.warnings = self._not_told(report.warnings)
                self._listener.synced(report)
                return False
        return False

    def _is_fresh(self) -> bool:
        build = Build(self.embedder.identity, self.embedder.dimension, SPLITTER)
        found = scan(self.corpus)
        try:
            catalog = self.reader.catalog
            known = catalog.files()
            difference = compare(found, catalog.manifest(), known, build)
        except (DamagedError, StateError):
            self.reader.close()
            return False
        if difference:
            return False
        self._tell_of_skipped(found, known)
        return True

    def _tell_of_skipped(self, found: Scan, known: Mapping[str, KnownFile]) -> None:
        """Say in one line what cannot be read and was not told before, by a sync for one."""
        unreadable = [f"{name} {file.unreadable}; skipped" for name, file in known.items() if file.unreadable]
        skipped = self._not_told(unreadable + found.warnings)
        if skipped:
            named = "; ".join(warning.removesuffix("; skipped") for warning in skipped[:SKIPPED_NAMED])
            more = f"; and {len(skipped) - SKIPPED_NAMED} more" if len(skipped) > SKIPPED_NAMED else ""
            self._listener.warn(f"skipped {len(skipped)} that cannot be read: {named}{more}")

    def _not_told(self, warnings: list[str]) -> list[str]:
        """Those that are new to the listener: what stays as it is is told once, not at every question."""
        new = [warning for warning in warnings if warning not in self._told]
        self._told.update(new)
        return new

    def _open_reader(self) -> IndexReader:
        return IndexReader(self.state, self.embedder.identity, wait_s=self._patience.for_vectors_s)

    def _answerable(self) -> bool:
        with suppress(DamagedError, StateError):
            manifest = self.reader.catalog.manifest()
            return bool(manifest and manifest.store)
        return False

    def _wait_for_first(self, error: LockedError) -> None:
        """Until the first generation is finished there is nothing to answer from."""
        self._listener.warn(f"{error}; waiting for the first index to be finished")
        while holder(self.state.lock) is not None:
            self._patience.pause(WAIT_STEP_S)

    def _use_temporary(self, error: StateError) -> None:
        if self._temporary:
            raise error
        try:
            self._temporary = TemporaryFolder()
        except (OSError, StateError):
            raise error from None
        self._listener.warn(f"{error}; working on a temporary index, nothing is kept")
        self.reader.close()
        self.state = StateFolder.of(self.corpus, self._temporary.path)
        self.reader = self._open_reader()
