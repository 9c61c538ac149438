"""Questions as training items, and the order in which a run meets them.

The plan of an epoch is a function of the items' lengths, a seed and the epoch's number, so a run that is resumed
finds its place in it by the number of the step alone.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.reader_model.data import Answer, Question
from assistant.answering.reader_model.windows import Cutter, Window

POOL = 50
"""So many batches are drawn at random and sorted by length together: padding is then below one in a hundred."""
NO_ANSWER = (0, 0)


@dataclass(frozen=True)
class Item:
    """A window to learn from."""

    ids: list[int]
    first: int
    """The position of the passage's first wordpiece."""
    targets: tuple[tuple[int, int], ...]
    """Positions of the first and last wordpiece of each right span; `[CLS]`, (0, 0), where there is none."""


def make_items(questions: Iterable[Question], cutter: Cutter, any_answer: bool) -> list[Item]:
    """One item a question, in the questions' order.

    An answer comes with the window that shows most of its surroundings; a question without one with any window,
    by a hash of its id. The answer is what most annotators gave, the earlier stated of equals; with `any_answer`
    each one in the same window is right. An answer longer than any window has no item.
    """
    asked = list(questions)
    found: dict[int, Item] = {}
    for number in sorted(range(len(asked)), key=lambda number: asked[number].paragraph):  # read each once
        question = asked[number]
        windows = cutter.cut(question.text, question.paragraph)
        item = _answered(question.answers, windows, any_answer) if question.answers else _empty(question, windows)
        if item is not None:
            found[number] = item
    return [found[number] for number in sorted(found)]


def _empty(question: Question, windows: Sequence[Window]) -> Item:
    window = windows[zlib.crc32(question.id.encode()) % len(windows)]
    return Item(window.ids, window.first, (NO_ANSWER,))


def _answered(answers: Sequence[Answer], windows: Sequence[Window], any_answer: bool) -> Item | None:
    ranked = [answer for answer, _ in Counter(answers).most_common()]
    best: tuple[int, Window] | None = None
    for window in windows:
        place = window.locate(ranked[0].start, ranked[0].end)
        if place is not None:
            context = min(place[0] - window.first, len(window.ids) - 2 - place[1])
            if best is None or context > best[0]:
                best = (context, window)
    if best is None:
        return None
    window = best[1]
    places = [window.locate(answer.start, answer.end) for answer in (ranked if any_answer else ranked[:1])]
    return Item(window.ids, window.first, tuple(place for place in places if place is not None))


def plan(lengths: Sequence[int], size: int, seed: int, epoch: int) -> list[list[int]]:
    """The batches of an epoch, as numbers of items: shuffled, then sorted by length within pools of 50 batches."""
    draw = random.Random(f"{seed}/{epoch}")  # noqa: S311  # a seeded order, no secret
    numbers = list(range(len(lengths)))
    draw.shuffle(numbers)
    batches: list[list[int]] = []
    for start in range(0, len(numbers), size * POOL):
        pool = sorted(numbers[start : start + size * POOL], key=lambda number: lengths[number])
        batches += [pool[at : at + size] for at in range(0, len(pool), size)]
    draw.shuffle(batches)
    return batches
