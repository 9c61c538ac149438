"""Ctrl-C while a model writes: the first one cuts the reply off and keeps what can be proven of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether somebody interrupted."""

    happened = False


@contextmanager
def cutting_off(cancel: Callable[[], bool]) -> Iterator[Interruption]:
    """An interruption calls `cancel`; the second, or where there is nothing to cut off, is one as ever."""
    interruption = Interruption()
    here = threading.current_thread() is threading.main_thread()  # only there can signals be met
    if not here or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as nohup and shells in the background do
        yield interruption
        return

    def meet(number: int, frame: FrameType | None) -> None:
        if interruption.happened or not cancel():
            raise KeyboardInterrupt
        interruption.happened = True

    before = signal.signal(signal.SIGINT, meet)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)
