"""Whether a vector store can be opened without harm, and how to mend it from its own log.

Chroma keeps each addition in a log inside `chroma.sqlite3` and an HNSW graph in a folder of its own,
`<segment>/`, which it rewrites in place every `sync_threshold` additions. A process killed within
those milliseconds leaves files of different ages; the engine reads them without asking, which ends in
an error, in wrong neighbours or in SIGSEGV. So the structure is checked before the engine is let in,
and the log, which SQLite keeps whole, is never purged: the graph can always be made again from it.

What `check_files` cannot see is altered content in files of the right size: overwritten bytes in
`data_level0.bin` or `link_lists.bin` give wrong neighbours and may end the process. `find_themselves`
notices wrong neighbours; nothing here notices the rest.
"""

import json
import re
import shutil
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.errors import REBUILD_HINT, DamagedError
from index.sqlite_errors import sqlite_error, sqlite_errors
from index.state import changing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.vectors_reading import VectorReader

DATABASE = "chroma.sqlite3"

_HEADER = struct.Struct("<iQQQQQQiIQQQdQ")


class _Header(NamedTuple):
    # header.bin, field for field.
    version: int
    offset: int
    capacity: int
    elements: int
    element_bytes: int
    label_at: int
    vector_at: int
    top_level: int
    entry_point: int
    links: int
    lowest_links: int
    m: int
    level_factor: float
    ef_construction: int


_LENGTH_BYTES = 4
_LINK_COUNT_BYTES = 4
_LINK_BYTES = 4
_LABEL_BYTES = 8
_SPARE_LEVELS = 16
_SOMETHING = re.compile(rb"[^\0]")
_PICKLE_STOP = b"."
_TOTAL_KEY = b"total_elements_added"
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

    Compares sizes only: the database with its page count, the graph's files with the counts in its
    header. It also rolls back what a killed writer left half done in SQLite, so hold the Chroma lock.
    LockedError or StateError where SQLite says so.
    """
    database = directory / DATABASE
    if not database.is_file():
        raise DamagedError(f"{database} is missing", hint=REBUILD_HINT)
    for segment in _segments(database):
        check_files(segment.folder, segment.is_persisted)
    _check_page_count(database)


def check_files(folder: Path, is_persisted: bool) -> None:
    """Raise DamagedError unless the graph's files in `folder` agree with one another.

    A folder without `index_metadata.pickle` has not been written to yet: the engine starts it afresh
    from the log, which is right exactly as long as SQLite says nothing has left the log.
    """
    metadata = folder / "index_metadata.pickle"
    if not metadata.is_file():
        if is_persisted:
            raise DamagedError(f"{metadata} is missing", hint=REBUILD_HINT)
        return
    try:
        wrong = _disagreement(folder, metadata)
    except OSError as error:
        raise sqlite_error(folder, error) from error
    if wrong:
        raise DamagedError(f"{folder / wrong} is cut short or of another age", hint=REBUILD_HINT)


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
    if not database.is_file():
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


def _disagreement(folder: Path, metadata: Path) -> str | None:
    # The name of the first file that does not fit the header, or None.
    with (folder / "header.bin").open("rb") as file:
        packed = file.read(_HEADER.size + 1)
    if len(packed) != _HEADER.size:
        return "header.bin"
    header = _Header._make(_HEADER.unpack(packed))
    if not _is_laid_out(header):
        return "header.bin"
    elements = header.elements
    if (folder / "data_level0.bin").stat().st_size != elements * header.element_bytes:
        return "data_level0.bin"
    if (folder / "length.bin").stat().st_size != elements * _LENGTH_BYTES:
        return "length.bin"
    if not _links_fit(folder / "link_lists.bin", elements, _LINK_COUNT_BYTES + header.links * _LINK_BYTES):
        return "link_lists.bin"
    return None if _elements_added(metadata) == elements else metadata.name


def _is_laid_out(header: _Header) -> bool:
    # An element is its links (a count, then each), its vector, its label.
    vector_at = _LINK_COUNT_BYTES + header.lowest_links * _LINK_BYTES
    return (
        header.offset == 0
        and header.vector_at == vector_at < header.label_at == header.element_bytes - _LABEL_BYTES
        and header.entry_point < header.elements <= header.capacity
    )


def _links_fit(path: Path, elements: int, level_bytes: int) -> bool:
    # Each element has a byte count, which is 0 for 15 in 16 of them, then that many bytes: one block of
    # `level_bytes` for each level above the lowest. A killed writer can leave a hole of many gigabytes,
    # so the size is judged before anything is read.
    size = path.stat().st_size
    least = elements * _LINK_COUNT_BYTES
    if not least <= size <= least + (elements + _SPARE_LEVELS) * level_bytes:
        return False
    content = path.read_bytes()
    at = seen = 0
    while found := _SOMETHING.search(content, at):
        zeros = (found.start() - at) // _LINK_COUNT_BYTES
        at += zeros * _LINK_COUNT_BYTES
        count = int.from_bytes(content[at : at + _LINK_COUNT_BYTES], "little")
        seen += zeros + 1
        at += _LINK_COUNT_BYTES + count
        if count % level_bytes or at > size:
            return False
    return size - at == (elements - seen) * _LINK_COUNT_BYTES


def _elements_added(metadata: Path) -> int | None:
    # Read by hand: unpickling runs what the file says. None if it is cut short.
    with metadata.open("rb") as file:
        start = file.read(256)
        file.seek(-1, 2)
        if file.read(1) != _PICKLE_STOP:
            return None
    at = start.find(_TOTAL_KEY) + len(_TOTAL_KEY)
    code, rest = start[at : at + 1], start[at + 1 :]
    width = {b"K": 1, b"M": 2, b"J": 4}.get(code)
    return int.from_bytes(rest[:width], "little") if width else None
