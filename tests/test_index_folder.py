"""What counts as an article in a folder, and what is passed over."""

import os
import socket
from pathlib import Path

import pytest

from article_files import put
from index.errors import CorpusError
from index.folder import Stamp, scan


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


def names(folder: Path) -> set[str]:
    return set(scan(folder).files)


# What is an article


def test_text_and_markdown_files_are_articles_at_any_depth_named_by_their_path(corpus: Path) -> None:
    put(corpus, "a.txt", "2019/b.md", "2019/may/c.TXT")
    assert names(corpus) == {"a.txt", "2019/b.md", "2019/may/c.TXT"}


def test_other_files_are_counted_by_suffix(corpus: Path) -> None:
    put(corpus, "a.txt", "b.pdf", "deep/c.PDF", "d.html", "README")
    assert scan(corpus).others == {".pdf": 2, ".html": 1, "no suffix": 1}


def test_hidden_files_and_folders_are_passed_over_without_a_word(corpus: Path) -> None:
    put(corpus, "a.txt", ".b.txt", ".git/c.txt", ".git/d.pack")
    found = scan(corpus)
    assert (set(found.files), found.others, found.warnings) == ({"a.txt"}, {}, [])


def test_a_folder_named_like_an_article_is_a_folder(corpus: Path) -> None:
    put(corpus, "notes.txt/a.md")
    assert names(corpus) == {"notes.txt/a.md"}


def test_the_stamp_is_that_of_the_file(corpus: Path) -> None:
    put(corpus, "a.txt")
    status = (corpus / "a.txt").stat()
    stamp = scan(corpus).files["a.txt"]
    assert stamp == Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


# Links


def test_a_link_to_a_file_inside_is_an_article_of_its_own(corpus: Path) -> None:
    put(corpus, "a.txt", "deep/b.txt")
    (corpus / "link.txt").symlink_to("deep/b.txt")
    found = scan(corpus)
    assert set(found.files) == {"a.txt", "deep/b.txt", "link.txt"}
    assert found.files["link.txt"] == found.files["deep/b.txt"]


@pytest.mark.parametrize("target", ["../outside.txt", "nowhere.txt", "link.txt"], ids=["out", "nowhere", "itself"])
def test_a_link_out_of_the_folder_or_to_nothing_is_skipped_with_its_name(corpus: Path, target: str) -> None:
    put(corpus, "a.txt", "../outside.txt")
    (corpus / "link.txt").symlink_to(target)
    found = scan(corpus)
    assert set(found.files) == {"a.txt"}
    assert found.warnings == ["link.txt is a link out of the folder, or to nothing; skipped"]


def test_links_between_folders_form_no_loop(corpus: Path) -> None:
    put(corpus, "a.txt", "deep/b.txt")
    (corpus / "deep" / "up").symlink_to("..", target_is_directory=True)
    (corpus / "again.txt").symlink_to("deep", target_is_directory=True)
    found = scan(corpus)
    assert (set(found.files), found.others, found.warnings) == ({"a.txt", "deep/b.txt"}, {}, [])


def test_the_folder_itself_may_be_a_link(corpus: Path, tmp_path: Path) -> None:
    put(corpus, "a.txt")
    (tmp_path / "link").symlink_to(corpus, target_is_directory=True)
    found = scan(tmp_path / "link")
    assert (found.root, set(found.files)) == (corpus, {"a.txt"})


# What cannot be read


def test_a_name_that_is_not_utf8_is_skipped_and_shown_escaped(corpus: Path) -> None:
    put(corpus, "a.txt")
    try:
        Path(os.fsdecode(os.fsencode(corpus) + b"/caf\xe9.txt")).write_text("Some text.")
    except OSError:
        pytest.skip("this file system admits no such name")
    found = scan(corpus)
    assert set(found.files) == {"a.txt"}
    (warning,) = found.warnings
    assert "udce9.txt" in warning
    assert warning.isascii()


def test_a_socket_named_like_an_article_is_none(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(corpus, "a.txt")
    monkeypatch.chdir(corpus)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("b.txt")
        assert names(corpus) == {"a.txt"}


def test_a_folder_inside_that_cannot_be_listed_is_named_and_the_rest_is_read(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(corpus, "a.txt", "closed/b.txt")
    deny_listing(monkeypatch, corpus / "closed")
    found = scan(corpus)
    assert set(found.files) == {"a.txt"}
    assert found.warnings == ["closed/ cannot be listed (Permission denied); skipped"]


def test_a_corpus_that_cannot_be_listed_is_an_error(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny_listing(monkeypatch, corpus)
    with pytest.raises(CorpusError, match="cannot be listed: Permission denied"):
        scan(corpus)


def deny_listing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As permissions would, which do not bind the superuser."""
    listing = os.scandir

    def deny(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", deny)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere", "there is no folder"),
        ("a\0b", "there is no folder"),
        ("a.txt", "is a file, not a folder"),
        ("a.txt/deep", "cannot be reached: Not a directory"),
        ("loop", "cannot be reached: Too many levels of symbolic links"),
        ("x" * 300, "cannot be reached: File name too long"),
    ],
)
def test_what_is_no_folder_is_an_error_that_says_why_and_what_to_do(
    tmp_path: Path, name: str, reason: str
) -> None:
    put(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CorpusError, match=reason) as caught:
        scan(tmp_path / name)
    assert "--corpus DIR" in caught.value.hint


# The metadata file


def test_the_metadata_file_is_neither_an_article_nor_another_file(corpus: Path) -> None:
    put(corpus, "a.txt", "metadata.jsonl", "deep/metadata.jsonl")
    found = scan(corpus)
    assert found.metadata is not None
    assert found.metadata[0] == corpus / "metadata.jsonl"
    assert found.others == {".jsonl": 1}


def test_beside_a_folder_named_corpus_it_counts_too_and_the_inner_one_wins(tmp_path: Path) -> None:
    put(tmp_path, "corpus/a.txt", "metadata.jsonl")
    assert metadata_of(tmp_path / "corpus") == tmp_path / "metadata.jsonl"
    put(tmp_path, "corpus/metadata.jsonl")
    assert metadata_of(tmp_path / "corpus") == tmp_path / "corpus" / "metadata.jsonl"


def test_beside_another_folder_it_does_not(corpus: Path) -> None:
    put(corpus, "a.txt", "../metadata.jsonl")
    assert metadata_of(corpus) is None


def test_a_metadata_file_that_is_a_link_out_of_the_folder_is_not_followed(corpus: Path) -> None:
    put(corpus, "a.txt", "../elsewhere.jsonl")
    (corpus / "metadata.jsonl").symlink_to("../elsewhere.jsonl")
    found = scan(corpus)
    assert found.metadata is None
    assert found.warnings == ["metadata.jsonl is a link out of the folder, or to nothing; skipped"]


def metadata_of(folder: Path) -> Path | None:
    found = scan(folder).metadata
    return found[0] if found else None
