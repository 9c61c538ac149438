"""Locks: one holder at a time, named while it lives, gone when it dies."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import LockedError, StateError
from index.locks import FileLock, Holder, holder

PATIENCE_S = 180.0
"""Until whatever takes moments is given up."""

_HOLD = """
import sys
from pathlib import Path
from index.locks import FileLock
lock = FileLock(Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock until its standard input closes."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
        process.wait(PATIENCE_S)


def test_a_lock_is_taken_and_given_back(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire()
    assert lock.is_held
    lock.release()
    assert not lock.is_held
    assert lock.acquire()
    lock.release()


def test_its_folder_is_made_on_the_way(tmp_path: Path) -> None:
    with FileLock(tmp_path / "state" / "chroma" / "lock").held():
        assert (tmp_path / "state" / "chroma" / "lock").is_file()


def test_two_objects_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_an_object_that_holds_does_not_take_again(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    with lock.held(), pytest.raises(RuntimeError, match="already"):
        lock.acquire()


def test_releasing_what_is_not_held_is_harmless(tmp_path: Path) -> None:
    FileLock(tmp_path / "lock").release()
    assert not (tmp_path / "lock").exists()


def test_waiting_ends_when_the_holder_lets_go(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    taken: list[bool] = []
    waiting = threading.Thread(target=lambda: taken.append(second.acquire(timeout_s=PATIENCE_S)))
    waiting.start()
    first.release()
    waiting.join(PATIENCE_S)
    assert taken == [True]
    second.release()


def test_another_process_is_named_while_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_elsewhere(path) as process:
        who = holder(path)
        assert who is not None
        assert who.pid == process.pid
        assert who.since.endswith("+00:00")
        with pytest.raises(LockedError, match=f"process {process.pid}"), FileLock(path).held(timeout_s=0.01):
            pytest.fail("the lock was held by another process")
        assert holder(path) == who, "asking changes nothing"
    assert holder(path) is None


def test_the_lock_of_a_killed_process_is_free_and_nobody_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held_elsewhere(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
    assert path.read_text(encoding="utf-8"), "the dead holder's name is still written there"
    assert holder(path) is None
    with FileLock(path).held():
        who = holder(path)
        assert who is not None
        assert who.pid == os.getpid()


def test_a_lock_that_never_was_has_no_holder_and_is_not_created(tmp_path: Path) -> None:
    assert holder(tmp_path / "none" / "lock") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("written", [b"", b"{", b'{"pid": 12', b"[]", b'{"pid": "x"}', b"\xff\x00"])
def test_a_half_written_name_is_an_unknown_holder(tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "lock"
    with FileLock(path).held():
        path.write_bytes(written)
        who = holder(path)
    assert who == Holder(0, "", "", "")
    assert str(who) == "another process"


def test_the_name_does_not_hold_the_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/parley", "ask", "a private question"])
    with FileLock(tmp_path / "lock").held():
        who = holder(tmp_path / "lock")
    assert who is not None
    assert who.command == "parley"


def test_asking_who_holds_does_not_make_an_acquirer_fail(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            holder(path)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        for _ in range(200):
            lock = FileLock(path)
            assert lock.acquire()
            lock.release()
    finally:
        done.set()
        asking.join(PATIENCE_S)


class Clock:
    """Goes on only while somebody sleeps; then something may happen."""

    def __init__(self, *happens: Callable[[], object]) -> None:
        self.now = 0.0
        self._happens = list(happens)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self._happens:
            self._happens.pop(0)()


def test_somebody_who_takes_long_to_ask_is_waited_for_and_a_holder_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lock"
    with path.open("w") as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        nothing = [lambda: None] * 20
        clock = Clock(*nothing, lambda: fcntl.flock(asking, fcntl.LOCK_UN))
        monkeypatch.setattr("index.locks.time", clock)
        with FileLock(path).held():
            waited_s = clock.now
            assert waited_s > 0.5
            assert not FileLock(path).acquire()
            assert clock.now == waited_s


def test_a_body_that_fails_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), FileLock(tmp_path / "lock").held():
        raise KeyError
    assert holder(tmp_path / "lock") is None


def test_a_forked_child_neither_holds_nor_keeps_its_parents_lock(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    assert lock.acquire()
    child_says, parent_reads = os.pipe()[::-1]
    parent_says, child_reads = os.pipe()[::-1]
    child = os.fork()
    if child == 0:
        lock.release()  # of its inherited object: must not take the lock from the parent
        os.write(child_says, b"1" if not FileLock(tmp_path / "lock").acquire() else b"0")
        os.read(child_reads, 1)
        os._exit(0)
    try:
        assert os.read(parent_reads, 1) == b"1", "the parent still held it"
        lock.release()
        assert FileLock(tmp_path / "lock").acquire(), "the living child does not keep it"
    finally:
        os.write(parent_says, b".")
        os.waitpid(child, 0)
        for descriptor in (child_says, parent_reads, parent_says, child_reads):
            os.close(descriptor)


def test_a_folder_that_cannot_be_written_is_a_state_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StateError, match="cannot be written") as raised:
        FileLock(tmp_path / "file" / "lock").acquire()
    assert "--state" in raised.value.hint


def test_a_lock_file_that_is_a_folder_is_a_state_error(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(StateError, match="cannot be written"):
        FileLock(tmp_path / "lock").acquire()
