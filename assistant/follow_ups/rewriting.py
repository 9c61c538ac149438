"""Puts a follow-up so that it stands by itself, by rule."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation import Turn


class RuleRewriter:
    """Completes a follow-up from the turns before it."""

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question with subject, people and dates of earlier turns; None where it stands by itself."""
        return None
