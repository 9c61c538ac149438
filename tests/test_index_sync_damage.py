"""A damaged catalog or vector store: whatever broke, the next sync makes it whole."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import index.vector_update
from index.errors import DamagedError
from index.vectors import open_writer
from sync_desk import Desk, furnished, prose


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return furnished(tmp_path)


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database at all " * 300)


def other_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (else_)")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def broken_inside(path: Path) -> None:
    """The first page, which names the tables, stays whole."""
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [no_database, other_version, foreign, emptied, broken_inside, Path.unlink])
def test_a_catalog_that_cannot_be_used_is_built_anew(desk: Desk, damage: Callable[[Path], None]) -> None:
    desk.sync()
    old = desk.store()
    damage(desk.state.catalog)
    report = desk.sync()
    assert report.rebuilt
    assert set(desk.articles()) == {"a.txt", "deep/b.md"}
    assert desk.store() != old
    desk.require_whole()


def test_a_catalog_cut_to_nothing_is_built_anew_although_somebody_reads_it(desk: Desk) -> None:
    desk.sync()
    with desk.catalog() as reading, reading.snapshot():
        assert reading.counts()[0] == 2
        emptied(desk.state.catalog)
        assert desk.sync().rebuilt
        desk.require_whole()


def without_folder(store: Path) -> None:
    shutil.rmtree(store)


def without_database(store: Path) -> None:
    (store / "chroma.sqlite3").unlink()


def without_graph(store: Path) -> None:
    (folder,) = (path for path in store.iterdir() if path.is_dir())
    shutil.rmtree(folder)


def with_a_torn_database(store: Path) -> None:
    path = store / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES = [without_folder, without_database, without_graph, with_a_torn_database]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("changed", [True, False], ids=["something new", "nothing new"])
def test_a_damaged_vector_store_is_whole_after_the_next_sync(
    desk: Desk, damage: Callable[[Path], None], changed: bool
) -> None:
    desk.sync()
    damage(desk.store())
    if changed:
        desk.write("c.txt", prose("Cairo"))
    desk.sync()
    desk.require_whole()


def test_vectors_that_went_missing_are_noticed_when_the_store_is_written_next(desk: Desk) -> None:
    desk.sync()
    with desk.catalog() as catalog:
        lost = catalog.passage_ids()[:2]
    with closing(open_writer(desk.store(), desk.embedder.dimension)) as writer:
        writer.delete(lost)
    desk.write("c.txt", prose("Cairo"))
    assert "lacks the vectors of 2 passages" in (desk.sync().rebuilt or "")
    desk.require_whole()


def test_a_twin_whose_vector_cannot_be_read_makes_the_index_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    desk.write("twin.txt", prose("Auckland"))
    monkeypatch.setattr("index.vectors.VectorWriter.get", lambda self, ids: {})
    assert "cannot be read" in (desk.sync().rebuilt or "")
    desk.require_whole()


def test_an_unfinished_store_that_cannot_be_used_is_thrown_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    unfinished = desk.state.store("2")
    open_writer(unfinished, dimension=3).close()
    (unfinished / "mark").touch()
    desk.sync("asked for")
    assert not (desk.state.store("2") / "mark").exists()
    desk.require_whole()


def test_an_unfinished_store_that_breaks_in_use_is_thrown_away_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    unfinished = desk.state.store("2")
    unfinished.mkdir()
    (unfinished / "mark").touch()
    add = index.vector_update.VectorUpdate.fill

    def fill(self: index.vector_update.VectorUpdate, *arguments: object) -> object:
        if (unfinished / "mark").exists():
            raise DamagedError("it broke")
        return add(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(index.vector_update.VectorUpdate, "fill", fill)
    desk.sync("asked for")
    desk.require_whole()


def test_damage_that_cannot_be_mended_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(self: object, *arguments: object) -> object:
        raise DamagedError("it broke")

    monkeypatch.setattr(index.vector_update.VectorUpdate, "fill", fill)
    with pytest.raises(DamagedError, match="it broke"):
        desk.sync()
