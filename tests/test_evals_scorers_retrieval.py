from dataclasses import replace
from math import inf, log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.attempts import Attempt
from evals.cases import Case
from evals.scorers.retrieval import RetrievalScorer, first_ranks, novelty_ndcg
from scored_cases import FAILED, REFUSED, UNANSWERABLE, answered, case, retrieved, suite_in, values

OPENED, CLOSED, COST, WHY = (
    "The harbour opened in 1911.",
    "It closed in 1954.",
    "Repairs cost $375.2 billion.",
    "Nobody knows why.",
)
MARKET = "It burned down twice."
TWO = case([("harbour", OPENED), ("market", "of 1911")], [("harbour", CLOSED)])
"""Two needs, the first with an alternative in the other article."""

SCORER = RetrievalScorer()


def test_each_need_counts_from_the_first_passage_that_meets_it(tmp_path: Path) -> None:
    found = retrieved(WHY, "of 1911", COST, CLOSED, OPENED)
    assert values(SCORER, suite_in(tmp_path), TWO, found) == {
        "recall@1": 0,
        "recall@3": 1 / 2,  # the first need at rank 2, by its alternative
        "recall@5": 1,  # the second at rank 4
        "recall@10": 1,
        "complete@5": 1,
        "mrr": 1 / 2,
        # Gains 0 1 0 1 over the ideal 1 1.
        "ndcg@10": pytest.approx((1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3))),
    }


def test_what_stands_beyond_a_depth_does_not_count_within_it(tmp_path: Path) -> None:
    found = retrieved(WHY, COST, MARKET, WHY, COST, CLOSED, *[WHY] * 4, OPENED)  # ranks 6 and 11
    assert values(SCORER, suite_in(tmp_path), TWO, found) == {
        "recall@1": 0,
        "recall@3": 0,
        "recall@5": 0,
        "recall@10": 1 / 2,
        "complete@5": 0,
        "mrr": 1 / 6,
        "ndcg@10": pytest.approx((1 / log2(7)) / (1 + 1 / log2(3))),
    }


def test_one_passage_that_meets_all_needs_is_as_good_as_can_be(tmp_path: Path) -> None:
    assert set(values(SCORER, suite_in(tmp_path), TWO, retrieved(f"{OPENED} {CLOSED}")).values()) == {1.0}


def test_a_passage_that_holds_half_of_a_quote_meets_the_need(tmp_path: Path) -> None:
    # OPENED has 27 characters: 14 are at least half of them, 13 are not.
    suite, one = suite_in(tmp_path), case([("harbour", OPENED)])
    assert first_ranks(suite, one, retrieved(OPENED[:13], OPENED[:14])) == [2]


def test_where_nothing_is_found_everything_is_nought(tmp_path: Path) -> None:
    suite = suite_in(tmp_path)
    assert set(values(SCORER, suite, TWO, retrieved(WHY, COST)).values()) == {0.0}
    assert set(values(SCORER, suite, TWO, retrieved()).values()) == {0.0}


def test_a_failed_attempt_has_found_nothing(tmp_path: Path) -> None:
    failed = replace(FAILED, retrieved=retrieved(OPENED).retrieved)
    assert set(values(SCORER, suite_in(tmp_path), TWO, failed).values()) == {0.0}


@pytest.mark.parametrize("attempt", [answered(WHY), REFUSED], ids=["answered", "refused"])
def test_passages_are_judged_whatever_came_of_them(tmp_path: Path, attempt: Attempt) -> None:
    attempt = replace(attempt, retrieved=retrieved(OPENED).retrieved)
    assert values(SCORER, suite_in(tmp_path), TWO, attempt)["recall@10"] == 1 / 2


@pytest.mark.parametrize("asked", [UNANSWERABLE, case()], ids=["unanswerable", "no evidence stated"])
def test_a_case_without_evidence_is_left_out(tmp_path: Path, asked: Case) -> None:
    assert set(values(SCORER, suite_in(tmp_path), asked, retrieved(OPENED)).values()) == {None}


def test_needs_that_share_a_late_passage_gain_less_than_an_ideal_order() -> None:
    # Five needs, all first met at rank 2. Gain 5 there would be 5 / log2(3) = 3.15, and 5 ideal ranks are only
    # 2.95: so the needs count at ranks 2 2 3 4 5, where the ideal has 1 2 3 4 5.
    ideal = sum(1 / log2(1 + rank) for rank in (1, 2, 3, 4, 5))
    assert novelty_ndcg([2] * 5, 10) == pytest.approx((ideal - 1 + 1 / log2(3)) / ideal)


def test_more_needs_than_the_depth_are_ideally_met_within_it() -> None:
    assert novelty_ndcg([1] * 12, 10) == pytest.approx(1)
    assert novelty_ndcg([*range(1, 13)], 10) == pytest.approx(1)


RANKS = st.lists(st.integers(1, 15).map(float) | st.just(inf), min_size=1, max_size=14)


@given(RANKS)
def test_the_gain_is_a_share_and_is_whole_only_in_an_ideal_order(ranks: list[float]) -> None:
    gain = novelty_ndcg(ranks, 10)
    in_order = all(rank <= place for place, rank in enumerate(sorted(ranks)[:10], 1))
    assert 0 <= gain <= 1 + 1e-12
    assert (gain > 1 - 1e-12) is in_order


@given(RANKS, st.data())
def test_meeting_a_need_earlier_never_lowers_the_gain(ranks: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(ranks) - 1))
    earlier = [*ranks]
    earlier[at] = data.draw(st.integers(1, 15).map(lambda rank: min(float(rank), ranks[at])))
    assert novelty_ndcg(earlier, 10) >= novelty_ndcg(ranks, 10) - 1e-12


@given(st.sets(st.integers(1, 30), min_size=1, max_size=9))
def test_one_need_a_passage_is_the_measure_as_published(ranks: set[int]) -> None:
    gains = [1 if rank in ranks else 0 for rank in range(1, 11)]
    published = sum(gain / log2(1 + rank) for rank, gain in enumerate(gains, 1))
    ideal = sum(1 / log2(1 + rank) for rank in range(1, len(ranks) + 1))
    assert novelty_ndcg([*map(float, ranks)], 10) == pytest.approx(published / ideal)
