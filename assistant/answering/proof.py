"""The proof of claims in a model's own words: each is checked against the sentences that it cites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.answering.drafting import Quoted
from assistant.answering.support.checking import Cited, why_unsupported

if TYPE_CHECKING:
    from index.encoder import Embedder


class LikelyProof:
    """Calls a claim proven where code finds all of its facts in the sentences, and nothing against it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, claim: str, quoted: Sequence[Quoted]) -> str | None:
        """Why the sentences do not prove the claim; None where they do."""
        cited = [
            Cited(
                item.text,
                item.evidence.source.outlet,
                item.evidence.source.title,
                item.evidence.source.published,
                item.evidence.text,
            )
            for item in quoted
        ]
        return why_unsupported(claim, cited, self._similarities)

    def _similarities(self, claim: str, sentences: Sequence[str]) -> list[float]:
        """Cosine of the claim with each sentence."""
        vectors = self._embedder.embed([claim, *sentences])
        return [float(value) for value in vectors[1:] @ vectors[0]]
