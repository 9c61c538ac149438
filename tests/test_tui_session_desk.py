"""The desk of saved conversations: the store's answers, awaited, from one thread of its own."""

import asyncio
import json
import subprocess
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from assistant.errors import ConfigurationError, SessionFileError
from kept_sessions import MILL, answered
from screen_desk import Sessions
from tui.ports import SessionsPort
from tui.session_desk import SessionDesk, file_stem


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


def at_desk(desk: SessionDesk, steps: Callable[[SessionDesk], Awaitable[None]]) -> None:
    async def run() -> None:
        await steps(desk)
        await desk.aclose()
        await asyncio.sleep(0)  # what was handed to the loop is told

    asyncio.run(run())


def test_it_is_what_the_screens_ask_for(sessions: Sessions) -> None:
    port: SessionsPort = sessions.desk
    assert port


def test_nothing_of_sessions_is_imported_until_they_are_asked_for(python: str, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tui.session_desk import SessionDesk\n"
        f"SessionDesk(Path({str(tmp_path)!r}), Path({str(tmp_path)!r}))\n"
        "print([name for name in sys.modules if name.startswith(('assistant.sessions', 'index'))])"
    )
    ran = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_session_that_is_begun_is_kept_with_its_first_answer_and_called_by_its_question(
    sessions: Sessions,
) -> None:
    async def steps(desk: SessionDesk) -> None:
        session = await desk.begin()
        assert await desk.list() == ()
        assert await desk.keep(session, answered("What burned down?"))
        (listed,) = await desk.list()
        assert (listed.id, listed.name, listed.turns) == (session.id, "What burned down?", 1)

    at_desk(sessions.desk, steps)


def test_what_another_process_added_is_in_the_next_history(sessions: Sessions) -> None:
    identity = sessions.begin("fire", "What burned down?")

    async def steps(desk: SessionDesk) -> None:
        session = await desk.open("fire")
        sessions.elsewhere.open(identity).append(answered("When?"))
        assert [turn.question for turn in await desk.history(session)] == ["What burned down?", "When?"]

    at_desk(sessions.desk, steps)


def test_history_holds_only_citations_that_still_stand(sessions: Sessions) -> None:
    sessions.begin("fire")
    (sessions.corpus / "mill.txt").write_text("Nothing burned.\n")

    async def steps(desk: SessionDesk) -> None:
        (turn,) = await desk.history(await desk.open("fire"))
        assert turn.cited == ()
        assert turn.answer == MILL

    at_desk(sessions.desk, steps)


def test_the_same_name_opens_a_session_again_and_the_last_used_is_the_latest(sessions: Sessions) -> None:
    async def steps(desk: SessionDesk) -> None:
        assert await desk.latest() is None
        session = await desk.open_or_begin("fire")
        await desk.keep(session, answered())
        assert (await desk.open_or_begin("fire")).id == session.id
        latest = await desk.latest()
        assert latest
        assert latest.id == session.id

    at_desk(sessions.desk, steps)


def test_sessions_are_renamed_deleted_brought_back_and_searched(sessions: Sessions) -> None:
    identity = sessions.begin("fire")

    async def steps(desk: SessionDesk) -> None:
        assert (await desk.rename(identity, "the mill")).name == "the mill"
        assert (await desk.delete(identity)).id == identity
        assert await desk.list() == ()
        assert (await desk.restore(identity)).name == "the mill"
        (hit,) = await desk.search("burned MAY")
        assert (hit.session.name, hit.number) == ("the mill", 1)
        with pytest.raises(ConfigurationError, match="there is no session"):
            await desk.open("nowhere")

    at_desk(sessions.desk, steps)


def test_all_is_done_in_one_thread_that_is_not_the_loops(sessions: Sessions) -> None:
    threads = set()
    sessions.begin("fire")

    async def steps(desk: SessionDesk) -> None:
        session = await desk.open("fire")
        session.append = lambda answer: bool(threads.add(threading.current_thread().name))  # type: ignore[method-assign,func-returns-value]
        await asyncio.gather(*(desk.keep(session, answered()) for _ in range(3)))

    at_desk(sessions.desk, steps)
    assert threads == {"sessions_0"}


def test_where_nothing_can_be_written_answers_are_known_and_a_warning_says_that_they_are_not_kept(
    sessions: Sessions,
) -> None:
    sessions.states.write_text("a file where a folder is needed")

    async def steps(desk: SessionDesk) -> None:
        session = await desk.begin()
        assert not await desk.keep(session, answered("What burned down?"))
        assert [turn.question for turn in await desk.history(session)] == ["What burned down?"]
        with pytest.raises(SessionFileError):
            await desk.list()

    at_desk(sessions.desk, steps)
    (warned,) = sessions.warned
    assert warned.startswith("nothing is kept in the session")


def test_a_file_half_written_costs_a_warning_that_is_told_on_the_loop(sessions: Sessions) -> None:
    identity = sessions.begin("fire", "What burned down?", "When?")
    file = sessions.folder / f"{identity}.jsonl"
    file.write_bytes(file.read_bytes()[:-40])
    told_in = []

    async def steps(desk: SessionDesk) -> None:
        desk.warn = lambda message: told_in.append((message, threading.current_thread()))
        assert len((await desk.open("fire")).turns) == 1

    at_desk(sessions.desk, steps)
    ((message, thread),) = told_in
    assert "is cut off" in message
    assert thread is threading.main_thread()


def test_an_answer_is_kept_though_whoever_kept_it_was_stopped_in_the_meantime(sessions: Sessions) -> None:
    async def steps(desk: SessionDesk) -> None:
        session = await desk.open_or_begin("fire")
        blocked = threading.Event()
        busy = asyncio.ensure_future(desk._look(lambda: blocked.wait(10)))
        keeping = asyncio.ensure_future(desk.keep(session, answered()))
        await asyncio.sleep(0)
        keeping.cancel()
        blocked.set()
        await busy

    at_desk(sessions.desk, steps)
    assert [summary.turns for summary in sessions.elsewhere.list()] == [1]


@pytest.mark.parametrize(("kind", "ending"), [("markdown", ".md"), ("html", ".html"), ("json", ".json")])
def test_an_export_is_named_by_its_session_and_never_written_over_another(
    sessions: Sessions, tmp_path: Path, kind: str, ending: str
) -> None:
    sessions.begin("../The mill: a fire?")

    async def steps(desk: SessionDesk) -> None:
        session = await desk.latest()
        assert session
        first = await desk.export(session, kind, tmp_path)  # type: ignore[arg-type]
        second = await desk.export(session, kind, tmp_path)  # type: ignore[arg-type]
        assert first == tmp_path / f"The-mill-a-fire{ending}"
        assert second == tmp_path / f"The-mill-a-fire (2){ending}"
        assert MILL in first.read_text()

    at_desk(sessions.desk, steps)


def test_an_export_goes_to_the_file_that_was_named_or_beside_it_where_there_is_one(
    sessions: Sessions, tmp_path: Path
) -> None:
    sessions.begin("fire")
    (tmp_path / "out.json").write_text("of somebody")

    async def steps(desk: SessionDesk) -> None:
        session = await desk.open("fire")
        written = await desk.export(session, "json", tmp_path / "out.json")
        assert written == tmp_path / "out (2).json"
        assert json.loads(written.read_text())["name"] == "fire"
        with pytest.raises(SessionFileError, match="cannot be written"):
            await desk.export(session, "json", tmp_path / "no" / "such" / "folder.json")

    at_desk(sessions.desk, steps)
    assert (tmp_path / "out.json").read_text() == "of somebody"


def test_a_session_without_a_question_has_nothing_to_export(sessions: Sessions, tmp_path: Path) -> None:
    async def steps(desk: SessionDesk) -> None:
        with pytest.raises(ConfigurationError, match="nothing to export"):
            await desk.export(await desk.begin(), "markdown", tmp_path)

    at_desk(sessions.desk, steps)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Trade talks", "Trade-talks"),
        ("../../etc/passwd", "etc-passwd"),
        ("中美贸易", "中美贸易"),
        ("\x1b/...", ""),
    ],
)
def test_the_name_of_a_session_makes_a_harmless_name_of_a_file(name: str, stem: str) -> None:
    assert file_stem(name) == stem
