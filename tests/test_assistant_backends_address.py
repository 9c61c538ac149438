"""What people write as a base URL, and what is shown of it."""

import pytest

from assistant.backends.address import Address
from assistant.errors import ConfigurationError


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com:443/v1/models"),
        ("https://api.openai.com/v1/", "https://api.openai.com:443/v1/models"),
        ("https://api.openai.com", "https://api.openai.com:443/v1/models"),
        ("HTTPS://API.OpenAI.com/", "https://api.openai.com:443/v1/models"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com:443/v1/models"),
        (" http://localhost:11434 ", "http://localhost:11434/v1/models"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1/models"),
        ("http://[::1]:8080", "http://[::1]:8080/v1/models"),
        ("https://openrouter.ai/api/v1", "https://openrouter.ai:443/api/v1/models"),
        ("https://host/v1beta/openai/", "https://host:443/v1beta/openai/models"),
    ],
)
def test_with_or_without_slash_and_version(written: str, url: str) -> None:
    assert Address.of(written).url("/models") == url


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("localhost:11434/v1", "'localhost:11434/v1' has no scheme", "write it as http://localhost:11434/v1"),
        ("127.0.0.1:8080", "has no scheme", "write it as http://127.0.0.1:8080"),
        ("api.openai.com/v1", "has no scheme", "write it as https://api.openai.com/v1"),
        ("", "has no scheme", "write it as https://"),
        ("ftp://host/v1", "begins with ftp://", "https://"),
        ("https:///v1", "names no host", "https://"),
        ("https://host:99999/v1", "no port that there is", "https://"),
        ("https://host:0/v1", "no port that there is", "https://"),
        ("https://host:port/v1", "no port that there is", "https://"),
        ("https://[::1/v1", "names no host", "https://"),
        ("https://host/v1?key=secret", "goes on after the path, with ?", "https://"),
        ("https://host/v1#top", "goes on after the path, with #", "https://"),
        ("https://user:secret@host/v1", "holds a name or password before host", "take it out"),
        ("user:secret@host/v1", "has no scheme", "write it as https://"),
        ("https://ho st/v1", "holds characters", "https://"),
        ("https://host/\nv1", "holds characters", "https://"),
        ("https://höst/v1", "holds characters", "https://"),
    ],
)
def test_what_is_no_base_url_is_told_without_its_secrets(written: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        Address.of(written)
    assert message in str(told.value)
    assert hint in told.value.hint
    assert "secret" not in f"{told.value} {told.value.hint}"


@pytest.mark.parametrize(
    ("written", "authority"),
    [
        ("https://host:443", "host"),
        ("http://host:80", "host"),
        ("https://host:80", "host:80"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://HOST/v1", "host"),
    ],
)
def test_of_an_address_host_and_port_are_shown(written: str, authority: str) -> None:
    assert Address.of(written).authority == authority


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("[::1]", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound to it
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("host.docker.internal", False),
    ],
)
def test_what_stays_on_this_machine(host: str, loopback: bool) -> None:
    assert Address.of(f"http://{host}/").is_loopback is loopback
