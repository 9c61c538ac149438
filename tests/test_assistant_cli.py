"""The program as shells and scripts meet it: usage errors, pipes, terminals, encodings, Ctrl-C."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from assistant import cli
from assistant.cli import wants_json

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PARLEY = f'"{sys.executable}" -m assistant.cli'


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which $PARLEY is the program."""
    surroundings = {**os.environ, **environment}
    line = command.replace("parley ", f"{PARLEY} ")
    return subprocess.run(["bash", "-c", line], capture_output=True, env=surroundings, timeout=120, check=False)


# Usage.


def test_what_brings_a_deleted_session_back_can_be_called_as_it_is_told(
    parley: Callable[..., Any], tmp_path: Path, seeds: Path
) -> None:
    places = ["--corpus", str(seeds), "--state", str(tmp_path / "states")]
    assert parley("ask", "--session", "talks", *places, "Who is Liu He?").code == 0
    told = parley("sessions", "delete", "talks", "--yes", *places).err.partition("bring it back with: parley ")[2]
    assert parley(*told.split()).err.endswith("'talks' is back\n")


def test_bare_parley_without_a_terminal_names_the_command_that_needs_none(parley: Callable[..., Any]) -> None:
    ran = parley()
    assert (ran.code, ran.out) == (2, "")
    assert "needs a terminal" in ran.err
    assert "parley ask" in ran.err


def test_help_is_a_result(parley: Callable[..., Any]) -> None:
    ran = parley("--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Exit codes: 0 answered" in ran.out
    for name in cli.COMMANDS:
        assert f"\n  {name} " in ran.out
    assert parley("ask", "-h").out.startswith("Usage: parley ask")
    assert parley("--version").out.startswith("parley ")


def test_a_flag_before_the_command_says_where_flags_stand(parley: Callable[..., Any]) -> None:
    ran = parley("--corpus", "somewhere", "ask", "Who?")
    assert ran.code == 2
    assert ran.err == (
        "parley: the terminal UI takes flags only, no 'ask'. "
        "Flags stand after a command: parley ask --corpus DIR\n"
    )


def test_an_unknown_command_names_the_closest_and_all_known_ones(parley: Callable[..., Any]) -> None:
    ran = parley("serach", "x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "parley: there is no command 'serach'. Did you mean search? "
        "Known: chat, ask, search, show, index, sessions, eval, mcp, doctor\n"
    )
    assert "Known: chat, ask" in parley("zzzzzz").err


def test_an_unknown_flag_ends_with_2_and_names_the_help(parley: Callable[..., Any]) -> None:
    ran = parley("ask", "--jsn", "x")
    assert (ran.code, ran.out) == (2, "")
    assert "--jsn" in ran.err
    assert ran.err.endswith("See parley ask --help\n")
    assert ".." not in ran.err


def test_a_missing_question_ends_with_2(parley: Callable[..., Any]) -> None:
    assert parley("ask").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json",),
        ("nonsense", "--json"),
        ("ask", "--json"),
        ("ask", "--json", "--nonsense", "x"),
        ("ask", "", "--json"),
    ],
)
def test_with_json_anywhere_usage_errors_are_json_too(
    parley: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    ran = parley(*arguments)
    error = json.loads(ran.out)
    assert (ran.code, error["schema"], error["code"], ran.err) == (2, "parley.error/1", 2, "")
    assert error["error"]
    assert error["hint"]


def test_json_after_two_dashes_is_part_of_the_question(parley: Callable[..., Any], tmp_path: Path) -> None:
    ran = parley("ask", "--corpus", str(tmp_path / "none"), "--", "what does", "--json", "do?")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("parley: there is no folder")
    assert wants_json(["ask", "x", "--json"])
    assert not wants_json(["ask", "--", "--json"])


def test_a_question_may_begin_with_dashes_after_two_dashes(parley: Callable[..., Any], sample: Path) -> None:
    assert json.loads(parley("ask", "--json", "--", "--since when?").out)["question"] == "--since when?"


def test_a_bug_keeps_its_traceback(parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**anything: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.parley, "main", fail)
    with pytest.raises(ZeroDivisionError):
        parley("ask", "x")


def test_a_bug_is_told_in_json_too_where_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**anything: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(cli.parley, "main", fail)
    monkeypatch.setattr("sys.argv", ["parley", "ask", "x", "--json"])
    with pytest.raises(ZeroDivisionError):
        cli.main()
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["code"]) == ("parley.error/1", 1)
    assert "by nought" in told["error"]


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_ends_with_130(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, raised: BaseException
) -> None:
    def interrupt(**anything: object) -> None:
        raise raised

    monkeypatch.setattr(cli.parley, "main", interrupt)
    ran = parley("ask", "x")
    assert (ran.code, ran.err) == (130, "interrupted\n")


@pytest.mark.parametrize("module", ["assistant.cli", "click", "assistant.sanitize"])
def test_an_interruption_while_the_program_is_loaded_is_quiet(module: str) -> None:
    code = (
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from assistant.__main__ import main\n"
        "main()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "interrupted\n")


@pytest.mark.parametrize("module", ["assistant.cli", "click"])
def test_an_interruption_of_code_in_a_string_is_quiet_too(module: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {module!r}: exec('raise KeyboardInterrupt')\n"
        "sys.meta_path.insert(0, Interrupting())\n"
    )
    places = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "assistant", "--version"]
    environment = {**os.environ, "PYTHONPATH": places}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "interrupted\n")


def test_the_package_can_be_run_like_the_script_that_is_installed() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "--version"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.partition(" ")[0]) == (0, "parley")


def test_a_package_that_an_interruption_broke_while_it_was_imported_is_no_bug(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_something(**anything: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("cannot import multiarray") from error

    monkeypatch.setattr(cli.parley, "main", import_something)
    assert parley("ask", "x").code == 130


# Pipes and streams.


def test_a_reader_that_goes_away_is_no_failure_to_talk_about(sample: Path) -> None:
    ran = shell("parley search China --limit 1000 --quiet | head -n 1; echo ${PIPESTATUS[0]}")
    first, code = ran.stdout.decode().splitlines()
    assert first.startswith("1. ")
    assert code in {"0", "141"}  # 0 where all of it fitted into the pipe
    assert ran.stderr == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "China"),
        ("search", "China", "--json"),
        ("ask", "-"),
        ("ask", "-", "--json"),
        ("show", "002"),
        ("-h",),
    ],
    ids=" ".join,
)
@pytest.mark.slow
def test_output_into_a_closed_pipe_ends_with_141_and_no_word(sample: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "assistant.cli", *arguments]
    ran = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, input=b"China?\n", timeout=120, check=False
    )
    os.close(writing)
    assert ran.returncode == 141
    assert b"Traceback" not in ran.stderr
    assert b"rror" not in ran.stderr


def test_a_broken_pipe_from_a_command_is_told_apart_from_failures(
    parley: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, sample: Path
) -> None:
    pointed_away: list[int] = []
    monkeypatch.setattr(os, "dup2", lambda old, new: pointed_away.append(new))

    def closed(*anything: object, **more: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stdout, "fileno", lambda: 1)
    monkeypatch.setattr("assistant.render.click.echo", closed)
    ran = parley("search", "China", "--quiet")
    assert (ran.code, ran.err, pointed_away) == (141, "", [1])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.slow
def test_a_full_disk_is_told_in_a_line(sample: Path) -> None:
    ran = shell("parley search China --quiet > /dev/full")
    assert (ran.returncode, ran.stderr.count(b"\n")) == (5, 1)
    assert ran.stderr.startswith(b"parley: no space is left")


@pytest.mark.slow
def test_closed_streams_do_no_harm(sample: Path) -> None:
    assert shell("parley ask tariffs --quiet <&- >&- 2>&-").returncode in {0, 3}


def test_an_ascii_terminal_gets_question_marks_and_no_traceback(sample: Path) -> None:
    ran = shell(
        "parley show 001 --quiet && parley search 'Xi Jinping' --quiet", PYTHONIOENCODING="ascii", LC_ALL="C"
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b"Xi Jinping (" in ran.stdout


def test_a_pipe_gets_no_escape_codes_and_whole_lines(sample: Path) -> None:
    out = shell("parley ask 'Who is Liu He?' --quiet").stdout.decode()
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) > 150
