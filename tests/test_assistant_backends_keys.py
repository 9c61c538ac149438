"""Keys are found, kept to themselves, and given to one host."""

import copy
import json
import os
import pickle
from pathlib import Path

import pytest

from assistant.backends.address import Address
from assistant.backends.keys import ANTHROPIC, OPENAI, Key, Provider, find_key, where_to_put
from assistant.errors import ConfigurationError
from assistant.locations import keys_file

SECRET = "sk-proj-abcdefgh0123456789ABCDEFGH"  # noqa: S105 - of nobody
OWN = Address.of(OPENAI.base_url)
OTHER = Address.of("https://openrouter.ai/api/v1")
LOCAL = Address.of("http://localhost:8000")


@pytest.fixture
def file(own_surroundings: Path) -> Path:
    """The file of keys, with a key for each of three hosts."""
    path = keys_file()
    path.parent.mkdir(parents=True)
    path.write_text('"api.openai.com" = "of-file"\n"openrouter.ai" = "router"\n"localhost:8000" = "local"\n')
    path.chmod(0o600)
    return path


def found(address: Address, provider: Provider = OPENAI) -> tuple[str, str] | None:
    """The key itself, and where it is from."""
    key = find_key(provider, address)
    return (key.reveal_to(address), key.origin) if key else None


def test_without_variable_and_file_there_is_no_key() -> None:
    assert found(OWN) is None


def test_the_variable_of_a_provider_is_for_its_own_host_or_the_one_that_is_configured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {SECRET}\n")
    assert found(OWN) == found(OTHER) == (SECRET, "OPENAI_API_KEY")
    assert found(Address.of(ANTHROPIC.base_url), ANTHROPIC) is None


def test_the_file_has_a_key_for_each_host(file: Path) -> None:
    assert found(OWN) == ("of-file", str(file))
    assert found(LOCAL) == ("local", str(file))
    assert found(Address.of("http://localhost:8001")) is None


def test_the_variable_goes_first_at_the_providers_own_host_and_the_file_elsewhere(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    assert found(OWN) == (SECRET, "OPENAI_API_KEY")
    assert found(OTHER) == ("router", str(file))
    assert found(Address.of("https://api.groq.com/openai/v1")) == (SECRET, "OPENAI_API_KEY")


def test_a_host_without_quotation_marks_is_understood(file: Path) -> None:
    file.write_text('api.openai.com = "bare"\nopenrouter.ai = ""\nnumber = 7\n')
    assert found(OWN) == ("bare", str(file))
    assert found(OTHER) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o610])
def test_a_file_that_others_can_reach_is_refused_with_the_command_that_mends_it(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(ConfigurationError, match="can be read by others") as told:
        find_key(OPENAI, OWN)
    assert told.value.hint == f"keep it to yourself: chmod 600 {file}"


def test_a_pipe_or_folder_in_place_of_the_file_keeps_nobody_waiting(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)
    with pytest.raises(ConfigurationError, match="is no file"):
        find_key(OPENAI, OWN)
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigurationError, match="is no file"):
        find_key(OPENAI, OWN)


@pytest.mark.parametrize(
    "content", [f"{SECRET}\n", f'key = "{SECRET}\n', f'x = "{SECRET}"\nx = 1\n', "\xff\x00", "x = " + "[" * 9_000]
)
def test_a_file_that_is_no_list_of_keys_is_not_repeated(file: Path, content: str) -> None:
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError, match="is not a list of keys") as told:
        find_key(OPENAI, OWN)
    assert SECRET not in f"{told.value} {told.value.hint}"
    assert told.value.__suppress_context__


def test_a_file_that_cannot_be_opened_is_told(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        find_key(OPENAI, OWN)


def test_a_key_shows_where_it_is_from_and_never_what_it_is() -> None:
    key = Key(SECRET, "OPENAI_API_KEY", OWN)
    shown = f"{key} {key!r} {key!s} {[key]} {{'key': key}} {key.__class__} {dir(key)}"
    assert "<key from OPENAI_API_KEY for api.openai.com>" in shown
    assert SECRET not in shown
    assert not hasattr(key, "__dict__")
    for write in (pickle.dumps, json.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as told:
            write(key)
        assert SECRET not in str(told.value)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com:8443/v1",
        "https://openai.com",
        "http://localhost",
    ],
)
def test_a_key_is_given_to_its_host_alone(elsewhere: str) -> None:
    key = Key(SECRET, "OPENAI_API_KEY", OWN)
    assert key.reveal_to(Address.of("https://API.openai.com/other/path")) == SECRET
    with pytest.raises(ConfigurationError, match=r"is for api\.openai\.com and is not sent to") as told:
        key.reveal_to(Address.of(elsewhere))
    assert SECRET not in f"{told.value} {told.value.hint}"


def test_a_key_never_crosses_a_network_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    for local in ("http://localhost:8000", "http://127.0.0.1", "http://[::1]:1234"):
        assert found(Address.of(local)) == (SECRET, "OPENAI_API_KEY")
    for remote in ("http://api.openai.com/v1", "http://192.168.0.7:8000", "http://0.0.0.0:1"):
        with pytest.raises(ConfigurationError, match="unencrypted") as told:
            find_key(OPENAI, Address.of(remote))
        assert "https://" in told.value.hint
    own = Key(SECRET, "OPENAI_API_KEY", OWN)
    with pytest.raises(ConfigurationError, match="unencrypted"):
        own.reveal_to(Address.of("http://api.openai.com:80/v1"))


@pytest.mark.parametrize("secret", ["sk two", "sk\nX-Evil: 1", "ske\u0301", "", "sk\x00"])
def test_a_key_that_no_header_can_hold_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="white space or what is not ASCII") as told:
        Key(secret, "OPENAI_API_KEY", OWN)
    assert not secret or secret not in str(told.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"invalid key {SECRET}.", "invalid key [key]."),
        (f"{SECRET}{SECRET}", "[key]"),
        ("no part of it: sk-proj", "no part of it: sk-proj"),
        (
            f"the end of it: {SECRET[-12:]}, the start: {SECRET[:9]}...",
            "the end of it: [key], the start: [key]...",
        ),
        ("", ""),
    ],
)
def test_words_of_others_that_hold_the_key_or_a_part_of_it_lose_it(text: str, shown: str) -> None:
    assert Key(SECRET, "OPENAI_API_KEY", OWN).hide_in(text) == shown


def test_of_a_short_key_only_the_word_is_hidden() -> None:
    assert (
        Key("EMPTY", "OPENAI_API_KEY", LOCAL).hide_in("EMPTY! NOT-EMPTY: EMPTYING") == "[key]! NOT-EMPTY: EMPTYING"
    )


def test_whoever_has_no_key_is_told_where_to_put_it() -> None:
    hint = where_to_put(OPENAI, OTHER)
    assert hint == f'set OPENAI_API_KEY, or write "openrouter.ai" = "the key" into {keys_file()} (chmod 600)'


def test_only_a_key_is_shown_as_hidden() -> None:
    key = Key("sk-0123456789", "OPENAI_API_KEY", Address.of("https://host"))
    assert key.hide_in("a \0 sk-0123456789 b") == "a \0 [key] b"
