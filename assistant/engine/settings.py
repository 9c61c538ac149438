"""What an engine is opened with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine is opened with; it holds no keys, which the engine finds where the command line does."""

    corpus: str
    """The folder of articles, as `--corpus` takes it."""
    states: str
    """The folder under which each corpus keeps its own state."""
    backend: str = "extractive"
    """Who words the answers where a question names nobody else, as `--backend` does."""
    base_url: str | None = None
    """Where a backend is reached; None for what is configured, or its provider's own address."""
    price: str | None = None
    """What a million tokens cost, read and written, as `0.25/2`."""
    min_confidence: float | None = None
    """An answer of less confidence, 0 to 1, is kept back; None for the shipped threshold."""
