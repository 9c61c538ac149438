"""What the reader, the lists and the dialogs look like; where a change is meant: `make snapshots`."""

from dataclasses import replace
from datetime import date

from textual.widgets import Static

from assistant.engine.notices import Standing
from index.view import DateRange
from journey_stage import on_screen
from screen_desk import offers_all
from screen_snapshots import OPENING, Snapshot
from seed_answers import INDEX, TEXTS, disagreeing, not_found, worded_by_a_model
from test_tui_snapshots_chat import WITH_A_MODEL, ask_and_read
from tui.failures import A_BUG, Failure
from tui.fakes import Script, SessionsInMemory
from tui.messages import OpenLink
from tui.screens.help import HelpScreen
from tui.screens.session_search import SessionSearchScreen
from tui_stage import Stage

KEEPING = replace(OPENING, sessions_folder="/home/ada/.local/share/parley/seeds-1a2b3c/sessions")
REPORT = """parley 0.1.0, textual 8.2.8, Python 3.11.2 on Linux x86_64

Traceback (most recent call last):
  File "/usr/lib/parley/tui/screens/chat.py", line 210, in on_starter_chosen
    self.ask(event.question)
ZeroDivisionError: division by zero
"""


async def fill(sessions: SessionsInMemory) -> None:
    """Keep three sessions, the last one of them unnamed."""
    for name, answers in {
        "trade deficit": [disagreeing()],
        "What China buys": [worded_by_a_model(), disagreeing()],
        "": [not_found()],
    }.items():
        session = await sessions.open_or_begin(name) if name else await sessions.begin()
        for answer in answers:
            await sessions.keep(session, answer)


async def begin(stage: Stage) -> None:
    """An index that stands, with its articles."""
    stage.assistant.texts.update(TEXTS)
    await stage.tell(Standing(INDEX))


async def read(stage: Stage, *keys: str) -> None:
    """Open the proof of an answer, and press these keys in the reader."""
    stage.assistant.texts.update(TEXTS)
    await ask_and_read(stage)
    await stage.pilot.press("ctrl+up", "enter")
    await stage.until(lambda: stage.app.screen.query_one("#reader-title", Static).content)
    await stage.pilot.press(*keys)


def test_reader_at_a_citation(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await read(stage)

    snapshot_of_screen(steps, Script(answer=disagreeing()))


def test_reader_at_the_next_citation(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await read(stage, "n")

    snapshot_of_screen(steps, Script(answer=worded_by_a_model()), opening=replace(WITH_A_MODEL, theme="light"))


def test_reader_searched(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await read(stage, "slash", *"billion", "enter")

    snapshot_of_screen(steps, Script(answer=disagreeing()))


def test_articles(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await stage.pilot.press("f4")
        await stage.until_shown("5 articles")

    snapshot_of_screen(steps)


def test_sessions(snapshot_of_screen: Snapshot, minutes_apart: SessionsInMemory) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await fill(stage.sessions)
        stage.app.resume("What China buys")
        await stage.until(lambda: stage.chat.session and stage.chat.session.turns)
        await stage.pilot.press("f3")
        await stage.until(lambda: stage.chat.panes.lists_sessions)

    snapshot_of_screen(steps, sessions=minutes_apart)


def test_sessions_searched(snapshot_of_screen: Snapshot, minutes_apart: SessionsInMemory) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await fill(stage.sessions)
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: isinstance(stage.app.screen, SessionSearchScreen))
        await stage.pilot.press(*"deficit", "enter")
        await stage.until_shown("turn")

    snapshot_of_screen(steps, sessions=minutes_apart)


def test_dates(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await stage.pilot.press("f6")
        await stage.until_shown("have no date")

    snapshot_of_screen(steps, opening=replace(OPENING, dates=DateRange(date(2019, 2, 1), date(2019, 2, 28))))


def test_backends(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await stage.pilot.press("f7")
        await stage.until(lambda: "Who words the answers" in on_screen(stage))

    snapshot_of_screen(steps, opening=WITH_A_MODEL)


def test_help(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await stage.pilot.press("f1")
        await stage.until(lambda: isinstance(stage.app.screen, HelpScreen))

    snapshot_of_screen(steps, opening=KEEPING)


def test_palette(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        await stage.pilot.press("ctrl+p")
        await stage.until(lambda: offers_all(stage.app))

    snapshot_of_screen(steps)


def test_export(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await ask_and_read(stage)
        await stage.pilot.press("f9")
        await stage.until(lambda: "Export this session" in on_screen(stage))

    snapshot_of_screen(steps, Script(answer=disagreeing()))


def test_link(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        stage.app.post_message(OpenLink("https://example.org/trade/talks?page=2#end"))
        await stage.until_shown("https://example.org")

    snapshot_of_screen(steps)


def test_failure(snapshot_of_screen: Snapshot) -> None:
    async def steps(stage: Stage) -> None:
        await begin(stage)
        stage.app.show_failure(Failure("ZeroDivisionError: division by zero", A_BUG, REPORT))
        await stage.until_shown("Traceback")

    snapshot_of_screen(steps)
