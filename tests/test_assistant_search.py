"""`parley search`: ranked passages for people and for scripts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.retrieval import fuse

PASSAGE_KEYS = ["article", "title", "outlet", "published", "start", "end", "score", "carried", "text"]


def test_passages_come_best_first_each_with_its_place(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("search", "tariffs on soybeans")
    assert ran.code == 0
    assert ran.out.startswith("1. ")
    assert ran.out.count("_") >= 5
    scores = [passage["score"] for passage in search(parley, "tariffs on soybeans")["passages"]]
    assert scores == sorted(scores, reverse=True)


def search(parley: Callable[..., Any], *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parley("search", *arguments, "--json").out)
    return found


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_the_limit_bounds_how_many(parley: Callable[..., Any], sample: Path, limit: int) -> None:
    found = search(parley, "China", "--limit", str(limit))
    assert len(found["passages"]) == min(limit, found["index"]["passages"])


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many"])
def test_a_limit_that_makes_no_sense_ends_with_2(parley: Callable[..., Any], sample: Path, limit: str) -> None:
    ran = parley("search", "x", "--limit", limit)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("See parley search --help\n")


def test_the_json_has_query_passages_and_index(parley: Callable[..., Any], sample: Path) -> None:
    found = search(parley, "soybeans", "and", "beef")
    assert list(found) == ["schema", "query", "passages", "index"]
    assert (found["schema"], found["query"]) == ("parley.search/1", "soybeans and beef")
    for passage in found["passages"]:
        assert list(passage) == PASSAGE_KEYS
        text = (sample / passage["article"]).read_text(encoding="utf-8-sig")
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_no_passage_in_a_range_of_dates_ends_with_3(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("search", "China", "--until", "1990-01-01")
    assert (ran.code, ran.out) == (3, "No passage.\n")
    as_json = parley("search", "China", "--until", "1990-01-01", "--json")
    assert (as_json.code, json.loads(as_json.out)["passages"]) == (3, [])


def test_an_empty_query_ends_with_2(parley: Callable[..., Any], sample: Path) -> None:
    ran = parley("search", " ")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'parley: the query is empty. Name what to look for: parley search "trade talks"\n'
    assert parley("search").code == 2


def test_words_in_the_title_count(parley: Callable[..., Any], folder: Callable[..., Path]) -> None:
    body = "The committee met again and agreed on nothing."
    folder({"a.txt": f"Title: Herring quota\n\n{body}\n", "b.txt": f"Title: School meals\n\n{body}\n"})
    assert search(parley, "herring")["passages"][0]["article"] == "a.txt"


def test_words_alone_decide_where_there_are_no_vectors() -> None:
    assert fuse(0.4, None) == 0.4
    assert fuse(0.0, -0.5) == 0.0
    assert fuse(1.0, 1.0) == 1.0
