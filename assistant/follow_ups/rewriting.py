"""Puts a follow-up so that it stands by itself, by rule.

A piece of a question is made whole with the last one; in a whole question each word that points back gives way to
what it means; where that cannot be told, what the last turn was about follows after a colon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation import Turn
from assistant.follow_ups.antecedents import antecedent
from assistant.follow_ups.fragments import fragment_of
from assistant.follow_ups.fragments_completed import completed
from assistant.follow_ups.references import Reference, explained, references
from assistant.follow_ups.somebody import is_person, named_in
from assistant.follow_ups.topics import MOST_TURNS, Topic
from assistant.follow_ups.wording import as_question, content, going_on, on_one_line, without_end

_BACK = re.compile(
    r"\A(?:(?:let us |let's )?(?:go )?(?:back|returning|coming back|turning|turn) to|on|regarding|about|as for) "
    r"(?P<what>[^:?,]{2,60})[:,] (?P<asked>\w.*)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"\A(?:and|but|so|well|ok|okay|now),? (?=\w+ \w+)", re.IGNORECASE)
_TRAILING = re.compile(r", (?:then|though|too|again|instead)(?=\W*\Z)", re.IGNORECASE)
DOUBTFUL = 6
"""Words of a question without a name or a figure up to which a model, where there is one, is asked about it."""
_EVENTS = frozenset({"event", "time"})


class RuleRewriter:
    """Completes a follow-up from the turns before it."""

    def standalone(self, question: str, history: Sequence[Turn]) -> str | None:
        """The question with subject, people and dates of earlier turns; None where it stands by itself."""
        recent = history[-MOST_TURNS:]
        asked = on_one_line(question)
        if not recent or not _leans(asked, recent):
            return None
        topics: list[Topic] = []
        for turn in recent:
            topics.append(Topic.of(turn, turn.standalone or _completed(on_one_line(turn.question), topics)))
        whole = _completed(asked, topics)
        # What cannot be completed for good is better left than completed again and again.
        return None if _leans(whole, recent) else whole


def leans(question: str) -> bool:
    """Whether a question points at something that it does not say."""
    return _leans(on_one_line(question), ())


def may_lean(question: str) -> bool:
    """Whether a question points at something that it does not say, or is short and names nobody and nothing."""
    asked = on_one_line(question)
    return leans(asked) or (
        len(asked.split()) <= DOUBTFUL and not named_in(asked) and not any(map(str.isdigit, asked))
    )


def _leans(asked: str, history: Sequence[Turn]) -> bool:
    return (
        bool(asked)
        and not explained(asked)
        and (fragment_of(asked) is not None or bool(references(_core(asked), _persons(history))))
    )


def _core(asked: str) -> str:
    """A question without a first part that only names what it is about: `Back to Cuba: ...`."""
    found = _BACK.match(asked)
    return found["asked"] if found else asked


def _persons(history: Sequence[Turn]) -> frozenset[str]:
    """The last words of the names of earlier turns that are surely somebody's, in lower case."""
    texts = (text for turn in history for text in (turn.question, turn.answer))
    return frozenset(
        name.text.split()[-1].lower()
        for text in texts
        for name in named_in(on_one_line(text))
        if is_person(name) and len(name.text.split()) > 1
    )


def _completed(asked: str, topics: Sequence[Topic]) -> str:
    """The question so that it stands by itself after these turns, oldest first; as it is where it does."""
    if not topics or explained(asked):
        return asked
    fragment = fragment_of(asked)
    if fragment is not None:
        return as_question(completed(fragment, topics[-1], topics[-2::-1]))
    back = _BACK.match(asked)
    core = _core(asked)
    found = references(core)
    if not found:
        return asked
    ranked = _ranked(asked, topics)
    rest = _TRAILING.sub("", without_end(_LEAD.sub("", core)))
    found = references(rest)
    put: dict[Reference, str | None] = {}
    for reference in found:
        same = [meant for other, meant in put.items() if meant and other.kind == reference.kind]
        taken = [meant for meant in put.values() if meant and meant not in same]
        put[reference] = same[0] if same else antecedent(reference, rest, ranked, taken)
    whole = as_question(_replaced(rest, put))
    if not leans(whole) and all(put.values()):
        return whole
    about = back["what"] if back else _about(found, put, ranked[0])
    return as_question(f"{without_end(whole)}: {about}")


def _about(found: Sequence[Reference], put: dict[Reference, str | None], topic: Topic) -> str:
    """What the last turn was about: what was answered where that is pointed at, or else what was asked."""
    open_ones = {reference.kind for reference in found if put.get(reference) is None}
    asks_what = topic.opening in {"what", "who", "whom"} and bool(topic.statement)  # which tells half of it
    if topic.sentence and (open_ones & _EVENTS or asks_what):
        return going_on(topic.sentence)
    told = {name.text for name in named_in(topic.subject)}
    return going_on(topic.question) if topic.subject in told else topic.subject


def _ranked(asked: str, topics: Sequence[Topic]) -> list[Topic]:
    """The turns to look in: the last first, unless the question takes up words of one before it alone."""
    newest = list(reversed(topics))
    sought = content(asked)
    shared = [sought & content(topic.texts) for topic in newest]
    for at, words_of in enumerate(shared):
        if words_of and not shared[0]:
            return [newest[at], *newest[:at], *newest[at + 1 :]]
    return newest


def _replaced(asked: str, put: dict[Reference, str | None]) -> str:
    """The question with each reference as what it means."""
    parts: list[str] = []
    done = 0
    for reference, meant in put.items():
        if meant is None:
            continue
        pronoun = asked[reference.start : reference.end].lower()
        if reference.owner or pronoun in {"his", "its", "their"}:
            meant = f"{meant}'" if meant.endswith("s") else f"{meant}'s"
        parts += [asked[done : reference.start], meant]
        done = reference.end
    return "".join([*parts, asked[done:]])
