"""Windows over a paragraph: none of its characters lost, spans at their own place, the best one found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.reader_model.windows import (
    OVERLAP,
    QUESTION_TOKENS,
    SPAN_TOKENS,
    TOKENS,
    Cutter,
    Span,
    Window,
    best_of,
    best_span,
    open_cutter,
)

SHORT = 2 * QUESTION_TOKENS
WORDS = st.lists(
    st.sampled_from(
        ["Bern", "rain", "U.S.", "$375bn", "café", "中国", "naïve", "x,", "a-b", "(c)", "\u200b", "\x07"]
    ),
    max_size=150,
)
TEXTS = st.one_of(st.text(max_size=400), WORDS.map(" ".join))


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return open_cutter(SHORT)


def logits(window: Window, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits that point at one span; the positions are those of its first and last wordpiece."""
    starts, ends = (np.zeros(len(window.ids), np.float32) for _ in range(2))
    starts[start], ends[end] = 9, 9
    return starts, ends


@given(TEXTS, st.text(max_size=80))
def test_together_windows_hold_every_wordpiece_in_order(cutter: Cutter, paragraph: str, question: str) -> None:
    windows = cutter.cut(question, paragraph)
    whole = open_cutter(100_000).cut(question, paragraph)[0].spans
    held = {span for window in windows for span in window.spans}
    assert held == set(whole)
    assert all(len(window.ids) <= SHORT for window in windows)
    assert all(len(window.ids) == window.first + len(window.spans) + 1 for window in windows)


@given(TEXTS)
def test_every_letter_and_digit_stands_in_some_window(cutter: Cutter, paragraph: str) -> None:
    covered = {at for window in cutter.cut("Who?", paragraph) for span in window.spans for at in range(*span)}
    assert {at for at, letter in enumerate(paragraph) if letter.isascii() and letter.isalnum()} <= covered


@given(WORDS.filter(bool), st.data())
def test_a_span_decodes_to_itself(cutter: Cutter, words: list[str], data: st.DataObject) -> None:
    paragraph = " ".join(words)
    for window in cutter.cut("Where does it rain?", paragraph):
        if not window.spans:
            continue
        first = data.draw(st.integers(0, len(window.spans) - 1))
        last = data.draw(st.integers(first, min(first + SPAN_TOKENS, len(window.spans)) - 1))
        start, end = window.characters(window.first + first, window.first + last)
        found = best_span(window, *logits(window, window.first + first, window.first + last))
        assert (found.start, found.end) == (start, end)
        assert found.margin == 18


@given(WORDS.filter(bool), st.data())
def test_what_is_located_covers_the_span(cutter: Cutter, words: list[str], data: st.DataObject) -> None:
    paragraph = " ".join(words)
    (window,) = open_cutter(1_000).cut("Where?", paragraph)
    start = data.draw(st.integers(0, len(paragraph) - 1))
    end = data.draw(st.integers(start + 1, len(paragraph)))
    place = window.locate(start, end)
    if place is not None:
        left, right = window.characters(*place)
        inside = paragraph[start:end].strip(" \u200b\x07")
        assert inside in paragraph[left:right]


def test_of_two_equal_texts_each_has_its_own_offsets(cutter: Cutter) -> None:
    paragraph = "Bern lies in Bern."
    (window,) = cutter.cut("Where?", paragraph)
    for start in (0, 13):
        place = window.locate(start, start + 4)
        assert place is not None
        found = best_span(window, *logits(window, *place))
        assert (found.start, found.end) == (start, start + 4)


def test_a_span_that_is_not_whole_in_a_window_is_not_located(cutter: Cutter) -> None:
    paragraph = "rain " * 400
    first, *_, last = cutter.cut("Where?", paragraph)
    assert first.locate(0, len(paragraph) - 1) is None
    assert first.locate(len(paragraph) - 5, len(paragraph) - 1) is None
    assert last.locate(len(paragraph) - 5, len(paragraph) - 1) is not None


def test_neighbours_overlap_and_the_last_window_is_full() -> None:
    windows = open_cutter().cut("Where does it rain?", "rain " * 500)
    assert len(windows) == 3
    shared = set(windows[0].spans) & set(windows[1].spans)
    assert len(shared) == OVERLAP
    assert {len(window.ids) for window in windows} == {TOKENS}


def test_a_question_is_read_as_far_as_it_may_be_long(cutter: Cutter) -> None:
    (window,) = cutter.cut("why " * 500, "Because.")
    assert window.first == QUESTION_TOKENS + 2
    assert window.types == [0] * window.first + [1] * 3


def test_a_window_without_a_passage_has_no_answer(cutter: Cutter) -> None:
    (window,) = cutter.cut("Where?", "")
    found = best_span(window, *logits(window, 0, 0))
    assert (found.start, found.end, found.margin) == (0, 0, -np.inf)


def test_a_span_is_neither_backwards_nor_too_long(cutter: Cutter) -> None:
    (window,) = cutter.cut("Where?", "rain " * 60)
    backwards = best_span(window, *logits(window, window.first + 9, window.first + 3))
    assert backwards.start < backwards.end
    long = best_span(window, *logits(window, window.first, window.first + SPAN_TOKENS))
    assert long.score == 9


def test_the_window_that_is_surest_counts() -> None:
    spans = [Span(0, 1, 50.0, 1.0), Span(4, 5, 2.0, 3.0), Span(6, 7, 9.0, 3.0)]
    assert best_of(spans) is spans[1]


def test_windows_too_short_for_a_question_are_refused() -> None:
    with pytest.raises(ValueError, match="take 128 or more"):
        open_cutter(SHORT - 1)
