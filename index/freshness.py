"""Is the index what the folder holds? Compares stamps in milliseconds and says what to look at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from index.catalog import METADATA_ROW, KnownFile, Manifest
from index.folder import Scan, Stamp
from index.sync_report import NOTHING_INDEXED
from index.vectors import SPACE

RACY_NS = 2_000_000_000
"""A file touched within two seconds of our last look may have changed again within one tick of its clock."""
NOT_CHECKED = 0
"""Instead of the time of the look: the file could not be read for now, and has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Build:
    """What vectors and spans are made with; an index made with anything else is rebuilt."""

    encoder: str
    dimension: int
    splitter: str
    space: str = SPACE


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
    if now != known.stamp or known.checked_ns == NOT_CHECKED:
        return True
    # A time in the future is no evidence: such a file would be looked at for ever.
    return any(abs(time - known.checked_ns) <= RACY_NS for time in (now.mtime_ns, now.ctime_ns))


def _why_rebuild(manifest: Manifest | None, build: Build) -> str | None:
    if manifest is None or not manifest.store:
        return NOTHING_INDEXED
    if (manifest.encoder, manifest.dimension) != (build.encoder, build.dimension):
        return "the index was made with another encoder"
    if manifest.space != build.space:
        return "the index was made with another measure of distance"
    if manifest.splitter != build.splitter:
        return "the index was made with another way of splitting"
    return None
