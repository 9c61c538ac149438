"""The body of a request to Anthropic's Messages API, held against the types of its package."""

import json
import re
from dataclasses import replace

import pytest
from anthropic.types.message_create_params import MessageCreateParamsStreaming
from pydantic import ConfigDict, TypeAdapter

from assistant.answering.prompting import INSTRUCTIONS
from assistant.backends.messages import LONGEST_TITLE, body_of
from assistant.backends.protocol import Request, ShownPassage, ShownTurn
from collected_events import ASKED, FOLLOWED, MILL
from typed_messages import MODEL


@pytest.mark.parametrize("request_", [ASKED, FOLLOWED], ids=["a question", "a question after others"])
def test_a_request_is_of_the_type_that_the_official_package_states(request_: Request) -> None:
    # In a list, for only then does the configuration reach the types within.
    adapter = TypeAdapter(list[MessageCreateParamsStreaming], config=ConfigDict(extra="forbid"))
    (checked,) = adapter.validate_python([body_of(request_, MODEL)])
    for message in checked["messages"]:
        list(message["content"])  # it checks the items of an iterable as they are asked for


def test_passages_go_as_documents_with_a_block_a_sentence() -> None:
    *documents, question = body_of(ASKED, MODEL)["messages"][-1]["content"]
    assert documents == [
        {
            "type": "document",
            "title": "Fire",
            "context": "outlet: Daily News, date: 2019-02-02",
            "citations": {"enabled": True},
            "source": {
                "type": "content",
                "content": [
                    {"type": "text", "text": "The old mill burned down."},
                    {"type": "text", "text": "It had been sold in May."},
                ],
            },
        },
        {
            "type": "document",
            "citations": {"enabled": True},
            "source": {"type": "content", "content": [{"type": "text", "text": "The bridge was closed."}]},
        },
    ]
    assert question == {"type": "text", "text": "What burned down?"}


def test_nothing_is_said_of_marks_for_the_api_cites_in_its_own_way() -> None:
    request = replace(ASKED, instructions=INSTRUCTIONS)
    body = body_of(request, MODEL)
    assert body["system"] == INSTRUCTIONS
    assert not re.search(r"\[\d", json.dumps(body))


def test_history_comes_before_the_documents_and_no_message_is_empty() -> None:
    turns = (ShownTurn("What burned down?", "The mill."), ShownTurn("Who did it?", ""))
    asked = Request("Answer.", (MILL,), "And when?", turns)
    *history, last = body_of(asked, MODEL)["messages"]
    assert [(message["role"], message["content"]) for message in history] == [
        ("user", "What burned down?"),
        ("assistant", "The mill."),
        ("user", "Who did it?"),
    ]
    assert last["role"] == "user"


def test_a_long_title_is_cut_to_what_the_api_takes() -> None:
    passage = ShownPassage(None, None, "t" * 2000, ("It rained.",))
    document = body_of(Request("Answer.", (passage,), "When?"), MODEL)["messages"][0]["content"][0]
    assert document["title"] == "t" * LONGEST_TITLE
