"""Folder and index: what each kind of change does to articles, passages and vectors."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import index.vector_update
from index.catalog import METADATA_ROW, Catalog
from index.errors import CorpusError, DamagedError, LockedError, StateError
from index.fakes import FakeEmbedder
from index.folder import scan
from index.freshness import RACY_NS, Build, compare
from index.locks import FileLock
from index.passages import SPLITTER
from index.state import StateFolder
from index.sync import Progress, SyncReport, sync
from index.vectors import open_reader, open_writer
from index.view import IndexReader

PLACES = ("harbour", "market", "station", "library", "bridge", "garden", "theatre", "airport", "museum", "gaol")


def prose(topic: str, sentences: int = 12) -> str:
    """Sentences that stand nowhere else, some nine to a passage."""
    return " ".join(
        f"The {topic} council met at the {PLACES[number % 10]} on day {number} to talk about budget {number * 7}."
        for number in range(sentences)
    )


class Desk:
    """A small corpus with its state, and what questions would see of it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "articles"
        self.corpus.mkdir()
        self.state = StateFolder.of(self.corpus, folder / "state")
        self.embedder = FakeEmbedder()

    def write(self, name: str, text: str) -> None:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def sync(self, rebuild: str | None = None) -> SyncReport:
        return sync(self.corpus, self.state, self.embedder, rebuild=rebuild)

    def encodes(self, rebuild: str | None = None) -> list[str]:
        """The texts that the next sync encodes."""
        before = len(self.embedder.encoded)
        self.sync(rebuild)
        return self.embedder.encoded[before:]

    def catalog(self) -> closing[Catalog]:
        return closing(Catalog.open(self.state.catalog))

    def articles(self) -> dict[str, str | None]:
        """Name and title of each."""
        with self.catalog() as catalog:
            return {record.path: record.title for record in catalog.articles()}

    def store(self) -> Path:
        with self.catalog() as catalog:
            manifest = catalog.manifest()
        assert manifest is not None
        return self.state.store(manifest.store)

    def generation(self) -> int:
        with self.catalog() as catalog:
            manifest = catalog.manifest()
        assert manifest is not None
        return manifest.generation

    def require_whole(self) -> None:
        """Every passage is found by its own vector, and there is no vector besides."""
        with self.catalog() as catalog:
            ids = catalog.passage_ids()
            passages = catalog.passages(list(catalog.passage_keys(ids).values()))
            texts = {record.path: catalog.text(record.path) or "" for record in catalog.articles()}
        with closing(open_reader(self.store())) as vectors:
            assert vectors.count() == len(ids)
            kept = vectors.get(ids)
        for passage in passages.values():
            assert texts[passage.article.path][passage.start : passage.end] == passage.text
            title = passage.article.title
            embedded = f"{title}\n{passage.text}" if title else passage.text
            np.testing.assert_allclose(kept[passage.id], FakeEmbedder().embed([embedded])[0], atol=1e-6)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.write("a.txt", prose("Auckland"))
    made.write("deep/b.md", prose("Berlin"))
    return made


# Changes of articles


def test_a_first_sync_reads_splits_and_encodes_everything(desk: Desk) -> None:
    report = desk.sync()
    assert (report.added, report.changed, report.moved, report.deleted) == (2, 0, 0, 0)
    assert report.articles == 2
    assert report.passages == report.encoded == len(desk.embedder.encoded) >= 4
    assert report.rebuilt == "nothing is indexed yet"
    assert report.anything
    assert set(desk.articles()) == {"a.txt", "deep/b.md"}
    desk.require_whole()


def test_a_second_sync_finds_nothing_to_do(desk: Desk) -> None:
    desk.sync()
    report = desk.sync()
    assert not report.anything
    assert (report.articles, report.encoded) == (2, 0)


def test_a_new_article_is_added_and_no_other_encoded(desk: Desk) -> None:
    desk.sync()
    desk.write("c.txt", prose("Cairo"))
    report = desk.sync()
    assert (report.added, report.changed, report.deleted) == (1, 0, 0)
    assert all("Cairo" in text for text in desk.embedder.encoded[-report.encoded :])
    desk.require_whole()


def test_of_a_changed_article_only_the_changed_passages_are_encoded(desk: Desk) -> None:
    desk.write("a.txt", prose("Auckland", 40))
    desk.sync()
    desk.write("a.txt", prose("Auckland", 40) + "\n\n" + "A new ending that nobody expected stands here. " * 12)
    encoded = desk.encodes()
    assert 1 <= len(encoded) <= 2
    assert any("nobody expected" in text for text in encoded)
    assert desk.sync().articles == 2
    desk.require_whole()


def test_a_moved_article_is_found_under_its_new_name_and_not_encoded(desk: Desk) -> None:
    desk.sync()
    (desk.corpus / "a.txt").rename(desk.corpus / "deep" / "moved.txt")
    report = desk.sync()
    assert (report.moved, report.added, report.deleted, report.encoded) == (1, 0, 0, 0)
    assert set(desk.articles()) == {"deep/moved.txt", "deep/b.md"}
    desk.require_whole()


def test_a_deleted_article_leaves_with_its_vectors(desk: Desk) -> None:
    desk.sync()
    (desk.corpus / "a.txt").unlink()
    report = desk.sync()
    assert (report.deleted, report.articles) == (1, 1)
    desk.require_whole()


def test_identical_twins_are_encoded_once_and_both_found(desk: Desk) -> None:
    desk.write("twin.txt", prose("Auckland"))
    report = desk.sync()
    assert len(set(desk.embedder.encoded)) == len(desk.embedder.encoded) == report.encoded
    assert report.passages == report.encoded + report.reused
    desk.require_whole()
    (vector,) = FakeEmbedder().embed(desk.embedder.encoded[:1])
    reader = IndexReader(desk.state)
    with closing(reader), reader.view() as view:
        found = view.catalog.passages(list(view.nearest(vector, 2)))
    assert {passage.article.path for passage in found.values()} == {"a.txt", "twin.txt"}


def test_a_twin_that_comes_later_takes_the_vectors_that_are_there(desk: Desk) -> None:
    desk.sync()
    desk.write("twin.txt", prose("Auckland"))
    assert desk.encodes() == []
    desk.require_whole()


def test_when_one_twin_goes_the_other_keeps_its_vectors(desk: Desk) -> None:
    desk.write("twin.txt", prose("Auckland"))
    desk.sync()
    (desk.corpus / "a.txt").unlink()
    assert desk.encodes() == []
    assert set(desk.articles()) == {"twin.txt", "deep/b.md"}
    desk.require_whole()


def test_a_copy_of_an_article_that_changes_at_the_same_time_still_takes_its_vectors(desk: Desk) -> None:
    desk.sync()
    desk.write("copy.txt", prose("Auckland"))
    desk.write("a.txt", prose("Amsterdam"))
    assert all("Amsterdam" in text for text in desk.encodes())
    desk.require_whole()


def test_nothing_is_ever_written_into_the_corpus(desk: Desk) -> None:
    def listing() -> dict[str, tuple[int, int]]:
        found = {path: path.stat() for path in [desk.corpus, *desk.corpus.rglob("*")]}
        return {str(path): (status.st_mtime_ns, status.st_ctime_ns) for path, status in found.items()}

    before = listing()
    desk.sync()
    desk.sync("asked for")
    assert listing() == before


def test_progress_names_stages_in_order_and_never_runs_back(desk: Desk) -> None:
    steps: list[Progress] = []
    sync(desk.corpus, desk.state, desk.embedder, steps.append)
    assert list(dict.fromkeys(step.stage for step in steps)) == [
        "reading",
        "loading",
        "splitting",
        "encoding",
        "saving",
    ]
    for stage in ("reading", "splitting", "encoding", "saving"):
        done = [step.done for step in steps if step.stage == stage]
        assert done == sorted(done)
    assert [step.done for step in steps if step.stage == "encoding"][-1] == desk.sync().passages


# Files that cannot be read


def test_unreadable_files_are_skipped_by_name_at_every_sync_until_they_are_mended(desk: Desk) -> None:
    (desk.corpus / "latin.txt").write_bytes(b"caf\xe9 au lait")
    (desk.corpus / "binary.txt").write_bytes(b"text\0more")
    desk.write("empty.txt", " \n")
    expected = {
        "latin.txt is not UTF-8 (byte 0xe9 at 3); skipped",
        "binary.txt holds NUL; skipped",
        "empty.txt is empty; skipped",
    }
    assert set(desk.sync().warnings) == expected
    assert set(desk.sync().warnings) == expected
    desk.write("latin.txt", prose("Lagos"))
    report = desk.sync()
    assert report.added == 1
    assert set(report.warnings) == expected - {"latin.txt is not UTF-8 (byte 0xe9 at 3); skipped"}
    assert "latin.txt" in desk.articles()


def test_an_article_that_becomes_unreadable_leaves_and_comes_back(desk: Desk) -> None:
    desk.sync()
    (desk.corpus / "a.txt").write_bytes(b"\xff\xfe")
    report = desk.sync()
    assert report.deleted == 1
    assert set(desk.articles()) == {"deep/b.md"}
    desk.write("a.txt", prose("Auckland"))
    assert desk.sync().added == 1
    desk.require_whole()


def test_a_file_that_goes_while_the_folder_is_read_is_skipped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def vanish(path: Path) -> bytes:
        if path.name == "a.txt":
            path.unlink()
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", vanish)
    assert desk.sync().warnings == ["a.txt cannot be read: No such file or directory; skipped"]
    assert set(desk.articles()) == {"deep/b.md"}
    assert desk.sync().warnings == []


def refuse_to_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == name:
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)


@pytest.mark.parametrize("rebuild", [None, "asked for"])
def test_a_file_that_cannot_be_read_for_a_moment_keeps_its_article_and_is_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, rebuild: str | None
) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise"}')
    desk.sync()
    desk.write("a.txt", prose("Athens"))
    desk.write("c.txt", prose("Cairo"))
    later = scan(desk.corpus).files["a.txt"].ctime_ns + 2 * RACY_NS
    monkeypatch.setattr("index.changes.time.time_ns", lambda: later)
    with monkeypatch.context() as patch:
        refuse_to_read(patch, "a.txt")
        report = desk.sync(rebuild)
        assert report.warnings == ["a.txt cannot be read: Input/output error; answered from what it held before"]
        assert (report.added, report.changed, report.deleted) == (1, 0, 0)
        assert not is_fresh(desk)
        assert desk.articles() == {"a.txt": "Rates rise", "c.txt": None, "deep/b.md": None}
        with desk.catalog() as catalog:
            assert "Auckland" in (catalog.text("a.txt") or "")
        desk.require_whole()
    assert desk.sync().changed == 1
    with desk.catalog() as catalog:
        assert "Athens" in (catalog.text("a.txt") or "")
    assert is_fresh(desk)


def test_a_new_file_that_cannot_be_read_for_a_moment_is_added_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    desk.write("c.txt", prose("Cairo"))
    with monkeypatch.context() as patch:
        refuse_to_read(patch, "c.txt")
        assert desk.sync().warnings == ["c.txt cannot be read: Input/output error; skipped"]
    assert desk.sync().added == 1


def test_a_metadata_file_that_cannot_be_read_for_a_moment_leaves_what_it_stated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise"}')
    desk.sync()
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates fall"}')
    with monkeypatch.context() as patch:
        refuse_to_read(patch, "metadata.jsonl")
        desk.sync()
        assert desk.articles()["a.txt"] == "Rates rise"
    desk.sync()
    assert desk.articles()["a.txt"] == "Rates fall"


def test_a_bare_name_means_nothing_from_the_moment_that_two_files_have_it(desk: Desk) -> None:
    desk.write("metadata.jsonl", '{"doc": "b", "title": "Rates rise"}')
    desk.sync()
    assert desk.articles()["deep/b.md"] == "Rates rise"
    desk.write("other/b.md", prose("Bern"))
    warnings = desk.sync().warnings
    assert warnings == [
        'metadata.jsonl: "b" fits deep/b.md and other/b.md, and is used for neither: give the path'
    ]
    assert desk.articles() == {"a.txt": None, "deep/b.md": None, "other/b.md": None}
    (desk.corpus / "other" / "b.md").unlink()
    desk.sync()
    assert desk.articles()["deep/b.md"] == "Rates rise"


def test_what_a_scan_passed_over_is_in_the_report(desk: Desk) -> None:
    desk.write("c.pdf", "%PDF")
    (desk.corpus / "out.txt").symlink_to("/nowhere")
    report = desk.sync()
    assert report.others == {".pdf": 1}
    assert report.warnings == ["out.txt is a link out of the folder, or to nothing; skipped"]


@pytest.mark.parametrize("files", [{}, {"b.pdf": "x", "c.pdf": "x", "d.html": "x"}], ids=["empty", "others"])
def test_a_corpus_without_articles_is_an_error_that_counts_what_is_there(
    tmp_path: Path, files: dict[str, str]
) -> None:
    desk = Desk(tmp_path)
    for name, text in files.items():
        desk.write(name, text)
    with pytest.raises(CorpusError, match="2 .pdf, 1 .html" if files else "it is empty"):
        desk.sync()


def test_a_corpus_of_unreadable_files_is_an_error_that_counts_and_names_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(4):
        desk.write(f"{number}.txt", "")
    with pytest.raises(CorpusError, match=r"none of 4 files .* can be read as an article: 0.txt is empty"):
        desk.sync()


def test_when_all_articles_go_the_index_stays_as_it_was(desk: Desk) -> None:
    desk.sync()
    before = desk.articles()
    shutil.rmtree(desk.corpus / "deep")
    (desk.corpus / "a.txt").rename(desk.corpus / ".a.txt")
    with pytest.raises(CorpusError, match="it is empty"):
        desk.sync()
    assert desk.articles() == before


# Freshness


def is_fresh(desk: Desk) -> bool:
    with desk.catalog() as catalog:
        build = Build(desk.embedder.identity, desk.embedder.dimension, SPLITTER)
        return not compare(scan(desk.corpus), catalog.manifest(), catalog.files(), build)


def test_files_written_just_before_a_sync_are_looked_at_once_more_and_then_no_longer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    assert not is_fresh(desk)
    newest = max(stamp.ctime_ns for stamp in scan(desk.corpus).files.values())
    monkeypatch.setattr("index.changes.time.time_ns", lambda: newest + 2 * RACY_NS)
    generation = desk.generation()
    assert not desk.sync().anything
    assert is_fresh(desk)
    assert desk.generation() == generation


def test_a_change_that_leaves_size_and_modification_time_is_indexed(desk: Desk) -> None:
    desk.sync()
    before = (desk.corpus / "a.txt").stat()
    desk.write("a.txt", prose("Aucklend"))
    os.utime(desk.corpus / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert desk.sync().changed == 1
    with desk.catalog() as catalog:
        assert "Aucklend" in (catalog.text("a.txt") or "")


def test_a_metadata_file_gives_titles_and_encodes_only_the_passages_they_stand_before(desk: Desk) -> None:
    desk.sync()
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise", "date": "2019-02-02", "source": "Wire"}\n')
    encoded = desk.encodes()
    assert encoded
    assert all(text.startswith("Rates rise\n") and "Auckland" in text for text in encoded)
    assert desk.articles() == {"a.txt": "Rates rise", "deep/b.md": None}
    desk.require_whole()


def test_a_date_alone_changes_the_article_and_encodes_nothing(desk: Desk) -> None:
    desk.sync()
    desk.write("metadata.jsonl", '{"doc": "a", "date": "2019-02-02"}')
    assert desk.encodes() == []
    with desk.catalog() as catalog:
        assert [str(record.published) for record in catalog.articles()] == ["2019-02-02", "None"]


def test_without_its_metadata_file_a_corpus_forgets_its_titles(desk: Desk) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise"}')
    desk.sync()
    (desk.corpus / "metadata.jsonl").unlink()
    assert desk.sync().changed == 1
    assert desk.articles()["a.txt"] is None
    with desk.catalog() as catalog:
        assert METADATA_ROW not in catalog.files()


def test_what_is_wrong_with_a_metadata_file_is_said_and_the_articles_are_indexed(desk: Desk) -> None:
    desk.write("metadata.jsonl", 'nonsense\n{"doc": "a", "title": "Lone \\ud800 half"}')
    report = desk.sync()
    assert report.warnings == ["metadata.jsonl: line 1: not JSON"]
    title = desk.articles()["a.txt"] or ""
    assert title.startswith("Lone \ufffd")
    assert title.endswith("half")


def test_a_metadata_file_that_cannot_be_read_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise"}')
    read = Path.read_bytes

    def deny(path: Path) -> bytes:
        if path.name == "metadata.jsonl":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert desk.sync().warnings == ["metadata.jsonl cannot be read: Permission denied; its metadata is not used"]


def test_the_generation_rises_only_when_something_changed(desk: Desk) -> None:
    desk.sync()
    assert desk.generation() == 1
    desk.sync()
    os.utime(desk.corpus / "a.txt")
    desk.sync()
    assert desk.generation() == 1
    desk.write("c.txt", prose("Cairo"))
    desk.sync()
    assert desk.generation() == 2


# Building anew


def test_another_encoder_rebuilds_into_a_store_of_its_own(desk: Desk) -> None:
    desk.sync()
    old = desk.store()
    desk.embedder = FakeEmbedder("other", dimension=8)
    report = desk.sync()
    assert report.rebuilt == "the index was made with another encoder"
    assert report.encoded == report.passages
    assert desk.store() != old
    assert not old.exists()


def test_another_way_of_splitting_rebuilds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sync()
    monkeypatch.setattr("index.sync.SPLITTER", "another")
    assert desk.sync().rebuilt == "the index was made with another way of splitting"
    desk.require_whole()


def test_a_rebuild_encodes_everything_and_leaves_one_store(desk: Desk) -> None:
    desk.sync()
    report = desk.sync("asked for")
    assert report.rebuilt == "asked for"
    assert (report.added, report.changed, report.moved, report.deleted) == (0, 0, 0, 0)
    assert report.anything
    assert report.encoded == report.passages
    assert [path.name for path in desk.state.chroma.iterdir() if path.is_dir()] == [desk.store().name]
    desk.require_whole()


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


def test_a_catalog_that_is_only_locked_is_not_thrown_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sync()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **{**options, "timeout": 0}))
    inode = desk.state.catalog.stat().st_ino
    with closing(connect(desk.state.catalog, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desk.write("c.txt", prose("Cairo"))
        with pytest.raises(LockedError, match="in use by another process"):
            desk.sync()
    assert desk.state.catalog.stat().st_ino == inode
    assert desk.sync().added == 1


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


def test_a_place_that_cannot_be_changed_is_a_state_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.sync()

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    desk.state.catalog.write_bytes(b"nonsense " * 999)
    for method in ("unlink", "iterdir"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, method, refuse)
            with pytest.raises(StateError, match="Permission denied"):
                desk.sync()
    desk.sync()
    desk.require_whole()


def test_damage_that_cannot_be_mended_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(self: object, *arguments: object) -> object:
        raise DamagedError("it broke")

    monkeypatch.setattr(index.vector_update.VectorUpdate, "fill", fill)
    with pytest.raises(DamagedError, match="it broke"):
        desk.sync()


# Who may write


def test_a_second_process_is_refused_and_told_who_is_at_it(desk: Desk) -> None:
    refused = pytest.raises(LockedError, match=f"is being indexed by process {os.getpid()}")
    with FileLock(desk.state.lock).held(), refused:
        desk.sync()
    assert desk.sync().added == 2


def test_what_came_while_it_waited_for_the_lock_is_not_taken_for_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire = FileLock.acquire

    def acquire_late(self: FileLock, timeout_s: float = 0.0) -> bool:
        if self.path == desk.state.lock:
            monkeypatch.setattr(FileLock, "acquire", acquire)
            desk.write("c.txt", prose("Cairo"))
            desk.sync()
        return acquire(self, timeout_s)

    monkeypatch.setattr(FileLock, "acquire", acquire_late)
    assert desk.sync().deleted == 0
    assert "c.txt" in desk.articles()


def test_the_lock_is_free_again_after_a_failure(desk: Desk) -> None:
    def fail(progress: Progress) -> None:
        raise RuntimeError(progress.stage)

    with pytest.raises(RuntimeError, match="reading"):
        sync(desk.corpus, desk.state, desk.embedder, fail)
    assert desk.sync().added == 2


def test_state_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("a.txt", prose("Auckland"))
    (tmp_path / "state").write_text("a file stands where the folder should")
    with pytest.raises(StateError, match="cannot be made: Not a directory") as caught:
        desk.sync()
    assert "--state DIR" in caught.value.hint


def test_state_without_the_right_to_write_is_an_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StateError, match="cannot be written"):
        desk.sync()


def test_no_state_is_made_for_a_corpus_that_is_missing(tmp_path: Path) -> None:
    state = StateFolder.of(tmp_path / "nowhere", tmp_path / "state")
    with pytest.raises(CorpusError):
        sync(tmp_path / "nowhere", state, FakeEmbedder())
    assert not (tmp_path / "state").exists()


def test_the_state_folder_is_named_after_the_corpus_and_its_real_path(tmp_path: Path) -> None:
    corpus = tmp_path / "My articles: 2019"
    corpus.mkdir()
    (tmp_path / "link").symlink_to(corpus)
    (tmp_path / "loop").symlink_to("loop")
    state = StateFolder.of(corpus, tmp_path)
    assert state.root.name.startswith("My_articles_2019-")
    assert StateFolder.of(tmp_path / "link", tmp_path) == state
    assert StateFolder.of(tmp_path / "loop", tmp_path) != state
    assert StateFolder.of(Path("/"), tmp_path).root.name.startswith("root-")
