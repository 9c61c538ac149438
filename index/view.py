"""One generation of the index, open for the reads of a question: catalog and vectors that belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.catalog import Catalog, Manifest, PassageRecord
from index.errors import DamagedError, IndexingError, LockedError, StateError
from index.lexical import LexicalIndex, Stemmer
from index.locks import FileLock
from index.state import StateFolder
from index.vectors import VectorReader, open_reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

CHROMA_WAIT_S = 2.0
"""How long a reader waits for a writer's short lock before it answers by words alone."""
_BUSY = "the vectors are being written; answered from the words of the question alone"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days between which an article must be published, inclusive; None leaves an end open."""

    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.until)


class IndexView:
    """What a question can ask of the index. Valid inside `IndexReader.view` only."""

    def __init__(
        self,
        catalog: Catalog,
        manifest: Manifest,
        vectors: VectorReader | None,
        stemmer: Stemmer,
        lost: Callable[[IndexingError], None],
    ) -> None:
        self.catalog = catalog
        self.manifest = manifest
        self.lexical = LexicalIndex(catalog, stemmer)
        self._vectors = vectors
        self._lost = lost

    @property
    def has_vectors(self) -> bool:
        """False when the vectors are busy or damaged, and only words can be searched; asking may show that."""
        return self._vectors is not None

    def nearest(
        self, vector: NDArray[np.float32], count: int, allowed: Sequence[str] | None = None
    ) -> dict[int, float]:
        """The passages nearest in meaning: key to cosine similarity, best first.

        Chroma may hold vectors that the catalog does not know, so more are asked for until enough are known.
        """
        stored = self._ask(lambda vectors: vectors.count(), 0)
        wanted = count
        while True:
            hits = self._nearest_ids(vector, min(wanted, stored), allowed)
            keys = self.catalog.passage_keys([identity for identity, _ in hits])
            known = {keys[identity]: similarity for identity, similarity in hits if identity in keys}
            if len(known) >= count or len(hits) < wanted:
                return dict(list(known.items())[:count])
            wanted *= 2

    def similarities(self, vector: NDArray[np.float32], passages: Sequence[PassageRecord]) -> dict[int, float]:
        """Cosine similarity of each passage that has a vector, by key."""
        if not passages:
            return {}
        keys = {passage.id: passage.key for passage in passages}
        found = self._vectors_of(list(keys))
        return {keys[identity]: float(vector @ other) for identity, other in found.items()}

    def _nearest_ids(
        self, vector: NDArray[np.float32], count: int, allowed: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        return self._ask(lambda vectors: vectors.query(vector, count, allowed), [])

    def _vectors_of(self, ids: list[str]) -> dict[str, NDArray[np.float32]]:
        return self._ask(lambda vectors: vectors.get(ids), {})

    def _ask(self, question: Callable[[VectorReader], T], otherwise: T) -> T:
        """What the vectors answer; once they fail they are done with, and words alone are searched."""
        if self._vectors is None:
            return otherwise
        try:
            return question(self._vectors)
        except (DamagedError, LockedError, StateError) as error:
            self._vectors = None
            self._lost(error)
            return otherwise


class IndexReader:
    """Opens the current generation and keeps it open from one question to the next.

    An open Chroma never sees what another process writes, so it is opened anew whenever the catalog's
    generation has changed. One thread at a time.
    """

    def __init__(self, state: StateFolder, encoder: str | None = None, *, wait_s: float = CHROMA_WAIT_S) -> None:
        """Read the index at `state`.

        Args:
            state: where the index is kept.
            encoder: what will encode questions; vectors of another encoder are not compared with them.
            wait_s: seconds to wait for a writer's short lock.
        """
        self._state = state
        self._encoder = encoder
        self._wait_s = wait_s
        self._file: tuple[int, int] | None = None
        self._stemmer = Stemmer()
        self._catalog: Catalog | None = None
        self._vectors: VectorReader | None = None
        self._opened: tuple[int, str] | None = None
        self.warning: str | None = None
        """Why only words are searched at present, or None. Asking for vectors may set it: look after retrieval."""

    def close(self) -> None:
        """Close catalog and vectors."""
        self._close_vectors()
        if self._catalog:
            self._catalog.close()
            self._catalog = None

    @property
    def catalog(self) -> Catalog:
        """The open catalog; opened anew where a rebuild put another file in its place.

        Raises:
            DamagedError: it is missing or cannot be read.
            StateError: its place cannot be used.
        """
        file = _identity(self._state.catalog)
        if self._catalog is not None and file != self._file:
            self.close()
        if self._catalog is None:
            self._file = file
            self._catalog = Catalog.open(self._state.catalog)
        return self._catalog

    @contextmanager
    def view(self) -> Iterator[IndexView]:
        """Hold one generation for the reads of one question.

        Raises:
            DamagedError: nothing is indexed yet, or the catalog cannot be read.
        """
        while True:
            catalog = self.catalog
            with catalog.snapshot():
                manifest = catalog.manifest()
                if manifest is None or not manifest.store:
                    raise DamagedError("nothing is indexed yet", "build the index with: parley index")
                if self._has_opened(manifest):
                    yield IndexView(catalog, manifest, self._vectors, self._stemmer, self._lose)
                    return
            # A sync committed between the two openings: what was opened may lack vectors of this snapshot.

    def _has_opened(self, manifest: Manifest) -> bool:
        """Open this generation's vectors, or say in `warning` why not; false if it is no longer current."""
        if self._opened == (manifest.generation, manifest.store):
            return True
        self._close_vectors()
        self.warning = self._open_vectors(manifest)
        if self._current_generation() == manifest.generation:
            return True
        self._close_vectors()
        return False

    def _open_vectors(self, manifest: Manifest) -> str | None:
        if self._encoder is not None and manifest.encoder != self._encoder:
            return "the index was made with another encoder; answered from the words of the question alone"
        lock = FileLock(self._state.chroma_lock)
        try:
            if not lock.acquire(timeout_s=self._wait_s):
                return _BUSY
            self._vectors = open_reader(self._state.store(manifest.store))
        except (DamagedError, LockedError, StateError) as error:
            return _why_words_alone(error)
        finally:
            lock.release()
        self._opened = (manifest.generation, manifest.store)
        return None

    def _lose(self, error: IndexingError) -> None:
        """Vectors that were opened cannot be asked; the next view tries to open them again."""
        self.warning = _why_words_alone(error)
        self._close_vectors()

    def _current_generation(self) -> int | None:
        with closing(Catalog.open(self._state.catalog)) as other:
            now = other.manifest()
        return now.generation if now else None

    def _close_vectors(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
        self._vectors = None
        self._opened = None


def _why_words_alone(error: IndexingError) -> str:
    if isinstance(error, LockedError):
        return _BUSY
    mend = "Mend it with: parley doctor --fix" if isinstance(error, DamagedError) else _sentence(error.hint)
    return f"{error}; answered from the words of the question alone. {mend}".rstrip()


def _sentence(hint: str) -> str:
    return hint[:1].upper() + hint[1:]


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file that has this name now; None if none has."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
