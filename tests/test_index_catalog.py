"""The catalog: what is written comes out again, at once or not at all, and damage has a name."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article, Metadata
from index.catalog import METADATA_ROW, Catalog, KnownFile, Manifest, SentenceRecord, batches
from index.catalog_writing import CatalogWriter, IndexedPassage
from index.errors import DamagedError, LockedError, StateError
from index.folder import Stamp
from index.passages import Passage
from index.segmentation import Sentence

MANIFEST = Manifest(3, "2", "encoder", 16, "cosine", "splitter", "2026-01-01T00:00:00+00:00", "/articles", sweep=1)
TEXT = "First sentence here. And a second one."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite3"


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    with closing(Catalog.open(path, create=True)) as opened:
        yield opened


def article(name: str, text: str = TEXT, stated: Metadata | None = None) -> Article:
    return Article(name, text, stated or Metadata(), ())


def passage(identity: str, start: int = 0, end: int = len(TEXT), embedded: str = "hash") -> IndexedPassage:
    sentences = (Sentence(start, start + 20, prose=True), Sentence(start + 21, end, prose=False))
    return IndexedPassage(identity, embedded, Passage(start, end, 8, sentences))


def put(catalog: Catalog, *articles: tuple[Article, list[IndexedPassage]]) -> None:
    writer = CatalogWriter(catalog)
    with writer.transaction():
        for each, passages in articles:
            writer.add_article(each, passages)


# What goes in comes out


def test_an_article_comes_out_with_its_passages_and_sentences(catalog: Catalog) -> None:
    stated = Metadata("Rates", "Wire", date(2019, 2, 2), "https://example.org")
    put(catalog, (article("a.txt", stated=stated), [passage("p1")]))
    (record,) = catalog.articles()
    assert (record.path, record.title, record.outlet) == ("a.txt", "Rates", "Wire")
    assert (record.published, record.url) == (date(2019, 2, 2), "https://example.org")
    assert catalog.text("a.txt") == TEXT
    (found,) = catalog.passages(list(catalog.passage_keys(["p1"]).values())).values()
    assert (found.id, found.start, found.end, found.text) == ("p1", 0, len(TEXT), TEXT)
    assert found.article == record
    assert found.sentences == (SentenceRecord(0, 20, True), SentenceRecord(21, len(TEXT), False))


def test_what_is_not_there_is_left_out(catalog: Catalog) -> None:
    assert catalog.manifest() is None
    assert catalog.counts() == (0, 0)
    assert catalog.text("nowhere.txt") is None
    assert catalog.passage_keys(["unknown"]) == {}
    assert catalog.passages([17]) == {}


def test_passage_ids_stand_in_the_order_of_the_text(catalog: Catalog) -> None:
    put(catalog, (article("a.txt"), [passage("z"), passage("y")]), (article("b.txt"), [passage("x")]))
    assert catalog.passage_ids() == ["z", "y", "x"]
    assert catalog.counts() == (2, 3)


def test_more_ids_than_one_statement_may_hold_are_found(catalog: Catalog) -> None:
    ids = [f"p{number}" for number in range(1300)]
    put(catalog, (article("a.txt"), [passage(identity) for identity in ids]))
    keys = catalog.passage_keys([*ids, "unknown"])
    assert set(keys) == set(ids)
    assert len(catalog.passages(list(keys.values()))) == 1300
    assert [len(batch) for batch in batches(ids)] == [500, 500, 300]


def test_manifest_and_notes_on_files_come_out_as_they_went_in(catalog: Catalog) -> None:
    writer = CatalogWriter(catalog)
    known = KnownFile(Stamp(1, 2, 3, 2**62), 5, "hash", "is empty")
    with writer.transaction():
        writer.put_manifest(MANIFEST)
        writer.put_file("a.txt", known)
        writer.put_file(METADATA_ROW, known)
    assert catalog.manifest() == MANIFEST
    assert catalog.files() == {"a.txt": known, METADATA_ROW: known}
    with writer.transaction():
        writer.forget_files(["a.txt", "unknown"])
    assert set(catalog.files()) == {METADATA_ROW}


def test_a_removed_article_takes_everything_with_it(catalog: Catalog) -> None:
    put(catalog, (article("a.txt"), [passage("p1"), passage("p2")]), (article("b.txt"), [passage("p3")]))
    writer = CatalogWriter(catalog)
    with writer.transaction():
        assert sorted(writer.remove_articles(["a.txt", "unknown"])) == ["p1", "p2"]
    assert catalog.counts() == (1, 1)
    count = "SELECT (SELECT count(*) FROM sentences), (SELECT count(*) FROM passage_text)"
    assert catalog.connection.execute(count).fetchone() == (2, 1)


def test_a_vector_can_be_shared_by_passages_whose_embedded_text_is_the_same(catalog: Catalog) -> None:
    put(catalog, (article("a.txt"), [passage("p1", embedded="one"), passage("p2", embedded="two")]))
    assert CatalogWriter(catalog).reusable(["one", "three"]) == {"one": "p1"}


# At once or not at all


def test_a_failed_transaction_leaves_nothing(catalog: Catalog) -> None:
    writer = CatalogWriter(catalog)

    def begin_and_stop() -> None:
        with writer.transaction():
            writer.add_article(article("a.txt"), [passage("p1")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin_and_stop()
    assert catalog.counts() == (0, 0)
    put(catalog, (article("a.txt"), [passage("p1")]))
    assert catalog.counts() == (1, 1)


def test_a_snapshot_holds_while_a_sync_commits(catalog: Catalog, path: Path) -> None:
    put(catalog, (article("a.txt"), [passage("p1")]))
    with closing(Catalog.open(path)) as reader:
        with reader.snapshot():
            assert reader.counts() == (1, 1)
            put(catalog, (article("b.txt"), [passage("p2")]))
            assert reader.counts() == (1, 1)
            assert reader.text("b.txt") is None
        assert reader.counts() == (2, 2)


def test_a_reader_is_not_kept_out_by_a_writer(catalog: Catalog, path: Path) -> None:
    put(catalog, (article("a.txt"), [passage("p1")]))
    with CatalogWriter(catalog).transaction(), closing(Catalog.open(path)) as reader:
        assert reader.counts() == (1, 1)


def test_a_writer_that_finds_another_is_told_so(
    catalog: Catalog, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog.connection.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedError, match="in use by another process"), CatalogWriter(catalog).transaction():
            pass


def test_a_full_disk_is_no_damage_and_what_was_there_stays(catalog: Catalog) -> None:
    put(catalog, (article("a.txt"), [passage("p1")]))
    pages = catalog.connection.execute("PRAGMA page_count").fetchone()[0]
    catalog.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StateError, match="cannot be used: database or disk is full"):
        put(catalog, (article("b.txt", TEXT * 50_000), [passage("p2")]))
    assert catalog.counts() == (1, 1)


def test_a_disk_that_fails_is_no_damage_and_misuse_is_a_bug(catalog: Catalog) -> None:
    with pytest.raises(StateError, match="disk I/O error"), catalog.guarded():
        raise sqlite3.OperationalError("disk I/O error")
    with pytest.raises(sqlite3.InterfaceError), catalog.guarded():
        raise sqlite3.InterfaceError("bad parameter")
    catalog.close()
    with pytest.raises(sqlite3.ProgrammingError):
        catalog.counts()


# Damage


def write_nonsense(path: Path) -> None:
    path.write_bytes(b"nonsense " * 1000)


def write_other_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (else_)")
        connection.execute("PRAGMA user_version = 99")


def write_nothing(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "there is no catalog"),
        (write_nonsense, "file is not a database"),
        (write_other_version, "is of version 99, this program reads 1"),
        (write_nothing, "is of version 0"),
    ],
)
def test_what_is_no_catalog_is_damage_with_the_command_that_mends_it(
    path: Path, make: Callable[[Path], None], reason: str
) -> None:
    make(path)
    with pytest.raises(DamagedError, match=reason) as caught:
        Catalog.open(path)
    assert "parley index" in caught.value.hint


def test_a_catalog_that_nobody_may_open_is_no_damage(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StateError, match="unable to open database file"):
        Catalog.open(path)


def test_pages_that_are_overwritten_are_found_by_the_check_and_by_reading(catalog: Catalog, path: Path) -> None:
    put(catalog, (article("a.txt", TEXT * 1000), [passage("p1")]))
    assert catalog.broken() is None
    catalog.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with closing(Catalog.open(path)) as damaged:
        with pytest.raises(DamagedError, match="cannot be read"):
            damaged.articles()
        with pytest.raises(DamagedError):
            damaged.passage_ids()
