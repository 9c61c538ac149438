"""The side list of saved conversations, over real files."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from kept_sessions import answered
from screen_desk import HOSTILE, SHOWN, Around, Sessions, Steps, go_through, text_of, until
from tui.widgets.session_list import SessionList


class Listed(Around):
    """The list alone, and what it told."""

    def __init__(self, sessions: Sessions, current: str | None = None) -> None:
        self.list = SessionList(sessions.desk)
        super().__init__(self.list)
        self.current = current
        self.told: list[object] = []

    async def on_mount(self) -> None:
        await self.list.refresh_list(self.current)
        self.list.focus()

    @property
    def names(self) -> list[str]:
        """The first line of each row, without the place of the mark."""
        rows = self.list.query_one(OptionList)
        return [str(option.prompt).splitlines()[0][2:] for option in rows.options]

    def on_session_list_chosen(self, message: SessionList.Chosen) -> None:
        self.told.append(("chosen", message.identity))

    def on_session_list_new(self) -> None:
        self.told.append("new")

    def on_session_list_renamed(self, message: SessionList.Renamed) -> None:
        self.told.append(("renamed", message.identity, message.name))

    def on_session_list_deleted(self, message: SessionList.Deleted) -> None:
        self.told.append(("deleted", message.identity))

    def on_session_list_closed(self) -> None:
        self.told.append("closed")


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def shown(app: Listed, steps: Steps, size: tuple[int, int] = (80, 24)) -> None:
    go_through(app, steps, size)


async def type_in(pilot: Pilot[Any], text: str) -> None:
    field = pilot.app.focused
    assert isinstance(field, Input)
    field.value = text
    await pilot.press("enter")


def test_the_current_one_is_marked_with_a_sign_and_under_the_cursor(sessions: Sessions) -> None:
    first = sessions.begin("one")
    sessions.begin("two")

    async def steps(pilot: Pilot[Any]) -> None:
        assert "● one" in text_of(pilot.app)
        assert "● two" not in text_of(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: app.told)

    shown(app := Listed(sessions, first), steps)
    assert app.told == [("chosen", first)]


def test_a_click_goes_on_in_a_session(sessions: Sessions) -> None:
    first = sessions.begin("one")
    sessions.begin("two")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.click(OptionList, offset=(4, 2))
        await until(pilot, lambda: app.told)

    shown(app := Listed(sessions), steps)
    assert app.told == [("chosen", first)]


@pytest.mark.parametrize(("key", "told"), [("n", "new"), ("escape", "closed")])
def test_a_session_is_begun_and_the_list_closed_by_a_key(sessions: Sessions, key: str, told: str) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert "none yet. Each is kept with its first answer" in " ".join(text_of(pilot.app).split())
        await pilot.press(key)
        await until(pilot, lambda: app.told)

    shown(app := Listed(sessions), steps)
    assert app.told == [told]


def test_what_keys_do_can_be_clicked_too(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        row = next(y for y, line in enumerate(text_of(app).splitlines()) if "new" in line and "Enter" in line)
        await pilot.click(offset=(text_of(app).splitlines()[row].index("new"), row))
        await until(pilot, lambda: app.told)

    shown(app := Listed(sessions), steps)
    assert app.told == ["new"]


@pytest.mark.parametrize(("key", "asked"), [("r", "A new name"), ("slash", "Find by part of a name")])
def test_a_field_says_what_is_typed_there_and_keys_of_the_list_are_not_offered_meanwhile(
    sessions: Sessions, key: str, asked: str
) -> None:
    sessions.begin("one")

    async def steps(pilot: Pilot[Any]) -> None:
        assert "n new" in text_of(pilot.app)
        await pilot.press(key)
        await until(pilot, lambda: asked in text_of(pilot.app))
        assert "n new" not in text_of(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: "n new" in text_of(pilot.app))
        assert asked not in text_of(pilot.app)

    shown(Listed(sessions), steps)


def test_a_session_is_renamed_in_place(sessions: Sessions) -> None:
    identity = sessions.begin("one")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("r")
        await type_in(pilot, "another")
        await until(pilot, lambda: app.names == ["another"])
        assert isinstance(app.focused, OptionList)

    shown(app := Listed(sessions), steps)
    assert app.told == [("renamed", identity, "another")]
    assert [summary.name for summary in sessions.elsewhere.list()] == ["another"]


def test_a_name_that_is_taken_is_refused_where_it_was_typed(sessions: Sessions) -> None:
    sessions.begin("one")
    sessions.begin("two")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("r")
        await type_in(pilot, "one")
        await until(pilot, lambda: "choose another name" in " ".join(text_of(app).split()).casefold())
        await type_in(pilot, "3")  # the field is still open
        await until(pilot, lambda: "3" in app.names)

    shown(app := Listed(sessions), steps)


def test_escape_leaves_a_name_as_it_is(sessions: Sessions) -> None:
    sessions.begin("one")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("r", "x", "escape")
        assert app.names == ["one"]
        assert isinstance(app.focused, OptionList)

    shown(app := Listed(sessions), steps)
    assert app.told == []


@pytest.mark.parametrize("key", ["d", "delete"])
def test_what_was_deleted_is_brought_back_by_one_key(sessions: Sessions, key: str) -> None:
    identity = sessions.begin("one")
    sessions.begin("two")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("down", key)
        await until(pilot, lambda: "deleted one - u brings it back" in text_of(app))
        assert app.names == ["two"]
        await pilot.press("u")
        await until(pilot, lambda: "one is back" in text_of(app))
        await until(pilot, lambda: app.names == ["two", "one"])  # they are read anew after that is said

    shown(app := Listed(sessions), steps)
    assert app.told == [("deleted", identity)]


def test_two_keys_pressed_fast_delete_two_sessions(sessions: Sessions) -> None:
    for name in ("one", "two", "three"):
        sessions.begin(name)

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("d", "d")
        await until(pilot, lambda: len(app.told) == 2)
        await pilot.press("u", "u")
        await until(pilot, lambda: len(app.names) == 3)

    shown(app := Listed(sessions), steps)
    assert len(sessions.elsewhere.list()) == 3


def test_what_cannot_be_brought_back_now_can_be_another_time(sessions: Sessions) -> None:
    identity = sessions.begin("one")

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("d")
        await until(pilot, lambda: "brings it back" in text_of(app))
        deleted = sessions.folder / "deleted" / f"{identity}.jsonl"
        deleted.rename(sessions.folder / "aside")
        await pilot.press("u")
        await until(pilot, lambda: "! there is no deleted session" in text_of(app))
        (sessions.folder / "aside").rename(deleted)
        await pilot.press("u")
        await until(pilot, lambda: app.names == ["one"])

    shown(app := Listed(sessions), steps)


def test_nothing_is_brought_back_where_nothing_was_deleted(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("r", "d", "enter", "u")
        await until(pilot, lambda: "nothing was deleted here" in text_of(app))

    shown(app := Listed(sessions), steps)
    assert app.told == []


def test_sessions_are_found_by_a_part_of_their_name(sessions: Sessions) -> None:
    for name in ("Trade talks", "Flights", "Talks about talks"):
        sessions.begin(name)

    async def steps(pilot: Pilot[Any]) -> None:
        await pilot.press("slash", *"TALK")
        await until(pilot, lambda: app.names == ["Talks about talks", "Trade talks"])
        assert "2 of 3" in text_of(app)
        await pilot.press("enter", "escape")
        await until(pilot, lambda: len(app.names) == 3)

    shown(app := Listed(sessions), steps)
    assert app.told == []


def test_hostile_names_are_shown_and_do_nothing(sessions: Sessions) -> None:
    identity = sessions.begin(HOSTILE)

    async def steps(pilot: Pilot[Any]) -> None:
        app.list.styles.width = 78
        await pilot.pause()
        assert SHOWN in text_of(app)
        await pilot.click(OptionList, offset=(4, 0))
        await until(pilot, lambda: app.told)
        await pilot.press("d")
        await until(pilot, lambda: f"deleted {SHOWN}" in " ".join(text_of(app).split()))

    shown(app := Listed(sessions), steps)
    assert app.told == [("chosen", identity), ("deleted", identity)]


def test_a_folder_that_cannot_be_read_is_told_with_what_mends_it(sessions: Sessions) -> None:
    sessions.states.write_text("a file where a folder is needed")

    async def steps(pilot: Pilot[Any]) -> None:
        told = " ".join(text_of(app).split())
        assert "! " in told
        assert "cannot be read" in told

    shown(app := Listed(sessions), steps, (200, 24))


def test_a_file_half_written_costs_a_turn_and_no_session(sessions: Sessions) -> None:
    identity = sessions.begin("one", "What burned down?", "When?")
    file = sessions.folder / f"{identity}.jsonl"
    file.write_bytes(file.read_bytes()[:-40])

    async def steps(pilot: Pilot[Any]) -> None:
        assert app.names == ["one"]
        assert "1 question" in text_of(app)

    shown(app := Listed(sessions), steps)


def test_what_another_process_did_is_seen_when_the_list_is_read_again(sessions: Sessions) -> None:
    async def steps(pilot: Pilot[Any]) -> None:
        assert app.names == []
        sessions.elsewhere.create("one").append(answered())
        await app.list.refresh_list(None)
        assert app.names == ["one"]

    shown(app := Listed(sessions), steps)
