"""Whether a citation still stands in its article: there, elsewhere, no longer, or gone with it."""

from pathlib import Path

import pytest

from assistant.sessions.standing import Standing, articles_in, in_words, standing_of
from kept_sessions import ARTICLES, MILL, citation


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "standing", "told"),
    [
        (ARTICLES["mill.txt"], Standing("stands", 6, 38), ""),
        (
            f"Correction.\n\n{ARTICLES['mill.txt']}",
            Standing("moved", 19, 51),
            "has moved since, to mill.txt:19-51",
        ),
        (
            ARTICLES["mill.txt"].replace("May", "June"),
            Standing("changed", None, None),
            "the article has changed since, and no longer holds this sentence",
        ),
        ("", Standing("gone", None, None), "the article is gone"),
    ],
    ids=["stands", "moved", "changed", "empty"],
)
def test_a_citation_is_looked_up_in_its_article_as_it_is_now(
    corpus: Path, text: str, standing: Standing, told: str
) -> None:
    (corpus / "mill.txt").write_text(text, encoding="utf-8")
    found = standing_of(citation(), articles_in(corpus))
    assert found == standing
    assert in_words(citation(), found) == told
    if found.start is not None:
        assert (corpus / "mill.txt").read_text(encoding="utf-8-sig")[found.start : found.end] == MILL


def test_of_several_places_the_nearest_counts(corpus: Path) -> None:
    (corpus / "mill.txt").write_text(f"{MILL} {'x ' * 50}{MILL}", encoding="utf-8")
    assert standing_of(citation(start=100), articles_in(corpus)).start == 133


def test_an_article_or_a_folder_that_is_gone_is_told_as_gone(corpus: Path, tmp_path: Path) -> None:
    (corpus / "mill.txt").unlink()
    for folder in (corpus, tmp_path / "nowhere"):
        assert standing_of(citation(), articles_in(folder)) == Standing("gone", None, None)


@pytest.mark.parametrize("article", ["../secret.txt", "/etc/hostname", "link.txt", "a\0b", "", ".", "x" * 5000])
def test_nothing_outside_of_the_folder_is_read_whatever_a_session_names(
    corpus: Path, tmp_path: Path, article: str
) -> None:
    (tmp_path / "secret.txt").write_text(MILL)
    (corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert standing_of(citation(1, article, 0), articles_in(corpus)) == Standing("gone", None, None)


def test_an_empty_quote_proves_nothing(corpus: Path) -> None:
    assert standing_of(citation(quote=""), articles_in(corpus)).state == "changed"
