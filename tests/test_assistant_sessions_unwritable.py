"""A session that cannot be written, or whose file goes away: it goes on, says so, and loses nothing it knows."""

import os
import resource
import signal
from pathlib import Path

import pytest

from assistant.errors import SessionFileError
from index.locks import FileLock
from kept_sessions import Kept, answered
from session_places import questions, with_turns


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
