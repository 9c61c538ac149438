"""Whom or what a verb is said of: its subject, found to its left past what is put between them."""

from __future__ import annotations

from assistant.answering.support.phrases import Phrase, parties, phrases
from assistant.answering.support.tagging import (
    ADVERB,
    AUXILIARY,
    CONJUNCTION,
    DATE,
    GERUND,
    MODAL,
    NAME,
    NEGATION,
    PREPOSITION,
    RELATIVE,
    TO,
    VERBAL,
    tags,
)
from assistant.answering.support.wordlists import listed
from assistant.answering.support.words import words

SAYING = listed(
    "say tell add state announce report warn deny claim argue insist note acknowledge admit concede "
    "confirm declare explain suggest describe call write tweet comment reveal predict complain stress "
    "reiterate accord reply remark maintain assert allege recall speak"
)
"""Verbs by which words are ascribed to somebody; `according to` is one."""


"""What one does to have another do something."""


"""Nouns of what somebody means to do."""


class Subjects:
    """Finds the subjects of one text's verbs, in their order; `place` is always the number of a word."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = words(text)
        self._tags = tags(text)
        self._phrases = phrases(text)
        self._ends = {phrase.end: phrase for phrase in self._phrases}
        self._found: dict[int, Phrase] = {}
        """The subject of each verb so far."""

    def note(self, head: int, subject: Phrase) -> None:
        """Keep a verb's subject, for verbs behind it that have none of their own."""
        self._found[head] = subject

    def group_start(self, head: int) -> int:
        """The first word of the group of a verb, auxiliaries included."""
        place = head
        while place and self._tags[place - 1] in {AUXILIARY, MODAL, NEGATION, ADVERB, TO}:
            place -= 1
        return place

    def find(self, start: int, head: int) -> Phrase | None:
        """The phrase that a verb group says something of; what is put between them is stepped over."""
        place = start
        if any(self._tags[at] == TO for at in range(start, head)):
            return None  # `an inquiry to challenge them` may be anybody's
        while place > 0:
            before = place - 1
            if self._tags[before] in {ADVERB, DATE}:
                place = before
            elif self._tags[before] == RELATIVE:
                return self._antecedent(before)
            elif self._tags[before] == CONJUNCTION:
                return None if self._tags[head] == GERUND else self._found_before(before)
            elif self._words[before].text == ",":
                return self._before_comma(before)
            elif place in self._ends:
                phrase = self._ends[place]
                ahead = phrase.start - 1
                if ahead >= 0 and self._tags[ahead] == PREPOSITION:
                    place = ahead
                    continue
                return phrase
            elif self._tags[before] == PREPOSITION:
                place = before
            else:
                return None
        return None

    def _antecedent(self, relative: int) -> Phrase | None:
        """Whom `who` or `which` takes up; behind a preposition `which` may be either thing."""
        phrase = self._ends.get(relative) or self._ends.get(relative - 1)
        if phrase is not None and self._words[relative].lower in {"who", "whom"}:
            return phrase
        behind = phrase is not None and phrase.start and self._tags[phrase.start - 1] == PREPOSITION
        return None if behind else phrase

    def _found_before(self, place: int) -> Phrase | None:
        heads = [head for head in self._found if head < place]
        return self._found[max(heads)] if heads else None

    def _before_comma(self, comma: int) -> Phrase | None:
        """`Scott Paul, the president of a group, said`: the first of the phrases that commas part.

        What stands between two commas and has a verb of its own is stepped over.
        """
        nearest = named = None
        while True:
            start = max((at for at in range(comma) if self._words[at].text == ","), default=-1) + 1
            within = [phrase for phrase in self._phrases if start <= phrase.start and phrase.end <= comma]
            free = [phrase for phrase in within if not phrase.start or self._tags[phrase.start - 1] != PREPOSITION]
            has_verb = any(self._tags[at] in VERBAL | {RELATIVE} for at in range(start, comma))
            if free and not has_verb:
                nearest = nearest or free[0]
                if parties(self._text, free[0]) and not (named and self._tags[named.head] == NAME):
                    named = free[0]
            elif named or (has_verb and start == 0):
                return named or nearest or next((phrase for phrase in within if phrase.end == comma), None)
            if start == 0:
                return named or nearest
            comma = start - 1
