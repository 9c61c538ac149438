"""A reply is taken apart into what its events hold, or is one document; what it is not is told in a sentence."""

import pytest

from assistant.backends.address import Address
from assistant.backends.keys import OPENAI
from assistant.backends.refusals import Asked
from assistant.backends.reply_events import LARGEST_DOCUMENT, URL_HINT, ReplyEvents
from assistant.backends.sse import LARGEST_EVENT
from assistant.errors import BackendError


@pytest.fixture
def events() -> ReplyEvents:
    return ReplyEvents(Asked(Address.of("https://host.example/v1"), OPENAI, None, "m-1"))


def test_events_come_as_they_are_completed(events: ReplyEvents) -> None:
    assert list(events.feed(b"\n: a comment\n\ndata: 1\n\nda")) == ["1"]
    assert list(events.feed(b"ta: {2}\n\n")) == ["{2}"]
    assert events.document is None


def test_what_begins_as_a_document_is_one_to_its_end(events: ReplyEvents) -> None:
    assert list(events.feed(b" \n")) == []
    assert list(events.feed(b' {"data":\n')) == []
    assert list(events.feed(b"data: 7\n\n}")) == []
    assert events.document == bytearray(b' {"data":\ndata: 7\n\n}')


def test_neither_a_document_nor_an_event_may_be_endless(events: ReplyEvents) -> None:
    with pytest.raises(BackendError, match=r"host\.example sent an event of more than 1,048,576 bytes"):
        list(events.feed(b"data: " + b"x" * LARGEST_EVENT))
    others = ReplyEvents(Asked(Address.of("https://host.example/v1"), OPENAI, None, "m-1"))
    assert list(others.feed(b"{" + b" " * (LARGEST_DOCUMENT - 1))) == []
    with pytest.raises(BackendError, match=r"host\.example sent a reply of more than 1,048,576 bytes"):
        list(others.feed(b" "))


def test_what_is_decoded_is_json(events: ReplyEvents) -> None:
    assert events.decoded('{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize("data", ["{", "busy", "[" * 100_000])
def test_what_is_no_json_is_no_reply_of_a_model(events: ReplyEvents, data: str) -> None:
    list(events.feed(f"data: {data}\n\n".encode()))
    with pytest.raises(BackendError, match=r"host\.example sent what is no reply of a model") as told:
        events.decoded(data)
    assert told.value.hint == URL_HINT


def test_nothing_at_all_is_told_as_that(events: ReplyEvents) -> None:
    list(events.feed(b"\n\n"))
    assert str(events.no_reply()) == "host.example sent nothing"
