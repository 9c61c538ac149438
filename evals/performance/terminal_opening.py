"""How soon the terminal UI is there: beside a bare Textual app, and with a long session."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from assistant.locations import sample_corpus
from assistant.sessions.store import SessionStore
from evals.performance.pseudo_terminal import probed
from evals.performance.session_opening import make_answer
from evals.performance.terminal_desk import CURRENT, PARLEY, Desk, Gap

BARE = (
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import TextArea\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        area = TextArea()\n"
    "        area.placeholder = 'Bare text area'\n"
    "        yield area\n"
    "Bare().run()\n",
)
PROMPT = "Ask these articles a question"
LETTERS = "qzx"
"""Letters that stand nowhere on the first screen in this order."""
PAGE_UP = "\x1b[5~"
MORE = 3
"""Times as many rounds as are asked for, at most: other work on the machine slows some."""
EVERY_S = 0.15
"""Between two pages that are turned: about as quick as fingers are, again and again."""


def time_openings(
    desk: Desk, rounds: int, most_ratio: float
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Milliseconds from start to first paint and to typed letters shown, of ours, then of the bare app.

    Both take turns; the first turn of each, in which caches are filled, does not count. Further turns are taken
    while our first paint is more than so many times the bare app's.
    """
    found: list[list[float]] = []

    def ratio() -> float:
        return median(paint / bare for paint, _, bare, _ in found[1:])

    while len(found) <= rounds or (len(found) <= MORE * rounds and ratio() > most_ratio):
        found.append([*_time_opening(desk, PARLEY, PROMPT), *_time_opening(desk, BARE, "Bare text area")])
    paint, ready, bare_paint, bare_ready = map(list, zip(*found[1:], strict=True))
    return paint, ready, bare_paint, bare_ready


def _time_opening(desk: Desk, command: Sequence[str], painted: str) -> tuple[float, float]:
    with desk.terminal(command) as terminal:
        paint = terminal.wait_for(painted) - terminal.began
        terminal.type(LETTERS)
        ready = terminal.wait_for(LETTERS) - terminal.began
    return paint * 1000, ready * 1000


def keep_long_session(desk: Desk, turns: int) -> None:
    """Keep a session of so many turns over the sample articles, and an empty one beside it."""
    store = SessionStore.of(sample_corpus(), desk.states, print)
    session = store.create("long")
    for number in range(turns):
        session.append(make_answer(number))


def time_session(desk: Desk, turns: int, rounds: int, most_ms: float) -> tuple[float, float]:
    """Milliseconds from start to the last turn of the long session on screen, and to a new one; medians.

    A new one is there when the status line names it, which is what is waited for in both. The first of each does
    not count, and further ones are taken while the long one takes so much longer.
    """
    last = f"year {turns - 1}"
    long: list[float] = []
    new: list[float] = []
    while len(long) <= rounds or (len(long) <= MORE * rounds and median(long[1:]) - median(new[1:]) > most_ms):
        number = len(long)
        for times, name, shown in ((long, "long", last), (new, f"new {number}", f"new {number}")):
            with desk.terminal((*PARLEY, "--session", name)) as terminal:
                times.append((terminal.wait_for(shown) - terminal.began) * 1000)
    return median(long[1:]), median(new[1:])


def page_through_session(desk: Desk, turns: int, pages: int) -> Gap:
    """The longest gap while the long session is paged upwards."""
    with desk.terminal(probed("--session", "long")) as terminal:
        terminal.wait_for(f"year {turns - 1}")
        terminal.wait_for(CURRENT)
        terminal.watch(2.0)
        began = terminal.type("")
        for _ in range(pages):
            terminal.type(PAGE_UP)
            terminal.watch(EVERY_S)
        return desk.worst_gap(began)
