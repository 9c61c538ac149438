"""Parley in somebody's program: under an event loop, among threads, failing, interrupted, closed or forgotten."""

import asyncio
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant import Answer, Assistant, BackendError, Delta, Retrieved
from assistant.backends.scripted import Reply, ScriptedBackend
from index.encoder import OnnxEmbedder

ROOT = Path(__file__).resolve().parent.parent
DEFICIT = "How big is the trade deficit with China?"
pytestmark = pytest.mark.usefixtures("shipped_models")


def test_it_works_where_an_event_loop_runs(sample: Path) -> None:
    async def cell() -> Answer:
        with Assistant.open(sample) as assistant:
            return assistant.ask(DEFICIT)

    assert asyncio.run(cell()).status == "answered"


def test_a_model_is_asked_where_an_event_loop_runs(mill: Path) -> None:
    async def cell() -> Answer:
        with Assistant.open(mill, backend=ScriptedBackend(["The mill burned down in May [1.1]."])) as assistant:
            return assistant.ask("When did the mill burn down?")

    assert asyncio.run(cell()).text == "The mill burned down in May. [1]"


def test_a_failing_model_raises_and_the_assistant_goes_on(mill: Path) -> None:
    replies: list[Reply] = [BackendError("it is overloaded", "wait"), "The mill burned down in May [1.1]."]
    with Assistant.open(mill, backend=ScriptedBackend(replies)) as assistant:
        with pytest.raises(BackendError, match="overloaded"):
            assistant.ask("When did the mill burn down?")
        assert assistant.ask("When did the mill burn down?").text


def test_after_closing_every_method_says_that_it_is_closed(sample: Path) -> None:
    assistant = Assistant.open(sample)
    assistant.ask(DEFICIT)
    assistant.close()
    assistant.close()
    for use in (assistant.ask, assistant.search, lambda question: next(assistant.stream(question))):
        with pytest.raises(RuntimeError, match="this assistant is closed"):
            use(DEFICIT)


def test_an_interrupted_question_leaves_the_assistant_usable(
    mill: Path, encoder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with Assistant.open(mill) as assistant:
        with monkeypatch.context() as patched:
            patched.setattr(encoder, "embed", interrupted)  # in the middle of a first sync
            with pytest.raises(KeyboardInterrupt):
                assistant.ask("What burned down?")
        assert assistant.ask("What burned down?").status == "answered"
        with monkeypatch.context() as patched:
            patched.setattr(encoder, "embed", interrupted)  # in the middle of retrieval
            with pytest.raises(KeyboardInterrupt):
                assistant.ask("When was it rebuilt?")
        assert assistant.ask("When was it rebuilt?").status == "answered"


def test_whoever_stops_listening_leaves_the_assistant_usable(mill: Path) -> None:
    backend = ScriptedBackend(["The mill burned down in May [1.1]."] * 2)
    with Assistant.open(mill, backend=backend) as assistant:
        with closing(assistant.stream("When did the mill burn down?")) as events:
            assert isinstance(next(events), Retrieved)
            assert isinstance(next(events), Delta)
        assert assistant.ask("When did the mill burn down?").text


def test_threads_take_turns(sample: Path) -> None:
    answers: list[Answer] = []
    with Assistant.open(sample) as opened:
        threads = [threading.Thread(target=lambda: answers.append(opened.ask(DEFICIT))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.text for answer in answers} == {opened.ask(DEFICIT).text}


def test_a_program_that_never_closes_its_assistant_ends(mill: Path) -> None:
    script = (
        "import sys; from assistant import Assistant; from assistant.backends.scripted import ScriptedBackend\n"
        "a = Assistant.open(sys.argv[1], backend=ScriptedBackend(['The mill burned down in May [1.1].']))\n"
        "events = a.stream('When did the mill burn down?'); print(next(events) and next(events).text)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(mill)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "The m\n"), ran.stderr
