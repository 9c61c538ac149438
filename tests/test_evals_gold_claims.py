"""The labelled claims are what their README says: whole, different, about sentences that stand in the articles."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assistant.locations import sample_corpus

CLAIMS = Path(__file__).parent.parent / "evals" / "gold" / "claims"
SUPPORTED = {"paraphrase", "figures", "combined", "attributed", "quoted"}
UNSUPPORTED = {"number", "name", "speaker", "date", "unit", "negation", "merged", "quotation", "invented"}


def claims(half: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CLAIMS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("half", ["tuning", "frozen"])
def test_each_half_holds_claims_of_every_kind(half: str) -> None:
    labels = Counter(claim["label"] for claim in claims(half))
    assert labels == {"supported": 70, "unsupported": 100}
    for label, kinds in (("supported", SUPPORTED), ("unsupported", UNSUPPORTED)):
        assert {claim["kind"] for claim in claims(half) if claim["label"] == label} == kinds


def test_no_claim_stands_twice() -> None:
    both = claims("tuning") + claims("frozen")
    assert len({claim["id"] for claim in both}) == len(both)
    assert len({claim["claim"].casefold() for claim in both}) == len(both)


@pytest.mark.parametrize("half", ["tuning", "frozen"])
def test_each_quote_is_verbatim(half: str) -> None:
    for claim in claims(half):
        assert claim["cites"], claim["id"]
        for cite in claim["cites"]:
            text = (sample_corpus() / f"{cite['doc']}.txt").read_text(encoding="utf-8-sig")
            assert cite["quote"] in text, claim["id"]


def test_further_claims_are_other_ones_about_verbatim_quotes() -> None:
    further, halves = claims("further"), claims("tuning") + claims("frozen")
    assert Counter(claim["label"] for claim in further) == {"supported": 313, "unsupported": 148}
    told = [claim["claim"].casefold() for claim in further]
    assert len(set(told)) == len(told)
    assert not set(told) & {claim["claim"].casefold() for claim in halves}
    for cite in (cite for claim in further for cite in claim["cites"]):
        text = (sample_corpus() / f"{cite['doc']}.txt").read_text(encoding="utf-8-sig")
        assert cite["quote"] in text


def test_made_up_claims_are_different_and_their_sentences_stand_in_no_article() -> None:
    entries = [json.loads(line) for line in (CLAIMS / "made_up.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [claim.casefold() for entry in entries for claim in (*entry["supported"], *entry["unsupported"])]
    assert len(set(told)) == len(told)
    assert (sum(len(entry["supported"]) for entry in entries), len(told)) == (50, 158)
    articles = "\n".join(path.read_text(encoding="utf-8-sig") for path in sample_corpus().glob("*.txt"))
    assert [entry["id"] for entry in entries if any(text in articles for text in entry["sentences"])] == []
