"""Is each figure and date of a claim said of the same thing as in the sentence that holds it?

Where a sentence has several figures of a kind, the words around a claim's figure have to stand nearer to that
figure there than to another one. Distance is in words; what a comma or `and` parts lies further off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.support import dates, quantities
from assistant.answering.support.alignment import Alignment, align, positions
from assistant.answering.support.cited import Cited
from assistant.answering.support.facts import asserted_figures
from assistant.answering.support.lexicon import SYNONYM, kinship
from assistant.answering.support.measures import MONEY, TIMES
from assistant.answering.support.moments import Moment, moments
from assistant.answering.support.quantities import Quantity
from assistant.answering.support.tagging import ADJECTIVE, DATE, NAME, NOUN, NUMBER, tags
from assistant.answering.support.words import Word, words

_COMPANY = 3
"""So many of the claim's words beside a figure are looked at."""
_FURTHEST = 12
_PARTED = 2.0
_OTHER_SIDE = 1.0
_MARGIN = 0.5
_TOGETHER = 2
_PARTING = frozenset({",", ";", ":", "and", "or", "but", "while", "though", "although", "(", ")"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A figure of the source by the numbers of its first and last word, and whether it is the claim's."""

    first: int
    last: int
    own: bool


def misplaced_figure(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a figure or date stands beside words that its sentence gives another one."""
    for start, end, places in _several(claim, cited):
        for source, others in places:
            if _belongs_elsewhere(align(claim, source), positions(claim, start, end), others):
                return f"the sentence does not say {claim[start:end]} of what the claim says it of"
    return None


def miscounted(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a number counts what its sentence does not count so: `14 officers` for `14 people`."""
    for figure in asserted_figures(claim, cited):
        counted = _counted(claim, figure)
        if counted is None or (figure.unit not in {None, "%"} and figure.unit not in TIMES):
            continue
        known = [
            (source.text, other)
            for source in cited
            for other in quantities.quantities(source.text)
            if quantities.bears_out(other, figure)
        ]
        found = [(text, noun) for text, other in known if (noun := _counted(text, other)) is not None]
        if len(found) < len(known) or any(kinship(counted.lower, noun.lower) for _, noun in found):
            continue
        if any(
            kinship(counted.lower, word.lower) >= SYNONYM
            for text, _ in found
            for word in words(text)
            if word.tells
        ):
            return f"the sentence counts {found[0][1].text}, not {counted.text}"
    return None


def _counted(text: str, figure: Quantity) -> Word | None:
    """The noun that a number counts: the last of those right after it."""
    places = positions(text, figure.start, figure.end)
    if not places or figure.unit in MONEY:
        return None
    found = None
    for at in range(places[-1] + 1, len(words(text))):
        if tags(text)[at] not in {NOUN, ADJECTIVE, NAME}:
            break
        if tags(text)[at] == NOUN:
            found = words(text)[at]
    return found


def other_rate(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a rate is by another unit than in its sentence, or by one that it does not have: `a week`."""
    figures = quantities.quantities(claim)
    known = [(source.text, other) for source in cited for other in quantities.quantities(source.text)]
    for figure in figures:
        unit = figure.unit
        if not figure.loose or unit not in TIMES or any(other.unit == unit for _, other in known):
            continue
        said = quantities.figure_text(claim, figure)
        rates = [
            quantities.figure_text(text, other) for text, other in known if other.loose and other.unit in TIMES
        ]
        if rates:
            return f"the sentence says {rates[0]}, not {said}"
        spoken_of = any(kinship(unit, word.lower) for source in cited for word in words(source.text))
        if not spoken_of and any(other.end + 1 == figure.start for other in figures):
            return f"no cited sentence says {said}"
    return None


def _several(claim: str, cited: Sequence[Cited]) -> Iterator[tuple[int, int, list[tuple[str, list[_Place]]]]]:
    """Each figure and date of the claim with the sentences that have it beside others of its kind."""
    for figure in asserted_figures(claim, cited):
        places = []
        for source in cited:
            known = [
                other
                for other in quantities.quantities(source.text)
                if _kind(other) == _kind(figure) and not other.loose
            ]
            places.append(
                (
                    source.text,
                    [_placed(source.text, other, quantities.bears_out(other, figure)) for other in known],
                )
            )
        yield figure.start, figure.end, _decided(places)
    for moment in moments(claim):
        places = [
            (
                source.text,
                [
                    _placed(source.text, other, dates.bears_out(other, moment, source.published))
                    for other in moments(source.text)
                    if _grain(other) == _grain(moment)
                ],
            )
            for source in cited
        ]
        yield moment.start, moment.end, _decided(places)


def _decided(places: list[tuple[str, list[_Place]]]) -> list[tuple[str, list[_Place]]]:
    """The sentences to decide by: none where one has the figure and no other of its kind."""
    having = [each for each in places if any(place.own for place in each[1])]
    if any(all(place.own for place in others) for _, others in having):
        return []
    return having[:1]


def _grain(moment: Moment) -> str:
    """Dates of different grain are no rivals: a weekday and a weekend."""
    if moment.weekday is not None:
        return "weekday"
    if moment.shift is not None or moment.unit:
        return "reckoned"
    return "day" if moment.day else "month" if moment.month else "year"


def _kind(figure: Quantity) -> str:
    if figure.unit in MONEY:
        return "money"
    if figure.unit in TIMES:
        return "time"
    return figure.unit or "number"


def _placed(text: str, figure: quantities.Quantity | Moment, own: bool) -> _Place:
    found = positions(text, figure.start, figure.end)
    return _Place(found[0], found[-1], own) if found else _Place(0, 0, own)


def _belongs_elsewhere(alignment: Alignment, figure: Sequence[int], places: Sequence[_Place]) -> bool:
    if not figure:
        return False
    company = _company(alignment, figure)
    if not company:
        return False
    owned = [place for place in places if place.own]
    # `on Saturday and Sunday`: what is said of the one is said of the other.
    others = [
        place
        for place in places
        if not place.own
        and all(min(abs(place.first - own.last), abs(own.first - place.last)) > _TOGETHER for own in owned)
    ]
    own = min(_cost(alignment, figure, company, place) for place in owned)
    other = min((_cost(alignment, figure, company, place) for place in others), default=own)
    return other + _MARGIN < own


def _company(alignment: Alignment, figure: Sequence[int]) -> list[int]:
    """The claim's words nearest to its figure that stand in the source, none of them beyond another figure."""
    known = tags(alignment.claim)
    nearer = []
    for at in sorted(alignment.by_claim, key=lambda at: _distance(alignment.claim, figure, at)):
        if at in figure or known[at] in {NUMBER, DATE} or alignment.by_claim[at].strength < SYNONYM:
            continue
        first, last = (at, figure[0]) if at < figure[0] else (figure[-1], at)
        if any(known[between] in {NUMBER, DATE} and between not in figure for between in range(first, last)):
            continue
        nearer.append(at)
    return nearer[:_COMPANY]


def _distance(text: str, figure: Sequence[int], at: int) -> float:
    first, last = (at, figure[0]) if at < figure[0] else (figure[-1], at)
    parted = sum(words(text)[between].lower in _PARTING for between in range(first + 1, last))
    return last - first + _PARTED * parted


def _cost(alignment: Alignment, figure: Sequence[int], company: Sequence[int], place: _Place) -> float:
    """How far the claim's words about the figure stand from a figure of the source, on average."""
    cost = weights = 0.0
    for at in company:
        there = alignment.by_claim[at].source
        turned = (at < figure[0]) != (there < place.first)
        distance = _distance(alignment.source, (place.first, place.last), there) + _OTHER_SIDE * turned
        weight = 1 / _distance(alignment.claim, figure, at)
        if tags(alignment.claim)[at] == NAME:
            weight /= 2  # of a name several things are said
        cost += weight * min(distance, _FURTHEST)
        weights += weight
    return cost / weights
