"""Adopt the state of a corpus that was moved, so that its index need not be built again."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

from index.catalog import METADATA_ROW, Catalog
from index.catalog_writing import CatalogWriter
from index.errors import IndexingError
from index.folder import Scan, scan
from index.locks import FileLock
from index.sqlite_errors import is_there
from index.state import StateFolder

ENOUGH = 0.5
"""The share of the corpus's files that the old index must know by name and size."""


def adopt_moved(corpus: Path, states: Path) -> str | None:
    """Take over the state of a folder that is gone and held these articles; returns where it stood.

    Nothing is done where the corpus has an index of its own. What differs is synced at the next question.
    """
    target = StateFolder.of(corpus, states)
    if is_there(target.catalog) or not states.is_dir():
        return None
    found = scan(corpus)
    for folder in sorted(states.iterdir()):
        former = _take_over(StateFolder(folder), target, found)
        if former:
            return former
    return None


def _take_over(state: StateFolder, target: StateFolder, found: Scan) -> str | None:
    """Move the state to its new place if it is of this corpus, and nobody is using it."""
    lock = FileLock(state.lock)
    with suppress(IndexingError):
        if not found.files or not is_there(state.catalog):
            return None
        try:
            former = _former_corpus(state, found) if lock.acquire() else None
            if former:
                _set_aside(target.root)
                state.root.rename(target.root)
                _note_corpus(target, found.root)
            return former
        finally:
            lock.release()
    return None


def _former_corpus(state: StateFolder, found: Scan) -> str | None:
    """Where the articles of this state stood, if that place is gone and they are ours."""
    with closing(Catalog.open(state.catalog)) as catalog:
        manifest, known = catalog.manifest(), catalog.files()
    if manifest is None or Path(manifest.corpus).exists():
        return None
    same = sum(name in known and known[name].stamp.size == stamp.size for name, stamp in found.files.items())
    known.pop(METADATA_ROW, None)
    return manifest.corpus if same >= ENOUGH * max(len(found.files), len(known)) else None


def _note_corpus(state: StateFolder, corpus: Path) -> None:
    """Without this a second move would not be seen once something else stands where the articles first stood."""
    with closing(Catalog.open(state.catalog)) as catalog:
        manifest = catalog.manifest()
        if manifest:
            writer = CatalogWriter(catalog)
            with writer.transaction():
                writer.put_manifest(replace(manifest, corpus=str(corpus)))


def _set_aside(folder: Path) -> None:
    """Free a name; what stands there holds no index, but perhaps something else that people want."""
    if folder.exists():
        names = (folder.with_name(f"{folder.name}.unused-{number}") for number in count(1))
        folder.rename(next(name for name in names if not name.exists()))
