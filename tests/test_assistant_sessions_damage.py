"""A session whose file is damaged: what is whole is read, what is not is told and left alone."""

import pytest

from assistant.errors import SessionFileError
from assistant.sessions.record import LONGEST_LINE
from assistant.sessions.session import Session
from index.locks import FileLock
from kept_sessions import Kept, answered
from session_places import questions, with_turns


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
