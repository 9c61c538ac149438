"""Loads models beside other work: much of what that takes is not Python's, and runs beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from index.errors import IndexingError


def load_quietly(*loads: Callable[[], None]) -> None:
    """Load one after another; whoever first needs what cannot be loaded meets that again, where it can be told."""
    for load in loads:
        with suppress(IndexingError, RuntimeError):  # RuntimeError: the program is ending
            load()


def load_beside(*loads: Callable[[], None]) -> list[threading.Thread]:
    """Load each in a thread of its own, as `load_quietly` does; returns the threads at once."""
    threads = [threading.Thread(target=load_quietly, args=(load,)) for load in loads]
    for thread in threads:
        thread.start()
    return threads
