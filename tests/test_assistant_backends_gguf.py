"""A GGUF model in a process of its own: how it is started, asked, stopped, and how its end is told.

A stand-in for the native package does here what the real one cannot be made to do; the real one is asked, with a
real model, in test_assistant_backends_gguf_live.py.
"""

import asyncio
import gc
import json
import os
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answering.prompting import chat_messages
from assistant.backends.gguf import LONGEST_CONTEXT, GgufBackend
from assistant.backends.protocol import BackendEvent, Finished, ReasoningDelta, Request, TextDelta, Usage
from assistant.errors import BackendError, ConfigurationError
from collected_events import ASKED, text_of
from gguf_files import FACTS, header, processes_of

NATIVE = Path(__file__).parent / "native"


def asked(question: str, longest_reply: int = 1024) -> Request:
    return replace(ASKED, question=question, longest_reply=longest_reply)


async def events_of(backend: GgufBackend, question: str) -> list[BackendEvent]:
    return [event async for event in backend.stream(asked(question))]


def with_backend(path: Path, use: Callable[[GgufBackend], Awaitable[None]]) -> None:
    """Use a backend, and close it."""

    async def run() -> None:
        backend = GgufBackend(path)
        try:
            await use(backend)
        finally:
            await backend.aclose()

    asyncio.run(run())


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is taken for a model, and the stand-in for what runs it."""
    monkeypatch.syspath_prepend(NATIVE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(NATIVE), os.environ.get("PYTHONPATH", "")]))
    path = tmp_path / "model.gguf"
    path.write_bytes(header(FACTS))
    return path


def test_what_is_missing_is_told_before_anything_is_started(
    model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="needs a file"):
        GgufBackend.configured(None)
    with pytest.raises(ConfigurationError, match="No such file"):
        GgufBackend.configured(str(tmp_path / "missing.gguf"))
    monkeypatch.setattr("assistant.backends.gguf.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="xllamacpp, which is not installed") as refused:
        GgufBackend.configured(str(model))
    assert 'install it: pip install "parley[local]"' in refused.value.hint


def test_name_and_context_come_from_the_file(model: Path, own_surroundings: Path) -> None:
    assert GgufBackend.configured(str(model)).name == f"gguf:{model}"
    model.rename(own_surroundings / "at-home.gguf")
    assert GgufBackend.configured("~/at-home.gguf").context == 8192
    (own_surroundings / "long.gguf").write_bytes(header({**FACTS, "llama.context_length": 131072}))
    assert GgufBackend.configured("~/long.gguf").context == LONGEST_CONTEXT


def test_a_reply_comes_token_by_token_and_nothing_is_printed(
    model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def use(backend: GgufBackend) -> None:
        assert await events_of(backend, "say 3") == [
            TextDelta("word0 "),
            TextDelta("word1 "),
            TextDelta("word2 "),
            Usage(100, 3),
            Finished("length"),
        ]
        assert await events_of(backend, "think") == [
            ReasoningDelta("Hm."),
            TextDelta("It burned."),
            Finished("complete"),
        ]

    with_backend(model, use)
    assert capfd.readouterr() == ("", "")


def test_the_model_is_given_messages_a_bound_and_no_randomness(model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        body = json.loads(text_of(await events_of(backend, "echo")))
        sent = [(message["role"], message["content"]) for message in body["messages"]]
        assert sent == [(message.role, message.content) for message in chat_messages(asked("echo"))]
        assert body["max_tokens"] >= 1024
        assert body["temperature"] == 0

    with_backend(model, use)


def test_one_process_replies_to_all_questions_in_their_order(model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        replies = await asyncio.gather(*(events_of(backend, f"say {number}") for number in (1, 2, 3)))
        assert [len(reply) for reply in replies] == [3, 4, 5]

    with_backend(model, use)


def test_closing_the_iterator_stops_the_model_and_the_next_question_is_answered(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.backends.gguf_process.GRACE_S", 60.0)  # however busy the machine is

    async def use(backend: GgufBackend) -> None:
        async with aclosing(backend.stream(asked("say 1000000"))) as events:
            assert await anext(events) == TextDelta("word0 ")
        started = processes_of(model)
        assert text_of(await events_of(backend, "say 2")) == "word0 word1 "
        assert processes_of(model) == started

    with_backend(model, use)


def test_a_prompt_that_is_read_for_ever_is_left_and_the_next_question_gets_a_new_process(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.backends.gguf_process.GRACE_S", 0.05)

    async def use(backend: GgufBackend) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await events_of(backend, "read for ever")
        assert text_of(await events_of(backend, "say 2")) == "word0 word1 "

    with_backend(model, use)


def test_a_reply_that_never_ends_is_cut(model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        events = [event async for event in backend.stream(asked("say 1000000", longest_reply=10))]
        assert events[-1] == Finished("length")
        assert len(events) == 11

    with_backend(model, use)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("crash", "broke off: its process was ended by SIGABRT"),
        ("be killed", "broke off: its process was killed, as happens where memory runs out"),
        ("fail", "failed: no slot ␛[2J"),
        ("overflow", "the prompt has 9000 tokens, more than the 8192 that"),
        ("say 0", "replied nothing"),
    ],
)
def test_how_a_question_failed_is_told_and_the_next_one_is_answered(model: Path, question: str, told: str) -> None:
    async def use(backend: GgufBackend) -> None:
        with pytest.raises(BackendError) as failed:
            await events_of(backend, question)
        assert told in str(failed.value)
        assert "\n" not in str(failed.value)
        assert text_of(await events_of(backend, "say 2")) == "word0 word1 "

    with_backend(model, use)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("damaged.gguf", "cannot be loaded: tensor 'x' is ␛[2J outside"),
        ("crashing.gguf", "broke off: its process was ended by SIGSEGV"),
    ],
)
def test_why_a_model_cannot_be_loaded_is_told(model: Path, name: str, told: str) -> None:
    async def use(backend: GgufBackend) -> None:
        for _ in range(2):
            with pytest.raises(BackendError) as failed:
                await events_of(backend, "say 1")
            assert told in str(failed.value)
            assert failed.value.hint

    with_backend(model.rename(model.with_name(name)), use)


def test_a_package_that_cannot_be_imported_is_told(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('made for another machine')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def use(backend: GgufBackend) -> None:
        with pytest.raises(BackendError, match="cannot be loaded: made for another machine"):
            await events_of(backend, "say 1")

    with_backend(model, use)


def test_where_the_model_listens_is_gone_before_it_replies(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / ("deep" * 40)
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))

    async def use(backend: GgufBackend) -> None:
        await events_of(backend, "say 1")
        assert list(scratch.iterdir()) == []

    with_backend(model, use)


def test_the_process_ends_with_the_backend(model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        await events_of(backend, "say 1")
        assert len(processes_of(model)) == 1

    with_backend(model, use)
    assert processes_of(model) == []


def test_a_question_that_is_given_up_while_the_process_starts_leaves_nothing_behind(model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await events_of(backend, "say 1")

    with_backend(model, use)
    assert processes_of(model) == []
    gc.collect()  # a file that was left open would be told of
