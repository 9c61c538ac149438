"""Folder and index: what each kind of change does to articles, passages and vectors."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from index.fakes import FakeEmbedder
from index.folder import scan
from index.freshness import RACY_NS
from index.sync import Progress, sync
from index.view import IndexReader
from sync_desk import Desk, furnished, is_fresh, prose


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return furnished(tmp_path)


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


# Freshness


def test_files_written_just_before_a_sync_are_looked_at_once_more_and_then_no_longer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = max(stamp.ctime_ns for stamp in scan(desk.corpus).files.values())
    monkeypatch.setattr("index.changes.time.time_ns", lambda: newest + RACY_NS)
    desk.sync()
    assert not is_fresh(desk)
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
