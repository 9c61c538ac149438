"""A model's draft on a real terminal: unchecked while it streams, then replaced by the answer; and Ctrl-C."""

import json
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from assistant.commands.draft_screen import HEADING
from assistant.commands.interruption import cutting_off
from assistant.sanitize import sanitize
from chat_wire import DONE, cost, delta, ended
from misbehaving_server import Connection, MisbehavingServer, Script, saying_nothing, stalling, streaming
from own_terminal import CTRL_C, PATIENCE, Terminal

QUESTION = "How big is the trade deficit with China?"
PROVEN = "The trade deficit with China reached $375.2 billion last year."
INVENTED = "It reached $9 trillion in May."
HOSTILE = "\x1b]52;c;aGk=\x07 \x1b[2J \x9b31m \u202edlrow \u2066\r"
"""Would write to the clipboard, clear the screen, colour it, and turn text around."""
REPLY = (delta(f"{PROVEN} [1.1] "), delta(f"{INVENTED} [1.1] "), delta(HOSTILE))
END = (ended(), cost(50, 4), DONE)
CUT = "The answer was cut off before its end."


def pausing(go: threading.Event, before: tuple[bytes, ...], after: tuple[bytes, ...]) -> Script:
    """A stream that goes on when it is told to."""

    def run(connection: Connection) -> None:
        streaming(*before)(connection)
        assert go.wait(PATIENCE)
        connection.send(b"".join(after))

    return run


def ask(
    server: MisbehavingServer, *flags: str, columns: int = 80, quiet: bool = True, **environment: str
) -> Terminal:
    asked = ["ask", *(["--quiet"] if quiet else []), "--backend", "openai:m", *flags, QUESTION]
    return Terminal(*asked, columns=columns, PARLEY_BASE_URL=f"{server.url}/v1", **environment)


def in_a_pipe(parley: Callable[..., Any], script: Script, *flags: str) -> Any:
    with MisbehavingServer(script) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_BASE_URL", f"{server.url}/v1")
        return parley("ask", "--backend", "openai:m", *flags, QUESTION)


# What is seen.


def test_a_draft_is_dim_and_called_unchecked_and_then_the_checked_answer_stands_in_its_place(sample: Path) -> None:
    go = threading.Event()
    with MisbehavingServer(pausing(go, REPLY, END)) as server, ask(server) as terminal:
        terminal.until("in May. ␛]52;c;aGk=␇")
        drafted = terminal.seen
        assert drafted.splitlines()[0] == HEADING
        assert f"{PROVEN} {INVENTED}" in " ".join(drafted.split())
        assert re.search(r"\x1b\[(?:\d+;)*2m[^\x1b]*The trade deficit", terminal.written)
        go.set()
        assert terminal.end() == 0
    shown, _, struck = terminal.seen.partition("Struck, ")
    assert shown.startswith(f"{PROVEN} [1]\n")
    assert HEADING not in terminal.seen
    assert INVENTED not in shown
    assert f"{INVENTED} (the amount $9 trillion stands in no cited passage)" in " ".join(struck.split())
    assert "50 tokens read, 4 written · first text after" in struck


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["colours", "no colours", "dumb"]
)
def test_it_is_so_on_a_narrow_terminal_without_colours_and_on_a_dumb_one(
    sample: Path, environment: dict[str, str]
) -> None:
    with (
        MisbehavingServer(streaming(*REPLY, *END)) as server,
        ask(server, columns=20, quiet=True, **environment) as terminal,
    ):
        assert terminal.end() == 0
    lines = terminal.seen.splitlines()
    assert max(cell_len(line) for line in lines) <= 20
    assert " ".join(lines).startswith(f"{PROVEN} [1]")
    assert HEADING not in " ".join(lines)
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", terminal.written)) is (not environment)
    assert ("\x1b" in terminal.written) is (environment != {"TERM": "dumb"})


def test_a_pipe_gets_checked_text_only(parley: Callable[..., Any], sample: Path) -> None:
    ran = in_a_pipe(parley, streaming(*REPLY, *END))
    assert ran.code == 0
    assert ran.out.startswith(f"{PROVEN} [1]\n\n[1] ")
    assert HEADING not in ran.out + ran.err
    assert sanitize(ran.out) == ran.out


def test_json_says_what_it_took_and_what_it_cost(
    parley: Callable[..., Any], sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = json.loads(in_a_pipe(parley, streaming(*REPLY, *END), "--json").out)
    assert answer["spent"] == {"read": 50, "written": 4, "cost": None}
    assert answer["incomplete"] is False
    assert 0 < answer["timings_ms"]["first_text"] <= answer["timings_ms"]["total"]

    monkeypatch.setenv("PARLEY_PRICE", "3/15")
    cut = streaming(REPLY[0], delta("It then"), ended("length"), cost(1_000_000, 100_000), DONE)
    answer = json.loads(in_a_pipe(parley, cut, "--json").out)
    assert answer["spent"] == {"read": 1_000_000, "written": 100_000, "cost": 4.5}
    assert answer["incomplete"] is True
    assert [claim["text"] for claim in answer["claims"]] == [PROVEN]


@pytest.mark.slow
def test_a_remark_takes_the_place_of_the_draft(sample: Path) -> None:
    said = delta(f"{INVENTED} [1.1]")
    with MisbehavingServer(streaming(said, *END)) as server, ask(server, columns=200, quiet=False) as terminal:
        assert terminal.end() == 0
    words = " ".join(terminal.seen.split())
    assert "--corpus DIR parley: nothing that the model said could be proven; what the articles say" in words
    assert HEADING not in words
    assert words.count(INVENTED) == 1


@pytest.mark.slow
def test_json_on_a_terminal_has_no_draft_before_it(sample: Path) -> None:
    with MisbehavingServer(streaming(*REPLY, *END)) as server, ask(server, "--json", columns=9999) as terminal:
        assert terminal.end() == 0
    assert json.loads(terminal.written)["status"] == "answered"


# Ctrl-C.


def test_ctrl_c_closes_the_connection_at_once_and_keeps_what_is_proven(sample: Path) -> None:
    with MisbehavingServer(stalling(*REPLY, delta("Beijing will"))) as server, ask(server, columns=20) as terminal:
        terminal.until("Beijing will")
        terminal.press(CTRL_C)
        assert server.is_left()  # or else it would stay until the server had been silent for 300 s
        assert terminal.end() == 130
    words = " ".join(terminal.seen.split())
    assert words.startswith(f"{PROVEN} [1]")
    assert words.endswith(CUT)
    assert "Beijing will" not in words
    assert "not checked" not in words


@pytest.mark.slow
@pytest.mark.parametrize("said", [None, "It reached $9 tril"], ids=["nothing", "half a sentence"])
def test_ctrl_c_before_anything_can_be_proven_keeps_nothing(sample: Path, said: str | None) -> None:
    go = threading.Event()

    def run(connection: Connection) -> None:
        go.set()
        (stalling(delta(said)) if said else saying_nothing)(connection)

    with MisbehavingServer(run) as server, ask(server) as terminal:
        terminal.until(said or "asking openai:m")
        assert go.wait(PATIENCE)
        terminal.press(CTRL_C)
        assert terminal.end() == 130
        assert server.is_left()
    assert terminal.seen.split() == ["interrupted"]


@pytest.mark.slow
def test_who_presses_ctrl_c_twice_gets_the_prompt_back_and_no_traceback(sample: Path) -> None:
    with MisbehavingServer(stalling(*REPLY)) as server, ask(server) as terminal:
        terminal.until(INVENTED)
        terminal.press(CTRL_C)
        assert server.is_left()
        terminal.press(CTRL_C)
        assert terminal.end() == 130
    assert "Traceback" not in terminal.seen


def test_the_first_interruption_cuts_off_and_the_second_ends() -> None:
    cuts = []

    def cancel() -> bool:
        cuts.append("cut")
        return True

    with cutting_off(cancel) as interruption:
        signal.raise_signal(signal.SIGINT)
        assert interruption.happened
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert cuts == ["cut"]


def test_with_nothing_to_cut_off_the_first_one_ends() -> None:
    with cutting_off(lambda: False), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_who_was_started_with_interruptions_ignored_goes_on_ignoring_them() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with cutting_off(lambda: True) as interruption:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not interruption.happened
