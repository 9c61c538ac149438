"""Give every new passage its vector: found from an interrupted sync, shared by a twin, or encoded now."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import REBUILD_HINT, DamagedError
from index.locks import FileLock
from index.state import changing
from index.vectors import load_client, open_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.encoder import Embedder

BATCH = 64
"""Passages encoded between two writes: what a kill can cost, about a third of a second."""
LOCK_WAIT_S = 30.0
"""Readers hold the short lock for milliseconds; one that holds it so long has stopped."""


class VectorUpdate:
    """A Chroma store open for writing; each opening and each write stands under the short lock."""

    def __init__(self, directory: Path, lock: Path, dimension: int) -> None:
        self._lock = FileLock(lock)
        load_client()
        with self._locked():
            self._store = open_writer(directory, dimension)

    @classmethod
    def open_or_replace(cls, directory: Path, lock: Path, dimension: int) -> VectorUpdate:
        """Open a store that nobody reads yet; what cannot be used of an interrupted build is thrown away."""
        try:
            return cls(directory, lock, dimension)
        except DamagedError:
            with changing(directory):
                shutil.rmtree(directory)
            return cls(directory, lock, dimension)

    @classmethod
    def open_whole(cls, directory: Path, lock: Path, dimension: int, expected: Sequence[str]) -> VectorUpdate:
        """Open the store that questions are answered from.

        Raises:
            DamagedError: it is gone, cannot be mended, or lacks the vector of an expected id.
        """
        if not directory.is_dir():
            raise DamagedError(f"{directory} is missing", REBUILD_HINT)
        update = cls(directory, lock, dimension)
        lost = len(set(expected) - update.ids())
        if lost:
            update.close()
            raise DamagedError(f"{directory} lacks the vectors of {lost} passages", REBUILD_HINT)
        return update

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.held(LOCK_WAIT_S):
            yield

    def close(self) -> None:
        """Close the store."""
        with self._locked():
            self._store.close()

    def ids(self) -> set[str]:
        """Every id that has a vector."""
        return self._store.ids()

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors."""
        if ids:
            with self._locked():
                self._store.delete(ids)

    def fill(
        self,
        texts: Mapping[str, tuple[str, str]],
        twins: Mapping[str, str],
        embedder: Embedder,
        report: Callable[[int, int], None],
    ) -> tuple[int, int]:
        """Make sure that every id has its vector.

        Args:
            texts: for each passage id, the hash of its embedded text and the text itself.
            twins: for hashes of embedded text, an id in this store that has the vector of just that text.
            embedder: encodes what cannot be had otherwise.
            report: called with passages done and passages in all.

        Returns:
            How many texts were encoded, and how many passages needed none.
        """
        have = self._store.existing(list(texts))
        sources = dict(twins) | {texts[identity][0]: identity for identity in have}
        missing = [identity for identity in texts if identity not in have]
        copied = [identity for identity in missing if texts[identity][0] in sources]
        for start in range(0, len(copied), BATCH):
            batch = copied[start : start + BATCH]
            self._copy(batch, [sources[texts[identity][0]] for identity in batch])
        groups: dict[str, list[str]] = {}
        for identity in missing:
            if texts[identity][0] not in sources:
                groups.setdefault(texts[identity][0], []).append(identity)
        waiting = list(groups.values())
        done = len(texts) - sum(map(len, waiting))
        for start in range(0, len(waiting), BATCH):
            report(done, len(texts))
            batch_groups = waiting[start : start + BATCH]
            done += self._encode(batch_groups, [texts[group[0]][1] for group in batch_groups], embedder)
        report(done, len(texts))
        return len(waiting), len(texts) - len(waiting)

    def _copy(self, ids: list[str], sources: list[str]) -> None:
        import numpy as np

        vectors = self._store.get(sources)
        lost = set(sources) - vectors.keys()
        if lost:
            raise DamagedError(f"the vectors of {len(lost)} passages cannot be read", REBUILD_HINT)
        self._add(ids, np.stack([vectors[source] for source in sources]))

    def _encode(self, groups: list[list[str]], texts: list[str], embedder: Embedder) -> int:
        """Encode one text a group and write its vector under every id of the group."""
        vectors = embedder.embed(texts)
        ids = [identity for group in groups for identity in group]
        self._add(ids, vectors.repeat([len(group) for group in groups], axis=0))
        return len(ids)

    def _add(self, ids: list[str], vectors: NDArray[np.float32]) -> None:
        with self._locked():
            self._store.add(ids, vectors)
