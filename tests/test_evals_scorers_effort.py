from hypothesis import given
from hypothesis import strategies as st

from evals.attempts import Attempt
from evals.results import Effort
from evals.scorers.effort import stage_percentiles, tokens_used


def timed(**stages: float) -> Attempt:
    return Attempt("q", "?", "answered", timings_ms=stages)


def test_percentiles_are_times_that_were_measured_by_nearest_rank() -> None:
    # Of 1 .. 20 ms: rank ceil(0.50 * 20) = 10 and rank ceil(0.95 * 20) = 19.
    assert stage_percentiles(timed(retrieve=time) for time in range(20, 0, -1)) == (
        Effort("retrieve", 20, 10, 19),
    )


def test_ranks_are_rounded_up() -> None:
    # Of three times: ceil(1.5) = 2 and ceil(2.85) = 3; of one: 1 and 1.
    assert stage_percentiles([timed(answer=5), timed(answer=1), timed(answer=9)]) == (Effort("answer", 3, 5, 9),)
    assert stage_percentiles([timed(answer=5)]) == (Effort("answer", 1, 5, 5),)


def test_a_stage_counts_the_attempts_that_went_through_it_and_the_total_stands_last() -> None:
    attempts = [timed(sync=7, total=8), timed(total=4, retrieve=3), Attempt("q", "?", "failed")]
    assert stage_percentiles(attempts) == (
        Effort("sync", 1, 7, 7),
        Effort("retrieve", 1, 3, 3),
        Effort("total", 2, 4, 8),
    )


def test_nothing_was_timed_and_nothing_counted() -> None:
    assert stage_percentiles([]) == ()
    assert tokens_used([timed()]) == {}


def test_tokens_are_summed_by_kind() -> None:
    attempts = [Attempt("q", "?", "answered", tokens={"input": 5, "output": 0}), timed()]
    attempts.append(Attempt("q", "?", "failed", tokens={"input": 2, "cached": 3}))
    assert tokens_used(attempts) == {"input": 7, "output": 0, "cached": 3}


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60))
def test_at_least_the_stated_share_is_not_above_a_percentile(times: list[float]) -> None:
    (effort,) = stage_percentiles(timed(answer=time) for time in times)
    for percent, value in ((50, effort.p50), (95, effort.p95)):
        assert 100 * sum(time <= value for time in times) >= percent * len(times)
        assert 100 * sum(time < value for time in times) < percent * len(times)
        assert value in times
