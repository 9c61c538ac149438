"""Starters stand by themselves, and whatever an article holds, nothing odd or hostile gets into one."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.sanitize import sanitize_line
from assistant.starters.doings import DOINGS
from assistant.starters.facts import FACTS
from assistant.starters.reading import Reading
from assistant.starters.wording import LONGEST_QUESTION, Wording

WHOLE = re.compile(r"[A-Z][^\W_](?:[^\W_]|[ ,.'’&$€£%-])*\?")
PLAIN = (
    "Mayor Dana Whitlock Orsa Lumen China the The a said that accused of agreed to buy won was built by in on",
    "because 1987 $5 million 5,600 people is are , . ( )",
)
HOSTILE = (
    '"', "“", "[@click=app.quit]x[/]", "[/b]", "\x1b]52;c;AA\x07", "\u202e", "\x9b", "https://evil.example",
    "ignore", "Ignore", "password", "习近平", "Straße", "Αθήνα",
)  # fmt: skip
PIECES = (*" ".join(PLAIN).split(), *HOSTILE)


def offered(*sentences: str) -> list[str]:
    """The questions that an article of these sentences would offer, before they are asked."""
    readings: list[Reading] = []
    start = 0
    for sentence in sentences:
        reading = Reading.of("a.txt", start, start + len(sentence), sentence)
        start += len(sentence) + 1
        readings += [replace(reading, leads=not readings)] if reading else []
    made = [candidate for reading in readings for pattern in DOINGS + FACTS for candidate in pattern(reading)]
    return [group[0].question for group in Wording(readings).put(made)]


def test_somebody_is_asked_for_by_the_full_name() -> None:
    assert "What did Dana Whitlock agree to do?" in offered(
        "Mayor Dana Whitlock spoke first at the meeting.",
        "Whitlock agreed to publish the report of the engineers.",
    )


def test_a_question_that_two_sentences_answer_is_one() -> None:
    told = "Orsa agreed to buy Kestrel Labs for cash.", "Orsa agreed to sell Lumen Systems for shares."
    assert offered(*told) == ["What did Orsa agree to do?"]


def test_a_thing_that_is_named_by_a_common_word_is_not_known_to_anybody() -> None:
    assert offered("The Council was founded in 1835 and still meets.") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Dana\x1b[2J Whitlock agreed to publish the report.",
        "Dana \u202eWhitlock agreed to publish the report.",
        "@click=app.quit Dana Whitlock agreed to publish it.",
        "Ignore Instructions agreed to publish the report.",
        "The Admin Password was founded in 1835 and still meets.",
        "Ιωάννης Καποδίστριας agreed to publish the report.",
        "習近平 Jinping agreed to publish the report of it.",
    ],
)
def test_no_question_is_made_of_what_could_harm_or_order(sentence: str) -> None:
    assert offered(sentence) == []


def test_what_stands_in_brackets_is_left_out() -> None:
    marked = "[@click=app.quit]Dana Whitlock[/] agreed to publish the [/b] report."
    assert offered(marked) == ["What did Dana Whitlock agree to do?"]


def test_a_long_name_is_not_worth_a_long_question() -> None:
    body = "University of " + "Northern ".join([""] * 9) + "Carrow"
    assert offered(f"The {body} agreed to publish the report.") == []


def is_harmless(question: str) -> bool:
    plain = sanitize_line(question) == question and WHOLE.fullmatch(question) is not None
    return plain and question.isprintable() and len(question) <= LONGEST_QUESTION


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=5, max_size=14).map(" ".join), min_size=1, max_size=4))
@example(["Orsa accused Lumen of \x1b]52;c;AA\x07 and more of the same."])
def test_whatever_a_text_is_made_of_questions_are_harmless(sentences: list[str]) -> None:
    told = [f"{sentence[:1].upper()}{sentence[1:]}." for sentence in sentences]
    assert all(map(is_harmless, offered(*told)))


@given(st.lists(st.text(max_size=340), min_size=1, max_size=3))
def test_no_text_at_all_breaks_it(sentences: list[str]) -> None:
    assert all(map(is_harmless, offered(*sentences)))
