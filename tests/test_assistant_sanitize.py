"""One character in, one harmless character out; nothing hostile from a document reaches a terminal."""

import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sanitize import json_line, sanitize, sanitize_line

STEERING = {*range(0x202A, 0x202F), *range(0x2066, 0x2070), 0x200E, 0x200F, 0x061C, *range(0xE0000, 0xE0080)}


def is_hostile(character: str) -> bool:
    """Can it steer a terminal, hide, or break what is written? Said anew here, by category."""
    if character in "\n\t":
        return False
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or ord(character) in STEERING


any_text = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    st.sampled_from("a\x1b[]0;\x07\x9b\x7f\r\n\t\u202e\u2066\u200f\ud800\U000e0041\u2028习’")
)


@given(any_text)
def test_the_length_stays_the_same_and_nothing_hostile_is_left(text: str) -> None:
    clean = sanitize(text)
    assert len(clean) == len(text)
    assert not any(map(is_hostile, clean))


@given(any_text)
def test_what_was_harmless_stays_as_it_is(text: str) -> None:
    changed = [was for was, now in zip(text, sanitize(text), strict=True) if was != now]
    assert all(is_hostile(character) or character in "\ufff9\ufffa\ufffb" for character in changed)


@given(any_text)
def test_sanitising_twice_changes_nothing_more(text: str) -> None:
    assert sanitize(sanitize(text)) == sanitize(text)


@given(any_text)
def test_a_sanitised_line_is_one_line(text: str) -> None:
    assert len(sanitize_line(text).splitlines()) <= 1
    assert len(sanitize_line(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    ["习近平 said “no”", "the ‘trade war’ — 10 %", "👨‍👩‍👧 and 🏳️‍🌈", "naïve café", "مرحبا", "[b]bold[/b] [TODO]"],
)
def test_people_s_writing_is_untouched(text: str) -> None:
    assert sanitize(text) == text


def test_an_escape_stays_to_be_read_but_not_to_be_obeyed() -> None:
    assert sanitize("\x1b[31mred\x1b[0m") == "␛[31mred␛[0m"


@given(any_text)
def test_json_keeps_text_verbatim_on_one_line_without_controls(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert not any(is_hostile(character) for character in line)
    assert "\n" not in line


def test_json_keeps_letters_of_any_script_to_be_searched_for() -> None:
    with mock.patch("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        assert json_line("習近平 said “no”") == '"習近平 said “no”"'
    with mock.patch("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii")):
        assert json_line("習").isascii()


# From here on through the whole program: articles that are hostile in text, title, outlet and name.

ATTACK = (
    "\x1b[2J\x1b]52;c;ZXZpbA==\x07\x9b31m\u202egnitirw\u202c\U000e0041\x7f\x08 [/b] [@click=app.quit]x[/] [TODO] "
)
NAME = "evil\x1b]52;c;ZXZpbA==\x07\u202e[red]\n.txt"
SENTENCE = f"The zeppelin harbour of Friedrichshafen opened {ATTACK}in the spring of 1931."


@pytest.fixture
def hostile(folder: Callable[..., Path]) -> Path:
    head = f"Title: Harbour {ATTACK}\nSource: Paper {ATTACK}\nDate: 1931-04-02\n\n"
    return folder(
        {NAME: f"{head}{SENTENCE} It was large.\n", f"sub/bad{NAME}": b"\x00binary", "\x1b[1mx.p\x1b[31mdf": b"x"}
    )


QUESTION = "When did the zeppelin harbour of Friedrichshafen open?"


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", QUESTION),
        ("ask", QUESTION + ATTACK),
        ("ask", "Who bakes the best sourdough rolls?"),
        ("ask", QUESTION, "--since", "1931-04-02"),
        ("search", QUESTION),
        ("show", NAME),
        ("show", f"{NAME}:3-40"),
        ("show", "evil"),
        ("show", ATTACK),
        ("show", f"bad{NAME}"),
        ("show", f"{NAME}:9-3"),
        ("index",),
        ("index", "--rebuild"),
        ("doctor",),
        ("doctor", "--fix"),
        (ATTACK,),
        ("ask", f"--{ATTACK}"),
        ("ask", "x", "--since", ATTACK),
        ("ask", "x", "--backend", ATTACK),
        ("ask", "x", "--corpus", f"/nowhere/{ATTACK}"),
        ("search", "x", "--limit", ATTACK),
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:40],
)
def test_nothing_hostile_reaches_the_terminal(
    parley: Callable[..., Any], hostile: Path, arguments: tuple[str, ...]
) -> None:
    ran = parley(*arguments)
    assert ran.code in {0, 2, 3, 5}
    assert not any(map(is_hostile, ran.out + ran.err))


def test_nothing_hostile_from_standard_input_reaches_the_terminal(
    parley: Callable[..., Any], hostile: Path
) -> None:
    ran = parley("ask", "-", stdin=f"{QUESTION}{ATTACK}\n\x1b[2J\r\n".encode())
    assert ran.out.startswith("\n> When did")
    assert not any(map(is_hostile, ran.out + ran.err))


def test_markup_in_an_article_is_shown_as_it_stands(parley: Callable[..., Any], hostile: Path) -> None:
    for ran in (parley("ask", QUESTION), parley("search", QUESTION), parley("show", "evil")):
        assert "[/b] [@click=app.quit]x[/] [TODO]" in ran.out
        assert "␛]52;c;ZXZpbA==␇" in ran.out


def test_json_keeps_hostile_text_verbatim_as_escapes(parley: Callable[..., Any], hostile: Path) -> None:
    ran = parley("ask", QUESTION, "--json")
    assert not any(map(is_hostile, ran.out + ran.err))
    answer = json.loads(ran.out)
    (citation,) = [found for found in answer["citations"] if found["quote"] == SENTENCE]
    assert citation["article"] == NAME
    assert "\\u001b]52" in ran.out
    assert "\\u202e" in ran.out
    assert "\\u007f" in ran.out


def test_json_of_search_show_index_and_doctor_is_harmless(parley: Callable[..., Any], hostile: Path) -> None:
    for arguments in (("search", QUESTION), ("show", NAME), ("index",), ("doctor",), ("show", ATTACK), (ATTACK,)):
        ran = parley(*arguments, "--json")
        json.loads(ran.out)
        assert not any(map(is_hostile, ran.out + ran.err))
