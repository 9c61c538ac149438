"""The turns before a case as the program would have kept them: each answer with the citations that prove it."""

from __future__ import annotations

from assistant.answer import Citation, Source
from assistant.conversation import Turn
from evals.cases import Case, Quote, Suite
from index.segmentation import segment


def earlier_turns(suite: Suite, case: Case) -> tuple[Turn, ...]:
    """What came before a case, oldest first, with the first place of each sentence of its answers.

    A sentence that no article of the suite holds word for word is not cited.
    """
    return tuple(
        Turn(turn.question, turn.answer, turn.standalone, _citations(suite, turn.answer)) for turn in case.history
    )


def _citations(suite: Suite, answer: str) -> tuple[Citation, ...]:
    if not answer:
        return ()
    whole = _first_place(suite, answer)
    parts = [answer[sentence.start : sentence.end] for sentence in segment(answer)]
    found = [whole] if whole else [place for part in parts if (place := _first_place(suite, part))]
    return tuple(
        Citation(number, Source(article, None, None, None), start, end, suite.text(article)[start:end])
        for number, (article, start, end) in enumerate(found, 1)
    )


def _first_place(suite: Suite, words: str) -> tuple[str, int, int] | None:
    for article in sorted(set(suite.files.values())):
        for start, end in suite.spans(Quote(article, words))[1]:
            return article, start, end
    return None
