"""Keeps an index up to date while the engine runs: looks at the folder, and has what differs indexed beside."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from assistant.engine.indexer_process import index
from assistant.engine.looking import FolderLook, Look, status_of
from assistant.engine.messages import IndexOrder
from assistant.engine.notices import FolderChanged, Indexing, IndexingFailed, Notice, Remark, Standing
from index.errors import REBUILD_HINT, CorpusError, IndexingError, LockedError, StateError
from index.freshness import Build
from index.locks import holder
from index.state import StateFolder
from index.temporary import TemporaryFolder

LOOK_EVERY_S = 2.0
LOOK_AT_LEAST_EVERY_S = 60.0
"""Each question looks, too."""
SHARE = 0.005
"""The share of the time of a processor that is spent on looking."""
NAMED = 3
"""Of the files that are passed over, so many are named, the others counted."""


class Upkeep:
    """Looks after one index, in the event loop; `look`, `begin` and the attributes are for other threads, too."""

    def __init__(self, corpus: Path, state: StateFolder, build: Build, tell: Callable[[Notice], None]) -> None:
        self.corpus = corpus
        self.state = state
        """Another folder from when this one turned out not to be writable."""
        self.came: Indexing | None = None
        """How far the run that goes on has come; None where none does."""
        self._folder = FolderLook(corpus, build)
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._run: asyncio.Task[IndexingError | None] | None = None
        self._last: tuple[Look, IndexingError | None] | None = None
        """How the last run ended, and what was seen just before it."""
        self._temporary: TemporaryFolder | None = None
        self._told: set[str] = set()
        """Remarks: what stays as it is is told once."""
        self._failure_told = ""
        self._is_lost = False
        """Whether the folder could not be used when it was last looked at."""
        self._standing: Standing | None = None
        self._locked = ""
        """Who was at the index when it was last to be brought up to date, if somebody was."""

    def look(self) -> Look:
        """Compare folder and index now. Raises CorpusError."""
        return self._folder.look(self.state)

    def is_settled(self, look: Look) -> bool:
        """Whether another run would find what the last one did; then `failure` says what it left undone."""
        last = self._last
        if last is None or look.reread or not look.is_of_same_folder(last[0]):
            return False
        return last[1] is not None or not look.difference.rebuild

    @property
    def failure(self) -> IndexingError | None:
        """Why the last run failed, if it did."""
        return self._last[1] if self._last else None

    def begin(self) -> Future[IndexingError | None]:
        """Have the index brought up to date, unless that goes on; what comes of it, for another thread."""
        return asyncio.run_coroutine_threadsafe(self.ensure(), self._loop)

    async def ensure(self) -> IndexingError | None:
        """Wait for the run that goes on, or for a new one; why it failed, if it did."""
        if self._run is None:
            self._start(None)
        assert self._run is not None  # noqa: S101 - just started
        return await asyncio.shield(self._run)

    async def ready(self) -> None:
        """Wait until there is an index. Raises IndexingError where none can be built."""
        if await asyncio.to_thread(status_of, self.state) is None and (failure := await self.ensure()):
            raise failure

    async def reindex(self, rebuild: bool) -> None:
        """Begin another run, after the one that goes on."""
        while self._run is not None:
            await asyncio.shield(self._run)
        self._failure_told = ""  # whoever asks is told again
        self._told.clear()
        self._standing = None
        self._start("asked for" if rebuild else None)

    async def watch(self) -> None:
        """Look again and again, until it is cancelled."""
        while True:
            look, spent_s = await self._attend()
            if look is not None and look.difference and not self.is_settled(look):
                if look.status is not None and not look.difference.rebuild:
                    self._tell(FolderChanged())
                await self.ensure()
            await asyncio.sleep(min(max(LOOK_EVERY_S, spent_s / SHARE), LOOK_AT_LEAST_EVERY_S))

    async def aclose(self) -> None:
        """End the run that goes on, and remove an index that was temporary."""
        try:
            if self._run is not None:
                self._run.cancel()
                await asyncio.wait([self._run])
        finally:  # also where nobody waits that long
            if self._temporary is not None:
                self._temporary.close()

    async def _attend(self) -> tuple[Look | None, float]:
        """Look, tell what is new, and what it took in seconds; None where the folder cannot be used."""
        told = self._standing
        try:
            look, spent_s = await asyncio.to_thread(self._timed_look)
        except CorpusError as error:
            self._lose(error)
            return None, 0.0
        is_news = self._standing is told
        if self._is_lost:  # all is told anew
            self._is_lost, self._failure_told, self._standing = False, "", None
        if look.status is not None and is_news and (look.status.stale or self._run is None):
            self._tell_standing(Standing(look.status))  # else a run has told what is newer, or will
        if not look.difference:
            self._tell_passed_over(look.passed_over)
        return look, spent_s

    def _timed_look(self) -> tuple[Look, float]:
        began = time.thread_time()
        return self.look(), time.thread_time() - began

    def _start(self, rebuild: str | None) -> None:
        self._run = asyncio.create_task(self._index(rebuild))
        self._run.add_done_callback(self._ended)

    def _ended(self, run: asyncio.Task[IndexingError | None]) -> None:
        self._run = self.came = None
        if not run.cancelled() and (bug := run.exception()):
            traceback.print_exception(bug)
            self._tell(IndexingFailed(f"indexing failed by a bug: {type(bug).__name__}: {bug}", REBUILD_HINT))

    async def _index(self, rebuild: str | None) -> IndexingError | None:
        """One run; what a place that cannot be written keeps from being done is done in a temporary one."""
        try:
            look = await asyncio.to_thread(self.look)
        except CorpusError as error:
            self._lose(error)
            return error
        failed: IndexingError | None = None
        gently = rebuild is not None or not look.is_small
        try:
            try:
                await self._sync(rebuild, gently)
            except StateError as error:
                self._use_temporary(error)
                await self._sync(rebuild, gently)
        except LockedError as error:
            if str(error) == self._locked:  # it lasts
                self._remark(str(error))
            self._locked = str(error)
            return error  # and the next look tries again
        except IndexingError as error:
            self._tell_failure(failed := error)
        self._last = look, failed
        return failed

    async def _sync(self, rebuild: str | None, gently: bool) -> None:
        if who := holder(self.state.lock):
            raise LockedError(f"{self.corpus} is being indexed by {who}", "wait for it to end, or end it")
        order = IndexOrder(str(self.corpus), str(self.state.root), rebuild, gently)
        done = await index(order, self._note_progress)
        self._failure_told = ""
        if status := status_of(self.state):
            self._tell_standing(Standing(status, done.said))
        self._tell_passed_over(done.remarks)

    def _note_progress(self, came: Indexing) -> None:
        self.came = came
        self._tell(came)

    def _use_temporary(self, error: StateError) -> None:
        if self._temporary is not None:
            raise error
        try:
            self._temporary = TemporaryFolder()
        except (OSError, StateError):
            raise error from None
        self._remark(f"{error}; working on a temporary index, nothing is kept")
        self.state = StateFolder.of(self.corpus, self._temporary.path)

    def _tell_standing(self, standing: Standing) -> None:
        if standing.said or self._standing is None or standing.index != self._standing.index:
            self._tell(standing)
        self._standing = standing

    def _lose(self, error: CorpusError) -> None:
        self._tell_failure(error)
        self._is_lost = True

    def _tell_failure(self, error: IndexingError) -> None:
        if str(error) != self._failure_told:
            self._failure_told = str(error)
            self._tell(IndexingFailed(str(error), error.hint))

    def _tell_passed_over(self, warnings: tuple[str, ...]) -> None:
        new = [warning for warning in warnings if warning not in self._told]
        self._told.update(new)
        if new:
            more = f"; and {len(new) - NAMED} more" if len(new) > NAMED else ""
            self._tell(Remark("; ".join(new[:NAMED]) + more))

    def _remark(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._tell(Remark(text))
