"""When Python collects garbage: a little at a time while somebody works, all of it while nobody does.

A page that is scrolled leaves some 4,000 objects in cycles, and freeing 200,000 at once stops the app for 0.4 s.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

EVERY = (5_000, 5, 100)
"""Objects, and collections of younger ones, after which garbage is collected; Python's own are 700, 10 and 10.
One of the second generation then takes some 20 ms; the third is left for quiet moments, unless none comes."""
QUIET_S = 5.0
"""Seconds without a key or the mouse after which nobody is thought to mind."""
WORTHWHILE = 3
"""Collections of the second generation, of 30,000 objects each, after which a full one frees enough."""


class GarbageCollection:
    """Sets how garbage is collected while the app runs, and puts it back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._before = gc.get_threshold()
        self._touched_at = clock()

    def begin(self) -> None:
        """Never look again at what is there by now: it stays as long as the app."""
        gc.freeze()
        gc.set_threshold(*EVERY)

    def end(self) -> None:
        """Collect as before."""
        gc.set_threshold(*self._before)
        gc.unfreeze()

    def touch(self) -> None:
        """Somebody pressed a key, or moved the mouse."""
        self._touched_at = self._clock()

    def collect_if_quiet(self) -> bool:
        """Collect all, where that is worthwhile and nobody has touched anything for a while; whether it did."""
        if self._clock() - self._touched_at < QUIET_S or gc.get_count()[2] < WORTHWHILE:
            return False
        gc.collect()
        return True
