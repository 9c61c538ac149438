"""Is the index what the folder holds? Compares stamps in milliseconds and says what to look at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.catalog import METADATA_ROW, KnownFile, Manifest
from index.folder import Scan, Stamp

RACY_NS = 2_000_000_000
"""A file touched within two seconds of our last look may have changed again within one tick of its clock."""


@dataclass(frozen=True, slots=True)
class Build:
    """What vectors and spans are made with; an index made with anything else is rebuilt."""

    encoder: str
    dimension: int
    splitter: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a sync has to look at; false when the index is fresh."""

    rebuild: str | None
    """Why nothing of the old index can be used, or None."""
    touched: tuple[str, ...]
    """New files, files with another stamp, and files last seen too soon after a change to be sure."""
    gone: tuple[str, ...]
    metadata: bool
    """True if the metadata file came, went or was touched."""

    def __bool__(self) -> bool:
        return bool(self.rebuild or self.touched or self.gone or self.metadata)


def compare(found: Scan, manifest: Manifest | None, known: Mapping[str, KnownFile], build: Build) -> Difference:
    """Compare a look at the folder with what the last sync noted."""
    reason = _why_rebuild(manifest, build)
    known_metadata = known.get(METADATA_ROW)
    stamp = found.metadata[1] if found.metadata else None
    metadata = (stamp is None) != (known_metadata is None) or bool(
        stamp and known_metadata and _touched(stamp, known_metadata)
    )
    touched = tuple(path for path, now in found.files.items() if path not in known or _touched(now, known[path]))
    gone = tuple(path for path in known if path != METADATA_ROW and path not in found.files)
    return Difference(reason, touched, gone, metadata)


def _touched(now: Stamp, known: KnownFile) -> bool:
    return now != known.stamp or now.touched_ns >= known.checked_ns - RACY_NS


def _why_rebuild(manifest: Manifest | None, build: Build) -> str | None:
    if manifest is None or not manifest.store:
        return "nothing is indexed yet"
    if (manifest.encoder, manifest.dimension) != (build.encoder, build.dimension):
        return "the index was made with another encoder"
    if manifest.splitter != build.splitter:
        return "the index was made with another way of splitting"
    return None
