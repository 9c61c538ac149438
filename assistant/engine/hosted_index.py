"""The index as an engine's questions see it: another process brings it up to date, and for a while they wait."""

from __future__ import annotations

import time
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING

from assistant.engine.upkeep import Upkeep
from index.errors import CorpusError, IndexingError, LockedError
from index.keeping import KeptIndex, Listener, Patience
from index.sync_report import Progress

if TYPE_CHECKING:
    from assistant.engine.looking import Look
    from index.encoder import Embedder

STEP_S = 0.1
WAIT_FOR_FEW_S = 60.0
"""Some five are what it takes, most of them for importing llama-index; a busy machine takes longer, and an answer
that knows nothing of the file just saved is worse than one that comes late."""
WAIT_S = 2.0
AS_BEFORE = "answered from the index as it was before"


class HostedIndex(KeptIndex):
    """An index that `upkeep` brings up to date; a question waits for that, but not for long."""

    def __init__(self, upkeep: Upkeep, embedder: Embedder, listener: Listener, patience: Patience) -> None:
        super().__init__(upkeep.corpus, upkeep.state, embedder, listener, patience)
        self._upkeep = upkeep

    def refresh(self) -> bool:
        """Have the index brought up to date; true if it stays stale, and then a warning has said why.

        Raises:
            CorpusError: the folder cannot be used.
            IndexingError: there is no index yet, and none can be built.
        """
        began = time.monotonic()
        told = False
        while True:
            self._follow()
            look = self._upkeep.look()
            if not look.difference:
                return False
            answerable = self._can_answer(look)
            if answerable and self._upkeep.is_settled(look):
                return self._stays(self._upkeep.failure)
            run = self._upkeep.begin()
            patience_s = WAIT_FOR_FEW_S if look.is_small else WAIT_S
            if not self._wait(run, began + patience_s if answerable else None):
                return self._stays(IndexingError("files have changed and are still being indexed"))
            failure = run.result()
            if failure is None:
                continue
            if answerable and not isinstance(failure, CorpusError):
                return self._stays(failure)
            if not isinstance(failure, LockedError):
                raise failure
            if not told:
                self._listener.warn(f"{failure}; waiting for the first index to be finished")
                told = True
            self._patience.pause(STEP_S)

    def _can_answer(self, look: Look) -> bool:
        """Whether the index as it is can be asked. One that is open may still be read where its file is broken."""
        if look.status is None:
            self.reader.close()  # what is still open of a broken file is in the way of whoever builds it anew
            return False
        return self._answerable()

    def _stays(self, failure: IndexingError | None) -> bool:
        if failure is None:
            return False
        self._listener.warn(f"{failure}; {AS_BEFORE}")
        return True

    def _wait(self, run: Future[IndexingError | None], until: float | None) -> bool:
        """Whether it ended in time; how far it has come is told meanwhile. Raises Stopped."""
        told = None
        while not wait([run], STEP_S).done:
            came = self._upkeep.came
            if came is not None and came != told:
                self._listener.progress(Progress(came.stage, came.done, came.total))
                told = came
            self._patience.pause(0.0)  # raises where nobody waits for the answer any more
            if until is not None and time.monotonic() > until:
                return False
        return True

    def _follow(self) -> None:
        """Read the index where it is kept now."""
        if self.state != self._upkeep.state:
            self.reader.close()
            self.state = self._upkeep.state
            self.reader = self._open_reader()
