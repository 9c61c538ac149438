"""Whether a vector store can be opened without harm, and how to mend it from its own log.

Chroma keeps each addition in a log inside `chroma.sqlite3` and an HNSW graph in a folder of its own,
`<segment>/`, which it rewrites in place every `sync_threshold` additions. A process killed within
those milliseconds leaves files of different ages; the engine reads them without asking, which ends in
an error, in wrong neighbours or in SIGSEGV. So the structure is checked before the engine is let in,
and the log, which SQLite keeps whole, is never purged: the graph can always be made again from it.

What that cannot see is altered vectors, which give wrong neighbours: `find_themselves` notices.
"""

import json
import shutil
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import REBUILD_HINT, DamagedError
from index.graph_files import METADATA, disagreeing_file
from index.sqlite_errors import is_there, sqlite_error, sqlite_errors
from index.state import changing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.vectors_reading import VectorReader

DATABASE = "chroma.sqlite3"

_KEEP_LOG = {"automatically_purge": False, "_type": "EmbeddingsQueueConfigurationInternal"}
_TWIN_SIMILARITY = 0.99999
# Rows that the log may hold beyond twice the living vectors before the dead ones are dropped.
_LOG_SLACK = 1000


@dataclass(frozen=True, slots=True)
class _Segment:
    folder: Path
    is_persisted: bool
    """Whether SQLite says that a part of the log has gone into the folder."""


def inspect(directory: Path) -> None:
    """Raise DamagedError if the store at `directory` is not safe to open. Some milliseconds at most.

    Compares the size of the database with its page count, and the graph's files with one another, their
    links included. It also rolls back what a killed writer left half done in SQLite, so hold the Chroma lock.
    LockedError or StateError where SQLite says so.
    """
    database = directory / DATABASE
    if not is_there(database):
        raise DamagedError(f"{database} is missing", hint=REBUILD_HINT)
    for segment in _segments(database):
        check_files(segment.folder, segment.is_persisted)
    _check_page_count(database)


def check_files(folder: Path, is_persisted: bool) -> None:
    """Raise DamagedError unless the graph's files in `folder` agree with one another.

    A folder without `index_metadata.pickle` has not been written to yet: the engine starts it afresh
    from the log, which is right exactly as long as SQLite says nothing has left the log.
    """
    metadata = folder / METADATA
    if not is_there(metadata):
        if is_persisted:
            raise DamagedError(f"{metadata} is missing", hint=REBUILD_HINT)
        return
    try:
        wrong = disagreeing_file(folder)
    except OSError as error:
        raise sqlite_error(folder, error) from error
    if wrong:
        raise DamagedError(f"{folder / wrong} is cut short, overwritten or of another age", hint=REBUILD_HINT)


def keep_log(directory: Path) -> None:
    """Tell Chroma never to purge its log, so that `mend` has all it needs."""
    with _database(directory / DATABASE) as connection, connection:
        connection.execute(
            "INSERT OR REPLACE INTO embeddings_queue_config (id, config_json_str) VALUES (1, ?)",
            (json.dumps(_KEEP_LOG),),
        )


def trim_log(directory: Path) -> None:
    """Drop from the log what belongs to deleted vectors, once that is more than the living.

    Only while no engine has the store open. The last row stays: SQLite would give its number to the
    next addition, and the engine would take that for one it has seen.
    """
    with _database(directory / DATABASE) as connection, connection:
        (rows,) = connection.execute("SELECT count(*) FROM embeddings_queue").fetchone()
        (living,) = connection.execute("SELECT count(*) FROM embeddings").fetchone()
        if rows > 2 * living + _LOG_SLACK:
            connection.execute(
                "DELETE FROM embeddings_queue WHERE id NOT IN (SELECT embedding_id FROM embeddings)"
                " AND seq_id < (SELECT max(seq_id) FROM embeddings_queue)"
            )


def mend(directory: Path) -> None:
    """Throw the graph away, so that the engine makes it again from the log at its next opening.

    Only while no engine has the store open. The next opening then takes about a second for 5,000
    vectors. Raises DamagedError where the log does not hold every vector, or cannot be read.
    """
    database = directory / DATABASE
    if not is_there(database):
        raise DamagedError(f"{database} is missing", hint=REBUILD_HINT)
    with _database(database) as connection:
        (lost,) = connection.execute(
            "SELECT count(*) FROM embeddings WHERE embedding_id NOT IN"
            " (SELECT id FROM embeddings_queue WHERE vector IS NOT NULL)"
        ).fetchone()
    if lost:
        raise DamagedError(f"{database} lacks the vectors of {lost} passages", hint=REBUILD_HINT)
    # The folder goes first: killed in between, the store is still seen to need mending.
    for segment in _segments(database):
        if segment.folder.exists():
            with changing(segment.folder):
                shutil.rmtree(segment.folder)
    with _database(database) as connection, connection:
        connection.execute(
            "DELETE FROM max_seq_id WHERE segment_id IN (SELECT id FROM segments WHERE scope = 'VECTOR')"
        )


def is_unborn(directory: Path) -> bool:
    """Whether no vector was ever kept at `directory`: nothing there, or a creation cut short."""
    database = directory / DATABASE
    with changing(directory):
        if directory.is_dir() and any(child.is_dir() for child in directory.iterdir()):
            return False
        if not database.exists() or database.stat().st_size == 0:
            return True
    try:
        with _database(database) as connection:
            return connection.execute("SELECT 1 FROM embeddings LIMIT 1").fetchone() is None
    except DamagedError as error:
        return "no such table" in str(error)


def find_themselves(reader: "VectorReader", ids: Sequence[str], sample: int = 50) -> float:
    """The share, 0 to 1, of `sample` ids spread evenly over `ids` that their own vectors find.

    A healthy store gives 1.0; so does an empty `ids`. A vector counts as found when its id, or a twin
    with the same vector, comes first. An id that the reader does not hold is not found.
    """
    chosen = list(ids)[:: max(1, len(ids) // sample)][:sample]
    if not chosen:
        return 1.0
    vectors = reader.get(chosen)
    return sum(_finds_itself(reader, name, vector) for name, vector in vectors.items()) / len(chosen)


def _finds_itself(reader: "VectorReader", name: str, vector: "NDArray[np.float32]") -> bool:
    best = reader.query(vector, 1)
    return bool(best) and (best[0][0] == name or best[0][1] > _TWIN_SIMILARITY)


def _segments(database: Path) -> list[_Segment]:
    with _database(database) as connection:
        rows = connection.execute(
            "SELECT segments.id, max_seq_id.seq_id FROM segments"
            " LEFT JOIN max_seq_id ON max_seq_id.segment_id = segments.id WHERE scope = 'VECTOR'"
        ).fetchall()
    return [_Segment(database.parent / str(name), seq_id is not None) for name, seq_id in rows]


@contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    url = f"{path.absolute().as_uri()}?mode=rw"
    with sqlite_errors(path), closing(sqlite3.connect(url, uri=True, timeout=2.0)) as opened:
        yield opened


def _check_page_count(database: Path) -> None:
    try:
        size = database.stat().st_size
        with database.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise sqlite_error(database, error) from error
    if header[24:28] != header[92:96]:  # an older SQLite wrote last, and did not count
        return
    page_size, page_count = struct.unpack_from(">H", header, 16)[0], struct.unpack_from(">I", header, 28)[0]
    page_size = 65536 if page_size == 1 else page_size  # SQLite's way to write what two bytes cannot hold
    if size < page_size * page_count:
        raise DamagedError(f"{database} is cut short", hint=REBUILD_HINT)
