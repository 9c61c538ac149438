"""Passages: runs of whole sentences, within their bounds, with exact spans."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import seeds
from index.articles import Article, Metadata, parse_article
from index.balancing import Balancer
from index.passages import FEWEST_TOKENS, MOST_TOKENS, SPLITTER, Passage, Splitter
from index.segmentation import Sentence, segment

SEEDS = Path(next(iter(seeds.__path__)))
PROSE = "The talks in Beijing went on for three days and ended without a signed agreement."


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


def article(text: str) -> Article:
    return Article("a.txt", text, Metadata(), ())


def assert_tiles(text: str, passages: list[Passage]) -> None:
    """Sentences stand in order, none twice, and with white space they are the whole text."""
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    assert all(left.end <= right.start for left, right in pairwise(sentences))
    found = "".join(text[each.start : each.end] for each in sentences)
    assert "".join(found.split()) == "".join(text.split())
    for passage in passages:
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        assert 0 < passage.tokens <= MOST_TOKENS


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_samples_are_split_within_the_bounds(splitter: Splitter, number: str) -> None:
    (file,) = SEEDS.glob(f"{number}_*.txt")
    parsed = parse_article(file.name, file.read_bytes())
    passages = splitter.split(parsed)
    assert all(FEWEST_TOKENS <= each.tokens <= MOST_TOKENS for each in passages)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    assert sentences == segment(parsed.text, parsed.stated_at)


def test_a_short_article_is_one_short_passage(splitter: Splitter) -> None:
    (passage,) = splitter.split(article(f"  {PROSE}\n"))
    assert (passage.start, passage.end) == (2, 2 + len(PROSE))
    assert passage.tokens == 16


def test_repeated_sentences_are_each_in_their_place(splitter: Splitter) -> None:
    text = " ".join([PROSE] * 50) + "\n\n" + "\n".join([PROSE] * 50)
    passages = splitter.split(article(text))
    assert_tiles(text, passages)
    assert sum(len(each.sentences) for each in passages) == 100
    assert all(each.tokens >= FEWEST_TOKENS for each in passages)


def test_a_heading_goes_with_what_it_heads(splitter: Splitter) -> None:
    section = "Background\n\n" + " ".join([PROSE] * 6)
    passages = splitter.split(article("\n\n".join([section] * 12)))
    assert not any(not each.sentences[-1].prose for each in passages)


def test_metadata_lines_are_in_no_sentence(splitter: Splitter) -> None:
    parsed = parse_article("a.txt", f"Title: T\nSource: S\n\n{PROSE}\n\n{PROSE}".encode())
    (passage,) = splitter.split(parsed)
    assert [parsed.text[each.start : each.end] for each in passage.sentences] == [PROSE, PROSE]


def test_a_wide_gap_parts_passages(splitter: Splitter) -> None:
    passages = splitter.split(article(PROSE + "\n" * 5000 + PROSE))
    assert [each.tokens for each in passages] == [16, 16]


@pytest.mark.parametrize(
    "text",
    ["中文" * 2000, "😀" * 2000, "a" * 5000, "word, " * 2000, "\U0001f9d1\u200d\U0001f680" * 500, "ꙮ" * 3000, "."],
    ids=["chinese", "emoji", "letter", "words", "joined", "rare", "mark"],
)
def test_what_has_no_sentences_is_cut_within_the_bound(splitter: Splitter, text: str) -> None:
    assert_tiles(text, splitter.split(article(text)))


def test_nothing_gives_no_passages(splitter: Splitter) -> None:
    assert splitter.split(article(" \n ")) == []


PIECES = st.sampled_from(
    [
        "China agreed. ",
        "Mr. Mnuchin said so. ",
        "\n\n",
        "\n",
        "Background\n\n",
        "中文。" * 30,
        PROSE + " ",
        '"Yes!" ',
        "x" * 700 + " ",
        "word " * 300,
        "\n" * 300,
        "😀" * 80,
        PROSE * 12,
    ]
)


@given(text=st.one_of(st.text(min_size=1), st.lists(PIECES, min_size=1, max_size=60).map("".join)))
def test_passages_tile_the_sentences_in_order(splitter: Splitter, text: str) -> None:
    text = text.replace("\0", "")
    assert_tiles(text, splitter.split(article(text)))


@settings(max_examples=40)
@given(lengths=st.lists(st.integers(1, 4), min_size=40, max_size=80))
def test_short_sentences_make_no_short_passage(splitter: Splitter, lengths: list[int]) -> None:
    text = " ".join("Then " + "they met and " * length + "left." for length in lengths)
    passages = splitter.split(article(text))
    assert_tiles(text, passages)
    short = [each.tokens for each in passages if each.tokens < FEWEST_TOKENS]
    assert not short


def test_balancing_parts_what_is_too_long_and_passes_no_wide_gap() -> None:
    starts = [0, 10, 20, 30, 500, 510]
    sentences = [Sentence(start, start + 9, prose=True) for start in starts]
    balancer = Balancer("x" * 600, sentences, count=len, tokens=(15, 25), widest_gap=240)
    assert balancer.run([(0, 4), (4, 5), (5, 6)]) == [(0, 2), (2, 4), (4, 6)]


def test_splitting_needs_no_network_no_nltk_and_leaves_the_environment() -> None:
    code = """
import os, socket, sys
def refuse(*args, **kwargs): raise AssertionError("the network")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from index.articles import Article, Metadata
from index.passages import Splitter
before = dict(os.environ)
passages = Splitter().split(Article("a", "They met. " * 100, Metadata(), ()))
assert [each.tokens for each in passages] == [126, 87, 87]
assert dict(os.environ) == before
assert "nltk" not in sys.modules
"""
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": ""}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    assert done.stdout == b""


def test_the_splitting_names_what_it_depends_on() -> None:
    assert "o200k_base" in SPLITTER
    assert "64-128" in SPLITTER
    assert "llama-index-core 0.14" in SPLITTER
