"""Questions in search style, and paragraphs cut to passages with their answers in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.data import Answer, Question, read_articles
from assistant.answering.reader_model.selection import Selection, collect
from assistant.answering.reader_model.styles import abridge, cut_passages, telegraph
from index.passages import MOST_TOKENS, Splitter
from reading_data import NORMANS, VIKINGS, article, qa, write


def question(identity: str, text: str = "Who was the leader of the Normans?") -> Question:
    return Question(identity, text, NORMANS, (Answer("Rollo", NORMANS.index("Rollo")),), "A", "squad2")


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


class TestSearchStyle:
    def test_stop_words_capitals_and_marks_go(self) -> None:
        assert abridge("In what country is Normandy located?", keep_wh=False) == "country normandy located"

    def test_the_question_word_may_stay(self) -> None:
        assert abridge("When did the U.S. tariffs begin?", keep_wh=True) == "when u.s tariffs begin"

    @pytest.mark.parametrize("text", ["Who was he?", "?", "What is it that they do?"])
    def test_a_question_of_stop_words_alone_stays_as_it_is(self, text: str) -> None:
        assert abridge(text, keep_wh=True) == text

    @given(st.text(max_size=60), st.booleans())
    def test_it_never_grows_nor_vanishes(self, text: str, keep_wh: bool) -> None:
        short = abridge(text, keep_wh)
        assert len(short.split()) <= len(text.split())
        assert short or not text

    def test_about_the_share_asked_for_is_rewritten(self) -> None:
        asked = [question(str(number)) for number in range(400)]
        changed = [new.id for new, old in zip(telegraph(asked, 0.25), asked, strict=True) if new.text != old.text]
        assert 60 < len(changed) < 140
        assert {new.text for new in telegraph(asked, 1.0)} == {"leader normans", "who leader normans"}
        assert telegraph(asked, 0.0) == asked


class TestPassages:
    def test_the_passage_is_the_one_of_the_answer_and_offsets_move_along(self, splitter: Splitter) -> None:
        paragraph = " ".join([VIKINGS] * 4 + [NORMANS] + [VIKINGS] * 4)
        start = paragraph.index("Rollo")
        answers = (Answer("Rollo", start), Answer("oak and pine", paragraph.index("oak and pine")))
        long = Question("q", "Who was the leader of the Normans?", paragraph, answers, "A", "squad2")
        (cut,) = cut_passages([long], 1.0, splitter)
        assert cut.paragraph in paragraph
        assert len(cut.paragraph) < len(paragraph) / 2
        assert cut.answers[0].text == "Rollo"
        for answer in cut.answers:
            assert cut.paragraph[answer.start : answer.end] == answer.text

    def test_what_has_no_answer_gets_the_passage_that_shares_its_words(self, splitter: Splitter) -> None:
        paragraph = " ".join([VIKINGS] * 4 + [NORMANS] + [VIKINGS] * 4)
        (cut,) = cut_passages(
            [Question("q", "Which fealty did Charles swear?", paragraph, (), "A", "x")], 1.0, splitter
        )
        assert "fealty" in cut.paragraph
        assert len(cut.paragraph) < len(paragraph) / 2

    def test_an_answer_over_the_edge_of_passages_keeps_its_paragraph(self, splitter: Splitter) -> None:
        paragraph = " ".join([VIKINGS] * 2 * MOST_TOKENS)
        whole = Question("q", "What?", paragraph, (Answer(paragraph[:-5], 0),), "A", "x")
        assert cut_passages([whole], 1.0, splitter) == [whole]

    def test_a_text_without_words_stays(self, splitter: Splitter) -> None:
        blank = Question("q", "What?", " \n", (), "A", "x")
        assert cut_passages([blank], 1.0, splitter) == [blank]


def test_a_selection_combines_what_is_asked_for(tmp_path: Path) -> None:
    stated = article(
        "A",
        (NORMANS, [qa("n", "Who was the leader of the Normans?", NORMANS, "Rollo")]),
        (VIKINGS, [qa("v", "What were their ships made of?", VIKINGS, "oak and pine")]),
    )
    articles = read_articles(write(tmp_path / "x.gz", stated))
    selection = Selection(elsewhere=2, telegraph=1.0, passages=1.0)
    asked = collect(articles, selection, seed=1, folder=tmp_path)
    assert [one.id for one in asked] == ["n", "n-elsewhere", "v", "v-elsewhere"]
    assert all(one.text == one.text.lower() for one in asked)
    few = collect(articles, selection, seed=1, folder=tmp_path, limit=2)
    assert {one.id for one in few} < {one.id for one in asked}
