"""The program of the process that brings the index up to date; `indexer_process.py` starts it.

An order comes on stdin as a frame; to stdout go frames that tell how far it has come, then `Indexed` or `Failed`.
The end of stdin ends it at once, which harms nothing: what it has encoded is found again.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

from assistant.engine.changes import said_of
from assistant.engine.messages import NOTICE, Failed, Indexed, IndexOrder
from assistant.engine.notices import Indexing
from assistant.engine.wire import framed, value_of
from index.encoder import OnnxEmbedder
from index.state import StateFolder
from index.sync import sync
from index.sync_report import Progress

NICENESS = 10
"""Questions go first, but for those that wait for a small change: on a busy machine that would never be had."""
EVERY_S = 0.1
"""How far it has come is told no more often, but for the beginning and the end of a stage."""


class Teller:
    """Tells how far a sync has come, but not too often."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        self._stage = ""
        self._told_at = 0.0

    def progress(self, progress: Progress) -> None:
        """A sync has come this far."""
        begins, ends = progress.stage != self._stage, progress.done == progress.total
        if not (begins or ends) and time.monotonic() - self._told_at < EVERY_S:
            return
        self._stage, self._told_at = progress.stage, time.monotonic()
        self.tell(Indexing(progress.stage, progress.done, progress.total))

    def tell(self, what: Indexing | Indexed | Failed) -> None:
        """Write a frame."""
        self._pipe.write(framed(what))
        self._pipe.flush()


def main() -> None:
    """Carry out the one order that comes."""
    faulthandler.enable()
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)  # whatever native code prints is no frame
        order = value_of(sys.stdin.buffer.read(int.from_bytes(sys.stdin.buffer.read(4), "big")))
        assert isinstance(order, IndexOrder)  # noqa: S101 - there is no other
        if order.gently:
            os.nice(NICENESS)
        threading.Thread(target=_end_with_stdin, daemon=True).start()
        teller = Teller(pipe)
        try:
            report = sync(
                Path(order.corpus),
                StateFolder(Path(order.state)),
                OnnxEmbedder(),
                teller.progress,
                rebuild=order.rebuild,
            )
        except Exception as error:  # noqa: BLE001 - told, a bug as well
            teller.tell(Failed.of(NOTICE, error))
        else:
            teller.tell(Indexed(said_of(report), tuple(report.warnings)))


def _end_with_stdin() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
