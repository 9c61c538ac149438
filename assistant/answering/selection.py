"""Which of the ranked sentences an answer shows: the best, what belongs to it, and what other articles say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Sentence
from assistant.answering.confidence import probability, signals_of
from assistant.answering.drafting import DraftClaim, DraftShort, Quoted
from assistant.answering.question_kinds import QuestionKind, kind_of
from assistant.answering.ranking import RankedSentence

MOST_SENTENCES = 3
"""Sentences that are shown at most, those not counted that only say whom a pronoun means."""
CLOSE = {"one": 0.05, "yes_or_no": 0.05, "reason": 0.1, "several": 0.12}
"""A further sentence of the best one's article is shown when its score is at most so far below the best one's."""
OTHER_SIDE = 0.5
"""Another article's sentence is shown from this probability on that it holds the answer, too."""
SHORT_SURE = 0.1
"""Words are given as the short answer from this margin of the reader on, on the scale of RankedSentence.margin."""
LONGEST_SHORT = 120
"""Characters; more is no short answer."""
PRONOUNS = re.compile(
    r"(?:he|she|they|his|her|their|it|its|this|these|those)\b"
    r"(?!['’]s\b| (?:is|was|has been|will be|takes|took|seems)\b)",  # it rains
    re.IGNORECASE,
)


def choose(question: str, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """The best of at least one ranked sentence, and what is shown beside it."""
    kind = kind_of(question)
    best = ranked[0]
    chosen = [best]
    for item in ranked[1:]:
        if len(chosen) == MOST_SENTENCES:
            break
        if not any(_says_again(item, shown) for shown in chosen) and _belongs(item, chosen, kind):
            chosen.append(item)
    return chosen


def _belongs(item: RankedSentence, chosen: Sequence[RankedSentence], kind: QuestionKind) -> bool:
    best = chosen[0]
    if item.score >= best.score - CLOSE[kind]:
        return True
    articles = {shown.quoted.evidence.source.article for shown in chosen}
    return item.quoted.evidence.source.article not in articles and probability(signals_of(item)) >= OTHER_SIDE


def _says_again(item: RankedSentence, shown: RankedSentence) -> bool:
    return _folded(item.quoted.text) == _folded(shown.quoted.text)


def claim_of(item: RankedSentence) -> DraftClaim:
    """The sentence as a claim; where a pronoun heads it, after the sentence before, which says who is meant."""
    quoted = item.quoted
    before = _sentence_before(quoted)
    if before is None:
        return DraftClaim(quoted.text, (quoted,))
    named = replace(quoted, sentence=before)
    return DraftClaim(f"{named.text} {quoted.text}", (quoted, named))


def _sentence_before(quoted: Quoted) -> Sentence | None:
    """The sentence before one that a pronoun heads, where it stands in the same paragraph of the passage."""
    if not PRONOUNS.match(quoted.text):
        return None
    passage = quoted.evidence
    before = [sentence for sentence in passage.sentences if sentence.end <= quoted.sentence.start]
    if not before or not before[-1].prose:
        return None
    gap = passage.text[before[-1].end - passage.start : quoted.sentence.start - passage.start]
    return before[-1] if gap.count("\n") < 2 else None


def shorts_of(question: str, chosen: Sequence[RankedSentence]) -> tuple[DraftShort, ...]:
    """The very words that answer: of the best sentence, and of others that tell a side or a part; each once.

    None at all where the reader is not sure of the best sentence, or where the question asks for a yes or no: that
    is not in the text.
    """
    kind = kind_of(question)
    if not chosen or kind == "yes_or_no" or not _is_sure(chosen[0]):
        return ()
    first = chosen[0].quoted.evidence.source.article
    shorts: dict[str, DraftShort] = {}
    for item in chosen:
        elsewhere = item.quoted.evidence.source.article != first and probability(signals_of(item)) >= OTHER_SIDE
        if item.pointed is not None and _is_sure(item) and (item is chosen[0] or kind == "several" or elsewhere):
            passage, pointed = item.quoted.evidence, item.pointed
            text = passage.text[pointed.start - passage.start : pointed.end - passage.start]
            shorts.setdefault(_folded(text), DraftShort(item.quoted, pointed.start, pointed.end))
    return tuple(shorts.values())


def _is_sure(item: RankedSentence) -> bool:
    pointed = item.pointed
    return pointed is not None and item.margin >= SHORT_SURE and pointed.end - pointed.start <= LONGEST_SHORT


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
