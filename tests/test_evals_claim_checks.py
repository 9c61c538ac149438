"""The scripts that measure and fit the check of claims."""

import sys
from dataclasses import asdict

import pytest

from assistant.answering.logistic import INTERCEPT, logistic
from assistant.answering.support.likeness import Signals, bound, coefficients, floor
from evals.performance import claim_checks, fit_support
from evals.performance.claim_checks import Checked, rate, read_claims, report


def test_rates_come_with_their_interval() -> None:
    assert rate(1, 100) == "1.0 % (1 of 100; 0.2 to 5.4 %)"


def test_claims_about_invented_articles_cite_them_with_outlet_and_date() -> None:
    first = next(read_claims("second"))
    assert first.cited[0].outlet == "The Harbour Post"
    assert first.cited[0].published is not None


def test_mistakes_of_both_kinds_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    claims = list(read_claims("tuning"))
    assert report([Checked(each, None if each.supported else "struck") for each in claims], ids=False)
    assert "false accepts: 0.0 % (0 of 100" in capsys.readouterr().out
    assert not report([Checked(each, None) for each in claims], ids=True)
    printed = capsys.readouterr().out
    assert "false accepts: 100.0 % (100 of 100" in printed
    assert "t-071 number: passed" in printed


@pytest.mark.parametrize("half", claim_checks.UNSEEN)
def test_of_claims_that_no_rule_was_made_on_none_is_listed(monkeypatch: pytest.MonkeyPatch, half: str) -> None:
    monkeypatch.setattr(sys, "argv", ["claim_checks", "--half", half, "--ids"])
    with pytest.raises(SystemExit):
        claim_checks.main()


def test_the_rules_keep_to_what_is_asked_on_the_half_they_were_made_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["claim_checks", "--half", "tuning", "--bare"])
    assert claim_checks.main() == 0
    assert "ms a claim" in capsys.readouterr().out


def test_what_ships_is_what_the_script_fits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fit_support"])
    assert fit_support.main() == 0
    assert "what ships differs by at most" in capsys.readouterr().out


def test_more_support_makes_a_claim_likelier() -> None:
    weights = coefficients()
    well = Signals(coverage=1, weakest=1, run=0, things=0, similarity=0.9)
    badly = Signals(coverage=0.2, weakest=0, run=1, things=1, similarity=0.1)
    assert INTERCEPT in weights
    assert logistic(weights, asdict(badly)) < bound() < logistic(weights, asdict(well))
    assert 0 < floor() < 1
