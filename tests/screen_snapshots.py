"""Pictures of screens that are kept as files, and compared with what the app shows now.

`make snapshots` keeps them anew. They are small SVG files, with neither a font from elsewhere nor an id in them.
"""

from __future__ import annotations

import html
import math
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pathlib import Path

import pytest

from tui import when
from tui.app import ParleyApp
from tui.fakes import Script, SessionsInMemory
from tui.ports import Opening
from tui_stage import Stage, on_stage

KEPT = Path(__file__).parent / "__snapshots__"
SIZES = ((80, 24), (140, 40))
NOW = datetime(2019, 2, 4, 15, 30, tzinfo=UTC)
OPENING = Opening("/articles/seeds", is_sample=True, reduced_motion=True)
Steps = Callable[[Stage], Awaitable[None]]


def drawing_of(app: ParleyApp) -> str:
    """What the app shows as an SVG, the same for the same screen; nothing in it is fetched when it is viewed."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(simplify=True), flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+-", "", svg)
    # What cuts each line at its end is a quarter of the file; each text states its width anyway.
    svg = re.sub(r'<clipPath id="line-\d+">.*?</clipPath>| clip-path="url\(#line-\d+\)"', "", svg, flags=re.DOTALL)
    svg = svg.replace(' shape-rendering="crispEdges"', "").replace("&#160;", "\u00a0")
    svg = svg.replace("<style>", "<style>rect { shape-rendering: crispEdges }", 1)
    svg = re.sub(r"(<rect |<text )", r"\n\1", svg)
    return "\n".join(line.strip() for line in svg.splitlines() if line.strip()) + "\n"


def rows_of(svg: str) -> list[str]:
    """The text of a picture, row by row."""
    rows: dict[float, str] = {}
    for x, y, text in re.findall(r'<text class="r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', svg):
        rows[float(y)] = rows.get(float(y), "").ljust(round(float(x) / 12.2)) + html.unescape(text)
    return [rows[y].replace("\u00a0", " ").rstrip() for y in sorted(rows)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The picture of one screen at one size."""

    name: str
    size: tuple[int, int]
    updates: bool
    """Whether what is shown now is kept, and nothing is compared."""
    seen: Path
    """Where a picture that differs is put, to be looked at."""

    def __call__(
        self,
        steps: Steps,
        *scripts: Script,
        opening: Opening = OPENING,
        sessions: SessionsInMemory | None = None,
        questions: tuple[str, ...] = (),
    ) -> None:
        """Take these steps in the app, and compare what is shown then."""
        drawn: list[str] = []

        async def picture(stage: Stage) -> None:
            await steps(stage)
            await stage.pilot.wait_for_scheduled_animations()
            while drawn[-3:] != [drawing := drawing_of(stage.app)] * 3:
                assert len(drawn) < 200, f"{self.name} does not come to rest"
                drawn.append(drawing)
                await stage.pilot.pause()

        on_stage(picture, *scripts, size=self.size, opening=opening, sessions=sessions, questions=questions)
        self._compare(drawn[-1])

    def _compare(self, shown: str) -> None:
        kept = KEPT / f"{self.name}.svg"
        if self.updates:
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(shown, encoding="utf-8")
            return
        before = kept.read_text(encoding="utf-8") if kept.exists() else ""
        if shown == before:
            return
        self.seen.write_text(shown, encoding="utf-8")
        rows = "\n".join(unified_diff(rows_of(before), rows_of(shown), "kept", "shown", lineterm=""))
        raise AssertionError(
            f"{self.name} is shown otherwise than in {kept}:\n{rows or 'the same words, in other colours'}\n"
            f"It is now as in {self.seen}; where that is meant: make snapshots"
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-screens", action="store_true", help="keep what screens show now as their snapshots")


@pytest.fixture
def minutes_apart() -> SessionsInMemory:
    """Sessions on whose clock every look takes a minute, half an hour before now."""
    ticks = iter(range(1, 1000))
    return SessionsInMemory(clock=lambda: NOW - timedelta(minutes=30 - next(ticks)))


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def snapshot_of_screen(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Snapshot]:
    """Compares a screen at each size with its snapshot: `snapshot_of_screen(steps, Script(...))`."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("tui.widgets.waiting.LONG_S", math.inf)  # how long a slow machine takes is in no picture
    time.tzset()
    for module in ("tui.session_rows", "tui.screens.session_search"):
        monkeypatch.setattr(f"{module}.say_when", lambda then, _: when.say_when(then, NOW))
    name = f"{request.function.__name__.removeprefix('test_')}-{request.param[0]}x{request.param[1]}"
    yield Snapshot(name, request.param, request.config.getoption("--update-screens"), tmp_path / f"{name}.svg")
    monkeypatch.undo()
    time.tzset()
