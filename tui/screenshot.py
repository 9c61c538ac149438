"""Takes the picture of the terminal UI that the README opens with: the real app over the sample articles.

    python -m tui.screenshot docs/terminal.svg

Asks a question, opens a citation beside its answer, and writes what then is on the screen.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from assistant.engine.client import Engine
from assistant.engine.settings import EngineSettings
from assistant.locations import sample_corpus
from tui.app import ParleyApp
from tui.ports import Opening
from tui.session_desk import SessionDesk
from tui.widgets.answer import AnswerView

QUESTION = "How big is the trade deficit with China?"
SIZE = (132, 33)
PATIENCE_S = 180.0
_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def take(target: Path) -> None:
    """Write the picture; an SVG that fetches nothing."""
    corpus = sample_corpus()
    with tempfile.TemporaryDirectory() as states:
        _index(corpus, states)
        opening = Opening(corpus="seeds", is_sample=True)
        engine = Engine(EngineSettings(str(corpus), states))
        app = ParleyApp(engine, SessionDesk(corpus, Path(states)), opening)
        async with app.run_test(size=SIZE) as pilot:
            await _until(pilot, lambda: app.chat.session is not None)
            app.chat.prompt.put(QUESTION)
            await pilot.press("enter")
            await _until(pilot, lambda: bool(app.chat.query(AnswerView)))
            await pilot.press("ctrl+up", "2")
            await _until(pilot, lambda: bool(app.chat.query("#reader-subtitle")))
            await _until(pilot, lambda: "[2]" in str(app.chat.query_one("#reader-subtitle", Static).content))
            await pilot.pause()
            picture = app.export_screenshot(title="parley", simplify=True)
    target.write_text(_WEB_FONT.sub("", picture), encoding="utf-8")


def _index(corpus: Path, states: str) -> None:
    """Build the index before, as it is there for whoever opens the app again."""
    command = ["index", "--quiet", "--corpus", str(corpus), "--state", states]
    subprocess.run([sys.executable, "-m", "assistant.cli", *command], check=True)


async def _until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await pilot.pause(0.05)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
