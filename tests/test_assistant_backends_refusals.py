"""What providers answer instead of a reply, in the words of this program."""

import json
import time
from typing import Any

import pytest

from assistant.backends.address import Address
from assistant.backends.keys import OPENAI, Key
from assistant.backends.refusals import Asked, Complaint, complaint_in, complaint_of, redirection, refused

SECRET = "sk-proj-abcdefgh0123456789ABCDEFGH"  # noqa: S105 - of nobody
HOST = Address.of("https://host.example/v1")
ASKED = Asked(HOST, OPENAI, Key(SECRET, "OPENAI_API_KEY", HOST), "m-1")
KEYLESS = Asked(HOST, OPENAI, None, "")


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        (
            {"error": {"message": "No.", "type": "t", "param": "temperature", "code": "c"}},
            Complaint("No.", "c t", "temperature"),
        ),
        (
            {"type": "error", "error": {"type": "overloaded_error", "message": "No."}},
            Complaint("No.", "overloaded_error"),
        ),
        ({"error": "model 'x' not found"}, Complaint("model 'x' not found")),
        ({"object": "error", "message": "No.", "code": 400}, Complaint("No.", "400")),
        ({"detail": "Not Found"}, Complaint("Not Found")),
        (
            {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra"}]},
            Complaint('[{"loc": ["body", "stream_options"], "msg": "Extra"}]'),
        ),
        ({"error": {"message": "No.", "param": None, "code": None}}, Complaint("No.")),
        ({"error": None}, Complaint()),
        ({"error": 7}, Complaint()),
        ([], Complaint()),
        (None, Complaint()),
        ("No.", Complaint("No.")),
    ],
)
def test_the_words_are_found_in_every_form_that_providers_give_them(document: Any, complaint: Complaint) -> None:
    assert complaint_in(document) == complaint
    assert complaint_of(json.dumps(document).encode()) == complaint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"upstream gone\n", "upstream gone"),
        (b"<html><h1>502</h1>", ""),
        (b"", ""),
        (b"\xff{", "\ufffd{"),
        (b"[" * 60_000, "[" * 60_000),
    ],
    ids=["text", "a web page", "nothing", "no UTF-8", "nested without end"],
)
def test_a_body_that_is_no_json_is_taken_as_text_unless_it_is_a_page(body: bytes, words: str) -> None:
    assert complaint_of(body).words == words


@pytest.mark.parametrize(
    ("status", "complaint", "message", "hint"),
    [
        (403, Complaint("No."), "forbids it to the key from OPENAI_API_KEY (403): No", "may use m-1"),
        (404, Complaint("Sorry", "model_not_found"), "has no model 'm-1': Sorry", "--backend openai:MODEL"),
        (404, Complaint('model "m-1" not found, try'), "has no model 'm-1': ...", "--backend openai:MODEL"),
        (404, Complaint("The model `m-1` does not exist."), "has no model 'm-1': ...", "--backend openai:MODEL"),
        (400, Complaint("m-1 is not a valid model ID"), "has no model 'm-1': ...", "--backend openai:MODEL"),
        (404, Complaint("Not Found"), "has nothing at /v1 (404): Not Found", "most end in /v1"),
        (405, Complaint(), "has nothing at /v1 (405)", "most end in /v1"),
        (402, Complaint(), "says that the account may spend no more", "billing"),
        (429, Complaint("Oh", "insufficient_quota"), "says that the account may spend no more: Oh", "billing"),
        (429, Complaint("Slow down."), "is busy (429): Slow down", "try again later"),
        (503, Complaint("Loading model"), "is busy (503): Loading model", "try again later"),
        (500, Complaint("Oops"), "failed (500): Oops", "try again"),
        (502, Complaint(), "failed (502)", "try again"),
        (418, Complaint(kind="teapot"), "refuses the request (418): teapot", "what the provider says"),
    ],
)
def test_each_status_is_told_in_a_sentence_with_what_mends_it(
    status: int, complaint: Complaint, message: str, hint: str
) -> None:
    told = refused(ASKED, status, complaint)
    assert str(told) == f"host.example {message.replace('...', complaint.words.rstrip('.'))}"
    assert hint in told.hint
    assert told.status == status


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Too much.", "context_length_exceeded"),
        ("This model's maximum context length is 4096 tokens.", ""),
        ("the request exceeds the available context size", "exceed_context_size_error"),
        ("prompt is too long: 210000 tokens", "invalid_request_error"),
    ],
)
def test_a_prompt_that_is_longer_than_the_context_is_told_as_such(words: str, kind: str) -> None:
    told = refused(ASKED, 400, Complaint(words, kind))
    assert str(told) == f"the question with its passages is longer than m-1 can read: {words.rstrip('.')}"
    assert "larger context" in told.hint


def test_of_a_key_that_is_not_accepted_only_the_origin_is_told() -> None:
    told = refused(ASKED, 401, Complaint(f"Incorrect API key {SECRET[:8]}***{SECRET[-4:]}"))
    assert str(told) == "host.example does not accept the key from OPENAI_API_KEY (401)"
    assert told.hint == "put a valid key there"


def test_who_sent_no_key_is_told_where_to_put_one() -> None:
    told = refused(KEYLESS, 401, Complaint("No."))
    assert str(told) == "host.example wants a key (401)"
    assert told.hint.startswith('set OPENAI_API_KEY, or write "host.example" = "the key" into ')
    told = refused(KEYLESS, 403, Complaint())
    assert str(told) == "host.example forbids it to a request without a key (403)"
    assert "may use this server" in told.hint


def test_a_key_in_the_words_of_a_provider_is_hidden() -> None:
    told = refused(ASKED, 500, Complaint(f"cannot log 'Bearer {SECRET}'"))
    assert str(told) == "host.example failed (500): cannot log 'Bearer [key]'"


def test_the_words_of_a_provider_are_one_short_harmless_line() -> None:
    told = str(refused(ASKED, 500, Complaint("a\r\nb\x1b]52;c;eA==\x07 \u202e" + "x" * 1000)))
    assert told.startswith("host.example failed (500): a␍ b␛]52;c;eA==␇ \ufffdxxx")
    assert told.endswith("x...")
    assert len(told) < 350


def test_a_model_that_is_named_hostilely_is_shown_harmlessly() -> None:
    told = refused(Asked(HOST, OPENAI, None, "m\x1b[2J"), 404, Complaint("model not found"))
    assert "m␛[2J" in str(told)


def test_what_a_provider_repeats_without_end_is_told_at_once() -> None:
    began = time.thread_time()
    told = str(refused(ASKED, 404, Complaint("model " * 10_000)))
    assert time.thread_time() - began < 5
    assert len(told) < 400


def test_a_redirection_names_no_more_than_a_host() -> None:
    told = redirection(ASKED, 302, "evil.example")
    assert str(told) == "host.example redirects to evil.example, which is not followed"
