"""The longest time without a frame while an answer streams in, while an index is built, and in a long article."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.engine.looking import status_of
from evals.performance.pseudo_terminal import PseudoTerminal, probed
from evals.performance.terminal_desk import CURRENT, PARLEY, Desk, Gap, make_reply, make_words, worst
from evals.performance.token_server import TokenServer
from index.state import StateFolder

QUESTION = "Who led the talks?"
TOKENS_A_SECOND = 700
DRAFT = "draft, not checked yet"
UNUSED = "".join(chr(number) for first in (0x3B1, 0x430, 0x561, 0x10D0) for number in range(first, first + 25))
"""Letters that no article and no reply holds: where one is drawn, it was typed."""
WORDS_A_PASSAGE = 80
FILES = 10
"""Over which the passages beside the long article are spread."""
PAGE_UP, PAGE_DOWN, END, F4, NEW_SESSION, CLEAR = "\x1b[5~", "\x1b[6~", "\x1b[F", "\x1bOS", "\x0e", "\x15"
EVERY_S = 0.15
"""Between two keys of one kind: about as quick as fingers are, again and again."""
SETTLES_S = 3.0
PATIENCE_S = 900.0
"""For what takes a minute or two on a machine that has nothing else to do."""
WINDOWS = 3
"""In which idleness is watched, as long as it is not idle: what was left to do is done in the first."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """What was seen while answers streamed in, and while each checked one took its draft's place."""

    tokens: int
    replies: int
    at_the_end: Gap
    """Where the view followed the text."""
    above: Gap
    """Where it was scrolled up."""
    echoes_ms: tuple[float, ...]
    """From each letter that was typed meanwhile to its being drawn."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What was seen while an index was built, in the long article of it, and while nothing happened."""

    passages: int
    seconds: float
    indexing: Gap
    asked: Gap
    """From the question asked meanwhile to the end of the index."""
    opening: Gap
    paging: Gap
    searching: Gap


def stream(desk: Desk, tokens: int) -> Streamed:
    """Have so many tokens stream in and type meanwhile; every other reply is scrolled up in.

    They come in several replies, since what a server sends beyond 8,192 characters of one is not read.
    """
    gaps: tuple[list[Gap], list[Gap]] = [], []
    echoes: list[float] = []
    letters = itertools.cycle(UNUSED)
    with (
        TokenServer(make_reply(tokens), TOKENS_A_SECOND) as server,
        desk.terminal(probed("--backend", "openai:model"), PARLEY_BASE_URL=server.base_url) as terminal,
    ):
        terminal.wait_for(CURRENT)
        terminal.watch(SETTLES_S)
        for number in itertools.count():
            kept, asked = desk.kept_answers(), terminal.type(f"{QUESTION}\r")
            _wait_until(terminal, lambda: terminal.shows(DRAFT) or desk.kept_answers() > kept)  # noqa: B023 - asked at once
            _press(terminal, PAGE_UP, 4 * (number % 2))
            while desk.kept_answers() == kept:
                echoes.append(_time_echo(terminal, next(letters)))
                terminal.watch(EVERY_S)
            terminal.type(CLEAR + END)
            terminal.watch(1.0)
            gaps[number % 2].append(desk.worst_gap(asked))
            terminal.type(NEW_SESSION)  # as a follow-up it would have to be rewritten first, by the same server
            terminal.watch(1.0)
            if server.served >= len(server.tokens):
                break
    return Streamed(server.served, number + 1, worst(gaps[0]), worst(gaps[1]), tuple(echoes))


def flood(desk: Desk, tokens: int) -> Gap:
    """Have one reply of so many tokens come as quickly as the engine hands them on."""
    replies = desk.place / "replies.jsonl"
    pieces = re.findall(r"\S+\s*", make_reply(tokens))
    replies.write_text(json.dumps([{"text": piece} for piece in pieces]) + "\n")
    with desk.terminal(probed("--backend", f"scripted:{replies}")) as terminal:
        terminal.wait_for(CURRENT)
        terminal.watch(SETTLES_S)
        kept, asked = desk.kept_answers(), terminal.type(f"{QUESTION}\r")
        _wait_until(terminal, lambda: desk.kept_answers() > kept)
        terminal.watch(1.0)
        return desk.worst_gap(asked)


def _wait_until(terminal: PseudoTerminal, is_so: Callable[[], bool]) -> None:
    """Take what is drawn until something is so, even where that was too short to be drawn."""
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > ends or terminal.process.poll() is not None:
            raise TimeoutError("no answer came")
        terminal.watch(EVERY_S)


def _time_echo(terminal: PseudoTerminal, letter: str) -> float:
    """Milliseconds from typing a letter to its being drawn."""
    typed = terminal.type(letter)
    return (terminal.wait_for(letter) - typed) * 1000


def _press(terminal: PseudoTerminal, key: str, times: int) -> None:
    for _ in range(times):
        terminal.type(key)
        terminal.watch(EVERY_S)


def make_articles(folder: Path, words: int, passages: int) -> None:
    """One article of so many words, and others, so that there are about so many passages together."""
    folder.mkdir()
    (folder / "long.txt").write_text(f"Title: The long one\n\n{make_words(words, 1)}")
    more = max(passages * WORDS_A_PASSAGE - words, 0) // FILES
    for number in range(2, FILES + 2):
        (folder / f"other-{number}.txt").write_text(f"Title: Another, {number}\n\n{make_words(more, number)}")


def work(desk: Desk, corpus: Path) -> Worked:
    """Have an index built, ask meanwhile, and then read the long article: open it, page through it, search it."""
    with desk.terminal(probed("--corpus", str(corpus))) as terminal:
        painted = terminal.wait_for("Ask these articles")
        terminal.wait_for("indexing")
        asked = terminal.type(f"{QUESTION}\r")
        terminal.wait_for(CURRENT, PATIENCE_S)
        done = time.monotonic()
        indexing, asking = desk.worst_gap(painted), desk.worst_gap(asked)
        terminal.watch(2 * SETTLES_S)

        opened = terminal.type(F4)
        terminal.wait_for("The long one")
        terminal.watch(1.0)
        terminal.type("long")
        terminal.watch(1.0)
        terminal.type("\r")
        terminal.watch(SETTLES_S)
        opening, paged = desk.worst_gap(opened), time.monotonic()
        _press(terminal, PAGE_DOWN, 40)
        terminal.type("G")
        terminal.watch(1.0)
        paging, searched = desk.worst_gap(paged), time.monotonic()
        terminal.type("/")
        terminal.watch(0.5)
        for letter in "trade":
            terminal.type(letter)
            terminal.watch(EVERY_S)
        terminal.wait_for(" of ")
        _press(terminal, "\r", 10)
        searching = desk.worst_gap(searched)
    status = status_of(StateFolder.of(corpus, desk.states))
    passages = status.passages if status else 0
    return Worked(passages, done - terminal.began, indexing, asking, opening, paging, searching)


def idle(desk: Desk, corpus: Path, seconds: float, most: float) -> tuple[float, float]:
    """The share of one core that the terminal UI and its engine take while nothing happens; none above the most.

    Of a few windows, as long as one of the two takes more: on a busy machine they may have begun with work to do.
    """
    with desk.terminal((*PARLEY, "--corpus", str(corpus))) as terminal:
        terminal.wait_for(CURRENT)
        terminal.watch(SETTLES_S)
        for _ in range(WINDOWS):
            shares = _work_of(terminal, seconds)
            if max(shares) <= most:
                break
    return shares


def _work_of(terminal: PseudoTerminal, seconds: float) -> tuple[float, float]:
    """The share of one core of the program and of its processes, over so long."""
    own, others = terminal.worked_s()
    began = time.monotonic()
    terminal.watch(seconds)
    after, others_after = terminal.worked_s()
    spent = time.monotonic() - began
    return (after - own) / spent, (others_after - others) / spent
