"""A vector store that was damaged or cut short: it is seen, and mended where the log has everything."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import vectors, vectors_reading
from index.errors import DamagedError
from vector_stores import DIMENSION, IDS, KEPT, Vectors, build, execute, random_vectors, run, segment

GRAPH_FILES = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    os.truncate(path, 0)


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def drop_a_level(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4)


def lengthen(path: Path) -> None:
    os.truncate(path, path.stat().st_size + 68)


def stretch(path: Path) -> None:
    os.truncate(path, 160 << 30)  # a hole, as a killed writer leaves it


DAMAGES = (remove, empty, halve, shorten, drop_a_level, lengthen, stretch)


@pytest.mark.parametrize("name", GRAPH_FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_to_the_graph_is_seen_before_the_engine_opens_it(store: Path, damage: object, name: str) -> None:
    assert callable(damage)
    damage(segment(store) / name)
    with pytest.raises(DamagedError) as raised:
        vectors.open_reader(store)
    assert str(store) in str(raised.value)
    assert raised.value.hint


@pytest.mark.parametrize("at", range(0, 100, 8))
def test_a_header_with_a_zeroed_field_is_not_let_through_as_a_crash(store: Path, at: int) -> None:
    with (segment(store) / "header.bin").open("r+b") as file:
        file.seek(at)
        file.write(b"\0" * 8)
    try:
        vectors.inspect(store)
    except DamagedError:
        return
    code = """
import sys
from pathlib import Path
from index.errors import DamagedError
from index.vectors import open_reader
try:
    open_reader(Path(sys.argv[1]))
except DamagedError:
    pass
"""
    assert run(code, store).returncode == 0


@pytest.mark.parametrize("damage", [remove, empty, halve, shorten])
def test_damage_to_the_database_is_seen(store: Path, damage: object) -> None:
    assert callable(damage)
    damage(store / "chroma.sqlite3")
    with pytest.raises(DamagedError):
        vectors.open_reader(store)


def test_a_database_that_is_none_is_seen(store: Path) -> None:
    (store / "chroma.sqlite3").write_text("not a database\n" * 1000, encoding="utf-8")
    with pytest.raises(DamagedError, match="not a database"):
        vectors.open_reader(store)
    with pytest.raises(DamagedError, match="not a database"):
        vectors.open_writer(store, DIMENSION)


def test_a_missing_segment_folder_is_seen(store: Path) -> None:
    shutil.rmtree(segment(store))
    with pytest.raises(DamagedError, match="missing"):
        vectors.inspect(store)


def test_a_missing_store_is_seen(tmp_path: Path) -> None:
    with pytest.raises(DamagedError, match="missing"):
        vectors.open_reader(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [*GRAPH_FILES, None])
def test_a_writer_mends_the_graph_from_the_log(store: Path, name: str | None) -> None:
    if name is None:
        shutil.rmtree(segment(store))
    else:
        halve(segment(store) / name)
    writer = vectors.open_writer(store, DIMENSION)
    assert writer.ids() == set(IDS)
    writer.close()
    reader = vectors.open_reader(store)
    assert vectors.find_themselves(reader, IDS, sample=300) == 1.0


def test_a_log_that_was_purged_cannot_mend(store: Path) -> None:
    execute(store, "DELETE FROM embeddings_queue WHERE seq_id < 10")
    with pytest.raises(DamagedError, match="lacks the vectors of 9 passages"):
        vectors.mend(store)
    vectors.inspect(store)


def test_the_log_forgets_deleted_vectors_and_still_mends(store: Path) -> None:
    for turn in range(4):
        writer = vectors.open_writer(store, DIMENSION)
        ids = [f"{turn}-{name}" for name in IDS]
        writer.add(ids, KEPT)
        writer.delete(ids)
        writer.close()
    vectors.open_writer(store, DIMENSION).close()
    ((rows,),) = execute(store, "SELECT count(*) FROM embeddings_queue")
    assert isinstance(rows, int)
    assert rows <= 2 * len(IDS) + 1000 + 1
    writer = vectors.open_writer(store, DIMENSION)
    writer.add(["last"], random_vectors(1, seed=11))
    writer.close()
    vectors.mend(store)
    reader = vectors.open_reader(store)
    assert vectors.find_themselves(reader, [*IDS, "last"], sample=901) == 1.0
    assert reader.count() == 901


def test_self_search_tells_how_much_is_lost(store: Path, reader: vectors.VectorReader) -> None:
    assert vectors.find_themselves(reader, IDS) == 1.0
    assert vectors.find_themselves(reader, [*IDS[:30], *(f"lost{n}" for n in range(10))]) == 0.75
    assert vectors.find_themselves(reader, []) == 1.0


def test_self_search_sees_a_graph_that_starts_empty(store: Path) -> None:
    # What the engine makes of a lost folder when nobody looks first: it knows what is in the log only,
    # and Chroma's own setting purges that.
    shutil.rmtree(segment(store))
    execute(store, "DELETE FROM embeddings_queue WHERE seq_id < 300")
    assert vectors.find_themselves(BlindReader(vectors_reading.EngineReader(store)), IDS) < 0.9


class BlindReader:
    """Finds through the engine, but gets the right vectors for every id."""

    def __init__(self, inner: vectors.VectorReader) -> None:
        self._inner = inner

    def query(self, vector: Vectors, count: int, allowed: Sequence[str] | None = None) -> list[tuple[str, float]]:
        return self._inner.query(vector, count, allowed)

    def get(self, ids: Sequence[str]) -> dict[str, Vectors]:
        rows = {name: row for row, name in enumerate(IDS)}
        return {name: KEPT[rows[name]] for name in ids}

    def count(self) -> int:
        return self._inner.count()

    def close(self) -> None:
        self._inner.close()


def test_a_creation_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").touch()
    build(tmp_path / "chroma", IDS[:3], KEPT[:3])
    assert vectors.open_reader(tmp_path / "chroma").count() == 3


# Death

ADD = """
import sys, numpy
from pathlib import Path
from index.vectors import open_writer
kept = numpy.load(sys.argv[2])
writer = open_writer(Path(sys.argv[1]), kept.shape[1])
for start in range(0, len(kept), 60):
    batch = kept[start:start + 60]
    writer.add([f"{n:032x}" for n in range(start, start + len(batch))], batch)
    print(start + len(batch), flush=True)
"""


LATER = (pytest.param(number, marks=pytest.mark.slow) for number in (60, 180, 420, 840))


@pytest.mark.parametrize("confirmed", [0, 240, *LATER])
def test_what_was_confirmed_survives_kill_9(tmp_path: Path, confirmed: int) -> None:
    np.save(tmp_path / "kept.npy", KEPT)
    store = tmp_path / "chroma"
    store.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", ADD, str(store), str(tmp_path / "kept.npy")], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while confirmed and int(process.stdout.readline()) < confirmed:
            pass
        process.send_signal(signal.SIGKILL)
    writer = vectors.open_writer(store, DIMENSION)
    ids = writer.ids()
    assert set(IDS[:confirmed]) <= ids <= set(IDS)
    writer.add(IDS, KEPT)
    writer.close()
    reader = vectors.open_reader(store)
    assert reader.count() == 900
    assert vectors.find_themselves(reader, IDS, sample=100) == 1.0
