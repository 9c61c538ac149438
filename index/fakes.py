"""Stand-ins for tests and demonstrations; nothing that answers a question uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.sync_report import Progress, SyncReport


class FakeEmbedder:
    """Gives every text a vector of its own that depends on nothing else, and keeps what it was asked."""

    def __init__(self, identity: str = "fake", dimension: int = 16) -> None:
        self.identity = identity
        self.dimension = dimension
        self.encoded: list[str] = []
        """Every text that was encoded, in order."""

    def load(self) -> None:
        """Nothing has to be loaded."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 a text, seeded with the text's hash: equal texts, equal vectors."""
        import numpy as np

        self.encoded += texts
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(f"{self.identity}\x00{text}".encode()).digest()[:8])
            vector = np.random.default_rng(seed).normal(size=self.dimension)
            vectors[row] = vector / np.linalg.norm(vector)
        return vectors


@dataclass(slots=True)
class RecordingListener:
    """Keeps what happens to an index while questions wait."""

    steps: list[Progress] = field(default_factory=list)
    reports: list[SyncReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def progress(self, progress: Progress) -> None:
        """Keep how far a sync has come."""
        self.steps.append(progress)

    def synced(self, report: SyncReport) -> None:
        """Keep what a sync did."""
        self.reports.append(report)

    def warn(self, message: str) -> None:
        """Keep what people should know."""
        self.warnings.append(message)
