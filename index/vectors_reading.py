"""Reading a vector store: through Chroma's compiled engine, or through its public client.

The engine answers in 0.1 s where the client takes 2 s to be imported, but it is a private part of the
package. So it is used only for versions that the contract test has compared with the client; see
docs/adr/0002-reading-chroma-through-its-engine.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import REBUILD_HINT, DamagedError
from index.sqlite_errors import sqlite_error
from index.vectors_health import DATABASE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COLLECTION = "passages"
SPACE = "cosine"
# The engine's own limit, `get_max_batch_size`; also what a call to the client may hold.
BATCH = 5461

_TENANT_AND_DATABASE = ("default_tenant", "default_database")
# An index takes five file handles, and a store has one index.
_OPEN_INDEXES = 4
# How many failing calls may go into finding out which ids the engine does not know.
_PROBES = 64


class VectorReader(Protocol):
    """What an open store answers. It sees what was there when it was opened, and nothing later.

    Two threads may ask at the same time. What Chroma cannot read raises DamagedError.
    """

    def query(
        self, vector: "NDArray[np.float32]", count: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `count` ids nearest to `vector` (dim,) with their cosine similarity, best first.

        With `allowed`, only ids among these; an unknown one is passed over. Fewer come back where the
        store holds fewer.
        """
        ...

    def get(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The vectors (dim,) of those ids that are there."""
        ...

    def count(self) -> int:
        """How many vectors the store holds."""
        ...

    def close(self) -> None:
        """Let the store go; the reader must not be used afterwards."""
        ...


class _Reader(ABC):
    # What both readers do alike, over their own `_nearest` and `_fetch`.
    _directory: Path

    def query(
        self, vector: "NDArray[np.float32]", count: int, allowed: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """See VectorReader."""
        wanted = count if allowed is None else min(count, len(allowed))
        if wanted <= 0 or not self.count():
            return []
        values = vector.tolist()
        ids = None if allowed is None else list(allowed)
        with translated(self._directory):
            try:
                return self._nearest(values, wanted, ids)
            except Exception as error:
                if ids is None or not _is_unseen(error):
                    raise
            # Chroma refuses the whole question for one id that it does not know.
            return self._nearest(values, wanted, list(self.get(ids)))

    def get(self, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """See VectorReader."""
        return _vectors(self._directory, self._fetch, ids)

    @abstractmethod
    def count(self) -> int:
        """See VectorReader."""

    @abstractmethod
    def _nearest(self, values: list[float], count: int, allowed: list[str] | None) -> list[tuple[str, float]]: ...

    @abstractmethod
    def _fetch(self, ids: list[str]) -> tuple[list[str], Any]: ...


class EngineReader(_Reader):
    """Reads through `chromadb_rust_bindings`, as `chromadb/api/rust.py` does, without that package.

    Opening writes one row into Chroma's own lock table and may bring the graph up to the log, so it
    needs a writable store and the Chroma lock. Asking afterwards writes nothing.
    """

    def __init__(self, directory: Path) -> None:
        import chromadb_rust_bindings as engine  # type: ignore[import-untyped]  # 0.03 s, 20 MB

        self._directory = directory
        with translated(directory):
            self._engine: Any = engine.Bindings(
                allow_reset=False,
                sqlite_db_config=engine.SqliteDBConfig(
                    hash_type=engine.MigrationHash.MD5,
                    migration_mode=engine.MigrationMode.Validate,
                    url=str(directory / DATABASE),
                ),
                persist_path=str(directory),
                hnsw_cache_size=_OPEN_INDEXES,
            )
            collection = self._engine.get_collection(COLLECTION, *_TENANT_AND_DATABASE)
            self._collection = str(collection.id)
            if collection.dimension:
                # The first question makes the engine read the graph and apply the log: do it here,
                # where the caller holds the lock.
                self._nearest([0.0] * collection.dimension, 1, None)

    def count(self) -> int:
        """See VectorReader."""
        with translated(self._directory):
            return int(self._engine.count(self._collection, *_TENANT_AND_DATABASE))

    def close(self) -> None:
        """See VectorReader."""
        self._engine = None

    def _nearest(self, values: list[float], count: int, allowed: list[str] | None) -> list[tuple[str, float]]:
        answer = self._engine.query(
            self._collection, allowed, [values], count, None, None, ["distances"], *_TENANT_AND_DATABASE
        )
        return _scored(answer.ids, answer.distances)

    def _fetch(self, ids: list[str]) -> tuple[list[str], Any]:
        answer = self._engine.get(
            self._collection, ids, None, None, 0, None, ["embeddings"], *_TENANT_AND_DATABASE
        )
        return answer.ids, answer.embeddings


class ClientReader(_Reader):
    """Reads through the public client: slower to load, the same answers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with translated(directory):
            self._client = open_client(directory)
            try:
                self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
                self._collection.get(limit=1, include=["embeddings"])
            except BaseException:
                self._client.close()
                raise

    def count(self) -> int:
        """See VectorReader."""
        with translated(self._directory):
            return int(self._collection.count())

    def close(self) -> None:
        """See VectorReader."""
        self._client.close()

    def _nearest(self, values: list[float], count: int, allowed: list[str] | None) -> list[tuple[str, float]]:
        if allowed == []:  # the client has no way to ask among none
            return []
        answer = self._collection.query(
            query_embeddings=[values], n_results=count, ids=allowed, include=["distances"]
        )
        return _scored(answer["ids"], answer["distances"])

    def _fetch(self, ids: list[str]) -> tuple[list[str], Any]:
        answer = self._collection.get(ids=ids, include=["embeddings"])
        return answer["ids"], answer["embeddings"]


def _scored(ids: list[list[str]], distances: list[list[float]]) -> list[tuple[str, float]]:
    # Chroma's cosine distance is one minus the cosine.
    return [(name, 1.0 - distance) for name, distance in zip(ids[0], distances[0], strict=True)]


def load_client() -> None:
    """Import Chroma's public client, 1.3 to 1.8 s: before the Chroma lock is taken, not while readers wait."""
    import chromadb  # noqa: F401


def open_client(directory: Path) -> Any:
    """Chroma's public client on `directory`, without telemetry. Close it: clients of a path are shared."""
    import chromadb  # 1.3 to 1.8 s, unless load_client has paid them
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(directory), settings=Settings(anonymized_telemetry=False))


def client_vectors(directory: Path, collection: Any, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
    """The vectors of those `ids` that the client's `collection` holds."""

    def fetch(batch: list[str]) -> tuple[list[str], Any]:
        answer = collection.get(ids=batch, include=["embeddings"])
        return answer["ids"], answer["embeddings"]

    return _vectors(directory, fetch, ids)


def batches(ids: Sequence[str]) -> Iterator[list[str]]:
    """`ids`, each once, in lists that one call to Chroma may hold."""
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), BATCH):
        yield distinct[start : start + BATCH]


@contextmanager
def translated(directory: Path) -> Iterator[None]:
    """Turn what Chroma says of a store, a panic of its engine included, into an IndexingError.

    What is nobody's word on the store stays what it is: a bug must not pass for damage, which is mended
    by building everything anew.
    """
    try:
        yield
    except BaseException as error:  # a panic derives from it, so that `except Exception` does not stop it
        if not _is_said_of_the_store(error):
            raise
        if type(error).__name__ == "NotFoundError":
            raise DamagedError(f"{directory} holds no collection of passages", hint=REBUILD_HINT) from error
        raise sqlite_error(directory, error) from error


def _is_said_of_the_store(error: BaseException) -> bool:
    # By name: to import chromadb.errors is to import all of it. The client raises ValueError where it
    # finds no tenant or cannot make sense of a configuration.
    if isinstance(error, (OSError, ValueError)) or type(error).__name__ == "PanicException":
        return True
    return any(kind.__module__.partition(".")[0] == "chromadb" for kind in type(error).__mro__)


_Fetch = Callable[[list[str]], tuple[list[str], Any]]


def _vectors(directory: Path, fetch: _Fetch, ids: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
    import numpy as np  # 0.2 s, and loaded by whoever has a vector to ask with

    found: dict[str, NDArray[np.float32]] = {}
    with translated(directory):
        for names, vectors in _answers(fetch, ids):
            found.update(zip(names, np.asarray(vectors, dtype=np.float32), strict=True))
    return found


def _answers(fetch: _Fetch, ids: Sequence[str]) -> Iterator[tuple[list[str], Any]]:
    # The engine refuses a whole call for one id that was added after it was opened (its tables know
    # it, its graph does not), so such a call is halved until only these are left out.
    waiting = list(batches(ids))
    failures = 0
    while waiting:
        batch = waiting.pop()
        try:
            names, vectors = fetch(batch)
        except Exception as error:
            failures += 1
            if not _is_unseen(error) or failures > _PROBES:
                raise
            if len(batch) > 1:
                middle = len(batch) // 2
                waiting += [batch[:middle], batch[middle:]]
            continue
        if names:
            yield names, vectors


def _is_unseen(error: Exception) -> bool:
    return "Error finding id" in str(error)
