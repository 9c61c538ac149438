"""A session on disk: each answer is kept as it comes, is seen by whoever shares the session, and is history."""

import json

from assistant.sessions.record import KeptTurn
from kept_sessions import ARTICLES, DAM, MILL, Kept, answered, citation, full_answer, refused
from session_places import questions, with_turns


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
