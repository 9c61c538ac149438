"""What an earlier turn was about: its question as a statement or as a noun phrase, and what was answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from assistant.answering.support.names import TITLES, Name
from assistant.answering.support.words import words
from assistant.conversation import Turn
from assistant.follow_ups.phrases import phrases
from assistant.follow_ups.somebody import WH, is_person, named_in, titled
from assistant.follow_ups.verbs import asking_verb, main_verb
from assistant.follow_ups.wording import content, on_one_line, past, shortened, without_end
from index.segmentation import segment

_ACCORDING = re.compile(r"\A(?:According to|In addition|However|Meanwhile|Although)[^,]{0,80}, (?=\w)")
MOST_TURNS = 4
"""Earlier turns that a follow-up may take something from."""
_LEAD = re.compile(r"\A(?:and|but|so|then|well|ok|okay|now),? (?=\w)", re.IGNORECASE)
_NOBODY = re.compile(r"\b(?:in|at|near|outside|the)\s+\Z|\b(?:in|at|near)\s+[A-Z]\w+,\s+\Z", re.IGNORECASE)
"""What stands before a name that is no person's."""


@dataclass(frozen=True)
class Topic:
    """An earlier question that stands by itself, and what was shown for it."""

    question: str
    """On one line, without its mark at the end."""
    answer: str
    """On one line; empty where nothing was found."""

    @classmethod
    def of(cls, turn: Turn, asked: str) -> Topic:
        """The topic of a turn whose question stands by itself as `asked`."""
        told = turn.answer or " ".join(citation.quote for citation in turn.cited)
        return cls(without_end(_LEAD.sub("", on_one_line(asked))), on_one_line(told))

    @cached_property
    def texts(self) -> str:
        """Question and answer."""
        return f"{self.question}? {self.answer}"

    @cached_property
    def opening(self) -> str:
        """The word that the question asks with, in lower case: `when`; empty where there is none."""
        tokens = words(self.question)
        return next((token.lower for token in tokens[:3] if token.lower in WH), "")

    @cached_property
    def asks_who(self) -> bool:
        """Whether somebody was asked for."""
        return self.opening in {"who", "whom", "whose"}

    @cached_property
    def nearest(self) -> str:
        """The sentence of the answer that is nearest to the question in words; may be empty."""
        parts = [self.answer[part.start : part.end] for part in segment(self.answer)]
        sought = content(self.question)
        return max(parts, key=lambda part: len(sought & content(part)), default="")

    @cached_property
    def sentence(self) -> str:
        """The same made short."""
        return shortened(_ACCORDING.sub("", self.nearest))

    @cached_property
    def persons(self) -> tuple[Name, ...]:
        """The names of the question that may be somebody's."""
        return people(self.question)

    @cached_property
    def told_persons(self) -> tuple[Name, ...]:
        """The names of the answer that may be somebody's and that the question does not hold."""
        known = {part for name in self.persons for part in name.parts}
        return tuple(name for name in people(self.answer) if known.isdisjoint(name.parts))

    @cached_property
    def subject(self) -> str:
        """The question without the words that ask: `the talks for China`, `the band that Gomez formed`."""
        tokens = words(self.question)
        aux, main = asking_verb(self.question), main_verb(self.question)
        asked = _asked_noun(self.question)
        if asked and aux is not None and main is not None:
            before = self.question[tokens[aux].end : tokens[main].start].strip()
            after = self.question[tokens[main].end :]
            return f"the {asked} that {before} {_told(tokens[aux].lower, tokens[main].lower)}{after}"
        if aux is not None and main is None:
            return self.question[tokens[aux].end :].strip() or self.question
        statement = self.statement
        if statement:
            return statement
        found = [phrase for phrase in phrases(self.question) if not phrase.text.lower().startswith(tuple(WH))]
        return self.question[found[0].start :] if found else self.question

    @cached_property
    def statement(self) -> str:
        """A question with `when`, `where` or `why` as what it takes for granted: `Harvey made landfall in "
        "Texas`."""
        tokens = words(self.question)
        aux, main = asking_verb(self.question), main_verb(self.question)
        if aux is None or main is None:
            return ""
        before = self.question[tokens[aux].end : tokens[main].start].strip()
        after = self.question[tokens[main].end :]
        return f"{before} {_told(tokens[aux].lower, tokens[main].lower)}{after}".strip()

    def fuller(self, name: str) -> str:
        """The longest writing of a person's name in question and answer."""
        last = name.split()[-1].lower()
        longer = [other.text for other in people(self.texts) if other.text.split()[-1].lower() == last]
        return max([name, *longer], key=len)


def people(text: str) -> tuple[Name, ...]:
    """The names of a text that may be somebody's, surer ones first."""
    found = [name for name in named_in(text) if is_person(name) and not _NOBODY.search(text[: name.start])]
    found = [name for name in found if not TITLES.union(("maj",)).issuperset(name.parts)]
    sure = [name for name in found if titled(text, name) or len(name.text.split()) > 1]
    return (*sure, *(name for name in found if name not in sure))


def _told(asking: str, verb: str) -> str:
    """The verb of a statement: `did` and `make` are `made`."""
    if asking == "did":
        return past(verb)
    if asking == "does":
        return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "o")) else f"{verb}s"
    return verb if asking == "do" else f"{asking} {verb}"


def _asked_noun(question: str) -> str:
    """The noun that is asked for: `band` of `Which band did ...`."""
    found = re.match(
        r"(?:\w+ )?(?:which|what|how many|how much) ((?:(?!(?:do|does|did)\b)[\w-]+ ){1,3})(?=(?:do|does|did)\b)",
        f"{question} ",
        re.I,
    )
    return found.group(1).strip() if found else ""
