"""What a claim makes of its sentences: denials, parts, bindings, welds, overstatements, inventions."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.answering.support.checking import why_unsupported
from assistant.answering.support.cited import Cited
from assistant.answering.support.names import names, same
from assistant.answering.support.quantities import figure_text, quantities
from assistant.locations import sample_corpus
from index.segmentation import segment
from support_claims import cite, proven, reason

CLAIMS = Path(__file__).parent.parent / "evals" / "gold" / "claims"

DENIED = "The Foreign Ministry denied on Friday that it had offered to reduce its trade deficit."
LISTED = "The White House did not list any new commitments, saying only that progress had been made."
INVITED = (
    "Trump raised the possibility of a meeting with Xi after receiving an invitation from the Chinese leader."
)
RATES = "Canada threatened to retaliate against tariffs of 25% on steel and 10% on aluminium."
DAYS = "World markets rose on Wednesday, though Asian stocks were mostly down on Thursday."
PLAN = "Mr. Mnuchin’s plan has faced stiff opposition from Defense Department officials, who fear such sales."
TAXED = "Trump later ordered Lighthizer to seek an additional $100 billion in Chinese products to tax."


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "It was denied by the Foreign Ministry on Friday that it had offered to reduce the trade deficit.",
            DENIED,
        ),
        ("The White House listed no new commitments.", LISTED),
        ("After the Chinese leader had invited him, Trump raised the possibility of a meeting with Xi.", INVITED),
        ("The tariffs are 25% on steel and 10% on aluminium.", RATES),
        ("Asian stocks were mostly down on Thursday.", DAYS),
        ("Defense Department officials have put up stiff opposition to Mr. Mnuchin's plan.", PLAN),
        ("Lighthizer was ordered by Trump to seek a further $100bn in Chinese products to tax.", TAXED),
    ],
)
def test_what_is_said_in_other_words_passes(claim: str, sentence: str) -> None:
    assert reason(claim, sentence) is None


@pytest.mark.parametrize(
    ("claim", "sentence", "told"),
    [
        (
            "The Foreign Ministry confirmed on Friday that it had offered to reduce its trade deficit.",
            DENIED,
            "denied|denies|contrary",
        ),
        ("The White House listed new commitments.", LISTED, "denies|contrary"),
        ("Xi raised the possibility of a meeting after receiving an invitation from Trump.", INVITED, "Trump"),
        (
            "Trump raised the possibility of a meeting with Xi before an invitation from the Chinese leader.",
            INVITED,
            "after|before",
        ),
        ("The tariffs are 10% on steel and 25% on aluminium.", RATES, "10%|changed places"),
        ("Asian stocks were mostly down on Wednesday.", DAYS, "Wednesday"),
        ("Mr. Mnuchin has put up stiff opposition to a plan of Defense Department officials.", PLAN, "plan"),
        ("Lighthizer ordered Trump to seek an additional $100 billion in Chinese products.", TAXED, "Trump"),
        (
            "Trump later ordered Lighthizer to seek $100 billion more in Chinese products, including cars.",
            TAXED,
            "cars",
        ),
    ],
)
def test_what_is_turned_round_is_found(claim: str, sentence: str, told: str) -> None:
    found = reason(claim, sentence)
    assert found is not None
    assert re.search(told, found)


def test_what_is_planned_or_asked_is_no_fact() -> None:
    asked = "Asked whether the army had fired first, the general said only that an inquiry had begun."
    assert reason("The army had fired first, the general said.", asked) is not None
    assert reason("The general was asked whether the army had fired first.", asked) is None
    threatened = "Both countries have threatened to impose tariffs on steel."
    assert reason("Both countries have imposed tariffs on steel.", threatened) == (
        "the sentence says “threatened”, and the claim states it as a fact"
    )
    assert reason("Both countries may impose tariffs on steel.", threatened) is None


SOYBEANS = "China responded by targeting $50 billion in U.S. products, including soybeans."
TARIFFS = "Last month, the administration proposed tariffs on $50 billion of Chinese imports."
LIST = "The US Commerce Department placed Huawei on a list on grounds of national security."
THEFT = "Washington wants an end to the theft of American technology."
SALE = "The government sold its last shares in Acme Rail in 2011 for £310 million."
LINE = "Acme Rail bought the Delford line from the state in 2004."


@pytest.mark.parametrize(
    ("claim", "sentences"),
    [
        (
            "The administration last month proposed tariffs on $50bn of Chinese imports, including soybeans.",
            (TARIFFS, SOYBEANS),
        ),
        (
            "Huawei was placed on a list by the US Commerce Department for stealing American technology.",
            (LIST, THEFT),
        ),
        ("Acme Rail bought the Delford line from the state for £310 million.", (LINE, SALE)),
        ("When Acme Rail bought the Delford line, the government sold its last shares.", (LINE, SALE)),
    ],
)
def test_facts_of_two_sentences_are_not_welded(claim: str, sentences: tuple[str, ...]) -> None:
    assert not proven(claim, sentences)


@pytest.mark.parametrize(
    ("claim", "sentences"),
    [
        (
            "Last month the administration proposed tariffs on $50bn of Chinese imports, "
            "and China responded by targeting U.S. products.",
            (TARIFFS, SOYBEANS),
        ),
        (
            "Acme Rail bought the Delford line in 2004, and in 2011 the government sold its last shares in it.",
            (LINE, SALE),
        ),
    ],
)
def test_facts_of_two_sentences_may_stand_side_by_side(claim: str, sentences: tuple[str, ...]) -> None:
    assert reason(claim, *sentences) is None


def test_nobody_is_made_to_say_what_another_sentence_says() -> None:
    kudlow = "“They are meeting our demands,” Kudlow told reporters."
    paul = "Scott Paul said that the talks changed nothing for American businesses."
    assert proven("Scott Paul said that the talks changed nothing for American businesses.", (kudlow, paul))
    assert not proven("Kudlow said that the talks changed nothing for American businesses.", (kudlow, paul))


def test_a_circumstance_that_stands_nowhere_is_found() -> None:
    met = "Ross was to have a dinner meeting with Liu He at the guest house."
    assert reason("Ross was to have dinner with Liu He to discuss duties on steel.", met) is not None


def test_another_kind_of_the_same_thing_is_found() -> None:
    gao = "China's commerce ministry spokesman Gao Feng said that structural issues were a focus."
    told = reason("China's foreign ministry spokesman Gao Feng said that structural issues were a focus.", gao)
    assert told == "the sentence says “commerce” where the claim says “foreign”" or "commerce ministry" in str(
        told
    )


def test_a_sentence_of_another_subject_is_told_by_its_meaning() -> None:
    def far(text: str, others: object) -> list[float]:
        return [0.1, 0.1]

    claim = "Trump ordered Lighthizer to seek Chinese products to tax."
    assert why_unsupported(claim, cite(TAXED), far) == "the cited sentences speak of something else"
    assert why_unsupported(claim, cite(TAXED), None) is None


def prose() -> Iterator[tuple[str, str]]:
    """Each sentence of the sample articles with its article's text."""
    for path in sorted(sample_corpus().glob("*.txt")):
        text = path.read_text(encoding="utf-8-sig")
        yield from ((text[each.start : each.end], text) for each in segment(text) if each.prose)


SENTENCES = list(prose())


def test_every_sentence_proves_itself() -> None:
    assert len(SENTENCES) > 80
    assert [text for text, around in SENTENCES if why_unsupported(text, [Cited(text, context=around)], None)] == []


def false_copies(sentence: str) -> Iterator[str]:
    """A sentence with a digit changed, a negation put in or taken out, a word turned into its opposite."""
    for figure in quantities(sentence):
        written = figure_text(sentence, figure)
        if written[0].isdigit() or written[0] == "$":
            digit = re.search(r"\d", written)
            assert digit
            at = figure.start + digit.start()
            yield sentence[:at] + str(int(sentence[at]) % 9 + 1) + sentence[at + 1 :]
    for found in re.finditer(r" (?:was|is|were|are|has|had|will|would|can|could|have)(?= (?!not\b))", sentence):
        yield f"{sentence[: found.end()]} not{sentence[found.end() :]}"
    yield from (sentence[: found.start()] + sentence[found.end() :] for found in re.finditer(r" not\b", sentence))
    for one, other in (
        ("increase", "reduce"),
        ("rose", "fell"),
        ("after", "before"),
        ("more", "less"),
        ("at least", "at most"),
    ):
        if re.search(rf"\b{one}\b", sentence):
            yield re.sub(rf"\b{one}\b", other, sentence, count=1)


def test_copies_with_one_thing_altered_are_struck() -> None:
    copies = [
        (false, text, around)
        for text, around in SENTENCES
        for false in false_copies(text)
        if len(text.split()) > 7
    ]
    passed = [
        false
        for false, text, around in copies
        if why_unsupported(false, [Cited(text, context=around)], None) is None
    ]
    assert len(copies) > 100
    assert len(passed) <= 0.02 * len(copies), passed


def test_copies_in_which_two_names_changed_places_mostly_are_struck() -> None:
    swapped = [
        (
            f"{text[: one.start]}{other.text}{text[one.end : other.start]}{one.text}{text[other.end :]}",
            text,
            around,
        )
        for text, around in SENTENCES
        for one, other in pairwise(names(text))
        if not (same(one, other) or same(other, one)) and len(text.split()) > 7
    ]
    passed = sum(
        why_unsupported(false, [Cited(text, context=around)], None) is None for false, text, around in swapped
    )
    assert len(swapped) > 100
    assert passed <= 0.12 * len(swapped)


def made_up(label: str) -> list[tuple[str, list[str]]]:
    entries = map(json.loads, (CLAIMS / "made_up.jsonl").read_text(encoding="utf-8").splitlines())
    return [(claim, entry["sentences"]) for entry in entries for claim in entry[label]]


def test_few_made_up_claims_are_judged_wrongly() -> None:
    unproven, proved = made_up("unsupported"), made_up("supported")
    assert sum(proven(*each) for each in unproven) <= 0.04 * len(unproven)
    assert sum(not proven(*each) for each in proved) <= 0.1 * len(proved)


def test_a_sentence_without_end_is_not_checked_but_what_stands_there_is_proven_however_long() -> None:
    endless = "tariffs rose and " * 500
    assert why_unsupported(endless, cite(DAYS), None) == "it is too long for one sentence to be checked"
    assert why_unsupported(endless, cite(endless), None) is None
