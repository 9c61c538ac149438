"""A real model behind a real server on loopback: it speaks OpenAI's API, and Anthropic's without documents."""

from dataclasses import replace

import pytest

from assistant.backends.anthropic import AnthropicBackend
from assistant.backends.openai import OpenAIBackend
from assistant.backends.protocol import Cites, Finished, Usage
from collected_events import ASKED, ask, text_of

pytestmark = pytest.mark.live


def test_chat_completions_come_token_by_token_and_the_only_model_is_found(live_server: str) -> None:
    *deltas, usage, end = ask(OpenAIBackend("", live_server))
    assert "mill" in text_of(deltas)
    assert len(deltas) > 3
    assert isinstance(usage, Usage)
    assert usage.read > 50
    assert end == Finished("complete")


def test_the_stream_of_another_who_speaks_the_messages_api_is_read(live_server: str) -> None:
    events = ask(AnthropicBackend("smollm2", live_server), replace(ASKED, passages=(), longest_reply=20))
    assert text_of(events)
    assert Cites(()) in events
    assert isinstance(events[-1], Finished)
