"""Files that cannot be read, for good or for a moment: who is told, and what stays of their articles."""

import shutil
from pathlib import Path

import pytest

from index.errors import CorpusError
from index.folder import scan
from index.freshness import RACY_NS
from sync_desk import Desk, furnished, is_fresh, prose, refuse_to_read


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return furnished(tmp_path)


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


@pytest.mark.parametrize("rebuild", [None, "asked for"])
def test_a_file_that_cannot_be_read_for_a_moment_keeps_its_article_and_is_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, rebuild: str | None
) -> None:
    desk.write("metadata.jsonl", '{"doc": "a", "title": "Rates rise"}')
    desk.sync()
    desk.write("a.txt", prose("Athens"))
    desk.write("c.txt", prose("Cairo"))
    later = max(stamp.ctime_ns for stamp in scan(desk.corpus).files.values()) + 2 * RACY_NS
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
