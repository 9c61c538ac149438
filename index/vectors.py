"""Chroma: one vector a passage, nothing else. With its two parts the only code that knows chromadb.

`vectors_reading` reads, `vectors_health` looks before anybody opens. A store is a folder; text, spans
and dates are the catalog's. Whoever opens a store or writes to it holds the Chroma lock meanwhile.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import REBUILD_HINT, DamagedError, StateError
from index.vectors_health import (
    find_themselves,
    inspect,
    is_unborn,
    keep_log,
    mend,
    trim_log,
)
from index.vectors_reading import (
    COLLECTION,
    SPACE,
    ClientReader,
    EngineReader,
    VectorReader,
    batches,
    client_vectors,
    load_client,
    open_client,
    translated,
)
from index.versions import installed_version

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "COMPARED_VERSIONS",
    "SPACE",
    "VectorReader",
    "VectorWriter",
    "find_themselves",
    "inspect",
    "load_client",
    "mend",
    "open_reader",
    "open_writer",
]

COMPARED_VERSIONS = ("1.5.9",)
"""The chromadb versions whose engine and files the contract test has compared with the client."""

# A wide search, because a neighbour that the graph misses is a passage that no question finds, and time is
# spent elsewhere. The graph is written every 200 additions: no opening has more than that to catch up with.
_HNSW = {
    "space": SPACE,
    "ef_construction": 200,
    "ef_search": 300,
    "max_neighbors": 16,
    "batch_size": 100,
    "sync_threshold": 200,
}


class VectorWriter:
    """An open store to change. One thread, one process at a time; what Chroma refuses is DamagedError."""

    def __init__(self, directory: Path, client: Any, collection: Any, dimension: int) -> None:
        self._directory = directory
        self._client = client
        self._collection = collection
        self._dimension = dimension

    def add(self, ids: Sequence[str], vectors: "NDArray[np.float32]") -> None:
        """Keep `vectors` (n, dim), of length 1, under `ids` (n). An id that is there keeps its vector.

        When this returns, the vectors survive the death of the process. ValueError for another shape.
        """
        if vectors.shape != (len(ids), self._dimension):
            raise ValueError(f"{len(ids)} ids need vectors of {self._dimension}, not {vectors.shape}")
        known = self.existing(ids)
        rows: dict[str, int] = {}
        for row, name in enumerate(ids):
            if name not in known:
                rows.setdefault(name, row)
        with translated(self._directory):
            for batch in batches(list(rows)):
                self._collection.add(ids=batch, embeddings=vectors[[rows[name] for name in batch]])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the vectors of `ids`; one that is not there is passed over."""
        known = self.existing(ids)
        with translated(self._directory):
            for batch in batches(sorted(known)):
                self._collection.delete(ids=batch)

    def ids(self) -> set[str]:
        """Every id in the store."""
        with translated(self._directory):
            return set(self._collection.get(include=[])["ids"])

    def existing(self, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that are in the store."""
        found: set[str] = set()
        with translated(self._directory):
            for batch in batches(ids):
                found.update(self._collection.get(ids=batch, include=[])["ids"])
        return found

    def get(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors (dim,) of those `ids` that are in the store."""
        return client_vectors(self._directory, self._collection, ids)

    def close(self) -> None:
        """Let the store go; the writer must not be used afterwards."""
        with translated(self._directory):
            self._client.close()


def is_compared() -> bool:
    """Whether the installed chromadb is one that the contract test has compared."""
    return installed_version("chromadb") in COMPARED_VERSIONS


def open_reader(directory: Path) -> VectorReader:
    """Open the store at `directory` to ask it; hold the Chroma lock until this returns.

    Looks before it opens. DamagedError where the store cannot be read safely, StateError where its
    folder cannot be written, which Chroma needs even to read.
    """
    if not is_compared():
        return ClientReader(directory)
    inspect(directory)
    return EngineReader(directory)


def open_writer(directory: Path, dimension: int) -> VectorWriter:
    """Open the store at `directory` to change it, creating it if need be; 1.3 to 1.8 s of import.

    A store whose graph a killed process left in pieces is mended from its log first. DamagedError
    where that cannot be done, or where the store holds vectors of another dimension; StateError where
    the folder cannot be written. Hold the Chroma lock until this returns, and at each change.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{directory} cannot be written: {error.strerror}") from error
    if is_compared():
        _make_safe(directory)
    with translated(directory):
        client = open_client(directory)
        try:
            collection = client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": _HNSW},
                metadata={"dimension": dimension},
            )
            kept = (collection.metadata or {}).get("dimension", dimension)
            if kept != dimension:
                raise DamagedError(
                    f"{directory} holds vectors of {kept} numbers, not {dimension}", hint=REBUILD_HINT
                )
            if is_compared():
                keep_log(directory)
        except BaseException:
            client.close()
            raise
    return VectorWriter(directory, client, collection, dimension)


def _make_safe(directory: Path) -> None:
    try:
        inspect(directory)
    except DamagedError:
        if is_unborn(directory):
            return
        mend(directory)
    if not is_unborn(directory):
        trim_log(directory)
