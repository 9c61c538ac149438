"""What an engine sees of a folder and its index without changing either, and what it says of both."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engine.changes import said_of
from assistant.engine.looking import FolderLook, status_of
from assistant.engine.shelf import article, summaries
from index.errors import CorpusError
from index.freshness import Build
from index.passages import SPLITTER
from index.sync_report import NOTHING_INDEXED, SyncReport
from sync_desk import Desk, furnished, prose


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two articles that were written just before they were indexed."""
    made = furnished(tmp_path)
    made.sync()
    return made


def looking(desk: Desk) -> FolderLook:
    return FolderLook(desk.corpus, Build(desk.embedder.identity, desk.embedder.dimension, SPLITTER))


def test_a_file_that_was_written_just_before_is_looked_into_and_is_no_difference(desk: Desk) -> None:
    look = looking(desk).look(desk.state)
    assert not look.difference
    assert not look.reread
    assert look.status is not None
    assert (look.status.articles, look.status.stale) == (2, False)


def test_a_file_that_looks_the_same_and_is_not_is_a_difference(desk: Desk) -> None:
    path, text = desk.corpus / "a.txt", prose("Auckland").replace("Auckland", "Dunedin.")
    folder, before = looking(desk), (desk.corpus / "a.txt").stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with desk.catalog() as catalog:
        known = catalog.files()["a.txt"]
        now = path.stat()
        catalog.connection.execute(
            "UPDATE files SET ctime_ns = :at, checked_ns = :at WHERE path = 'a.txt'", {"at": now.st_ctime_ns}
        )
        assert replace(known.stamp, ctime_ns=now.st_ctime_ns).size == now.st_size
    look = folder.look(desk.state)
    assert look.difference.touched == ("a.txt",)
    assert look.reread


def test_what_was_looked_into_counts_until_the_file_or_the_index_changes(desk: Desk) -> None:
    folder = looking(desk)
    folder.look(desk.state)
    desk.write("a.txt", prose("Athens"))
    assert folder.look(desk.state).difference.touched == ("a.txt",)
    desk.sync()
    assert not folder.look(desk.state).difference
    (desk.corpus / "a.txt").unlink()
    assert folder.look(desk.state).difference.gone == ("a.txt",)
    desk.sync()
    assert not folder.look(desk.state).difference


def test_metadata_that_was_written_just_before_is_no_difference(desk: Desk) -> None:
    desk.write("metadata.jsonl", '{"file": "a.txt", "title": "Budget"}\n')
    assert looking(desk).look(desk.state).difference.metadata
    desk.sync()
    assert not looking(desk).look(desk.state).difference


def test_two_looks_at_a_folder_tell_whether_it_changed_between_them(desk: Desk) -> None:
    folder = looking(desk)
    first = folder.look(desk.state)
    assert folder.look(desk.state).is_of_same_folder(first)
    desk.write("c.txt", prose("Cairo"))
    assert not folder.look(desk.state).is_of_same_folder(first)


def test_where_nothing_is_indexed_everything_differs(tmp_path: Path) -> None:
    desk = furnished(tmp_path)
    look = looking(desk).look(desk.state)
    assert look.status is None
    assert look.difference.rebuild
    assert status_of(desk.state) is None
    assert list(summaries(desk.corpus, desk.state)) == []
    assert article(desk.corpus, desk.state, "deep/b.md").source.title is None


def test_what_is_passed_over_is_named(desk: Desk) -> None:
    (desk.corpus / "broken.txt").write_bytes(b"\xff\xfe\x00")
    desk.sync()
    assert [warning.partition(" ")[0] for warning in looking(desk).look(desk.state).passed_over] == ["broken.txt"]


def test_a_folder_that_is_gone_cannot_be_looked_at(desk: Desk) -> None:
    desk.corpus.rename(desk.corpus.with_name("elsewhere"))
    with pytest.raises(CorpusError):
        looking(desk).look(desk.state)


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (SyncReport(), ""),
        (SyncReport(added=2, changed=1), "2 articles added, 1 changed"),
        (SyncReport(moved=1), "1 article moved"),
        (SyncReport(deleted=3), "3 articles removed"),
        (SyncReport(added=5, rebuilt=NOTHING_INDEXED), "5 articles added"),
        (SyncReport(changed=1, rebuilt="asked for"), "1 article changed, built anew: asked for"),
        (SyncReport(rebuilt="the index was made with another encoder"),
         "built anew: the index was made with another encoder"),
    ],
)  # fmt: skip
def test_what_a_sync_changed_is_said_in_words(report: SyncReport, said: str) -> None:
    assert said_of(report) == said
