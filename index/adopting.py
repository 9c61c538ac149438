"""Adopt the state of a corpus that was moved, so that its index need not be built again."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from index.catalog import METADATA_ROW, Catalog
from index.errors import DamagedError
from index.folder import Scan, scan
from index.state import StateFolder

ENOUGH = 0.5
"""The share of the corpus's files that the old index must know by name and size."""


def adopt_moved(corpus: Path, states: Path) -> str | None:
    """Take over the state of a folder that is gone and held these articles; returns where it stood.

    Nothing is done where the corpus has an index of its own. What differs is synced at the next question.
    """
    target = StateFolder.of(corpus, states)
    if target.catalog.exists() or not states.is_dir():
        return None
    found = scan(corpus)
    for folder in sorted(states.iterdir()):
        former = _former_corpus(StateFolder(folder), found)
        if former:
            if target.root.exists():
                target.root.rename(target.root.with_name(f"{target.root.name}.unused"))
            folder.rename(target.root)
            return former
    return None


def _former_corpus(state: StateFolder, found: Scan) -> str | None:
    """Where the articles of this state stood, if that place is gone and they are ours."""
    if not found.files or not state.catalog.exists():
        return None
    with suppress(DamagedError), closing(Catalog.open(state.catalog)) as catalog:
        manifest, known = catalog.manifest(), catalog.files()
        if manifest is None or Path(manifest.corpus).exists():
            return None
        same = sum(name in known and known[name].stamp.size == stamp.size for name, stamp in found.files.items())
        known.pop(METADATA_ROW, None)
        if same >= ENOUGH * max(len(found.files), len(known)):
            return manifest.corpus
    return None
