"""Answers compared word by word, after Rajpurkar et al., SQuAD, 2016, section 6.1.

A text is normalised in four steps: lower case, no punctuation, no articles (a, an, the), single blanks.
Punctuation is ASCII's, as published, and besides all of Unicode's category P: the articles are set with curly
quotes and long dashes where a gold answer has straight ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from string import punctuation
from unicodedata import category

ARTICLES = frozenset({"a", "an", "the"})


def tokens(text: str) -> list[str]:
    """The words of the normalised text; none where it is nothing but articles and punctuation."""
    kept = "".join(letter for letter in text.lower() if not _is_punctuation(letter))
    return [word for word in kept.split() if word not in ARTICLES]


def normalise(text: str) -> str:
    """The normalised text, its words parted by single blanks."""
    return " ".join(tokens(text))


def exact_match(prediction: str, golds: Iterable[str]) -> float:
    """1 if the normalised prediction is one of the normalised gold answers, else 0 (Rajpurkar et al., 2016).

    Raises:
        ValueError: there are no gold answers.
    """
    said = tokens(prediction)
    return max(float(said == tokens(gold)) for gold in golds)


def token_f1(prediction: str, golds: Iterable[str]) -> float:
    """The best F1 of the words, as bags, against one of the gold answers, 0 to 1 (Rajpurkar et al., 2016).

    Where both or only one of the two have no words it is 1 or 0 (Rajpurkar et al., SQuAD 2.0, 2018).

    Raises:
        ValueError: there are no gold answers.
    """
    said = Counter(tokens(prediction))
    return max(_f1(said, Counter(tokens(gold))) for gold in golds)


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    # 2PR / (P + R), with P = shared / said and R = shared / gold.
    return 2 * (said & gold).total() / (said.total() + gold.total())


def _is_punctuation(letter: str) -> bool:
    return letter in punctuation or category(letter).startswith("P")
