"""Lists of words as the rules hold them: one string, parted by blanks."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())
