"""Training items: the right wordpieces for each answer, and a plan that depends on nothing but its numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.data import Answer, Question
from assistant.answering.reader_model.items import NO_ANSWER, make_items, plan
from assistant.answering.reader_model.windows import Cutter, open_cutter
from reading_data import NORMANS


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return open_cutter()


def ask(paragraph: str, *answers: tuple[str, int], identity: str = "q") -> Question:
    spans = tuple(Answer(text, start) for text, start in answers)
    return Question(identity, "Who was the leader of the Normans?", paragraph, spans, "A", "squad2")


def test_an_answer_is_pointed_at(cutter: Cutter) -> None:
    question = ask(NORMANS, ("Rollo", NORMANS.index("Rollo")))
    (item,) = make_items([question], cutter, any_answer=False)
    (window,) = cutter.cut(question.text, NORMANS)
    start, end = window.characters(*item.targets[0])
    assert NORMANS[start:end] == "Rollo"


def test_without_an_answer_the_marker_is_pointed_at(cutter: Cutter) -> None:
    (item,) = make_items([ask(NORMANS)], cutter, any_answer=False)
    assert item.targets == (NO_ANSWER,)


def test_what_most_annotators_say_is_right_or_each_of_them(cutter: Cutter) -> None:
    at = NORMANS.index("leader Rollo")
    question = ask(NORMANS, ("leader Rollo", at), ("Rollo", at + 7), ("Rollo", at + 7))
    (one,), (several,) = (make_items([question], cutter, any_answer) for any_answer in (False, True))
    assert len(one.targets) == 1
    assert several.targets[0] == one.targets[0]
    assert len(several.targets) == 2


def test_of_several_windows_the_one_with_most_around_the_answer_is_learned_from(cutter: Cutter) -> None:
    paragraph = "rain " * 200 + "Rollo " + "rain " * 200
    (item,) = make_items([ask(paragraph, ("Rollo", 1000))], cutter, any_answer=False)
    position = item.targets[0][0]
    assert min(position - item.first, len(item.ids) - 1 - position) > 30


def test_an_answer_longer_than_any_window_has_no_item(cutter: Cutter) -> None:
    paragraph = "rain " * 400
    kept = ask(NORMANS)
    items = make_items([ask(paragraph, (paragraph.strip(), 0)), kept], cutter, any_answer=False)
    assert len(items) == 1


def test_items_come_in_the_questions_order(cutter: Cutter) -> None:
    questions = [ask(text, identity=text) for text in ("b b", "a", "c c c", "a")]
    lengths = [len(item.ids) for item in make_items(questions, cutter, any_answer=False)]
    assert [length - lengths[1] for length in lengths] == [1, 0, 2, 0]


@given(st.lists(st.integers(5, 224), min_size=1, max_size=300), st.integers(1, 24), st.integers(0, 3))
def test_a_plan_takes_each_item_once_and_is_the_same_again(lengths: list[int], size: int, epoch: int) -> None:
    batches = plan(lengths, size, seed=7, epoch=epoch)
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    assert all(len(batch) <= size for batch in batches)
    assert len(batches) == -(-len(lengths) // size)
    assert plan(lengths, size, seed=7, epoch=epoch) == batches


def test_epochs_differ_and_batches_hold_like_lengths() -> None:
    lengths = [10 + number % 200 for number in range(2_000)]
    first, second = (plan(lengths, 24, seed=7, epoch=epoch) for epoch in (0, 1))
    assert first != second
    padding = sum(max(lengths[n] for n in batch) * len(batch) - sum(lengths[n] for n in batch) for batch in first)
    assert padding < 0.03 * sum(lengths)
