"""A stand-in for the reader, for tests and demonstrations; nothing that answers a question uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.answering.reader import Reading, SpanScore


class ScriptedReader:
    """Points at the texts that it was told of, wherever they stand in a passage, and keeps what it was asked."""

    identity = "scripted"

    def __init__(self, margins: Mapping[str, float]) -> None:
        self._margins = margins
        """How sure it is of each text, in logits."""
        self.questions: list[str] = []

    def load(self) -> None:
        """Nothing has to be loaded."""

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """The texts that stand in each passage, the surest first."""
        self.questions.append(question)
        return [self._read(passage) for passage in passages]

    def _read(self, passage: str) -> Reading:
        places = ((passage.find(text), len(text), margin) for text, margin in self._margins.items())
        spans = [SpanScore(start, start + length, margin) for start, length, margin in places if start >= 0]
        return Reading(tuple(sorted(spans, key=lambda span: -span.margin)))
