"""Questions made unanswerable: the paragraph must really not answer, and every choice comes out the same again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.data import Article, Question, read_articles
from assistant.answering.reader_model.negatives import ELSEWHERE, SWAPPED, lacks, pair_elsewhere, swap, terms
from index.segmentation import segment
from reading_data import NORMANS, VIKINGS, article, peoples, qa, write


@pytest.fixture
def articles(tmp_path: Path) -> list[Article]:
    return read_articles(write(tmp_path / "train.json.gz", peoples()))


def found(text: str) -> list[tuple[str, str]]:
    return [(term.kind, term.text) for term in terms(text)]


class TestPairing:
    def test_each_answerable_question_gets_the_other_paragraph(self, articles: list[Article]) -> None:
        made = pair_elsewhere(articles, 10, seed=1)
        assert {question.id: question.paragraph for question in made} == {
            "n1-elsewhere": VIKINGS,
            "n2-elsewhere": VIKINGS,
            "v1-elsewhere": NORMANS,
            "v2-elsewhere": NORMANS,
        }
        assert {question.made for question in made} == {ELSEWHERE}
        assert not any(question.answers for question in made)

    def test_a_paragraph_that_holds_an_answer_does_not_do(self, tmp_path: Path) -> None:
        told = f"{VIKINGS} They sold furs in FRANCE."
        stated = article(
            "A",
            (NORMANS, [qa("n1", "In what country?", NORMANS, "France")]),
            (told, [qa("v2", "What?", told, "oak")]),
        )
        made = pair_elsewhere(read_articles(write(tmp_path / "x.gz", stated)), 10, seed=1)
        assert [question.id for question in made] == ["v2-elsewhere"]

    def test_no_more_are_made_than_asked_for(self, articles: list[Article]) -> None:
        assert len(pair_elsewhere(articles, 3, seed=1)) == 3
        assert pair_elsewhere(articles, 0, seed=1) == []


class TestTerms:
    def test_kinds_are_told_apart(self) -> None:
        text = "Since 1912 some 3,500 people came on a Friday in May to see Fort Christina."
        assert found(text) == [
            ("year", "1912"),
            ("number", "3,500"),
            ("day", "Friday"),
            ("month", "May"),
            ("name", "Fort Christina"),
        ]

    def test_a_capital_at_the_head_of_a_sentence_names_nothing(self) -> None:
        assert found("Where is it? There.") == []

    def test_a_long_number_is_no_year(self) -> None:
        assert found("it cost 1900.5 and 2000,000 then") == [("number", "1900.5"), ("number", "2000,000")]

    @given(st.text(alphabet="aB 1,.'é", max_size=60))
    def test_each_stands_where_it_is_said_to(self, text: str) -> None:
        assert all(text[term.start : term.end] == term.text for term in terms(text))


class TestSwapping:
    def test_one_thing_is_exchanged_for_its_like(self, articles: list[Article]) -> None:
        made = {question.id: question.text for question in swap(articles, 10, seed=1)}
        asked = {question.id: question.text for question in articles[0].questions}
        for identity, text in made.items():
            before = asked[identity.removesuffix(f"-{SWAPPED}")]
            assert text != before
            assert set(before.split()) & set(text.split()), "the rest of the question stays"

    def test_the_new_question_asks_for_what_no_answering_sentence_speaks_of(self, tmp_path: Path) -> None:
        paragraphs = [
            f"In {year} the prince of {land} built a castle for {year} crowns. It stood in {land} until the fire."
            for year, land in ((1312, "Mark"), (1420, "Lusatia"), (1533, "Saxony"), (1601, "Bohemia"))
        ]
        stated = [
            (text, [qa(f"{n}{m}", question, text, "castle")])
            for n, text in enumerate(paragraphs)
            for m, question in enumerate(
                [f"What was built by the prince of {text.split()[5]} in {text.split()[1]}?"]
            )
        ]
        read = read_articles(write(tmp_path / "x.gz", article("A", *stated)))
        made = swap(read, 10, seed=3)
        assert len(made) == 4
        for question in made:
            new = {term.text for term in terms(question.text)}
            assert new - {term.text for term in terms(_answering(question))}
            assert not question.answers
            assert question.made == SWAPPED

    def test_a_thing_of_which_the_paragraph_does_not_speak_is_not_exchanged(self, tmp_path: Path) -> None:
        asked = qa("v2", "What would Columbus have called the ships?", VIKINGS, "oak and pine")
        read = read_articles(write(tmp_path / "x.gz", article("A", (VIKINGS, [asked]), (NORMANS, []))))
        assert swap(read, 10, seed=1) == []

    def test_every_choice_comes_out_the_same_again(self, articles: list[Article]) -> None:
        assert swap(articles, 10, seed=1) == swap(articles, 10, seed=1)


def _answering(question: Question) -> str:
    """The first sentence of the paragraph, which holds the answers of this test's."""
    first = segment(question.paragraph)[0]
    return question.paragraph[first.start : first.end]


def test_an_answer_is_found_in_whatever_case(articles: list[Article]) -> None:
    question = next(articles[0].questions)
    assert not lacks("they went to FRANCE", question)
    assert lacks("they went to Spain", question)
