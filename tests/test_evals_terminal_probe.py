"""What measures the terminal UI: the probe on its loop, the terminal without a screen, and the figures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.answering.reply import Reply
from evals.performance.pseudo_terminal import HEART, PseudoTerminal
from evals.performance.terminal import Figure
from evals.performance.terminal_desk import Gap, gaps_in, make_reply, worst

BLOCKED = """
async def blocked():
    await asyncio.sleep(0.03)
    ends = time.{clock}() + 0.2
    while time.{clock}() < ends:
        {work}
    await asyncio.sleep(0.03)
asyncio.run(blocked())
"""


def gaps_of(notes: Path, clock: str, work: str) -> list[Gap]:
    """What the probe notes in a program that blocks its loop for 200 ms of this clock."""
    program = HEART + BLOCKED.format(clock=clock, work=work)
    subprocess.run([sys.executable, "-c", program], env={**os.environ, "PROBED": str(notes)}, check=True)
    return gaps_in(notes.read_text().splitlines(), since=0.0)


def test_the_probe_notes_a_loop_that_works_for_200_ms_as_its_own_gap(tmp_path: Path) -> None:
    gap = worst(gaps_of(tmp_path / "beats", "process_time", "pass"))
    assert gap.own_ms >= 180
    assert gap.wall_ms >= gap.own_ms


def test_a_loop_that_only_waits_has_a_gap_that_is_hardly_its_own(tmp_path: Path) -> None:
    longest = max(gaps_of(tmp_path / "beats", "monotonic", "time.sleep(0.2)"), key=lambda gap: gap.wall_ms)
    assert longest.wall_ms >= 180
    assert longest.own_ms < 100


def test_only_beats_after_a_time_count() -> None:
    lines = ["10.0 0.5 0.4", "20.0 0.03 0.05", "30.0 0.2 0.01"]
    assert gaps_in(lines, since=15.0) == [Gap(30.0, 30.0), Gap(200.0, 10.0)]
    assert worst(gaps_in(lines, since=15.0)) == Gap(30.0, 30.0)
    assert worst(gaps_in(lines, since=40.0)) == Gap(0.0, 0.0)


def test_a_pseudo_terminal_types_and_sees_what_is_drawn(tmp_path: Path) -> None:
    program = "print('\\x1b[1mready\\x1b[0m'); print('heard', input())"
    with PseudoTerminal((sys.executable, "-c", program), os.environ, tmp_path) as terminal:
        painted = terminal.wait_for("ready")
        typed = terminal.type("you\n")
        assert terminal.began < painted <= typed <= terminal.wait_for("heard you")


def test_what_a_program_that_ends_last_drew_is_told(tmp_path: Path) -> None:
    with (
        PseudoTerminal((sys.executable, "-c", "print('broken')"), os.environ, tmp_path) as terminal,
        pytest.raises(TimeoutError, match="broken"),
    ):
        terminal.wait_for("ready")


def test_ten_thousand_tokens_are_no_longer_than_a_reply_may_be() -> None:
    reply = Reply()
    words = make_reply(10_000).split()
    assert len(words) == 10_000
    for word in words:
        reply.feed(f"{word} ")
        assert not reply.full


def test_a_figure_that_does_not_count_fails_nothing() -> None:
    over = Figure("first paint", 600, 500, "ms", counts=False)
    assert over.is_over
    assert not over.fails
    assert Figure("a gap", 101, 100, "ms").fails
    assert not Figure("a gap", 100, 100, "ms").fails
    assert "100 ms of 100  ok" in Figure("a gap", 100, 100, "ms").line()
