"""A real model, small as it is, in its own process: asked, stopped, refused, and never heard on the terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.backends.gguf import GgufBackend
from assistant.backends.protocol import BackendEvent, Finished, Request, TextDelta, Usage
from assistant.errors import BackendError, ConfigurationError
from collected_events import ASKED, FOLLOWED, text_of
from gguf_files import processes_of

pytestmark = pytest.mark.live


def with_backend(path: Path, use: Callable[[GgufBackend], Awaitable[None]]) -> None:
    """Use a backend, and close it."""

    async def run() -> None:
        backend = GgufBackend(path)
        try:
            await use(backend)
        finally:
            await backend.aclose()

    asyncio.run(run())


async def events_of(backend: GgufBackend, request: Request) -> list[BackendEvent]:
    return [event async for event in backend.stream(request)]


def listening(pid: int) -> set[str]:
    """The TCP ports that a process listens at; what others on this machine do meanwhile is their business."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    opened = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            opened.add(str(descriptor.readlink()))
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in opened}


def test_it_replies_the_same_each_time_token_by_token_without_a_sound(
    live_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def use(backend: GgufBackend) -> None:
        first = await events_of(backend, ASKED)
        *deltas, usage, end = first
        assert "mill" in text_of(first)
        assert all(isinstance(delta, TextDelta) for delta in deltas)
        assert isinstance(usage, Usage)
        assert usage.read > 50
        assert 0 <= usage.written - len(deltas) <= 2
        assert end == Finished("complete")
        await events_of(backend, FOLLOWED)
        assert await events_of(backend, ASKED) == first

    with_backend(live_model, use)
    assert capfd.readouterr() == ("", "")


def test_it_opens_no_port(live_model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        before = processes_of(live_model)
        await events_of(backend, replace(ASKED, longest_reply=2))
        (started,) = set(processes_of(live_model)) - set(before)
        assert listening(started) == set()

    with_backend(live_model, use)


def test_a_bound_of_two_tokens_is_kept(live_model: Path) -> None:
    async def use(backend: GgufBackend) -> None:
        events = await events_of(backend, replace(ASKED, longest_reply=2))
        assert [type(event) for event in events] == [TextDelta, TextDelta, Finished]
        assert events[-1] == Finished("length")

    with_backend(live_model, use)


def test_a_stopped_reply_gives_way_to_the_next_at_once(live_model: Path) -> None:
    long = replace(ASKED, instructions="Tell a long story about the sea.", question="Begin.", passages=())

    async def use(backend: GgufBackend) -> None:
        await events_of(backend, replace(ASKED, longest_reply=2))
        events = backend.stream(long)
        await anext(events)
        with pytest.raises(StopIteration):  # it ends without waiting for anything
            events.aclose().send(None)
        assert text_of(await events_of(backend, ASKED))

    with_backend(live_model, use)


def test_a_prompt_that_does_not_fit_is_told_and_the_next_question_is_answered(live_model: Path) -> None:
    endless = replace(ASKED, question="What burned down? " * 3000)

    async def use(backend: GgufBackend) -> None:
        with pytest.raises(BackendError, match=r"the prompt has \d+ tokens, more than the 8192 that"):
            await events_of(backend, endless)
        assert await events_of(backend, replace(ASKED, longest_reply=2))

    with_backend(live_model, use)


def test_a_file_that_was_not_copied_to_its_end_is_told(live_model: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with live_model.open("rb") as whole:
        cut.write_bytes(whole.read(4_000_000))

    async def use(backend: GgufBackend) -> None:
        with pytest.raises(BackendError, match=r"cannot be loaded: tensor .* is not within the file bounds"):
            await events_of(backend, ASKED)

    with_backend(cut, use)
    cut.write_bytes(cut.read_bytes()[:20])
    with pytest.raises(ConfigurationError, match="ends within its header"):
        GgufBackend(cut)
