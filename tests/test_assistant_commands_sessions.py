"""`parley sessions`: what is kept is listed, shown, searched, changed and got out again."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asked_sessions import BURNED, MUSHROOMS, Remembering, store
from kept_sessions import ARTICLES, MILL

ROOT = Path(__file__).resolve().parent.parent

# What is there.


def test_sessions_are_listed_last_used_first(parley: Callable[..., Any], articles: Path) -> None:
    assert parley("sessions").out == "No session.\n"
    for name in ("fires", "dams\x1b[31m"):
        parley("ask", "--session", name, BURNED)
    ran = parley("sessions")
    assert ran.code == 0
    first, second = ran.out.splitlines()
    assert first.startswith("dams␛[31m · 1 question · 20")
    assert second.startswith("fires · 1 question · 20")
    assert second.endswith(f" · {BURNED}")
    listed = json.loads(parley("sessions", "--json").out)
    assert listed["schema"] == "parley.sessions/1"
    assert [(item["name"], item["turns"], item["question"]) for item in listed["sessions"]] == [
        ("dams\x1b[31m", 1, BURNED),
        ("fires", 1, BURNED),
    ]


def test_flags_count_before_and_after_the_word_that_says_what_to_do(
    parley: Callable[..., Any], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parley("ask", "--session", "fires", BURNED)
    monkeypatch.delenv("PARLEY_CORPUS")
    for arguments in (
        ["--corpus", str(articles), "--json", "show", "fi"],
        ["show", "fi", "--corpus", str(articles), "--json"],
    ):
        ran = parley("sessions", *arguments)
        assert ran.code == 0
        assert json.loads(ran.out)["name"] == "fires"


def test_a_session_is_shown_with_what_became_of_its_citations(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    parley("ask", "--session", "fires", MUSHROOMS)
    shown = parley("sessions", "show", "fires").out
    assert f"> {BURNED}  (20" in shown
    assert f"{MILL} [1]" in shown
    assert "Not in these articles." in shown
    assert "since" not in shown
    (articles / "mill.txt").write_text(f"Corrected.\n{ARTICLES['mill.txt']}")
    assert "    has moved since, to mill.txt:17-49\n" in parley("sessions", "show", "fires").out
    (articles / "mill.txt").write_text("It was a dam.\n")
    assert "    the article has changed since, and no longer holds this" in parley("sessions", "show", "fires").out
    (articles / "mill.txt").unlink()
    assert "    the article is gone\n" in parley("sessions", "show", "fires").out


def test_a_follow_up_is_shown_as_it_was_looked_for(
    parley: Callable[..., Any], articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Remembering, "given", [], raising=False)
    monkeypatch.setattr(Remembering, "standalone", lambda self, question, history: BURNED)
    monkeypatch.setattr("assistant.follow_ups.rewriting.RuleRewriter", Remembering)
    parley("ask", "--session", "fires", BURNED)
    asked = parley("ask", "--session", "fires", "And what else?")
    assert f"parley: asked as: {BURNED}\n" in asked.err
    assert BURNED not in asked.out
    assert "asked as" not in parley("ask", "--session", "fires", "And what else?", "--quiet").err
    assert f"Looked for as: {BURNED}" in parley("sessions", "show", "fires").out


def test_words_are_found_and_what_is_not_found_ends_with_3(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    ran = parley("sessions", "search", "old", "mill")
    assert ran.code == 0
    assert ran.out.startswith("fires · 1 · 20")
    assert MILL in ran.out
    found = json.loads(parley("sessions", "search", "--json", "mill").out)
    assert (found["schema"], found["words"]) == ("parley.session-search/1", "mill")
    assert found["hits"][0]["session"]["name"] == "fires"
    assert found["hits"][0]["turn"] == 1
    nothing = parley("sessions", "search", "submarine")
    assert (nothing.code, nothing.out) == (3, "No question.\n")


# Changing it.


def test_a_session_is_renamed(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    ran = parley("sessions", "rename", "fires", "mills")
    assert (ran.code, ran.out) == (0, "")
    assert "it is called 'mills' now" in ran.err
    assert parley("sessions", "rename", "mills", "dams", "--json").out.count('"name": "dams"') == 1


def test_nothing_is_deleted_where_nobody_can_be_asked(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    for flags in ([], ["--no-input"]):
        ran = parley("sessions", "delete", "fires", *flags)
        assert ran.code == 2
        assert "nothing was deleted, for nobody can be asked whether to. Agree with --yes" in ran.err
    assert store(articles).open("fires")


def test_what_is_deleted_can_be_restored_as_it_says(parley: Callable[..., Any], articles: Path) -> None:
    parley("ask", "--session", "fires", BURNED)
    ran = parley("sessions", "delete", "fires", "--yes")
    assert ran.code == 0
    assert parley("sessions").out == "No session.\n"
    told = ran.err.partition("bring it back with: parley ")[2].split()
    assert parley(*told).code == 0
    assert parley("sessions").out.startswith("fires · ")


@pytest.mark.parametrize(("reply", "left"), [(b"n\n", True), (b"\n", True), (b"y\n", False)])
def test_on_a_terminal_deleting_asks_first(
    parley: Callable[..., Any], articles: Path, reply: bytes, left: bool
) -> None:
    parley("ask", "--session", "fires", BURNED)
    controller, terminal = pty.openpty()
    os.write(controller, reply)
    command = [sys.executable, "-m", "assistant.cli", "sessions", "delete", "fires"]
    ran = subprocess.run(command, stdin=terminal, capture_output=True, text=True, cwd=ROOT, check=False)
    os.close(terminal)
    os.close(controller)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "Delete the session 'fires' with 1 question? [y/N]" in ran.stderr
    assert ("nothing was deleted" in ran.stderr) == left
    assert bool(store(articles).list()) == left


# Getting it out.


def test_a_session_is_exported_to_stdout_or_a_file(
    parley: Callable[..., Any], articles: Path, tmp_path: Path
) -> None:
    parley("ask", "--session", "fires", BURNED)
    assert parley("sessions", "export", "fires").out.startswith("# fires\n")
    assert parley("sessions", "export", "fires", "--format", "html").out.startswith("<!doctype html>")
    stated = json.loads(parley("sessions", "export", "fires", "--json").out)
    assert stated["schema"] == "parley.session-export/1"
    assert stated["turns"][0]["answer"]["citations"][0]["standing"]["state"] == "stands"
    for suffix, begun in (
        (".md", "# fires"),
        (".html", "<!doctype html>"),
        (".json", '{"schema"'),
        (".txt", "# fires"),
    ):
        target = tmp_path / f"fires{suffix}"
        ran = parley("sessions", "export", "fires", "--output", str(target))
        assert (ran.code, ran.out) == (0, "")
        assert f"wrote {target}" in ran.err
        assert target.read_text(encoding="utf-8").startswith(begun)


def test_an_export_does_not_replace_a_file_unless_it_is_told_to(
    parley: Callable[..., Any], articles: Path, tmp_path: Path
) -> None:
    parley("ask", "--session", "fires", BURNED)
    target = tmp_path / "fires.md"
    target.write_text("mine")
    ran = parley("sessions", "export", "fires", "--output", str(target))
    assert ran.code == 2
    assert "fires.md is there already. Replace it with --force, or name another" in ran.err
    assert target.read_text() == "mine"
    assert parley("sessions", "export", "fires", "--output", str(target), "--force").code == 0
    assert target.read_text().startswith("# fires")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["show", "fibers"], 2, "there is no session 'fibers'. Did you mean 'fires'?"),
        (["show", "../fires"], 2, "there is no session '../fires'"),
        (["list"], 2, "parley sessions has no command 'list'. parley sessions alone lists them"),
        (["export", "fires", "--json", "--format", "html"], 2, "--json and --format html name two formats"),
        (["export", "fires", "--output", "/nowhere/at/all.md"], 5, "cannot be written: No such file or directory"),
        (["rename", "fires", " "], 2, "the name of a session is empty"),
        (["restore", "fires"], 2, "there is no deleted session 'fires'"),
    ],
)
def test_what_cannot_be_done_says_why(
    parley: Callable[..., Any], articles: Path, arguments: list[str], code: int, message: str
) -> None:
    parley("ask", "--session", "fires", BURNED)
    ran = parley("sessions", *arguments)
    assert ran.code == code
    assert message in (ran.out if "--json" in arguments else ran.err)
    stated = json.loads(parley("sessions", *arguments, "--json").out)
    assert (stated["schema"], stated["code"]) == ("parley.error/1", code)


def test_names_are_completed_but_for_those_that_would_do_something_to_a_terminal(
    parley: Callable[..., Any], articles: Path
) -> None:
    for name in ("fires", "fish", "fi\x1b[31m"):
        parley("ask", "--session", name, BURNED)
    environment = {
        **os.environ,
        "_PARLEY_COMPLETE": "bash_complete",
        "COMP_WORDS": "parley sessions show fi",
        "COMP_CWORD": "3",
    }
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'parley'; from assistant.cli import main; main()"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, check=False)
    assert sorted(ran.stdout.split()) == ["plain,fires", "plain,fish"]
