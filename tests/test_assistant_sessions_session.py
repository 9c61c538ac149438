"""A session on disk: kept as it happens, read in spite of damage, shared, and never in the way of an answer."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import SessionFileError
from assistant.sessions.record import LONGEST_LINE, KeptTurn
from assistant.sessions.session import Session
from index.locks import FileLock
from kept_sessions import ARTICLES, DAM, MILL, Kept, answered, citation, full_answer, refused

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def questions(session: Session) -> list[str]:
    return [turn.answer.question for turn in session.turns]


def with_turns(kept: Kept, *asked: str, name: str = "talks") -> Session:
    session = kept.store.create(name)
    for question in asked:
        assert session.append(answered(question))
    return session


# Kept as it happens.


def test_each_answer_is_on_the_disk_when_append_returns(kept: Kept) -> None:
    session = kept.store.create("talks")
    assert not kept.folder.exists()
    for number, answer in enumerate([full_answer(), refused(), answered("Who led them?")], 1):
        assert session.append(answer)
        lines = kept.file(session.id).read_bytes().splitlines()
        assert len(lines) == number + 1
        assert json.loads(lines[-1])["answer"]["question"] == answer.question
    assert questions(kept.reopened().open("talks")) == questions(session)
    assert kept.warned == []


def test_a_session_in_which_nothing_was_answered_leaves_nothing_behind(kept: Kept) -> None:
    kept.store.create("talks")
    assert kept.store.list() == ()


def test_only_its_owner_may_read_it(kept: Kept) -> None:
    session = with_turns(kept, "one")
    assert kept.file(session.id).stat().st_mode & 0o077 == 0


def test_a_session_without_a_name_is_called_by_its_first_question(kept: Kept) -> None:
    for _ in range(2):
        session = kept.store.create()
        session.append(
            answered("What did the ministry\nsay about the old mill, and about all of the others there?")
        )
    first = "What did the ministry say about the old mill, and about all..."
    assert [summary.name for summary in kept.store.list()] == [f"{first} (2)", first]


def test_history_holds_the_last_turns_as_a_question_takes_them(kept: Kept) -> None:
    session = with_turns(kept, *map(str, range(25)))
    session.append(full_answer())
    history = session.history()
    assert [turn.question for turn in history[:2]] == ["6", "7"]
    assert len(history) == 20
    assert history[-1].standalone == "What burned down in Kessock, and when?"
    assert history[-1].answer == MILL
    assert [turn.question for turn in session.history(most=1)] == ["What burned down, and when?"]


def test_history_cites_what_still_stands_where_it_stands_now(kept: Kept) -> None:
    session = kept.store.create("talks")
    session.append(answered("Both?", citation(1), citation(2, "dam.txt", 0, DAM), citation(3, "gone.txt")))
    moved = {"mill.txt": f"Corrected.\n{ARTICLES['mill.txt']}", "dam.txt": "Nothing of it."}
    (turn,) = session.history(moved.get)
    assert [(item.source.article, item.start, item.quote) for item in turn.cited] == [("mill.txt", 17, MILL)]


# Damage.


def damage(kept: Kept, session: Session, *lines: bytes) -> None:
    with kept.file(session.id).open("ab") as file:
        file.write(b"".join(lines))


def test_half_a_last_line_is_left_out_and_the_next_one_does_not_glue_onto_it(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    whole = kept.file(session.id).read_bytes()
    kept.file(session.id).write_bytes(whole[:-20])
    again = kept.reopened().open("talks")
    assert questions(again) == ["one"]
    (warning,) = kept.warned
    assert warning.startswith(f"{kept.file(session.id)}:3 is cut off")
    assert again.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "three"]
    assert len(kept.warned) == 1  # of what is no longer there nobody is warned again


@pytest.mark.parametrize("left", range(0, 100, 7))
def test_wherever_a_line_is_cut_the_turns_before_it_are_read(kept: Kept, left: int) -> None:
    session = with_turns(kept, "one", "two")
    *whole, last = kept.file(session.id).read_bytes().splitlines(keepends=True)
    kept.file(session.id).write_bytes(b"".join(whole) + last[: len(last) * left // 100])
    again = kept.reopened().open(session.id)
    assert questions(again) == ["one"]
    assert again.append(answered("three"))
    assert questions(kept.reopened().open(session.id)) == ["one", "three"]


def test_half_a_line_that_somebody_is_writing_is_waited_for(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    reader = kept.reopened().open("talks")
    *_, last = kept.file(session.id).read_bytes().splitlines(keepends=True)
    with FileLock(kept.folder / "lock").held():
        damage(kept, session, last[:100])
        assert reader.refresh() == ()
        assert questions(kept.reopened().open("talks")) == ["one", "two"]
        damage(kept, session, last[100:])
    assert [turn.answer.question for turn in reader.refresh()] == ["two"]
    assert kept.warned == []


def test_half_a_line_that_is_cut_off_is_told_at_the_latest_then(kept: Kept) -> None:
    session = with_turns(kept, "one")
    damage(kept, session, b'{"kind": "turn"')
    session.append(answered("two"))
    assert [f"{kept.file(session.id)}:3 is cut off" in warning for warning in kept.warned] == [True]
    assert questions(kept.reopened().open("talks")) == ["one", "two"]


def test_a_last_line_that_only_lacks_its_end_counts(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    file = kept.file(session.id)
    file.write_bytes(file.read_bytes().rstrip())
    again = kept.reopened().open("talks")
    again.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "two", "three"]
    assert kept.warned == []


def test_damaged_lines_are_passed_over_with_file_and_number(kept: Kept) -> None:
    session = with_turns(kept, "one")
    damage(kept, session, b"\0" * 50 + b"\n", b'\xff{"kind": "turn"}\n', b"\n", b'{"kind": "pinned"}\n')
    with_more = kept.reopened().open("talks")
    with_more.append(answered("two"))
    kept.warned.clear()
    assert questions(kept.reopened().open("talks")) == ["one", "two"]
    assert [warning.partition(" is damaged")[0] for warning in kept.warned] == [
        f"{kept.file(session.id)}:{number}" for number in (3, 4)
    ]


def test_a_line_beyond_all_measure_is_passed_over(kept: Kept) -> None:
    session = with_turns(kept, "one")
    damage(kept, session, b"x" * (2 * LONGEST_LINE + 5) + b"\n")
    with_more = kept.reopened().open("talks")
    assert with_more.append(answered("two"))
    assert questions(kept.reopened().open("talks")) == ["one", "two"]
    assert f"{kept.file(session.id)}:3 is longer than {LONGEST_LINE} bytes; left out" in kept.warned


def test_an_answer_beyond_all_measure_is_not_kept_and_the_next_one_is(kept: Kept) -> None:
    session = with_turns(kept, "one")
    assert not session.append(answered("x" * LONGEST_LINE))
    assert "is not kept in the session 'talks'" in kept.warned[0]
    assert session.append(answered("two"))
    assert questions(kept.reopened().open("talks")) == ["one", "two"]


def test_turns_below_a_damaged_header_are_not_lost(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    file = kept.file(session.id)
    file.write_bytes(b"\0\0\0\0" + file.read_bytes()[4:])
    (summary,) = kept.reopened().list()
    assert (summary.name, summary.turns) == (session.id, 2)
    again = kept.reopened().open(session.id)
    assert questions(again) == ["one", "two"]
    assert f"{file}:1 is damaged" in kept.warned[0]
    again.rename("talks")
    assert questions(kept.reopened().open("talks")) == ["one", "two"]


@pytest.mark.parametrize(
    "content", [b"", b"notes\n", b'{"schema": "parley.ses', b'{"schema": "parley.run/1"}\n{}\n']
)
def test_a_file_that_is_no_session_is_told_and_left_alone(kept: Kept, content: bytes) -> None:
    with_turns(kept, "one")
    stray = kept.file("stray")
    stray.write_bytes(content)
    assert [summary.name for summary in kept.store.list()] == ["talks"]
    assert kept.warned == [f"{stray} is no session"]
    with pytest.raises(SessionFileError, match="is no session"):
        kept.store.open("stray")
    assert stray.read_bytes() == content


def test_a_session_of_a_later_version_is_refused_and_not_touched(kept: Kept) -> None:
    session = with_turns(kept, "one")
    file = kept.file(session.id)
    later = file.read_bytes().replace(b"parley.session/1", b"parley.session/2")
    file.with_suffix(".new").write_bytes(later)
    file.with_suffix(".new").replace(file)
    for use in (kept.store.open, kept.store.open_or_create, kept.store.create, kept.store.delete):
        with pytest.raises(SessionFileError) as told:
            use("talks")
        assert str(told.value) == (
            f"{file} (the session 'talks') is of another version, parley.session/2, and is left as it is"
        )
    # One that had it open before does not write into it, either.
    assert not session.append(answered("two"))
    assert "is of another version" in kept.warned[-1]
    assert session.refresh() == ()
    assert file.read_bytes() == later


# What cannot be written.


def test_where_nothing_can_be_written_the_session_goes_on_in_memory_and_says_so_once(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.folder.write_text("a file where the folder should be")
    with pytest.raises(SessionFileError, match="cannot be read"):
        kept.store.create("talks")
    kept.folder.unlink()
    session = kept.store.create("talks")
    kept.folder.write_text("a file where the folder should be")
    assert not session.append(answered("one"))
    assert not session.append(answered("two"))
    (warning,) = kept.warned
    assert warning.startswith("nothing is kept in the session 'talks': ")
    assert [turn.question for turn in session.history()] == ["one", "two"]
    # As soon as it can be, all of it is written.
    kept.folder.unlink()
    assert session.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "two", "three"]


@pytest.mark.parametrize("read_only", ["file", "folder"])
def test_a_file_or_folder_that_is_read_only_costs_a_warning(kept: Kept, read_only: str) -> None:
    session = with_turns(kept, "one")
    place = kept.file(session.id) if read_only == "file" else kept.folder
    (kept.folder / "lock").unlink()
    place.chmod(0o500)
    if os.access(place, os.W_OK):
        pytest.skip("root may write anything")
    try:
        again = kept.reopened().open("talks")
        assert not again.append(answered("two"))
        assert "Permission denied" in kept.warned[-1]
        assert questions(again) == ["one", "two"]
    finally:
        place.chmod(0o700)


def test_a_disk_that_is_full_in_the_middle_of_a_line_leaves_no_half_of_it(kept: Kept) -> None:
    session = with_turns(kept, "one")
    size = kept.file(session.id).stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))
    try:
        assert not session.append(answered("two"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert kept.file(session.id).stat().st_size == size
    assert session.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "two", "three"]


def test_a_file_that_is_gone_while_open_is_made_again_with_what_is_known(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    file = kept.file(session.id)
    file.unlink()
    assert session.refresh() == ()
    assert session.refresh() == ()
    assert kept.warned == [f"{file} is gone; the next question makes it again, with the 2 that are known here"]
    assert [turn.question for turn in session.history()] == ["one", "two"]
    assert session.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "two", "three"]


def test_a_folder_that_is_gone_while_open_is_made_again(kept: Kept) -> None:
    session = with_turns(kept, "one")
    kept.file(session.id).unlink()
    (kept.folder / "lock").unlink()
    kept.folder.rmdir()
    assert session.append(answered("two"))
    assert questions(kept.reopened().open("talks")) == ["one", "two"]


def test_one_that_is_made_again_leaves_alone_what_took_its_name(kept: Kept) -> None:
    session = with_turns(kept, "one")
    kept.store.delete("talks")
    with_turns(kept, "another")
    assert session.append(answered("two"))
    assert session.name == "talks (2)"
    assert questions(kept.reopened().open("talks (2)")) == ["one", "two"]
    assert questions(kept.reopened().open(kept.store.list()[1].id)) == ["another"]


def test_a_file_that_was_replaced_is_read_anew(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    file = kept.file(session.id)
    edited = file.with_suffix(".new")
    edited.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))
    edited.replace(file)
    session.refresh()
    assert questions(session) == ["one"]
    session.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "three"]


def test_somebody_who_holds_the_lock_for_too_long_is_named(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.sessions.folder.LOCK_WAIT_S", 0.0)
    session = with_turns(kept, "one")
    with FileLock(kept.folder / "lock").held():
        assert not session.append(answered("two"))
    assert f"is held by process {os.getpid()}" in kept.warned[-1]
    assert session.append(answered("three"))
    assert questions(kept.reopened().open("talks")) == ["one", "two", "three"]


# Several processes.

WRITER = """
import sys
from pathlib import Path
from kept_sessions import Kept, answered
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
            process.communicate(timeout=60)
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
        process.wait(60)
    session = kept.store.open("talks")
    assert len(session.turns) > seen
    assert session.append(answered("afterwards"))
    again = kept.reopened().open("talks")
    assert questions(again)[-1] == "afterwards"
    assert [question.split()[1] for question in questions(again)[:-1]] == list(
        map(str, range(len(again.turns) - 1))
    )


def test_each_sees_the_turns_of_the_other_when_it_next_asks(kept: Kept) -> None:
    first = with_turns(kept, "one")
    second = kept.reopened().open("talks")
    first.append(answered("two"))
    assert [turn.answer.question for turn in second.refresh()] == ["two"]
    second.append(answered("three"))
    first.append(answered("four"))  # reads what was added before it writes
    assert questions(first) == ["one", "two", "three", "four"]
    assert [turn.answer.question for turn in second.refresh()] == ["four"]
    assert first.refresh() == second.refresh() == ()
    second.rename("crops")
    first.refresh()
    assert first.name == "crops"


def test_two_that_begin_one_of_the_same_name_go_on_in_one(kept: Kept) -> None:
    first, second = kept.store.create("talks"), kept.reopened().create("talks")
    assert first.append(answered("one"))
    assert second.append(answered("two"))
    assert first.id == second.id
    first.refresh()
    assert questions(first) == questions(second) == ["one", "two"]
    assert len(kept.store.list()) == 1


def test_turns_know_when_their_answer_came(kept: Kept) -> None:
    session = with_turns(kept, "one", "two")
    first, second = session.turns
    assert isinstance(first, KeptTurn)
    assert session.created < first.at < second.at
    assert session.corpus == "/articles"
    assert session.summary() == kept.store.list()[0]
