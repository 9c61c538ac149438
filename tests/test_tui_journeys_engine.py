"""Journeys through the app over a real engine and sessions in files: changes, damage, lost processes."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.settings import EngineSettings
from engine_desk import BURNED, PATIENCE_S, EngineDesk, engines, gone
from index.encoder import OnnxEmbedder
from journey_stage import on_screen
from tui.app import ParleyApp
from tui.ports import Opening
from tui.session_desk import SessionDesk
from tui_stage import Stage

MENDED = "The weir at Alford was mended in August.\n"
WEIR = "When was the weir at Alford mended?"


@pytest.fixture
def desk(tmp_path: Path) -> EngineDesk:
    return EngineDesk(tmp_path)


class Journey(Stage):
    """An app over a real engine, which takes its time."""

    patience_s = PATIENCE_S

    async def answered(self, question: str, holds: str) -> None:
        """Ask, and wait for an answer in which this stands."""
        await self.ask(question)
        await self.until(lambda: self.chat.questions.running is None and holds in self.text())


def journey(desk: EngineDesk, act: Callable[[Journey], Awaitable[None]]) -> None:
    """Run the app over this desk; nothing that nobody expected may happen, and no process may be left."""

    async def play() -> None:
        engine = Engine(EngineSettings(str(desk.corpus), str(desk.states)))
        sessions = SessionDesk(desk.corpus, desk.states)
        app = ParleyApp(engine, sessions, Opening(str(desk.corpus)))
        sessions.warn = app.tell
        async with app.run_test(size=(100, 30)) as pilot:
            stage = Journey(pilot, app, engine, sessions)  # type: ignore[arg-type]
            await stage.until(lambda: stage.chat.session is not None)
            await act(stage)
        assert [failure.report for failure in app.failures] == []
        await sessions.aclose()

    asyncio.run(play())
    assert gone(*engines())


def add_whole(desk: EngineDesk, name: str, text: str) -> None:
    """Add an article such that an engine that looks sees it whole or not at all."""
    written = desk.corpus.parent / name
    written.write_text(text)
    written.rename(desk.corpus / name)


@pytest.mark.slow
def test_a_question_asked_while_the_first_index_is_built_is_answered_and_kept(desk: EngineDesk) -> None:
    async def act(stage: Journey) -> None:
        await stage.answered(BURNED, "mill.txt")
        (kept,) = await stage.chat.sessions.list()
        assert (kept.name, kept.turns) == (BURNED, 1)

    journey(desk, act)


@pytest.mark.slow
def test_an_article_that_is_added_is_noticed_and_cited_and_one_that_is_removed_is_not(
    desk: EngineDesk, encoder: OnnxEmbedder
) -> None:
    desk.index(encoder)

    async def act(stage: Journey) -> None:
        await stage.until_shown("2 articles")
        written = (
            desk.corpus.parent / "weir.txt"
        )  # and then moved: an engine that looks sees it whole or not at all
        written.write_text(MENDED)
        written.rename(desk.corpus / "weir.txt")
        await stage.until_shown("3 articles")
        await stage.until_shown("1 article added")
        await stage.answered(WEIR, "weir.txt")
        (desk.corpus / "weir.txt").unlink()
        await stage.ask(f"{WEIR} Again, please.")
        await stage.until(lambda: stage.chat.questions.running is None and not stage.chat.questions.waiting)
        last = list(stage.chat.transcript.exchanges)[-1].answer
        assert last is not None
        assert "weir.txt" not in {citation.source.article for citation in last.citations}

    journey(desk, act)


@pytest.mark.slow
@pytest.mark.parametrize("damaged", ["header.bin", "data_level0.bin", "catalog.sqlite3"])
def test_a_damaged_index_still_answers_or_says_what_mends_it_and_shift_f5_does(
    desk: EngineDesk, encoder: OnnxEmbedder, damaged: str
) -> None:
    desk.index(encoder)
    files = list(desk.state.root.rglob(damaged)) or list(desk.state.root.rglob("chroma.sqlite3"))
    assert files
    for file in files:
        os.truncate(file, 40)

    async def act(stage: Journey) -> None:
        await stage.ask(BURNED)
        await stage.until(lambda: stage.chat.questions.running is None and stage.chat.transcript.exchanges)
        assert "mill.txt" in stage.text() or "Rebuild" in stage.text()
        await stage.pilot.press("shift+f5")
        await stage.until(lambda: "current" in str(stage.chat.status.render()))
        await stage.answered("What was inspected in June?", "dam.txt")

    journey(desk, act)


@pytest.mark.slow
def test_an_engine_that_is_killed_gives_the_question_back_and_the_next_try_is_answered(
    desk: EngineDesk, encoder: OnnxEmbedder
) -> None:
    desk.index(encoder)

    async def act(stage: Journey) -> None:
        await stage.until(engines)
        (pid,) = engines()
        os.kill(pid, signal.SIGSTOP)
        await stage.ask(BURNED)
        await stage.until(lambda: stage.chat.questions.running is not None)
        os.kill(pid, signal.SIGKILL)
        await stage.until(lambda: stage.chat.prompt.text == BURNED)
        assert "it was killed" in stage.text()
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.chat.questions.running is None and "mill.txt" in stage.text())

    journey(desk, act)


@pytest.mark.slow
@pytest.mark.parametrize("missing", [True, False], ids=["missing", "empty"])
def test_a_folder_without_articles_says_what_to_do_and_is_asked_once_there_is_one(
    desk: EngineDesk, missing: bool
) -> None:
    for file in desk.corpus.iterdir():
        file.unlink()
    if missing:
        desk.corpus.rmdir()

    async def act(stage: Journey) -> None:
        await stage.ask(BURNED)
        await stage.until(lambda: stage.chat.prompt.text == BURNED)
        assert "then press F5" in stage.text()
        desk.corpus.mkdir(exist_ok=True)
        (desk.corpus / "mill.txt").write_text("The old mill burned down in May. Nobody was hurt.\n")
        await stage.pilot.press("f5", "enter")
        await stage.until(lambda: stage.chat.questions.running is None and "mill.txt:" in stage.text())

    journey(desk, act)


@pytest.mark.slow
def test_a_state_that_cannot_be_written_says_once_that_nothing_is_kept(desk: EngineDesk) -> None:
    desk.states.write_text("no folder")

    async def act(stage: Journey) -> None:
        await stage.answered(BURNED, "mill.txt")
        assert "kept" in stage.text()

    journey(desk, act)


@pytest.mark.slow
def test_a_session_file_half_written_is_told_and_what_is_whole_is_shown(
    desk: EngineDesk, encoder: OnnxEmbedder
) -> None:
    desk.index(encoder)

    async def act(stage: Journey) -> None:
        await stage.answered(BURNED, "mill.txt")
        (file,) = (desk.state.sessions).glob("*.jsonl")
        with file.open("a") as kept:
            kept.write('{"turn": {"question": "half')
        await stage.pilot.press("ctrl+n", "f3")
        await stage.until(lambda: "Sessions: 1" in on_screen(stage))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.chat.session is not None and stage.chat.session.name == BURNED)
        await stage.until(lambda: "mill.txt" in stage.text())
        await stage.until(lambda: "is cut off" in stage.text())

    journey(desk, act)
