"""Unanswerable questions made of answerable ones, by giving them another paragraph or another name or number.

The first is the cheap kind. The second is in the spirit of the adversarial questions of Rajpurkar et al., SQuAD
2.0, 2018: the paragraph speaks of all that is asked, but of one thing otherwise.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.reader_model.data import Article, Question
from index.lexical import STOP_WORDS
from index.segmentation import segment

ELSEWHERE, SWAPPED = "elsewhere", "swapped"
TRIES = 8
"""So many paragraphs are drawn for a question that is to be made unanswerable, before it is left as it is."""

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_CAPITALISED = r"[A-Z][\w'’-]*\w"
_KINDS = {
    "year": r"\b(?:1[0-9]|20)\d\d\b(?![\d,.]*\d)",
    "number": r"\b\d+(?:[.,]\d+)*\b",
    "month": rf"\b(?:{_MONTHS.replace(' ', '|')})\b",
    "day": rf"\b(?:{_DAYS.replace(' ', '|')})\b",
    # Inside a sentence only: at its head any word has a capital.
    "name": rf"(?<=[a-z0-9,] ){_CAPITALISED}(?: {_CAPITALISED})*",
}
"""What is swapped for its like; of two that match at one place the earlier named counts."""
_TERM = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_BEFORE = re.compile(r"(?:\w+ (?=the ))?\w+\W*\Z")
_AFTER = re.compile(r" ([a-z]+)")
_NEAR = 30
"""Characters in which the words before a term are looked for."""


@dataclass(frozen=True)
class Term:
    """A number, date or name in a text."""

    kind: str
    text: str
    start: int
    end: int
    setting: tuple[str, bool]
    """The words before it, such as `in ` and `in the `, and whether a noun or verb seems to follow: what has
    the same setting can take its place and leave a sentence that reads well."""
    words: frozenset[str]
    """Its own words in lower case."""


def terms(text: str) -> Iterator[Term]:
    """The numbers, years, months, days and names of a text, in order."""
    for match in _TERM.finditer(text):
        before = _BEFORE.search(text[max(0, match.start() - _NEAR) : match.start()])
        after = _AFTER.match(text, match.end())
        setting = before[0].lower() if before else "", after is not None and after[1] not in STOP_WORDS
        yield Term(str(match.lastgroup), match[0], *match.span(), setting, _words(match[0]))


def pair_elsewhere(articles: Iterable[Article], count: int, seed: int) -> list[Question]:
    """Up to `count` of the answerable questions, each put to another paragraph of its article.

    A paragraph that holds the text of one of the answers, in whatever case, does not do. Ordered by id.
    """
    draw = random.Random(seed)  # noqa: S311  # a seeded choice, no secret
    candidates: list[tuple[Question, list[str]]] = []
    for article in articles:
        paragraphs = [asked[0].paragraph for asked in article.paragraphs]
        candidates += [(question, paragraphs) for question in article.questions if question.answers]
    draw.shuffle(candidates)
    made: list[Question] = []
    for question, paragraphs in candidates:
        if len(made) == count:
            break
        drawn = draw.sample(paragraphs, min(TRIES, len(paragraphs)))
        other = next((text for text in drawn if text != question.paragraph and lacks(text, question)), None)
        if other is not None:
            name = f"{question.id}-{ELSEWHERE}"
            made.append(replace(question, id=name, paragraph=other, answers=(), made=ELSEWHERE))
    return sorted(made, key=lambda question: question.id)


def lacks(text: str, question: Question) -> bool:
    """Whether a text holds none of a question's answers, in whatever case."""
    lower = text.lower()
    return not any(answer.text.lower() in lower for answer in question.answers)


def swap(articles: Iterable[Article], count: int, seed: int) -> list[Question]:
    """Up to `count` of the answerable questions, each asking for something else than its paragraph says.

    One number, year, month, day or name of the question that stands in the paragraph is exchanged for another of
    its kind that stands in a like setting of the article, or of the post in a heap of posts (`in Normandy`, `in
    France`), but in no sentence of an answer. Ordered by id.
    """
    draw = random.Random(seed)  # noqa: S311  # a seeded choice, no secret
    candidates: list[tuple[Question, Mapping[str, Sequence[Term]]]] = []
    for paragraphs in _groups(articles):
        held = _terms_by_kind(asked[0].paragraph for asked in paragraphs)
        candidates += [(question, held) for asked in paragraphs for question in asked if question.answers]
    draw.shuffle(candidates)
    made: list[Question] = []
    for question, terms_held in candidates:
        if len(made) == count:
            break
        text = _swapped(question, terms_held, draw)
        if text is not None:
            name = f"{question.id}-{SWAPPED}"
            made.append(replace(question, id=name, text=text, answers=(), made=SWAPPED))
    return sorted(made, key=lambda question: question.id)


def _groups(articles: Iterable[Article]) -> Iterable[list[tuple[Question, ...]]]:
    """The paragraphs of each article, or of each post in a heap of posts."""
    groups: dict[str, list[tuple[Question, ...]]] = {}
    for article in articles:
        for asked in article.paragraphs:
            groups.setdefault(asked[0].group, []).append(asked)
    return groups.values()


def _terms_by_kind(texts: Iterable[str]) -> dict[str, list[Term]]:
    found: dict[str, dict[tuple[str, tuple[str, bool]], Term]] = {}
    for text in texts:
        for term in terms(text):
            found.setdefault(term.kind, {}).setdefault((term.text, term.setting), term)
    return {kind: [of_kind[key] for key in sorted(of_kind)] for kind, of_kind in found.items()}


def _swapped(question: Question, held: Mapping[str, Sequence[Term]], draw: random.Random) -> str | None:
    """The question with one of its terms exchanged; None where it has none that can be."""
    asked = [term for term in terms(question.text) if _stands(term.text, question.paragraph)]
    draw.shuffle(asked)
    known = _words(f"{question.text} {_evidence(question)}") if asked else frozenset()
    for out in asked:
        # `John Fox` and `Fox` may be the same: no word may be known.
        others = [
            term for term in held.get(out.kind, ()) if term.setting == out.setting and known.isdisjoint(term.words)
        ]
        if others:
            into = draw.choice(others)
            return question.text[: out.start] + into.text + question.text[out.end :]
    return None


def _evidence(question: Question) -> str:
    """The sentences of the paragraph in which the answers stand."""
    return " ".join(
        question.paragraph[sentence.start : sentence.end]
        for sentence in segment(question.paragraph)
        if any(answer.start < sentence.end and sentence.start < answer.end for answer in question.answers)
    )


def _stands(term: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))
