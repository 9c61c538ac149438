"""Which sentences an answer shows, and which words come first."""

import re

import pytest

from assistant.answer import Evidence, Sentence, Source
from assistant.answering.drafting import Quoted
from assistant.answering.ranking import Pointed, RankedSentence
from assistant.answering.selection import choose, claims_of, shorts_of

PLAIN = "Which mill burned down?"


def passage(text: str, article: str = "a.txt", score: float = 0.6, at: int = 0) -> Evidence:
    """A passage from a place of its article on; its sentences end at ` | ` or a line end."""
    sentences = tuple(
        Sentence(at + match.start(), at + match.end(), prose=not match[0].startswith("#"))
        for match in re.finditer(r"[^|\n ][^|\n]*[^|\n ]", text)
    )
    return Evidence(Source(article, None, None, None), at, at + len(text), text, sentences, 0.5, 0.6, score)


def ranked(
    evidence: Evidence, number: int = 0, *, likely: float = 0.8, pointed: str | None = None, margin: float = 6.0
) -> RankedSentence:
    """A sentence of a passage, read; `likely` is what words and meaning say for it."""
    quoted = Quoted(evidence, evidence.sentences[number])
    span = None
    if pointed is not None:
        start = evidence.start + evidence.text.index(pointed)
        span = Pointed(start, start + len(pointed), margin)
    return RankedSentence(quoted, likely, likely, likely, span, read=True)


def texts(chosen: list[RankedSentence]) -> list[str]:
    return [item.quoted.text for item in chosen]


def test_one_thing_asked_is_answered_by_one_sentence() -> None:
    story = passage("The old mill burned down. | The new one stands.")
    best = ranked(story, 0, likely=0.9, pointed="old mill")
    assert choose(PLAIN, [best, ranked(story, 1, likely=0.5)]) == [best]


def test_where_the_best_sentence_is_unsure_the_next_is_shown_from_farther_below() -> None:
    story = passage("The old mill burned down. | The new one stands.")
    sure, unsure = (
        [
            ranked(story, 0, likely=likely, pointed="old mill", margin=margin),
            ranked(story, 1, likely=likely - 0.3, pointed="new one", margin=margin),
        ]
        for likely, margin in ((0.9, 12.0), (0.3, -12.0))
    )
    assert sure[0].score - sure[1].score == pytest.approx(unsure[0].score - unsure[1].score)
    assert choose(PLAIN, unsure) == unsure
    assert choose(PLAIN, sure) == sure[:1]


@pytest.mark.parametrize("question", ["Why did the mill burn down?", "Who owned the mill and who ran it?"])
def test_reasons_and_several_things_may_take_three_sentences(question: str) -> None:
    story = passage("A spark flew. | The flour caught fire. | The wind was strong. | It rained.")
    items = [ranked(story, number, likely=0.9 - number / 100, pointed=story.text[:7]) for number in range(4)]
    assert choose(question, items) == items[:3]


def test_what_another_article_surely_says_is_shown_beside_it() -> None:
    best = ranked(passage("The fire cost $5 million."), likely=0.9, pointed="$5 million", margin=12)
    other = ranked(passage("Damage was put at $7 million.", "b.txt"), likely=0.8, pointed="$7 million", margin=12)
    doubtful = ranked(passage("A bridge cost $9 million.", "c.txt", score=0.2), likely=0.2, margin=-12)
    assert choose("What did the fire cost?", [best, other, doubtful]) == [best, other]


def test_what_was_said_word_for_word_is_not_said_again() -> None:
    best = ranked(passage("The mill  burned down."), likely=0.9, pointed="mill", margin=12)
    again = ranked(passage("The mill burned down.", "b.txt"), likely=0.9, pointed="mill", margin=12)
    assert texts(choose(PLAIN, [best, again])) == ["The mill  burned down."]


def test_a_pronoun_at_the_head_brings_the_sentence_that_names_it() -> None:
    story = passage("Liu led the talks. | He left on Friday.", at=100)
    (claim,) = claims_of([ranked(story, 1)])
    assert claim.text == "Liu led the talks. He left on Friday."
    assert [quoted.text for quoted in claim.quoted] == ["He left on Friday.", "Liu led the talks."]


@pytest.mark.parametrize(
    "text",
    [
        "Liu led the talks. | Hectares of land burned.",  # no pronoun, though it begins like one
        "Liu led the talks.\n\nHe left on Friday.",  # another paragraph
        "# Talks | He left on Friday.",  # a heading names nobody
        "Liu led the talks. | It is raining.",  # says nothing of anybody
        "Liu led the talks. | This week it rained.",  # the week is named by the date of the article
        "Liu led the talks. | Those who came were tired.",
        "Liu led the talks. | IT shares fell.",  # a trade
        'Liu led the talks. | "They went well," Kudlow said.',  # a quote names its speaker after it
    ],
)
def test_no_sentence_is_brought_that_names_nobody(text: str) -> None:
    story = passage(text)
    item = ranked(story, len(story.sentences) - 1)
    (claim,) = claims_of([item])
    assert [quoted.text for quoted in claim.quoted] == [item.quoted.text]


@pytest.mark.parametrize(
    "head",
    ["He was", "They're", "This is", "These talks", "Its members", "She has been", "It", "It was founded and"],
)
def test_each_head_that_means_somebody_brings_the_sentence_before(head: str) -> None:
    story = passage(f"Liu led the talks. | {head} known to all.")
    (claim,) = claims_of([ranked(story, 1)])
    assert claim.text == f"Liu led the talks. {head} known to all."


def test_where_the_sentence_before_begins_with_a_pronoun_too_the_one_before_that_names_it() -> None:
    story = passage("Liu led the talks. | He left on Friday. | He flew home. | He slept.")
    (claim,) = claims_of([ranked(story, 2)])
    assert claim.text == "Liu led the talks. He left on Friday. He flew home."
    (far,) = claims_of([ranked(story, 3)])
    assert far.text == "He slept."
    (nobody,) = claims_of([ranked(passage("He left on Friday. | He flew home."), 1)])
    assert nobody.text == "He flew home."


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 2, 0), (2, 0), (0, 2, 1), (2,)])
def test_no_sentence_is_shown_twice_for_the_sake_of_a_pronoun(order: tuple[int, ...]) -> None:
    story = passage("Liu led the talks. | He left on Friday. | He flew home.")
    (claim,) = claims_of([ranked(story, number) for number in order])
    last = 1 + max(order)
    assert claim.text == " ".join(story.text.split(" | ")[:last])
    assert sorted(quoted.sentence.start for quoted in claim.quoted) == [0, 21, 42][:last]


def test_claims_stand_in_the_order_of_the_best_of_their_sentences() -> None:
    story = passage("Liu led the talks. | He left on Friday. | Rain fell.")
    claims = claims_of([ranked(story, 1), ranked(story, 2), ranked(story, 0)])
    assert [claim.text for claim in claims] == ["Liu led the talks. He left on Friday.", "Rain fell."]


def test_sure_words_come_first_with_their_place_in_the_article() -> None:
    story = passage("In May the old mill burned down.", at=40)
    (short,) = shorts_of(PLAIN, [ranked(story, pointed="the old mill")])
    assert (short.start, short.end) == (47, 59)


@pytest.mark.parametrize(
    ("question", "margin", "pointed"),
    [
        ("Did the mill burn down?", 9.0, "old mill"),  # a yes or no is not in the text
        (PLAIN, -3.0, "old mill"),  # not sure
        (PLAIN, 9.0, None),  # no reader, or it points elsewhere
    ],
)
def test_otherwise_there_is_no_short_answer(question: str, margin: float, pointed: str | None) -> None:
    story = passage("The old mill burned down.")
    assert shorts_of(question, [ranked(story, pointed=pointed, margin=margin)]) == ()


def test_what_else_the_best_article_says_is_no_other_answer_unless_several_things_were_asked() -> None:
    story = passage("The fire cost $5 million. | Rebuilding cost $7 million.")
    items = [ranked(story, 0, pointed="$5 million", margin=12), ranked(story, 1, pointed="$7 million", margin=12)]
    assert len(shorts_of("What did the fire cost?", items)) == 1
    assert len(shorts_of("What did the fire cost and what did rebuilding cost?", items)) == 2


def test_each_side_has_its_short_answer_once() -> None:
    items = [
        ranked(passage(f"Damage was put at {amount}.", f"{number}.txt"), pointed=amount, margin=12)
        for number, amount in enumerate(["$5 million", "$7 million", "$5 Million"])
    ]
    found = shorts_of("What did the fire cost?", items)
    assert [short.quoted.evidence.text[short.start : short.end] for short in found] == ["$5 million", "$7 million"]
