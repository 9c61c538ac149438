"""The reader's questions: read from files in the format of SQuAD, offsets found anew, a tenth held out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.data import (
    HEAP,
    HELD_OUT,
    Answer,
    draw,
    occurrences,
    read_articles,
    relocate,
    split,
)
from reading_data import NORMANS, article, peoples, qa, write

TWICE = (
    "The seat of the council is Bern. It meets four times a year, in a hall that was built by the river in 1902. "
    "In 1848 Bern was chosen as the seat of government over Zurich."
)
WORDS = st.lists(
    st.sampled_from(["Bern", "an", "ant", "the", "plant", "in", "was", "a", "seat"]), min_size=1, max_size=25
)


class TestReading:
    def test_questions_keep_their_paragraph_answers_and_article(self, tmp_path: Path) -> None:
        (found,) = read_articles(write(tmp_path / "train.json.gz", peoples()))
        questions = {question.id: question for question in found.questions}
        assert list(questions) == ["n1", "n2", "n3", "v1", "v2"]
        assert questions["n1"].answers == (Answer("France", NORMANS.index("France")),)
        assert questions["n3"].answers == ()
        assert {question.group for question in questions.values()} == {"Peoples"}

    def test_articles_come_by_title(self, tmp_path: Path) -> None:
        titles = ["b", "c", "a"]
        stated = [article(title, (NORMANS, [qa(title, "Who?", NORMANS, "Rollo")])) for title in titles]
        assert [found.title for found in read_articles(write(tmp_path / "x.gz", *stated))] == ["a", "b", "c"]

    def test_a_paragraph_without_questions_is_left_out(self, tmp_path: Path) -> None:
        (found,) = read_articles(write(tmp_path / "x.gz", article("A", (NORMANS, []))))
        assert found.paragraphs == ()

    def test_an_answer_that_does_not_stand_where_it_is_said_to_is_refused(self, tmp_path: Path) -> None:
        wrong = article("A", (NORMANS, [qa("n1", "Who?", NORMANS, "Rollo", offset=3)]))
        with pytest.raises(ValueError, match="'Rollo' does not stand where question n1 says"):
            read_articles(write(tmp_path / "x.gz", wrong))

    def test_a_file_cut_short_is_refused_by_name(self, tmp_path: Path) -> None:
        path = write(tmp_path / "x.gz", peoples())
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(ValueError, match=r"x\.gz is not a whole file"):
            read_articles(path)

    def test_another_format_is_refused_by_name(self, tmp_path: Path) -> None:
        path = tmp_path / "x.gz"
        with gzip.open(path, "wt") as file:
            file.write("[1, 2]")
        with pytest.raises(ValueError, match=r"x\.gz is not a whole file"):
            read_articles(path)


class TestLostOffsets:
    """Where only the text of an answer is known, and it stands in several places."""

    def test_the_place_with_the_words_of_the_question_around_it_is_taken(self) -> None:
        (found,) = relocate(
            [Answer("Bern", TWICE.index("Bern"))], TWICE, "Which city was chosen for the government?"
        )
        assert found.start == TWICE.rindex("Bern")

    def test_the_place_that_another_annotator_meant_for_certain_comes_first(self) -> None:
        stated = [Answer("Bern", TWICE.index("Bern")), Answer("In 1848 Bern", TWICE.index("In 1848"))]
        found, _ = relocate(stated, TWICE, "What is the seat of the council?")
        assert found.start == TWICE.rindex("Bern")

    def test_whole_words_are_preferred_to_parts(self) -> None:
        assert occurrences("an", "a plant, an ant") == [9]

    def test_parts_are_taken_where_there_are_no_whole_words(self) -> None:
        assert occurrences("lan", "a plant") == [3]

    @given(WORDS, WORDS, st.data())
    def test_an_answer_always_stands_where_it_was_found(
        self, words: list[str], asked: list[str], data: st.DataObject
    ) -> None:
        paragraph = " ".join(words)
        first = data.draw(st.integers(0, len(words) - 1))
        text = " ".join(words[first : data.draw(st.integers(first + 1, len(words)))])
        (found,) = relocate([Answer(text, paragraph.index(text))], paragraph, " ".join(asked))
        assert paragraph[found.start : found.end] == text

    def test_only_sources_that_lost_their_offsets_are_looked_at(self, tmp_path: Path) -> None:
        asked = qa("x", "Which city was chosen for the government?", TWICE, "Bern")
        kept, moved = (
            next(
                read_articles(write(tmp_path / "x.gz", article("A", (TWICE, [asked]), source=source)))[0].questions
            )
            for source in ("squadshifts_new_wiki", "squad1")
        )
        assert (kept.answers[0].start, moved.answers[0].start) == (TWICE.index("Bern"), TWICE.rindex("Bern"))


class TestHoldingOut:
    def test_about_a_tenth_of_the_articles_is_held_out_whole(self, tmp_path: Path) -> None:
        stated = [article(f"t{n}", (NORMANS, [qa(f"q{n}", "Who?", NORMANS, "Rollo")])) for n in range(300)]
        trained, held = split(read_articles(write(tmp_path / "x.gz", *stated)))
        assert len(trained) + len(held) == 300
        assert 300 / HELD_OUT / 2 < len(held) < 300 / HELD_OUT * 2

    def test_more_articles_change_nothing_for_those_before(self, tmp_path: Path) -> None:
        stated = [article(f"t{n}", (NORMANS, [qa(f"q{n}", "Who?", NORMANS, "Rollo")])) for n in range(60)]
        few, many = (
            {found.title for found in split(read_articles(write(tmp_path / "x.gz", *stated[:count])))[1]}
            for count in (30, 60)
        )
        assert few == many & {f"t{n}" for n in range(30)}

    def test_the_posts_of_a_heap_go_one_by_one(self, tmp_path: Path) -> None:
        posts = [(f"{n}. {NORMANS}", [qa(f"q{n}", "Who?", f"{n}. {NORMANS}", "Rollo")]) for n in range(HEAP + 1)]
        (trained,), (held,) = split(read_articles(write(tmp_path / "x.gz", article("heap", *posts))))
        assert len(trained.paragraphs) + len(held.paragraphs) == HEAP + 1
        assert len({asked[0].group for asked in held.paragraphs}) == len(held.paragraphs) > 1


def test_a_draw_is_the_same_on_every_machine() -> None:
    assert draw("Normans") == 16347333499580527047
