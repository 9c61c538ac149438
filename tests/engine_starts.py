"""What the processes of an engine do first, for tests: an indexer stops, an engine has more patience."""

import os
from pathlib import Path
from textwrap import indent

import pytest

from engine_desk import PATIENCE_S, STEP_S

HOLDING = """
import time
from pathlib import Path
from index.passages import Splitter
made = Splitter.__init__

def make_later(self):
    while Path({gate!r}).exists():
        time.sleep({step})
    made(self)

Splitter.__init__ = make_later
"""
WAITING = """
from assistant.engine import hosted_index
hosted_index.WAIT_FOR_FEW_S = {patience}
"""


class HeldIndexers:
    """Indexers that begin from now on, and stop as soon as they have told that they load what splits articles."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._gate = folder / "gate"
        holding = HOLDING.format(gate=str(self._gate), step=STEP_S)
        _at_start("assistant.engine.indexer", holding, folder, monkeypatch)
        self._gate.touch()

    def let_go(self) -> None:
        """Let them go on."""
        self._gate.unlink()


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HeldIndexers:
    """The indexers of this test."""
    return HeldIndexers(tmp_path / "starts", monkeypatch)


def wait_for_few(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let questions wait for a small change however busy the machine is."""
    _at_start("assistant.engine.host", WAITING.format(patience=PATIENCE_S), folder, monkeypatch)


def _at_start(program: str, code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this code run where that program of an engine starts."""
    folder.mkdir(exist_ok=True)
    with (folder / "sitecustomize.py").open("a", encoding="utf-8") as file:
        file.write(f"import sys\nif {program!r} in sys.orig_argv:\n{indent(code, '    ')}\n")
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
