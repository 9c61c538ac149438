"""One session in several processes: they lose and tear nothing, also when one is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kept_sessions import Kept, answered
from session_places import questions

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 180.0
WRITER = """
import sys
from pathlib import Path
from assistant.sessions import folder
from kept_sessions import Kept, answered
folder.LOCK_WAIT_S = 180.0  # on a slow disk the other one has the lock nearly all of the time
kept = Kept(Path(sys.argv[1]))
session = kept.store.open_or_create("talks")
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    assert session.append(answered(f"{sys.argv[2]} {number} " + "x" * 5000)), kept.warned
    print(number, flush=True)
"""


@contextmanager
def writers(place: Path, *names: str, count: int) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that have opened one session and begin to write when they are told to."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place), name, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name in names
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def begin(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_that_write_at_once_lose_and_tear_nothing(kept: Kept, tmp_path: Path) -> None:
    with writers(tmp_path, "a", "b", count=30) as started:
        for process in started:
            begin(process)
        for process in started:
            process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0
    (summary,) = kept.store.list()  # neither made one of its own
    assert summary.turns == 60
    asked = [question.split()[:2] for question in questions(kept.store.open("talks"))]
    for name in ("a", "b"):
        assert [number for writer, number in asked if writer == name] == [str(number) for number in range(30)]
    assert kept.warned == []


@pytest.mark.parametrize("seen", [0, 3])
def test_a_process_that_is_killed_while_it_writes_leaves_what_it_said_it_kept(
    kept: Kept, tmp_path: Path, seen: int
) -> None:
    with writers(tmp_path, "a", count=10_000) as (process,):
        begin(process)
        assert process.stdout is not None
        for number in range(seen + 1):
            assert process.stdout.readline() == f"{number}\n"
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
    session = kept.store.open("talks")
    assert len(session.turns) > seen
    assert session.append(answered("afterwards"))
    again = kept.reopened().open("talks")
    assert questions(again)[-1] == "afterwards"
    assert [question.split()[1] for question in questions(again)[:-1]] == list(
        map(str, range(len(again.turns) - 1))
    )
