"""Patterns of sentences, each with the question that it makes. What they ask about comes from the sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.answering.support.measures import MONEY
from assistant.answering.support.moments import moments
from assistant.answering.support.names import TITLES, Name
from assistant.answering.support.quantities import quantities
from assistant.answering.support.wordlists import listed
from assistant.follow_ups.somebody import is_person, names_person
from assistant.follow_ups.wording import past
from assistant.starters.reading import CORE, PHRASE, Reading
from assistant.starters.verbs import base_of, is_past, third_person


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a sentence should answer."""

    kind: str
    """What it asks for, by which starters are told apart."""
    question: str
    reading: Reading
    answer: str = ""
    """The words of the sentence that answer it, where they are known."""


Pattern = Callable[[Reading], Iterator[Candidate]]

_OPENING = r"\A(?:(?:P?D?[ANE]*W+|B),)?"
"""A date or an adverb before the subject."""
_ACTOR = rf"{_OPENING}(?:D?[NA]+)?(?P<actor>D?E+)(?:,D?[^,;VX]*,)?B?"
_SPEECH = listed("said warned suggested argued explained admitted conceded acknowledged insisted claimed stressed")
_COMMITTED = listed("agreed promised threatened pledged vowed refused offered decided planned proposed")
_INTENDS = listed("plans wants hopes intends")
_REASONED = {
    "accused": "of", "blamed": "for", "criticized": "for", "criticised": "for", "praised": "for", "fined": "for",
    "warned": "about",
}  # fmt: skip
_URGED = listed("urged asked ordered told forced allowed encouraged")
_MEASURES = listed(
    "population price cost deficit surplus budget revenue profit area length height depth rate speed weight capacity"
    " value share turnover debt salary fee temperature distance age size elevation density income deposit"
)
_PAID = listed("paid spent invested raised earned donated owed")
_ACHIEVED = listed(
    "won founded invented discovered designed built wrote directed produced created led visited succeeded defeated "
    "acquired bought composed painted established introduced formed opened incorporated commissioned developed "
    "commanded conquered launched organized organised"
)
"""What is worth asking who did it."""
_HAPPENED = listed("died began opened closed ended started resigned retired disappeared debuted premiered")
"""Verbs that say enough without an object."""
_ISSUED = listed("released founded established published built formed launched held opened completed signed")
_PLACED = listed("based located headquartered situated born buried")
_PERSONS = listed("poet criminal artist athlete chef architect scholar lawyer dancer bassist laureate musician")
"""Beside those that `names_person` knows by their endings."""
_WORKS = listed("song album film movie novel sitcom musical")


def said(reading: Reading) -> Iterator[Candidate]:
    """`Gao Feng said that structural issues were ...`: what he said about them."""
    for match in reading.find(rf"{_ACTOR}(?P<verb>[QV])(?:P?W)?S?(?P<topic>{PHRASE})[XMVQ]"):
        actor, topic = reading.phrase(match, "actor"), reading.phrase(match, "topic")
        if reading.lower(match, "verb") not in _SPEECH or not actor or not topic or topic.vague:
            continue
        if actor.name and actor.name.text not in topic.text:
            yield Candidate("said", f"What did {actor.text} say about {topic.text}?", reading)


def accused(reading: Reading) -> Iterator[Candidate]:
    """`Orsa accused Lumen of ...`, `Orsa asked the Commission to ...`."""
    for match in reading.find(rf"{_ACTOR}(?P<verb>[QV])(?P<whom>{CORE})(?P<of>[PTS])"):
        actor, whom = reading.phrase(match, "actor"), reading.phrase(match, "whom")
        verb, word = reading.lower(match, "verb"), reading.lower(match, "of")
        if not actor or not actor.name or not whom or not whom.specific or whom.vague:
            continue
        if _REASONED.get(verb) == word:
            yield Candidate("accused", f"What did {actor.text} {base_of(verb)} {whom.text} {word}?", reading)
        elif verb in _URGED and match["of"] == "T":
            yield Candidate("urged", f"What did {actor.text} {base_of(verb)} {whom.text} to do?", reading)


def committed(reading: Reading) -> Iterator[Candidate]:
    """`China agreed to ...`."""
    for match in reading.find(rf"{_ACTOR}X?B?(?P<verb>[QVN])TV"):
        actor, verb = reading.phrase(match, "actor"), reading.lower(match, "verb")
        if actor and actor.name and verb in _COMMITTED:
            yield Candidate("agreed", f"What did {actor.text} {base_of(verb)} to do?", reading)
        elif actor and actor.name and verb in _INTENDS:
            yield Candidate("agreed", f"What does {actor.text} {verb[:-1]} to do?", reading)


def measured(reading: Reading) -> Iterator[Candidate]:
    """`The trade deficit with China reached $375.2 billion`, `Bengal had an area of ...`."""
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE})(?P<verb>[XQV])B?P?(?P<figure>#+)"):
        what, verb = reading.phrase(match, "what"), reading.lower(match, "verb")
        told = what is not None and what.specific and not _MEASURES.isdisjoint(what.text.split())
        if what and told and verb in {"is", "was", "reached", "exceeded"}:
            be = "is" if verb == "is" else "was"
            yield Candidate("measure", f"What {be} {what.text}?", reading, reading.text_of(match, "figure"))
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE})(?P<verb>X)DA?(?P<measure>N)P(?P<figure>B?#+)"):
        what, verb, measure = (
            reading.phrase(match, "what"), reading.lower(match, "verb"), reading.lower(match, "measure"),
        )  # fmt: skip
        if what and what.specific and not what.vague and verb in {"has", "had"} and measure in _MEASURES:
            be = "is" if verb == "has" else "was"
            figure = reading.text_of(match, "figure")
            yield Candidate("measure", f"What {be} the {measure} of {what.text}?", reading, figure)


def counted(reading: Reading) -> Iterator[Candidate]:
    """`Kestrel employed 5,600 people`, `Lumen paid $420 million`."""
    for match in reading.find(rf"{_ACTOR}(?P<verb>[QV])B?(?P<figure>#+)(?P<what>A?N(?![-NEO]))?"):
        actor, verb = reading.phrase(match, "actor"), reading.lower(match, "verb")
        figure, what = reading.text_of(match, "figure"), reading.text_of(match, "what")
        amount = next(iter(quantities(figure)), None)
        does = "does" if verb.endswith("s") and not is_past(verb) else "did"
        base = base_of(verb)
        if not (actor and actor.name and base and amount) or (does == "did" and not is_past(verb)):
            continue
        if amount.unit in MONEY and verb in _PAID:
            yield Candidate("amount", f"How much {does} {actor.text} {base}?", reading, figure)
        elif amount.unit is None and what.endswith(("s", "people")) and amount.value > 1:
            yield Candidate("count", f"How many {what} {does} {actor.text} {base}?", reading, figure)


def dated(reading: Reading) -> Iterator[Candidate]:
    """`The plant was closed on 30 June 2022`, `Nora Hale opened the museum in 1981`."""
    passive = rf"{_OPENING}(?P<what>{PHRASE})(?P<be>X)B?(?P<verb>Q)(?P<where>P{CORE})?(?P<at>P)(?P<day>W+)"
    for match in reading.find(passive):
        what, be, where = reading.phrase(match, "what"), reading.lower(match, "be"), reading.phrase(match, "where")
        day = _day(reading, match)
        if what and what.specific and not what.vague and be in {"was", "were"} and day and not (where and where.vague):
            done = reading.text_of(match, "verb")
            done = f"{done} {where.text}" if where and done != "born" else done
            yield Candidate("when", f"When {be} {what.text} {done}?", reading, day)
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE})(?P<verb>[QV])(?P<object>{CORE})?(?P<at>P)(?P<day>W+)"):
        what, verb, done = reading.phrase(match, "what"), reading.lower(match, "verb"), reading.phrase(match, "object")
        day = _day(reading, match)
        if not what or not what.specific or what.vague or not day or not is_past(verb) or verb in _SPEECH:
            continue
        if done and not done.vague:
            yield Candidate("when", f"When did {what.text} {base_of(verb)} {done.text}?", reading, day)
        elif not done and verb in _HAPPENED:
            yield Candidate("when", f"When did {what.text} {base_of(verb)}?", reading, day)
    issued = rf"\A(?P<what>{CORE})XD[^;]*?(?P<verb>Q)(?:PE+)?(?P<at>P)(?P<day>W+)"
    for match in reading.find(issued):
        what, verb, day = reading.phrase(match, "what"), reading.lower(match, "verb"), _day(reading, match)
        if what and what.name and verb in _ISSUED and day:
            yield Candidate("when", f"When was {what.text} {verb}?", reading, day)


def placed(reading: Reading) -> Iterator[Candidate]:
    """`Kestrel is based in Rotterdam`."""
    place = r"(?P<at>P)(?P<place>E+(?:,E+)?)"
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE}),?R?(?P<be>X)B?(?P<verb>Q){place}"):
        what, be, verb = reading.phrase(match, "what"), reading.lower(match, "be"), reading.lower(match, "verb")
        fits = be in {"is", "was"} and verb in _PLACED and reading.lower(match, "at") in {"in", "at"}
        if what and what.specific and not what.vague and fits:
            yield Candidate("where", f"Where {be} {what.text} {verb}?", reading, reading.text_of(match, "place"))


def done_by(reading: Reading) -> Iterator[Candidate]:
    """`The bridge at Holm was built by Hugh Mason`, `The inquiry into the crash is led by ...`."""
    by = rf"(?P<be>X)B?(?P<verb>Q)(?P<by>P)(?:D?[NA]+)?(?P<who>E+)"
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE}){by}"):
        what, who, be = reading.phrase(match, "what"), reading.phrase(match, "who"), reading.lower(match, "be")
        base = base_of(reading.lower(match, "verb"))
        if not (what and what.specific and not what.vague and who and who.name and somebody(who.name) and base):
            continue
        if reading.lower(match, "by") == "by" and be in {"was", "were", "is"}:
            verb = third_person(base) if be == "is" else past(base)
            yield Candidate("who", f"Who {verb} {what.text}?", reading, who.name.text)


def did(reading: Reading) -> Iterator[Candidate]:
    """`Selam Bekele won the Tarrow Marathon`."""
    for match in reading.find(rf"{_ACTOR}(?P<verb>[QV])(?P<what>{PHRASE})"):
        actor, verb, what = reading.phrase(match, "actor"), reading.lower(match, "verb"), reading.phrase(match, "what")
        if actor and actor.name and somebody(actor.name) and verb in _ACHIEVED and what and what.specific:
            if not what.vague:
                yield Candidate("who", f"Who {verb} {what.text}?", reading, actor.name.text)


def identified(reading: Reading) -> Iterator[Candidate]:
    """`Scott Paul, the president of ..., said`, `Karin Holt is an analyst`, `A fjord is a long, narrow inlet`."""
    for match in reading.find(rf"\A(?P<who>E+),(?P<role>{CORE})(?:P{CORE})?,"):
        who, role = reading.phrase(match, "who"), reading.text_of(match, "role")
        if who and who.name and somebody(who.name) and _is_role(role):
            yield Candidate("identity", f"Who is {somebody(who.name)}?", reading, role)
    defined = rf"\A(?P<what>{PHRASE}|G)(?P<be>X)(?P<article>D)?(?P<role>[ANE#,-]*N)"
    for match in reading.find(defined) if reading.leads else ():
        what, be, role = reading.phrase(match, "what"), reading.lower(match, "be"), reading.text_of(match, "role")
        if not what or what.vague or be not in {"is", "was", "are"} or (be == "are") == bool(match["article"]):
            continue
        if what.name and (reading.lifetime or _is_role(role)):
            if somebody(what.name):
                yield Candidate("identity", f"Who {be} {somebody(what.name)}?", reading)
        elif what.name is None or not somebody(what.name) or not _WORKS.isdisjoint(role.split()):
            work = what.name is None and not _WORKS.isdisjoint(role.split())
            text = what.text if not work else reading.text_of(match, "what")
            yield Candidate("definition", f"What {be} {text}?", reading)


def reasoned(reading: Reading) -> Iterator[Candidate]:
    """`The wall at Holm failed because ...`."""
    because = re.search(r"\bbecause (?!of\b)", reading.text)
    if because is None:
        return
    for match in reading.find(rf"{_OPENING}(?P<what>{PHRASE})(?P<be>X)?B?(?P<verb>[QV])(?P<object>{PHRASE})?"):
        what, done, verb = reading.phrase(match, "what"), reading.phrase(match, "object"), reading.lower(match, "verb")
        be, after = reading.lower(match, "be"), reading.words[match.end() - 1].end
        near = after < because.start() < after + 40
        if not what or not what.specific or what.vague or (done and done.vague) or not near:
            continue
        if be in {"was", "were"} and not done:
            yield Candidate("why", f"Why {be} {what.text} {verb}?", reading)
        elif not be and is_past(verb):
            acted = f"{base_of(verb)} {done.text if done else ''}".strip()
            yield Candidate("why", f"Why did {what.text} {acted}?", reading)


PATTERNS: tuple[Pattern, ...] = (
    said, accused, committed, measured, counted, dated, placed, done_by, did, identified, reasoned,
)  # fmt: skip


def somebody(name: Name) -> str:
    """A name without titles, if it may be somebody's in full; else empty."""
    core = [part for part in name.text.split() if part.lower().strip(".,") not in TITLES | {"the", "of"}]
    fits = is_person(name) and 2 <= len(core) <= 4 and all(part[0].isupper() for part in core)
    return " ".join(core) if fits and "The" not in core else ""


def _is_role(role: str) -> bool:
    head = role.lower().split()[-1] if role else ""
    return names_person(head) or head in _PERSONS


def _day(reading: Reading, match: re.Match[str]) -> str:
    """The date of a match if it names a year or a month, and something happened in or on it; else empty."""
    day = reading.text_of(match, "day")
    told = any(moment.year is not None or moment.month is not None for moment in moments(f"on {day}"))
    return day if told and reading.lower(match, "at") in {"in", "on"} else ""
