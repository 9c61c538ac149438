"""Patterns of what somebody did, said or means to do, and of why something happened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.support.measures import MONEY
from assistant.answering.support.quantities import quantities
from assistant.answering.support.wordlists import listed
from assistant.follow_ups.wording import past
from assistant.starters.candidate import ACTOR, OPENING, SPEECH, Candidate, Pattern, is_clear, somebody
from assistant.starters.reading import CORE, PHRASE, Phrase, Reading
from assistant.starters.verbs import base_of, is_past, third_person

_COMMITTED = listed("agreed promised threatened pledged vowed refused offered decided planned proposed")
_INTENDS = listed("plans wants hopes intends")
_REASONED = {
    "accused": "of", "blamed": "for", "criticized": "for", "criticised": "for", "praised": "for", "fined": "for",
    "warned": "about",
}  # fmt: skip
_URGED = listed("urged asked ordered told forced allowed encouraged")
_PAID = listed("paid spent invested raised earned donated owed")
_ACHIEVED = listed(
    "won founded invented discovered designed built wrote directed produced created led visited succeeded "
    "defeated acquired bought composed painted established introduced formed opened incorporated commissioned "
    "developed commanded conquered launched organized organised"
)
"""What is worth asking who did it."""
_PLURAL = re.compile(r"(?:s|men|women|children)\Z")
_NEAR = 40
"""Characters between what happened and `because`."""


def said(reading: Reading) -> Iterator[Candidate]:
    """`Gao Feng said that structural issues were ...`: what he said about them."""
    for match in reading.find(rf"{ACTOR}(?P<verb>[QV])(?:P?W)?S?(?P<topic>{PHRASE})[XMVQ]"):
        actor, topic = reading.actor(match), reading.phrase(match, "topic")
        if not actor or not topic or topic.vague or reading.lower(match, "verb") not in SPEECH:
            continue
        if actor.text not in topic.text:
            yield Candidate("said", f"What did {actor.text} say about {topic.text}?", reading)


def accused(reading: Reading) -> Iterator[Candidate]:
    """`Orsa accused Lumen of ...`, `Orsa asked the Commission to ...`."""
    for match in reading.find(rf"{ACTOR}(?P<verb>[QV])(?P<whom>{CORE})(?P<of>[PTS])"):
        actor, whom = reading.actor(match), reading.topic(match, "whom")
        verb, word = reading.lower(match, "verb"), reading.lower(match, "of")
        if actor and whom and _REASONED.get(verb) == word:
            yield Candidate("accused", f"What did {actor.text} {base_of(verb)} {whom.text} {word}?", reading)
        elif actor and whom and verb in _URGED and match["of"] == "T":
            yield Candidate("urged", f"What did {actor.text} {base_of(verb)} {whom.text} to do?", reading)


def committed(reading: Reading) -> Iterator[Candidate]:
    """`China agreed to ...`."""
    for match in reading.find(rf"{ACTOR}X?B?(?P<verb>[QVN])TV"):
        actor, verb = reading.actor(match), reading.lower(match, "verb")
        if actor and verb in _COMMITTED:
            yield Candidate("agreed", f"What did {actor.text} {base_of(verb)} to do?", reading)
        elif actor and verb in _INTENDS:
            yield Candidate("agreed", f"What does {actor.text} {verb[:-1]} to do?", reading)


def counted(reading: Reading) -> Iterator[Candidate]:
    """`Kestrel employed 5,600 people`, `Lumen paid $420 million`."""
    for match in reading.find(rf"{ACTOR}(?P<verb>[QV])B?(?P<figure>#+)(?P<what>A?N(?![-NEO]))?"):
        actor, verb = reading.actor(match), reading.lower(match, "verb")
        figure, what = reading.text_of(match, "figure"), reading.phrase(match, "what")
        amount = next(iter(quantities(figure)), None)
        if actor is None or amount is None or not is_past(verb):
            continue
        if amount.unit in MONEY and verb in _PAID:
            yield Candidate("amount", f"How much did {actor.text} {base_of(verb)}?", reading, figure)
        elif amount.unit is None and amount.value > 1 and what and _is_countable(what):
            yield Candidate("count", f"How many {what.text} did {actor.text} {base_of(verb)}?", reading, figure)


def did(reading: Reading) -> Iterator[Candidate]:
    """`Selam Bekele won the Tarrow Marathon`."""
    for match in reading.find(rf"{ACTOR}(?P<verb>[QV])(?P<what>{PHRASE})"):
        actor, verb, what = reading.actor(match), reading.lower(match, "verb"), reading.topic(match)
        if actor and actor.name and somebody(actor.name) and verb in _ACHIEVED and what:
            yield Candidate("who", f"Who {verb} {what.text}?", reading, actor.name.text)


def done_by(reading: Reading) -> Iterator[Candidate]:
    """`The bridge at Holm was built by Hugh Mason`, `The inquiry into the crash is led by ...`."""
    by = r"(?P<be>X)B?(?P<verb>Q)(?P<by>P)(?:D?[NA]+)?(?P<who>E+)"
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE}){by}"):
        what, who, be = reading.topic(match), reading.phrase(match, "who"), reading.lower(match, "be")
        base = base_of(reading.lower(match, "verb"))
        if not what or not who or not who.name or not somebody(who.name) or not base:
            continue
        if reading.lower(match, "by") == "by" and be in {"was", "were", "is"}:
            verb = third_person(base) if be == "is" else past(base)
            yield Candidate("who", f"Who {verb} {what.text}?", reading, who.name.text)


def reasoned(reading: Reading) -> Iterator[Candidate]:
    """`The wall at Holm failed because ...`, `Trains to Holm were stopped because ...`."""
    because = re.search(r"\bbecause (?!of\b)", reading.text)
    if because is None:
        return
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE})(?P<be>X)?B?(?P<verb>[QV])(?P<object>{PHRASE})?"):
        what, done = reading.topic(match), reading.phrase(match, "object")
        verb, be, after = reading.lower(match, "verb"), reading.lower(match, "be"), reading.end_of(match)
        if not what or (done and not is_clear(done)) or not after < because.start() < after + _NEAR:
            continue
        if be in {"was", "were"} and not done:
            yield Candidate("why", f"Why {be} {what.text} {verb}?", reading)
        elif not be and is_past(verb) and verb not in SPEECH:
            acted = f"{base_of(verb)} {done.text}" if done else base_of(verb)
            yield Candidate("why", f"Why did {what.text} {acted}?", reading)


DOINGS: tuple[Pattern, ...] = (said, accused, committed, counted, did, done_by, reasoned)


def _is_countable(what: Phrase) -> bool:
    """Whether there may be many of it, and it says what it is."""
    return what.text == "people" or (not what.vague and _PLURAL.search(what.text) is not None)
