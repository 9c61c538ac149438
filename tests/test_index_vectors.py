"""The vector store: what goes in comes out, through either reader, and damage never ends the process."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from chromadb.errors import InternalError
from numpy.typing import NDArray

from index import vectors, vectors_health, vectors_reading
from index.errors import DamagedError, StateError
from index.sqlite_errors import sqlite_error

Vectors = NDArray[np.float32]
DIMENSION = 32
ROOT = Path(__file__).resolve().parent.parent


def random_vectors(count: int, dimension: int = DIMENSION, seed: int = 0) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def names(count: int) -> list[str]:
    return [f"{number:032x}" for number in range(count)]


def build(directory: Path, ids: Sequence[str], kept: Vectors) -> Path:
    writer = vectors.open_writer(directory, kept.shape[1])
    writer.add(ids, kept)
    writer.close()
    return directory


IDS = names(900)
KEPT = random_vectors(900)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 900 vectors, some of them in the graph and the rest in the log only."""
    return build(tmp_path_factory.mktemp("vectors") / "chroma", IDS, KEPT)


@pytest.fixture
def store(pristine: Path, tmp_path: Path) -> Path:
    """A copy of it to do as one likes with."""
    return Path(shutil.copytree(pristine, tmp_path / "chroma"))


@pytest.fixture
def reader(store: Path) -> Iterator[vectors.VectorReader]:
    opened = vectors.open_reader(store)
    yield opened
    opened.close()


def segment(store: Path) -> Path:
    (folder,) = (child for child in store.iterdir() if child.is_dir())
    return folder


def execute(store: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store / "chroma.sqlite3")) as connection, connection:
        return connection.execute(statement).fetchall()


# What goes in comes out


def test_a_vector_finds_itself_first_with_similarity_one(reader: vectors.VectorReader) -> None:
    for row in (0, 450, 899):
        (best, similarity), *others = reader.query(KEPT[row], 5)
        assert best == IDS[row]
        assert similarity == pytest.approx(1.0, abs=1e-6)
        assert [score for _, score in others] == sorted((score for _, score in others), reverse=True)


def test_similarities_are_the_cosines(reader: vectors.VectorReader) -> None:
    asked = random_vectors(1, seed=7)[0]
    expected = {name: float(score) for name, score in zip(IDS, KEPT @ asked, strict=True)}
    for name, similarity in reader.query(asked, 50):
        assert similarity == pytest.approx(expected[name], abs=1e-6)


def test_get_gives_the_vectors_and_leaves_out_unknown_ids(reader: vectors.VectorReader) -> None:
    found = reader.get([IDS[3], "unknown", IDS[700], IDS[3]])
    assert set(found) == {IDS[3], IDS[700]}
    np.testing.assert_allclose(found[IDS[700]], KEPT[700], atol=1e-6)
    assert found[IDS[3]].dtype == np.float32
    assert reader.get([]) == {}


def test_only_allowed_ids_come_back(reader: vectors.VectorReader) -> None:
    allowed = [*IDS[100:110], "unknown"]
    assert {name for name, _ in reader.query(KEPT[0], 50, allowed)} == set(allowed) - {"unknown"}
    assert reader.query(KEPT[0], 3, []) == []
    assert reader.query(KEPT[0], 3, ["unknown"]) == []


def test_more_than_there_is_gives_all_there_is(reader: vectors.VectorReader) -> None:
    assert len(reader.query(KEPT[0], 5000)) == reader.count() == 900
    assert reader.query(KEPT[0], 0) == []


def test_an_empty_store_answers_with_nothing(tmp_path: Path) -> None:
    reader = vectors.open_reader(build(tmp_path / "chroma", [], random_vectors(0)))
    assert reader.query(KEPT[0], 5) == []
    assert reader.get(["a"]) == {}
    assert reader.count() == 0


# Writing


def test_an_id_that_is_there_keeps_its_vector(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    writer.add([IDS[0], "new", "new"], np.stack([-KEPT[0], KEPT[1], KEPT[2]]))
    found = writer.get([IDS[0], "new"])
    writer.close()
    np.testing.assert_allclose(found["new"], KEPT[1], atol=1e-6)
    np.testing.assert_allclose(found[IDS[0]], KEPT[0], atol=1e-6)
    assert len(found) == 2


def test_deleted_ids_are_gone_and_may_come_back(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    writer.delete([*IDS[:600], "unknown"])
    assert writer.ids() == set(IDS[600:])
    assert writer.existing([IDS[0], IDS[600], "unknown"]) == {IDS[600]}
    writer.add(IDS[:10], KEPT[:10])
    writer.close()
    reader = vectors.open_reader(store)
    assert reader.count() == 310
    assert reader.query(KEPT[5], 1)[0][0] == IDS[5]
    assert IDS[100] not in {name for name, _ in reader.query(KEPT[100], 310)}


def test_vectors_of_another_shape_are_refused(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    with pytest.raises(ValueError, match="need vectors of 32"):
        writer.add(["a"], random_vectors(2))
    writer.close()


def test_a_store_of_another_dimension_is_not_opened_for_writing(store: Path) -> None:
    with pytest.raises(DamagedError, match="32 numbers, not 8") as raised:
        vectors.open_writer(store, 8)
    assert "--rebuild" in raised.value.hint


def test_an_open_reader_keeps_seeing_what_it_opened(store: Path, reader: vectors.VectorReader) -> None:
    added = random_vectors(300, seed=5)
    more = [f"more{number}" for number in range(300)]
    writer = vectors.open_writer(store, DIMENSION)
    writer.add(more, added)
    writer.delete(IDS[:5])
    assert reader.query(added[0], 1)[0][0] in IDS
    assert set(reader.get([*IDS[5:8], *more[:3]])) == set(IDS[5:8])
    assert {name for name, _ in reader.query(added[0], 9, [*IDS[5:8], *more[:3]])} == set(IDS[5:8])
    writer.close()
    again = vectors.open_reader(store)
    assert again.query(added[0], 1)[0][0] == more[0]


@pytest.mark.slow
def test_more_than_one_call_may_hold(tmp_path: Path) -> None:
    count = 2 * vectors_reading.BATCH + 100
    ids, kept = names(count), random_vectors(count, 16)
    store = build(tmp_path / "chroma", ids, kept)
    reader = vectors.open_reader(store)
    assert len(reader.get(ids)) == count
    assert len(reader.query(kept[0], 50, ids[::2])) == 50
    reader.close()
    writer = vectors.open_writer(store, 16)
    assert writer.existing(ids) == set(ids)
    writer.delete(ids[:-3])
    assert writer.ids() == set(ids[-3:])
    writer.close()


@pytest.mark.slow
def test_the_graph_finds_nearly_all_that_a_full_scan_finds(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    made = generator.normal(size=(5100, 24)) @ generator.normal(size=(24, 128))
    made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    kept, asked = made[:5000], made[5000:]
    reader = vectors.open_reader(build(tmp_path / "chroma", names(5000), kept))
    hits = 0
    for question in asked:
        exact = {f"{row:032x}" for row in np.argsort(-(kept @ question))[:50]}
        hits += len(exact & {name for name, _ in reader.query(question, 50)})
    assert hits / (50 * len(asked)) >= 0.98


# Both readers


def test_engine_and_client_give_the_same_answers(store: Path) -> None:
    engine, client = vectors_reading.EngineReader(store), vectors_reading.ClientReader(store)
    asked = random_vectors(20, seed=9)
    assert engine.count() == client.count()
    for question in asked:
        for allowed in (None, IDS[::2], IDS[:7], ["unknown", IDS[4]], []):
            ours, theirs = engine.query(question, 20, allowed), client.query(question, 20, allowed)
            assert [name for name, _ in ours] == [name for name, _ in theirs]
            np.testing.assert_allclose([s for _, s in ours], [s for _, s in theirs], atol=1e-6)
    ours_kept, theirs_kept = engine.get([*IDS[:50], "unknown"]), client.get([*IDS[:50], "unknown"])
    assert ours_kept.keys() == theirs_kept.keys()
    for name, vector in ours_kept.items():
        np.testing.assert_allclose(vector, theirs_kept[name], atol=1e-6)
    assert engine.query(asked[0], 0) == client.query(asked[0], 0) == []
    engine.close()
    client.close()


def test_a_version_that_was_not_compared_is_read_through_the_client(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "version", lambda _: "1.5.10")
    reader = vectors.open_reader(store)
    assert isinstance(reader, vectors_reading.ClientReader)
    assert reader.query(KEPT[8], 1)[0][0] == IDS[8]
    reader.close()
    writer = vectors.open_writer(store, DIMENSION)
    writer.add(["new"], random_vectors(1, seed=4))
    assert len(writer.ids()) == 901
    writer.close()


def test_the_client_too_reports_a_store_without_a_collection(tmp_path: Path) -> None:
    vectors_reading.open_client(tmp_path / "chroma").close()
    with pytest.raises(DamagedError, match="no collection"):
        vectors_reading.ClientReader(tmp_path / "chroma")


def test_pyproject_admits_only_compared_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [line for line in project["dependencies"] if line.startswith("chromadb")]
    assert pins
    assert {pin.removeprefix("chromadb==") for pin in pins} <= set(vectors.COMPARED_VERSIONS)


def run(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_importing_loads_neither_chroma_nor_numpy() -> None:
    done = run(
        "import sys, index.vectors; print({'chromadb', 'numpy', 'chromadb_rust_bindings'} & {*sys.modules})"
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_asking_loads_no_python_of_chroma_and_says_nothing(store: Path) -> None:
    code = """
import sys, numpy
from pathlib import Path
from index.vectors import open_reader
reader = open_reader(Path(sys.argv[1]))
print(len(reader.query(numpy.ones(32, "float32"), 5)), len(reader.get(["0" * 32])))
print(sorted({"chromadb", "posthog", "opentelemetry", "pydantic"} & {*sys.modules}))
"""
    done = run(code, store)
    assert (done.stdout, done.stderr) == ("5 1\n[]\n", "")


def test_writing_says_nothing_either(tmp_path: Path) -> None:
    code = """
import sys, numpy
from pathlib import Path
from index.vectors import open_writer
writer = open_writer(Path(sys.argv[1]), 4)
writer.add(["a"], numpy.eye(1, 4, dtype="float32"))
writer.close()
"""
    done = run(code, tmp_path / "chroma")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Damage

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


def test_a_folder_that_cannot_be_made_is_a_state_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StateError):
        vectors.open_writer(tmp_path / "file" / "chroma", DIMENSION)


def test_a_creation_that_was_cut_short_is_finished(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").touch()
    build(tmp_path / "chroma", IDS[:3], KEPT[:3])
    assert vectors.open_reader(tmp_path / "chroma").count() == 3


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("attempt to write a readonly database", "StateError"),
        ("database or disk is full", "StateError"),
        ("error returned from database: (code: 10) disk I/O error", "StateError"),
        ("No space left on device (os error 28)", "StateError"),
        ("Read-only file system (os error 30)", "StateError"),
        ("Permission denied (os error 13)", "StateError"),
        ("Too many open files (os error 24)", "StateError"),
        ("database is locked", "LockedError"),
        ("database disk image is malformed", "DamagedError"),
    ],
)
def test_what_sqlite_says_becomes_the_fitting_error(said: str, kind: str) -> None:
    assert type(sqlite_error(Path("x"), RuntimeError(said))).__name__ == kind


def test_a_panic_of_the_engine_is_damage_and_an_interrupt_stays_one(tmp_path: Path) -> None:
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(DamagedError), vectors_reading.translated(tmp_path):
        raise panic("index out of bounds")
    with pytest.raises(KeyboardInterrupt), vectors_reading.translated(tmp_path):
        raise KeyboardInterrupt


@pytest.mark.parametrize("bug", [AttributeError, TypeError, KeyError, NameError, MemoryError, RuntimeError])
def test_a_bug_does_not_pass_for_damage(tmp_path: Path, bug: type[Exception]) -> None:
    with pytest.raises(bug), vectors_reading.translated(tmp_path):
        raise bug("ours")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InternalError("backfill failed"), DamagedError),
        (InternalError("No space left on device (os error 28)"), StateError),
        (ValueError("Could not connect to tenant default_tenant"), DamagedError),
        (OSError(errno.EMFILE, "Zu viele offene Dateien"), StateError),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), DamagedError),
    ],
)
def test_what_chroma_says_of_a_store_is_told_apart(
    tmp_path: Path, error: Exception, kind: type[Exception]
) -> None:
    with pytest.raises(kind), vectors_reading.translated(tmp_path):
        raise error


def test_a_folder_that_cannot_be_removed_or_listed_is_no_crash(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(StateError, match="Permission denied"):
        vectors.mend(store)
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(StateError, match="Permission denied"):
        vectors_health.is_unborn(store)


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
