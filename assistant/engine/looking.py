"""Looks at folder and index and says how they differ, without changing either."""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answer import IndexStatus
from index.catalog import METADATA_ROW, Catalog, KnownFile, Manifest
from index.errors import DamagedError, IndexingError, LockedError, StateError
from index.folder import Scan, Stamp, scan
from index.freshness import NOT_CHECKED, Build, Difference, compare
from index.state import StateFolder

FEW = 20
SMALL = 300_000
"""Files, and their bytes: a question waits longer for a change of no more."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of folder and index at one moment."""

    found: Scan
    difference: Difference
    status: IndexStatus | None
    """The index as questions see it; None where there is none that could be asked."""
    reread: bool = False
    """Whether a file holds something else although nothing tells that it was touched."""
    passed_over: tuple[str, ...] = ()
    """What is no article although its name says so, and why."""

    @property
    def is_small(self) -> bool:
        """Whether few files and little text are to be read anew."""
        difference, files = self.difference, self.found.files
        read = files if difference.metadata else difference.touched  # a title may be told of any of them
        few = difference.rebuild is None and len(read) + len(difference.gone) <= FEW
        return few and sum(files[name].size for name in read) <= SMALL

    def is_of_same_folder(self, other: Look) -> bool:
        """Whether the folder was then as it is now, as far as names, sizes and times tell."""
        return (self.found.files, self.found.metadata) == (other.found.files, other.found.metadata)


class FolderLook:
    """Looks when it is asked to, from any thread.

    A file that was touched within two seconds of its last sync may have changed once more since. A sync would look
    into it again; here that is done without one, and remembered.
    """

    def __init__(self, corpus: Path, build: Build) -> None:
        self._corpus = corpus
        self._build = build
        self._turn = threading.Lock()
        self._same: dict[str, KnownFile] = {}
        """Files that were looked into and hold what the index knows, with the time of that look."""

    def look(self, state: StateFolder) -> Look:
        """Compare the folder with the index that is kept there.

        Raises:
            CorpusError: the folder cannot be used.
        """
        with self._turn:
            found = scan(self._corpus)
            try:
                manifest, known, counts = _read(state)
            except (DamagedError, StateError, LockedError):
                return Look(found, compare(found, None, {}, self._build), None)
            self._same = {name: file for name, file in self._same.items() if _agrees(file, known.get(name))}
            difference = compare(found, manifest, known | self._same, self._build)
            difference, reread = self._looked_into(found, difference, known)
        status = None
        if manifest is not None and manifest.store:
            status = IndexStatus(*counts, manifest.updated, stale=bool(difference))
        unreadable = [f"{name} {file.unreadable}; skipped" for name, file in known.items() if file.unreadable]
        return Look(found, difference, status, reread, (*unreadable, *found.warnings))

    def _looked_into(
        self, found: Scan, difference: Difference, known: dict[str, KnownFile]
    ) -> tuple[Difference, bool]:
        """What differs without the files that hold the same, and whether one that looks the same does not."""
        same, other = set[str](), False
        for name in (*difference.touched, *((METADATA_ROW,) if difference.metadata else ())):
            file = known.get(name)
            if file and file.checked_ns != NOT_CHECKED and file.stamp == _stamp(found, name):
                if self._holds_the_same(found, name, file):
                    same.add(name)
                else:
                    other = True
        touched = tuple(name for name in difference.touched if name not in same)
        metadata = difference.metadata and METADATA_ROW not in same
        return replace(difference, touched=touched, metadata=metadata), other

    def _holds_the_same(self, found: Scan, name: str, known: KnownFile) -> bool:
        now = time.time_ns()  # taken first, so that a later change is noticed
        try:
            data = _place(found, name).read_bytes()
        except OSError:
            return False
        if hashlib.sha256(data).hexdigest() != known.sha256:
            return False
        self._same[name] = replace(known, checked_ns=now)
        return True


def status_of(state: StateFolder) -> IndexStatus | None:
    """The index as questions see it, fresh; None where there is none that could be asked."""
    try:
        manifest, _, counts = _read(state)
    except IndexingError:
        return None
    return IndexStatus(*counts, manifest.updated, stale=False) if manifest and manifest.store else None


def _read(state: StateFolder) -> tuple[Manifest | None, dict[str, KnownFile], tuple[int, int]]:
    with closing(Catalog.open(state.catalog)) as catalog, catalog.snapshot():
        return catalog.manifest(), catalog.files(), catalog.counts()


def _agrees(looked: KnownFile, known: KnownFile | None) -> bool:
    """Whether no sync has seen something else since we looked."""
    return known is not None and replace(looked, checked_ns=known.checked_ns) == known


def _stamp(found: Scan, name: str) -> Stamp | None:
    if name == METADATA_ROW:
        return found.metadata[1] if found.metadata else None
    return found.files[name]


def _place(found: Scan, name: str) -> Path:
    return found.metadata[0] if name == METADATA_ROW and found.metadata else found.root / name
