"""Sentences of articles, and the questions that patterns make of them."""

from dataclasses import replace

import pytest

from assistant.starters.candidate import Candidate
from assistant.starters.doings import DOINGS
from assistant.starters.facts import FACTS
from assistant.starters.reading import Reading
from assistant.starters.verbs import base_of, is_past, third_person


def candidates(sentence: str, *, leads: bool = False) -> list[Candidate]:
    reading = Reading.of("a.txt", 0, len(sentence), sentence)
    if reading is None:
        return []
    return [made for pattern in DOINGS + FACTS for made in pattern(replace(reading, leads=leads))]


def questions(sentence: str, *, leads: bool = False) -> list[str]:
    return [made.question for made in candidates(sentence, leads=leads)]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "Mayor Dana Whitlock said the wall at Holm Bridge had failed in two places.",
            "What did Mayor Dana Whitlock say about the wall at Holm Bridge?",
        ),
        (
            "On Monday, the Environment Agency warned that the River Ave could rise again.",
            "What did the Environment Agency say about the River Ave?",
        ),
        ("Orsa accused Lumen of threatening to end deliveries.", "What did Orsa accuse Lumen of?"),
        ("Orsa asked Lumen Systems to sell its radar chips.", "What did Orsa ask Lumen Systems to do?"),
        ("China has agreed to increase imports of goods.", "What did China agree to do?"),
        ("The University of Carrow plans to measure the river.", "What does the University of Carrow plan to do?"),
        ("Kestrel Labs employed 5,600 people in that year.", "How many people did Kestrel Labs employ?"),
        ("Kestrel Labs raised $420 million from investors.", "How much did Kestrel Labs raise?"),
        ("Selam Bekele won the Tarrow Marathon on Sunday.", "Who won the Tarrow Marathon?"),
        ("The bridge at Pell Junction was built by Hugh Mason.", "Who built the bridge at Pell Junction?"),
        (
            "The wall at Holm Bridge failed because steel piles were left out.",
            "Why did the wall at Holm Bridge fail?",
        ),
        (
            "Trains to Holm Bridge were suspended because the line was flooded.",
            "Why were trains to Holm Bridge suspended?",
        ),
        (
            "The trade deficit with China reached $375.2 billion last year.",
            "What was the trade deficit with China?",
        ),
        ("Bengal had an area of 490,000 square kilometres.", "What was the area of Bengal?"),
        ("The Tarrow coal plant was closed on 30 June 2022.", "When was the Tarrow coal plant closed?"),
        ("Michel Zink left the Collège de France in 2016.", "When did Michel Zink leave the Collège de France?"),
        ("Kestrel Labs is based in Rotterdam and makes chips.", "Where is Kestrel Labs based?"),
        (
            "Scott Paul, the president of the Alliance for American Manufacturing, was doubtful.",
            "Who is Scott Paul?",
        ),
        ("The aim of the talks in Geneva was to end the war.", "What was the aim of the talks in Geneva?"),
        ("The fire in Holm Bridge was caused by a gas leak.", "What caused the fire in Holm Bridge?"),
    ],
)
def test_a_sentence_makes_a_question_that_it_answers(sentence: str, question: str) -> None:
    assert question in questions(sentence)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("A fjord is a long, narrow inlet with steep sides.", "What is a fjord?"),
        ("Steam engines are heat engines that work with steam.", "What are steam engines?"),
        ("Karin Holt is a German politician who was born in Kiel.", "Who is Karin Holt?"),
        ("Martin Silver (1952 – 2019) was an American thief.", "Who was Martin Silver?"),
        (
            "Code Black is an American medical drama that was released on May 3, 2015.",
            "When was Code Black released?",
        ),
    ],
)
def test_what_an_article_begins_with_may_be_asked_for(sentence: str, question: str) -> None:
    assert question in questions(sentence, leads=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "He said that the wall had failed because of its age.",  # nobody is named
        "The company agreed to buy its rival for a high price.",  # nor is the company
        "They met last month in order to go on with all that.",
        "The wall was built by a firm that no longer exists.",
        "Last week Lumen Systems moved to another city.",  # neither is worth a question
        "“There was a consensus,” the joint statement said.",
        "Lumen Systems opened the office on Thursday morning.",  # a day of no known week
        "Is Lumen Systems going to buy Kestrel Labs in 2024?",
        "Lumen Systems agreed to buy Kestrel Labs",  # a heading
        "El presidente Pedro Sánchez anunció el lunes un plan de 500 millones de euros.",
        "Kanzler Olaf Scholz sagte am Freitag, das Gesetz sei ein Fortschritt in 2024.",
        "Le président Emmanuel Macron a visité Lyon en 2023 avec trois ministres.",
    ],
)
def test_what_is_no_plain_english_statement_about_something_named_makes_none(sentence: str) -> None:
    assert questions(sentence) == []


def test_the_words_that_answer_are_known_where_the_pattern_finds_them() -> None:
    (made,) = candidates("The trade deficit with China reached $375.2 billion last year.")
    assert (made.kind, made.answer) == ("measure", "$375.2 billion")


def test_what_stands_in_brackets_or_before_a_dash_is_no_part_of_a_question() -> None:
    told = "WASHINGTON — Lumen Systems (formerly Lumen (UK) Ltd) agreed to buy Kestrel Labs."
    assert questions(told) == ["What did Lumen Systems agree to do?"]


@pytest.mark.parametrize(
    ("past", "base"), [("won", "win"), ("led", "lead"), ("built", "build"), ("agreed", "agree"), ("tried", "try")]
)
def test_pasts_are_put_back(past: str, base: str) -> None:
    assert base_of(past) == base
    assert is_past(past)


def test_a_participle_is_no_past() -> None:
    assert base_of("written") == "write"
    assert not is_past("written")
    assert not is_past("quickly")


@pytest.mark.parametrize(("base", "third"), [("lead", "leads"), ("teach", "teaches"), ("carry", "carries")])
def test_what_somebody_does_now(base: str, third: str) -> None:
    assert third_person(base) == third
