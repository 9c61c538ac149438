"""What answering took: time by stage, tokens, and what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assistant.backends.choosing import Price
from assistant.backends.protocol import Usage
from evals.attempts import Attempt
from evals.results import Effort

WHOLE = "total"
"""The stage that holds all others."""


def stage_percentiles(attempts: Iterable[Attempt]) -> tuple[Effort, ...]:
    """Median and 95th percentile of each stage in milliseconds, over the attempts that went through it.

    Stages stand in the order in which they first appear, the total last. Percentiles are nearest ranks
    (Hyndman and Fan, 1996, definition 1): each is a time that was measured. Failed attempts count.
    """
    spent: dict[str, list[float]] = {}
    for attempt in attempts:
        for stage, taken in attempt.timings_ms.items():
            spent.setdefault(stage, []).append(taken)
    return tuple(
        Effort(stage, len(times), p50=_nearest_rank(times, 50), p95=_nearest_rank(times, 95))
        for stage, times in sorted(spent.items(), key=lambda item: item[0] == WHOLE)
    )


def tokens_used(attempts: Iterable[Attempt]) -> dict[str, int]:
    """Tokens over all attempts, by kind in the order in which they first appear; empty where none were counted."""
    used: Counter[str] = Counter()
    for attempt in attempts:
        used.update(attempt.tokens)
    return dict(used)


def cost_of(tokens: Mapping[str, int], price: str | None) -> float | None:
    """What these tokens cost, in the currency of the price; None without a price or without tokens."""
    if not price or not tokens:
        return None
    return Price.of(price).cost(Usage(tokens.get("read", 0), tokens.get("written", 0)))


def _nearest_rank(times: Sequence[float], percent: int) -> float:
    """The smallest of the times that at least so many percent of them do not exceed."""
    # In integers, as 0.07 * 100 is more than 7 in floating point.
    rank = -(-percent * len(times) // 100)
    return sorted(times)[rank - 1]
