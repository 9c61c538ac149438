"""What a sync tells while it runs, and when it has ended."""

from __future__ import annotations

from dataclasses import dataclass, field

NOTHING_INDEXED = "nothing is indexed yet"
"""Why a first index is built; every other reason for building all is worth telling people."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage of a sync has come; `stage` is one of reading, loading, splitting, encoding, saving.

    Loading is what llama-index takes to be imported, some seconds.
    """

    stage: str
    done: int
    total: int


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did. All counts are of articles, but `encoded`, `reused` and `passages`."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0
    encoded: int = 0
    reused: int = 0
    articles: int = 0
    passages: int = 0
    rebuilt: str | None = None
    """Why everything was built anew, or None."""
    others: dict[str, int] = field(default_factory=dict)
    """Files that are no articles, by suffix."""
    warnings: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """True if questions now see another index than before."""
        return bool(self.added or self.changed or self.moved or self.deleted or self.rebuilt)
