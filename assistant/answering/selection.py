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
UNSURE = 0.1
"""So much farther below, times the probability that the best one does not hold the answer: then another may."""
OTHER_SIDE = 0.5
"""Another article's sentence is shown from this probability on that it holds the answer, too."""
SHORT_SURE = 0.1
"""Words are given as the short answer from this margin of the reader on, on the scale of RankedSentence.margin."""
LONGEST_SHORT = 120
"""Characters; more is no short answer."""
MOST_BEFORE = 2
"""Sentences before one that a pronoun heads, among which somebody is looked for whom it may mean."""
PRONOUNS = re.compile(
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts"
    r"|[Ii]t(?!['’]s\b| (?:is|was|has been|will be|takes|took|seems)\b"  # it rains
    r"(?! (?:based|born|built|created|designed|established|followed|formed|founded|introduced|launched|located"
    r"|made|named|opened|owned|produced|published|released|replaced|signed|situated|used)\b))"
    r"|[Tt]h(?:is|[eo]se)(?! (?:morning|afternoon|evening|week|weekend|month|year|spring|summer|autumn|fall|winter"
    r"|days|who|which|that)\b))\b"  # this week
)
"""The head of a sentence that means somebody named before it; `IT` is a trade."""


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
    if item.score >= best.score - CLOSE[kind] - UNSURE * (1 - probability(signals_of(best))):
        return True
    articles = {shown.quoted.evidence.source.article for shown in chosen}
    return item.quoted.evidence.source.article not in articles and probability(signals_of(item)) >= OTHER_SIDE


def _says_again(item: RankedSentence, shown: RankedSentence) -> bool:
    return _folded(item.quoted.text) == _folded(shown.quoted.text)


def claims_of(chosen: Sequence[RankedSentence]) -> tuple[DraftClaim, ...]:
    """The sentences as claims; one that a pronoun heads follows what says who is meant, in the same claim.

    No sentence is in two claims: what leads up to a sentence takes in those that are shown anyway.
    """
    groups: list[list[Quoted]] = []
    for item in chosen:
        group = [item.quoted, *_sentences_before(item.quoted)]
        for shown in [shown for shown in groups if any(_is_same(one, other) for one in shown for other in group)]:
            groups.remove(shown)
            group = shown + [other for other in group if not any(_is_same(one, other) for one in shown)]
        groups.append(group)
    # A claim stands where the best of its sentences ranks.
    rank = {_place(item.quoted): number for number, item in enumerate(chosen)}
    groups.sort(key=lambda group: min(rank.get(_place(quoted), len(chosen)) for quoted in group))
    return tuple(_claim(group) for group in groups)


def _claim(group: Sequence[Quoted]) -> DraftClaim:
    in_order = sorted(group, key=lambda quoted: quoted.sentence.start)
    return DraftClaim(" ".join(quoted.text for quoted in in_order), tuple(group))


def _sentences_before(quoted: Quoted) -> list[Quoted]:
    """The sentences before one that a pronoun heads, the nearest first, back to one that no pronoun heads.

    None where that is not to be found nearby, in the same paragraph of the passage.
    """
    found = [quoted]
    while PRONOUNS.match(found[-1].text):
        before = _sentence_before(found[-1])
        if before is None or len(found) > MOST_BEFORE:
            return []
        found.append(replace(quoted, sentence=before))
    return found[1:]


def _sentence_before(quoted: Quoted) -> Sentence | None:
    """The sentence before in the same paragraph of the passage."""
    passage = quoted.evidence
    before = [sentence for sentence in passage.sentences if sentence.end <= quoted.sentence.start]
    if not before or not before[-1].prose:
        return None
    gap = passage.text[before[-1].end - passage.start : quoted.sentence.start - passage.start]
    return before[-1] if gap.count("\n") < 2 else None


def _is_same(one: Quoted, other: Quoted) -> bool:
    return _place(one) == _place(other)


def _place(quoted: Quoted) -> tuple[str, int]:
    return quoted.evidence.source.article, quoted.sentence.start


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
