"""The metadata file: what a sync makes of its coming, changing and going."""

from pathlib import Path

import pytest

from index.catalog import METADATA_ROW
from sync_desk import Desk, furnished, prose, refuse_to_read


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return furnished(tmp_path)


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
