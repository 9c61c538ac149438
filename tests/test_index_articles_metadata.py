"""The metadata file: what its lines state, and of which articles."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import (
    Metadata,
    assign,
    read_metadata_file,
)


def stated_of(path: str, named: dict[str, Metadata]) -> Metadata | None:
    """What is stated of the only article."""
    return assign(named, [path])[0].get(path)


def test_values_are_bounded_and_on_one_line() -> None:
    line = json.dumps({"doc": "a", "title": "A\nB\u2028C\x1b[0m" + "x" * 1000, "source": "\ud800\0"})
    found, _ = read_metadata_file(line.encode())
    title = found["a"].title
    assert title is not None
    assert title.startswith("A B C\x1b[0m")
    assert len(title) == 300
    assert set(found["a"].outlet or "") == {"\ufffd"}


def test_broken_lines_of_the_metadata_file_are_named_and_passed_over() -> None:
    data = b"\n".join(
        [
            b'\xef\xbb\xbf{"doc": "a", "title": "A", "date": "2019-02-02", "source": "S", "url": "https://u.example"}',
            b"{broken",
            b"[]",
            b'{"title": "nameless"}',
            b"",
            b'{"file": "b.txt", "date": "02/03/2019", "title": 3, "source": null}',
            b'{"doc": "\xff"}',
            b"[" * 100_000,
            b'{"doc": "a", "title": "Later"}',
        ]
    )
    found, warnings = read_metadata_file(data)
    assert found == {"a": Metadata(title="Later"), "b.txt": Metadata()}
    assert [warning.split(":")[0] for warning in warnings] == [f"line {n}" for n in (2, 3, 4, 6, 6, 7, 8, 9)]
    assert warnings[0] == "line 2: not JSON"
    assert "unambiguous date" in warnings[4]


@given(st.binary(max_size=200))
def test_no_metadata_file_raises(data: bytes) -> None:
    read_metadata_file(data)


@pytest.mark.parametrize("name", ["x/y/talks.end.txt", "x/y/talks.end", "talks.end.txt", "talks.end"])
def test_metadata_is_found_by_path_or_name_with_or_without_suffix(name: str) -> None:
    assert stated_of("x/y/talks.end.txt", {name: Metadata(title="T")}) == Metadata(title="T")
    assert stated_of("x/y/other.txt", {name: Metadata(title="T")}) is None


def test_the_more_exact_name_wins() -> None:
    both = {"a": Metadata(title="by name"), "x/a": Metadata(title="by path")}
    assert stated_of("x/a.txt", both) == Metadata(title="by path")
    assert stated_of("y/a.txt", both) == Metadata(title="by name")
    assert assign(both, ["x/a.txt"]) == ({"x/a.txt": Metadata(title="by path")}, [])


@pytest.mark.parametrize("name", ["a", "a.txt"])
def test_a_bare_name_that_two_articles_have_dates_neither(name: str) -> None:
    assigned, (warning,) = assign({name: Metadata(title="T"), "y/a": Metadata(title="Y")}, ["x/a.txt", "y/a.txt"])
    assert assigned == {"y/a.txt": Metadata(title="Y")}
    assert warning == f'"{name}" fits x/a.txt and y/a.txt, and is used for neither: give the path'


def test_a_path_without_suffix_that_two_articles_have_dates_neither() -> None:
    assert assign({"a": Metadata(title="T"), "a.md": Metadata(title="M")}, ["a.md", "a.txt"]) == (
        {"a.md": Metadata(title="M")},
        ['"a" fits a.md and a.txt, and is used for neither: give the path'],
    )


@pytest.mark.parametrize("name", ["a", "a.txt"])
def test_the_path_of_one_article_is_not_the_bare_name_of_another(name: str) -> None:
    assert assign({name: Metadata(title="T")}, ["x/a.txt", "a.txt"]) == ({"a.txt": Metadata(title="T")}, [])
