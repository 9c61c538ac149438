"""When a file is looked at again, and when the whole index is made anew."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from article_files import put
from index.catalog import METADATA_ROW, KnownFile, Manifest
from index.folder import Scan, scan
from index.freshness import NOT_CHECKED, RACY_NS, Build, compare

BUILD = Build("encoder", 16, "splitter")
MANIFEST = Manifest(1, "1", "encoder", 16, "cosine", "splitter", "2026-01-01T00:00:00+00:00", "corpus", sweep=0)
LATER_NS = 3 * RACY_NS


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def seen(found: Scan, after_ns: int = LATER_NS) -> dict[str, KnownFile]:
    """What a sync notes that looked so many ns after the last change."""
    stamps = dict(found.files)
    if found.metadata:
        stamps[METADATA_ROW] = found.metadata[1]
    return {name: KnownFile(stamp, stamp.ctime_ns + after_ns, "hash", None) for name, stamp in stamps.items()}


def test_nothing_is_looked_at_where_nothing_changed(corpus: Path) -> None:
    put(corpus, "a.txt", "metadata.jsonl")
    found = scan(corpus)
    assert not compare(found, MANIFEST, seen(found), BUILD)


def test_new_and_missing_files_are_told_apart(corpus: Path) -> None:
    put(corpus, "a.txt", "b.txt")
    known = seen(scan(corpus))
    (corpus / "a.txt").unlink()
    put(corpus, "c.txt")
    difference = compare(scan(corpus), MANIFEST, known, BUILD)
    assert (difference.touched, difference.gone, difference.metadata) == (("c.txt",), ("a.txt",), False)


@pytest.mark.parametrize("name", ["size", "mtime_ns", "ctime_ns", "inode"])
def test_any_difference_of_the_stamp_is_noticed(corpus: Path, name: str) -> None:
    put(corpus, "a.txt")
    found = scan(corpus)
    known = seen(found)
    older = replace(known["a.txt"].stamp, **{name: 1})
    known["a.txt"] = replace(known["a.txt"], stamp=older)
    assert compare(found, MANIFEST, known, BUILD).touched == ("a.txt",)


def test_a_replacement_with_the_same_size_and_modification_time_is_noticed(corpus: Path) -> None:
    put(corpus, "a.txt")
    before = (corpus / "a.txt").stat()
    known = seen(scan(corpus))
    (corpus / "new").write_text("Some Text.")
    os.utime(corpus / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (corpus / "new").replace(corpus / "a.txt")
    after = (corpus / "a.txt").stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert compare(scan(corpus), MANIFEST, known, BUILD).touched == ("a.txt",)


@pytest.mark.parametrize(
    ("after_ns", "again"), [(0, True), (RACY_NS, True), (RACY_NS + 1, False), (-RACY_NS, True), (-LATER_NS, False)]
)
def test_a_file_touched_within_two_seconds_of_the_look_is_looked_at_again(
    corpus: Path, after_ns: int, again: bool
) -> None:
    put(corpus, "a.txt")
    found = scan(corpus)
    assert bool(compare(found, MANIFEST, seen(found, after_ns), BUILD)) is again


def test_a_file_from_the_future_is_not_looked_at_for_ever(corpus: Path) -> None:
    put(corpus, "a.txt")
    os.utime(corpus / "a.txt", (2**32, 2**32))
    found = scan(corpus)
    assert not compare(found, MANIFEST, seen(found), BUILD)
    assert compare(found, MANIFEST, seen(found, after_ns=0), BUILD).touched == ("a.txt",)


def test_a_file_that_could_not_be_read_is_looked_at_again(corpus: Path) -> None:
    put(corpus, "a.txt", "b.txt")
    found = scan(corpus)
    known = seen(found)
    known["a.txt"] = replace(known["a.txt"], checked_ns=NOT_CHECKED)
    assert compare(found, MANIFEST, known, BUILD).touched == ("a.txt",)


def test_a_metadata_file_that_comes_goes_or_changes_is_a_difference(corpus: Path) -> None:
    put(corpus, "a.txt")
    without = scan(corpus)
    put(corpus, "metadata.jsonl")
    with_it = scan(corpus)
    (corpus / "metadata.jsonl").write_text("{}")
    changed = scan(corpus)
    assert compare(with_it, MANIFEST, seen(without), BUILD).metadata
    assert compare(without, MANIFEST, seen(with_it), BUILD).metadata
    assert compare(changed, MANIFEST, seen(with_it), BUILD).metadata
    assert compare(without, MANIFEST, seen(with_it), BUILD).gone == ()


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        (None, "nothing is indexed yet"),
        (replace(MANIFEST, store=""), "nothing is indexed yet"),
        (replace(MANIFEST, encoder="other"), "another encoder"),
        (replace(MANIFEST, dimension=8), "another encoder"),
        (replace(MANIFEST, space="l2"), "another measure of distance"),
        (replace(MANIFEST, splitter="other"), "another way of splitting"),
    ],
)
def test_an_index_made_with_anything_else_is_rebuilt(corpus: Path, manifest: Manifest | None, reason: str) -> None:
    put(corpus, "a.txt")
    found = scan(corpus)
    assert reason in str(compare(found, manifest, seen(found), BUILD).rebuild)
