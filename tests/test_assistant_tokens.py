"""Tokens are counted offline, without a trace in the environment of whoever else uses tiktoken."""

import os

import pytest

from assistant.answering.tokens import count_tokens, load_vocabulary


def test_tokens_are_counted_without_a_network() -> None:
    load_vocabulary()
    assert count_tokens("The trade deficit with China reached $375.2 billion last year.") == 14
    assert count_tokens("") == 0


def test_what_looks_like_a_control_token_is_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "elsewhere")
    load_vocabulary()
    assert os.environ["TIKTOKEN_CACHE_DIR"] == "elsewhere"
