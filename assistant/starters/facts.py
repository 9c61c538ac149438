"""Patterns of what something is, how much, when and where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.support.moments import moments
from assistant.answering.support.names import TITLES
from assistant.answering.support.wordlists import listed
from assistant.follow_ups.somebody import names_person
from assistant.starters.candidate import OPENING, SPEECH, Candidate, Pattern, is_clear, somebody
from assistant.starters.reading import CORE, PHRASE, Phrase, Reading
from assistant.starters.verbs import base_of, is_past

_MEASURES = listed(
    "population price cost deficit surplus budget revenue profit area length height depth rate speed weight "
    "capacity value share turnover debt salary fee temperature distance age size elevation density income deposit"
)
_HAPPENED = listed("died began opened closed ended started resigned retired disappeared debuted premiered")
"""Verbs that say enough without an object."""
_ISSUED = listed("released founded established published built formed launched held opened completed signed")
_FACETS = listed(
    "aim aims goal goals purpose function functions cause causes capital role origin origins motto slogan"
)
_PLACED = listed("based located headquartered situated born buried")
_PERSONS = listed("poet criminal artist athlete chef architect scholar lawyer dancer bassist laureate musician")
"""Beside those that `names_person` knows by their endings."""
_WORKS = listed("song album film movie novel sitcom musical")


def measured(reading: Reading) -> Iterator[Candidate]:
    """`The trade deficit with China reached $375.2 billion`, `Bengal had an area of ...`."""
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE})(?P<verb>[XQV])B?P?(?P<figure>#+)"):
        what, verb = reading.topic(match), reading.lower(match, "verb")
        if what and not _MEASURES.isdisjoint(what.text.split()) and verb in {"is", "was", "reached", "exceeded"}:
            be = "is" if verb == "is" else "was"
            yield Candidate("measure", f"What {be} {what.text}?", reading, reading.text_of(match, "figure"))
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE})(?P<verb>X)DA?(?P<measure>N)PB?(?P<figure>#+)"):
        what, measure = reading.topic(match), reading.lower(match, "measure")
        then = {"has": "is", "had": "was"}.get(reading.lower(match, "verb"))
        if what and then and measure in _MEASURES:
            asked = f"What {then} the {measure} of {what.text}?"
            yield Candidate("measure", asked, reading, reading.text_of(match, "figure"))


def undergone(reading: Reading) -> Iterator[Candidate]:
    """`The plant in Tarrow was closed on 30 June 2022`."""
    done = r"(?P<be>X)B?(?P<verb>Q)"
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE}){done}(?P<where>P{CORE})?(?P<at>P)(?P<day>W+)"):
        what, be, where = reading.topic(match), reading.lower(match, "be"), reading.phrase(match, "where")
        day, verb = _day(reading, match), reading.text_of(match, "verb")
        if not what or not day or be not in {"was", "were"} or (where and where.vague):
            continue
        there = f" {where.text}" if where and verb != "born" else ""
        yield Candidate("when", f"When {be} {what.text} {verb}{there}?", reading, day)


def happened(reading: Reading) -> Iterator[Candidate]:
    """`Nora Hale opened the museum of Tarrow in 1981`, `Ada Byron died in 1852`."""
    done = rf"(?P<verb>[QV])(?P<object>{CORE})?"
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE}){done}(?P<at>P)(?P<day>W+)"):
        what, verb, done_to = reading.topic(match), reading.lower(match, "verb"), reading.phrase(match, "object")
        day = _day(reading, match)
        if not what or not day or not is_past(verb) or verb in SPEECH:
            continue
        if done_to and is_clear(done_to):
            yield Candidate("when", f"When did {what.text} {base_of(verb)} {done_to.text}?", reading, day)
        elif not done_to and verb in _HAPPENED:
            yield Candidate("when", f"When did {what.text} {base_of(verb)}?", reading, day)


def issued(reading: Reading) -> Iterator[Candidate]:
    """`Code Black is a drama that was released on September 30, 2015`."""
    for match in reading.find(rf"\A(?P<what>{CORE})XD[^;]*?(?P<verb>Q)(?:PE+)?(?P<at>P)(?P<day>W+)"):
        what, verb, day = reading.topic(match), reading.lower(match, "verb"), _day(reading, match)
        if what and what.name and verb in _ISSUED and day:
            yield Candidate("when", f"When was {what.text} {verb}?", reading, day)


def placed(reading: Reading) -> Iterator[Candidate]:
    """`Kestrel is based in Rotterdam`."""
    place = r"(?P<at>P)(?P<place>E+(?:,E+)?)"
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE}),?R?(?P<be>X)B?(?P<verb>Q){place}"):
        what, be, verb = reading.topic(match), reading.lower(match, "be"), reading.lower(match, "verb")
        fits = be in {"is", "was"} and verb in _PLACED and reading.lower(match, "at") in {"in", "at"}
        if what and fits:
            yield Candidate("where", f"Where {be} {what.text} {verb}?", reading, reading.text_of(match, "place"))


def introduced(reading: Reading) -> Iterator[Candidate]:
    """`Scott Paul, the president of the alliance, said`."""
    for match in reading.find(rf"\A(?P<who>E+),(?P<role>{CORE})(?:P{CORE})?,"):
        who, role = reading.phrase(match, "who"), reading.text_of(match, "role")
        if who and somebody(who.name) and _is_role(role):
            yield Candidate("identity", f"Who is {somebody(who.name)}?", reading, role)


def defined(reading: Reading) -> Iterator[Candidate]:
    """`Karin Holt is an analyst`, `A fjord is a long, narrow inlet`, `Steam engines are heat engines`."""
    pattern = rf"\A(?P<what>{PHRASE}|G)(?P<be>X)(?P<article>D)?(?P<role>[ANE#,-]*N)"
    for match in reading.find(pattern if reading.leads else rf"{pattern}(?=[RSP])"):
        what, be, role = reading.phrase(match, "what"), reading.lower(match, "be"), reading.text_of(match, "role")
        if not what or what.vague or be not in {"is", "was", "are"} or (be == "are") == bool(match["article"]):
            continue
        if what.name and (reading.lifetime or _is_role(role)):
            if reading.leads and somebody(what.name):
                yield Candidate("identity", f"Who {be} {somebody(what.name)}?", reading)
        elif _is_thing(what, role) and (reading.leads or not what.text.startswith("the ")):
            work = what.name is None and not _WORKS.isdisjoint(role.split())
            text = reading.text_of(match, "what") if work else what.text
            yield Candidate("definition", f"What {be} {text}?", reading)


def described(reading: Reading) -> Iterator[Candidate]:
    """`The aim of the talks in Geneva was to ...`."""
    for match in reading.find(rf"{OPENING}(?P<what>DA?(?P<facet>N)P{PHRASE})(?P<be>X)"):
        what, be = reading.phrase(match, "what"), reading.lower(match, "be")
        if what and not what.vague and reading.lower(match, "facet") in _FACETS and be in {"is", "was"}:
            yield Candidate("facet", f"What {be} {what.text}?", reading)


def caused(reading: Reading) -> Iterator[Candidate]:
    """`The fire in Holm was caused by ...`."""
    for match in reading.find(rf"{OPENING}(?P<what>{PHRASE})(?P<be>X)B?(?P<verb>Q)(?P<by>P)(?=[DANG])"):
        what, verb = reading.phrase(match, "what"), reading.lower(match, "verb")
        tense = {"was": "caused", "were": "caused", "is": "causes", "are": "causes"}.get(
            reading.lower(match, "be")
        )
        if what and not what.vague and tense and (verb, reading.lower(match, "by")) == ("caused", "by"):
            yield Candidate("cause", f"What {tense} {what.text}?", reading)


FACTS: tuple[Pattern, ...] = (
    measured, undergone, happened, issued, placed, introduced, defined, described, caused,
)  # fmt: skip


def _is_role(role: str) -> bool:
    """Whether what somebody or something is said to be is a person's role."""
    head = role.lower().split()[-1] if role else ""
    return names_person(head) or head in _PERSONS


def _is_thing(what: Phrase, role: str) -> bool:
    """Whether what is defined is no person and no title, for all that can be told."""
    if not TITLES.isdisjoint(what.text.lower().split()):
        return False
    return not somebody(what.name) or not _WORKS.isdisjoint(role.split())


def _day(reading: Reading, match: re.Match[str]) -> str:
    """The date of a match if it names a year or a month, and something happened in or on it; else empty."""
    day = reading.text_of(match, "day")
    told = any(moment.year is not None or moment.month is not None for moment in moments(f"on {day}"))
    return day if told and reading.lower(match, "at") in {"in", "on"} else ""
