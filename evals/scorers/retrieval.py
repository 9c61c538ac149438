"""How far up the list of retrieved passages the evidence stands."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, log2

from evals.attempts import Attempt
from evals.cases import Case, Suite
from evals.scorers import Measure, Score

DEPTHS = (1, 3, 5, 10)


class RetrievalScorer:
    """Measures over the ranks, from 1 on, at which each need of a case is first met; each is 0 to 1.

    `recall@k` is the share of needs met within the first k passages, `complete@5` whether all are within five
    (the Suite contract), `mrr` the reciprocal rank of the first passage that meets a need (Voorhees, The TREC-8
    Question Answering Track Report, 1999) and `ndcg@10` the discounted gain of novelty, see `novelty_ndcg`.
    """

    measures: tuple[Measure, ...] = (
        *(Measure(f"recall@{depth}", f"recall@{depth}", "mean") for depth in DEPTHS),
        Measure("complete@5", "complete@5 (every need met)", "rate"),
        Measure("mrr", "MRR", "mean"),
        Measure("ndcg@10", "nDCG@10", "mean"),
    )

    def score(self, suite: Suite, case: Case, attempt: Attempt) -> Mapping[str, Score]:
        """Applies to cases with needs, whatever was answered; a failed attempt has retrieved nothing."""
        if not case.needs:
            return dict.fromkeys((measure.name for measure in self.measures), Score(None, "no evidence is stated"))
        ranks = first_ranks(suite, case, attempt)
        return {
            **{f"recall@{depth}": Score(_share_within(depth, ranks)) for depth in DEPTHS},
            "complete@5": Score(float(max(ranks) <= 5)),
            "mrr": Score(1 / min(ranks)),
            "ndcg@10": Score(novelty_ndcg(ranks, 10)),
        }


def first_ranks(suite: Suite, case: Case, attempt: Attempt) -> list[float]:
    """For each need the rank of the first retrieved passage that meets it, from 1 on; infinity if none does."""
    ranks = [inf] * len(case.needs)
    for rank, span in enumerate(attempt.found if attempt.status != "failed" else [], 1):
        for need, met in enumerate(suite.needs_met(case, [span])):
            ranks[need] = min(ranks[need], rank) if met else ranks[need]
    return ranks


def novelty_ndcg(ranks: list[float], depth: int) -> float:
    """Normalised discounted cumulated gain of needs, 0 to 1, from the rank at which each is first met.

    The discount of rank r is 1 / log2(1 + r) (Jaervelin and Kekaelaeinen, 2002). A passage gains one for each
    need that no earlier passage met (novelty as in Clarke et al., 2008, with alpha = 1).

    The ideal is one need a rank: needs may stand in different articles, and an ideal that meets all of them at
    rank 1 would be out of reach there. A passage may meet several needs at once, though, and would then gain more
    than that ideal. So the i-th need to be met is discounted by rank i at least, as if each had a passage of its
    own: holding much in one passage costs nothing, and gains nothing over as many passages in a row. Where each
    passage meets at most one new need this is the measure as published, with gains of 0 and 1.
    """
    gained = sum(
        _discount(max(rank, place)) for place, rank in enumerate(sorted(ranks)[:depth], 1) if rank <= depth
    )
    return gained / sum(_discount(place) for place in range(1, min(len(ranks), depth) + 1))


def _discount(rank: float) -> float:
    return 1 / log2(1 + rank)


def _share_within(depth: int, ranks: list[float]) -> float:
    return sum(rank <= depth for rank in ranks) / len(ranks)
