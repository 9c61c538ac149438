"""How long each stage of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageClock:
    """Milliseconds spent in each stage."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what passes inside to this stage."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self._spent[name] = self._spent.get(name, 0.0) + (time.perf_counter() - start) * 1000

    def total(self, first_text: float | None) -> dict[str, float]:
        """Milliseconds of each stage, to the first text of a model where one wrote any, and of all."""
        first = {} if first_text is None else {"first_text": first_text}
        return {**self._spent, **first, "total": (time.perf_counter() - self._start) * 1000}
