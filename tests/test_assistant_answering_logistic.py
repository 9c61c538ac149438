"""A logistic model makes a chance of signals that have weights."""

import pytest

from assistant.answering.logistic import INTERCEPT, logistic


def test_without_weights_nothing_is_known() -> None:
    assert logistic({}, {"coverage": 1.0}) == 0.5


def test_a_chance_is_that_of_the_weighted_sum_and_the_intercept() -> None:
    weights = {INTERCEPT: -1.0, "coverage": 2.0, "run": -0.5}
    assert logistic(weights, {"coverage": 0.75, "run": 1.0, "things": 9.0}) == pytest.approx(0.5)
    assert logistic(weights, {"coverage": 1.0, "run": 0.0}) == pytest.approx(0.731, abs=1e-3)


def test_a_signal_that_has_a_weight_has_to_be_given() -> None:
    with pytest.raises(KeyError, match="coverage"):
        logistic({"coverage": 2.0}, {})
