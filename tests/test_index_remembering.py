"""The encoder that remembers: the same digits, and each text encoded once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fakes import FakeEmbedder
from index.remembering import RememberingEmbedder


@given(
    st.lists(st.lists(st.sampled_from("abcdefg"), max_size=6), max_size=8), st.integers(min_value=0, max_value=5)
)
def test_it_gives_the_vectors_of_the_encoder_behind_it_however_little_it_remembers(
    calls: list[list[str]], most: int
) -> None:
    plain, remembering = FakeEmbedder(), RememberingEmbedder(FakeEmbedder(), most)
    for texts in calls:
        assert np.array_equal(remembering.embed(texts), plain.embed(texts))


def test_a_text_is_encoded_once() -> None:
    counting = FakeEmbedder()
    remembering = RememberingEmbedder(counting)
    remembering.embed(["question"])
    remembering.embed(["question", "one", "two", "one"])
    assert counting.encoded == ["question", "one", "two"]


def test_the_texts_that_were_not_asked_for_longest_are_forgotten_first() -> None:
    counting = FakeEmbedder()
    remembering = RememberingEmbedder(counting, 2)
    for texts in (["a", "b"], ["a"], ["c"], ["a"], ["b"]):
        remembering.embed(texts)
    assert counting.encoded == ["a", "b", "c", "b"]


def test_it_is_named_like_the_encoder_behind_it() -> None:
    plain = FakeEmbedder("other", 8)
    remembering = RememberingEmbedder(plain)
    remembering.load()
    assert (remembering.identity, remembering.dimension) == ("other", 8)
    assert remembering.embed([]).shape == (0, 8)


@pytest.mark.parametrize("text", ["", "é", "\0"])
def test_any_text_can_be_remembered(text: str) -> None:
    remembering = RememberingEmbedder(FakeEmbedder())
    assert np.array_equal(remembering.embed([text]), remembering.embed([text]))
