"""When a provider cannot be reached, refuses, or breaks off: one sentence each, against a server that does so."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from asked_backends import GOOD, SECRET, WRITTEN, Clock, ask, backend, failure
from assistant.backends.address import Address
from assistant.backends.http import Bounds
from assistant.backends.keys import Key
from assistant.backends.openai import OpenAIBackend
from assistant.backends.protocol import Finished, TextDelta, Waiting
from assistant.errors import ConfigurationError
from chat_wire import delta, document, ended
from misbehaving_server import (
    CERTIFICATE,
    MisbehavingServer,
    Script,
    cutting,
    hanging_up,
    never_ending,
    nobody_there,
    replying,
    replying_json,
    speaking_no_http,
    stalling,
    streaming,
)

# Nobody there


def test_a_connection_that_is_refused() -> None:
    with nobody_there() as authority:
        error = failure(backend(f"http://{authority}"))
    assert str(error) == f"nothing answers at {authority}"
    assert error.hint == "start the server, or mend the base URL"


def test_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # nobody knows how long the network here thinks it over
    error = failure(backend("https://nowhere.invalid"))
    assert str(error) == "no host called nowhere.invalid can be found"


@pytest.mark.parametrize("host", ["999.999.999.999", "xn--", "xn--a"])
def test_a_name_that_cannot_be_one(host: str) -> None:
    with pytest.raises(ConfigurationError, match=f"no host can be called {host}"):
        ask(backend(f"https://{host}", key=SECRET))


def test_a_certificate_that_nobody_vouches_for() -> None:
    with MisbehavingServer(GOOD, encrypted=True) as server:
        error = failure(backend(server.url, key=SECRET))
        assert str(error) == f"the certificate of {server.authority} cannot be trusted: self-signed certificate"
        assert "SSL_CERT_FILE" in error.hint
    assert not server.received


def test_a_certificate_that_the_network_vouches_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with MisbehavingServer(replying_json(200, document("Yes.")), encrypted=True) as server:
        assert ask(backend(server.url, key=SECRET))[0] == TextDelta("Yes.")


def test_certificates_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE or SSL_CERT_DIR names cannot be read"):
        ask(backend("https://127.0.0.1:1"))


def test_encryption_asked_of_a_server_that_has_none() -> None:
    with MisbehavingServer(GOOD) as server:
        error = failure(backend(server.url.replace("http:", "https:")))
    assert str(error) == f"{server.authority} does not encrypt as https:// asks for"
    assert "write http://" in error.hint


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with MisbehavingServer(GOOD) as server:
        assert ask(backend(server.url, key=SECRET)) == WRITTEN


def test_a_proxy_sees_the_host_and_never_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with MisbehavingServer(replying(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = failure(backend("https://host.example", key=SECRET))
    assert str(error) == "the proxy does not connect to host.example"
    assert [(received.method, received.path) for received in proxy.received] == [("CONNECT", "host.example:443")]
    assert SECRET not in str(proxy.received)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "nonsense://x", "http://x:port"])
def test_a_proxy_that_cannot_be_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="the proxy that HTTPS_PROXY or ALL_PROXY names cannot be used"):
        ask(backend("https://host.example"))


@pytest.mark.parametrize("script", [hanging_up, speaking_no_http], ids=["it hangs up", "it speaks no HTTP"])
def test_a_server_that_gives_no_answer(script: Script) -> None:
    with MisbehavingServer(script) as server:
        error = failure(backend(server.url))
    assert str(error) == f"{server.authority} hung up without an answer"


# Refusals


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "does not accept the key from OPENAI_API_KEY (401)"),
        (403, "forbids it to the key from OPENAI_API_KEY (403): about [key]"),
        (404, "has nothing at /v1 (404): about [key]"),
        (400, "refuses the request (400): about [key]"),
        (500, "failed (500): about [key]"),
        (502, "failed (502): about [key]"),
    ],
)
def test_a_refusal_is_told_without_the_key(status: int, told: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with MisbehavingServer(replying_json(status, {"error": {"message": f"about {SECRET}"}})) as server:
        error = failure(backend(server.url, key=SECRET))
    assert str(error) == f"{server.authority} {told}"
    assert len(server.received) == 1
    assert SECRET not in caplog.text


def test_of_an_error_without_end_only_the_beginning_is_read() -> None:
    def run(connection: Any) -> None:
        connection.send(b"HTTP/1.1 500 Oops\r\n\r\n")
        while connection.send(b"oops " * 1000):
            pass

    with MisbehavingServer(run) as server:
        assert str(failure(backend(server.url))).startswith(f"{server.authority} failed (500): oops oops")
        assert server.is_left()


def test_an_error_that_stalls_is_told_by_its_status() -> None:
    def run(connection: Any) -> None:
        connection.send(b"HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf")
        connection.wait_until_left()

    with MisbehavingServer(run) as server:
        error = failure(backend(server.url, bounds=Bounds(last_words=0.05)))
    assert str(error) == f"{server.authority} failed (500): half"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://evil.example/steal?key=x", "evil.example"),
        (f"https://user:{SECRET}@{SECRET}.evil.example/", "[key].evil.example"),
        ("/elsewhere", "elsewhere"),
        ("http://[", "elsewhere"),
        ("", "elsewhere"),
    ],
)
def test_a_redirect_is_not_followed(location: str, target: str) -> None:
    with MisbehavingServer(replying(307, headers={"Location": location})) as server:
        error = failure(backend(server.url, key=SECRET))
    assert str(error) == f"{server.authority} redirects to {target}, which is not followed"
    assert len(server.received) == 1


# Waiting


def test_a_busy_server_is_waited_for_and_that_is_said() -> None:
    clock = Clock()
    busy = replying(429, headers={"Retry-After": "7"})
    with MisbehavingServer(busy, replying(503), GOOD) as server:
        events = ask(backend(server.url, clock=clock))
    assert events == [
        Waiting(7.0, f"{server.authority} is busy (429)"),
        Waiting(2.0, f"{server.authority} is busy (503)"),
        *WRITTEN,
    ]
    assert clock.slept == [7.0, 2.0]


def test_a_server_that_stays_busy_is_given_up_in_bounded_time() -> None:
    for script in (replying(429), replying(429, headers={"Retry-After": "0"}), replying(503, "soon")):
        clock = Clock()
        with MisbehavingServer(script) as server:
            assert " is busy (" in str(failure(backend(server.url, clock=clock)))
        assert len(server.received) == Bounds().tries
        assert sum(clock.slept) <= Bounds().pauses


def test_a_pause_that_is_too_long_is_not_begun() -> None:
    clock = Clock()
    with MisbehavingServer(replying(429, headers={"Retry-After": "3600"})) as server:
        assert " is busy (429)" in str(failure(backend(server.url, clock=clock)))
    assert (len(server.received), clock.slept) == (1, [])


def test_an_empty_account_is_not_waited_for() -> None:
    clock = Clock()
    empty = {"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}
    with MisbehavingServer(replying_json(429, empty)) as server:
        assert "the account may spend no more" in str(failure(backend(server.url, clock=clock)))
    assert (len(server.received), clock.slept) == (1, [])


# Replies that go wrong


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (streaming(delta("It ")), "broke off in the middle of its reply"),
        (cutting(delta("It ")), "broke off in the middle of its reply"),
        (streaming(delta("It "), b'data: {"choices": [{"de'), "broke off in the middle of its reply"),
        (streaming(delta("It "), b"data: {oops}\n\n"), "sent what is no reply of a model"),
        (streaming(b"data: " + b"x" * (1 << 21)), "sent an event of more than 1,048,576 bytes"),
        (never_ending(b"x" * 10_000), "sent an event of more than 1,048,576 bytes"),
        (streaming(delta("It "), b'data: {"error": {"message": "gone"}}\n\n'), "broke off: gone"),
        (replying_json(200, {"answer": 42}), "sent what is no reply of a model"),
        (replying(200, "<html>"), "sent what is no reply of a model"),
        (replying(200), "sent nothing"),
        (replying(204), "sent nothing"),
        (replying(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}), "compresses its replies"),
    ],
    ids=[
        "closed early",
        "the last chunk is missing",
        "cut in a line",
        "malformed line",
        "huge line",
        "a line without end",
        "an error in the stream",
        "some JSON",
        "a web page",
        "nothing",
        "no content",
        "compressed",
    ],
)
def test_a_reply_that_goes_wrong_is_told(script: Script, told: str) -> None:
    with MisbehavingServer(script) as server:
        assert str(failure(backend(server.url))) == f"{server.authority} {told}"


@pytest.mark.parametrize(
    "filler", [b": still here\n\n", b"data: {}\n\n", delta("")], ids=["comments", "{}", "empty deltas"]
)
def test_a_stream_that_says_nothing_without_end_is_bounded_in_size_and_in_time(filler: bytes) -> None:
    with MisbehavingServer(never_ending(filler)) as server:
        error = failure(backend(server.url, bounds=Bounds(size=100_000)))
        assert str(error) == f"{server.authority} sent more than 100,000 bytes"
        error = failure(backend(server.url, clock=Clock(step=100)))
        assert str(error) == f"{server.authority} was not done after 900 seconds"
        assert server.is_left()


@pytest.mark.parametrize("script", [stalling, cutting, streaming], ids=["it stalls", "it breaks off", "it ends"])
def test_a_complete_reply_stays_one_however_the_connection_ends(script: Any) -> None:
    with MisbehavingServer(script(delta("Yes."), ended())) as server:
        assert ask(backend(server.url, bounds=Bounds(last_words=0.05))) == [
            TextDelta("Yes."),
            Finished("complete"),
        ]


def test_a_key_of_another_host_stays_here() -> None:
    with MisbehavingServer(GOOD) as server:
        foreign = Key(SECRET, "OPENAI_API_KEY", Address.of("https://api.openai.com"))
        with pytest.raises(ConfigurationError, match="is not sent to 127"):
            ask(OpenAIBackend("m-1", server.url, foreign))
    assert not server.received
