"""Quotations, figures, dates and names of a claim that stand in no cited sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.support import dates, quantities
from assistant.answering.support.cited import Cited, credit_spans, inside
from assistant.answering.support.moments import Moment, moments
from assistant.answering.support.names import Name, held, names, same
from assistant.answering.support.quantities import Quantity
from assistant.answering.support.quotations import is_verbatim, quoted
from assistant.answering.support.referring import may_refer
from assistant.answering.support.words import words

_CREDIT = re.compile(r"\b(?:article|report|story|reported|reports|published|writes|wrote|cites)\b", re.IGNORECASE)
_THE_TWO = re.compile(r"\b(?:the|these|those) two\Z", re.IGNORECASE)
_THEM = re.compile(r" (?:\w+ )?\w+s\b| men\b| women\b")
_CODE = re.compile(r"(?<![\w.])(?:\d[\d.]*[^\W\d_]|[^\W\d_]+\d)\w*")
_ADDRESS = re.compile(r"(?<!\w)(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>()\[\]]*", re.IGNORECASE)
_AT_PLACE = re.compile(r"\b(?:in|at|to|from|near|around|outside|of)\s+\Z")


def missing_quotation(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if words in quotation marks are not verbatim in a cited sentence."""
    credited = credit_spans(claim, cited)
    for start, end in quoted(claim):
        if not inside(credited, start, end) and not is_verbatim(
            claim[start:end], [source.text for source in cited]
        ):
            return f"the words “{claim[start:end].strip()}” stand in no cited sentence"
    return None


def asserted_figures(claim: str, cited: Sequence[Cited]) -> Iterator[Quantity]:
    """The figures of a claim that have to be proven: those of dates, names and credited are looked at as such."""
    taken = [*credit_spans(claim, cited), *((day.start, day.end) for day in moments(claim))]
    taken += [(name.start, name.end) for name in names(claim)]
    for figure in quantities.quantities(claim):
        if figure.loose or inside(taken, figure.start, figure.end) or _is_mention(claim, figure):
            continue
        yield figure


def missing_figure(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a figure is borne out by no cited sentence."""
    for figure in asserted_figures(claim, cited):
        known = [(source.text, other) for source in cited for other in quantities.quantities(source.text)]
        if any(quantities.bears_out(other, figure) for _, other in known):
            continue
        kind, text = quantities.kind_of(figure), quantities.figure_text(claim, figure)
        for sentence, other in known:
            if quantities.bears_out(_unbound(other), _unbound(figure)):
                return f"the sentence does not bound {quantities.figure_text(sentence, other)} as the claim does"
        return f"the {kind} {text} stands in no cited passage"
    return None


def missing_code(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if letters and digits in one, such as `5G`, that are no figure stand in no cited sentence."""
    taken = [*credit_spans(claim, cited), *((day.start, day.end) for day in moments(claim))]
    taken += [(figure.start, figure.end) for figure in quantities.quantities(claim)]
    known = {found.group().lower() for source in cited for found in _CODE.finditer(source.text)}
    for found in _CODE.finditer(claim):
        figures = any(start < found.end() and found.start() < end for start, end in taken)
        if not figures and found.group().lower() not in known:
            return f"“{found.group()}” stands in no cited passage"
    return None


def worded_address(claim: str) -> str | None:
    """A reason if a claim in words of its own names an address of the web: terminals make links of them."""
    found = _ADDRESS.search(claim)
    if found is None:
        return None
    return f"the address {found.group().rstrip('.,;:!')} is shown only where an article is quoted"


def missing_date(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a date is borne out by no cited sentence, and is not when a cited article appeared."""
    found = moments(claim)
    for number, moment in enumerate(found):
        if _is_borne_out(moment, cited) or _is_credit(claim, moment, cited):
            continue
        anchors = found[:number]
        if any(_is_beside(moment, anchor, cited) for anchor in anchors):
            continue
        return f"the date {claim[moment.start : moment.end]} stands in no cited passage"
    return None


def missing_name(claim: str, cited: Sequence[Cited]) -> str | None:
    """A reason if a proper name stands in no cited sentence, and none of them refers to it."""
    credited = credit_spans(claim, cited)
    for name in names(claim):
        if inside(credited, name.start, name.end) or any(_holds(claim, name, source) for source in cited):
            continue
        if name.doubtful or _is_written_small(claim, name, cited):
            continue
        return f"the name {name.text} stands in no cited passage"
    return None


def _holds(claim: str, name: Name, source: Cited) -> bool:
    if name.is_seat and _AT_PLACE.search(claim[: name.start]):
        return any(set(name.parts) <= set(other.parts) for other in names(source.text))
    if held(name, source.text):
        return True
    shorter = [other for other in names(source.text) if same(other, name) and not other.doubtful]
    if shorter and any(same(name, other) for other in names(source.context)):
        return True  # the surname here, the first name or title in the text around it
    return may_refer(name, source)


def _is_mention(claim: str, figure: Quantity) -> bool:
    """`the two sides` takes up those who were named and counts nothing."""
    return (
        figure.value == 2 and bool(_THE_TWO.search(claim, 0, figure.end)) and bool(_THEM.match(claim, figure.end))
    )


def _is_written_small(claim: str, name: Name, cited: Sequence[Cited]) -> bool:
    """`Soybeans` at the head of a claim is no name where the sentences write it small."""
    begins = not any(letter.isalnum() for letter in claim[: name.start])
    return begins and any(word.text == name.text.lower() for source in cited for word in words(source.text))


def _unbound(figure: Quantity) -> Quantity:
    return Quantity(figure.value, figure.unit, figure.start, figure.end, figure.step, None, figure.vague)


def _is_borne_out(moment: Moment, cited: Sequence[Cited]) -> bool:
    return any(
        dates.bears_out(other, moment, source.published) for source in cited for other in moments(source.text)
    )


def _is_credit(claim: str, moment: Moment, cited: Sequence[Cited]) -> bool:
    """Whether a date is said of the article: `Bloomberg reported on 2 February 2019`."""
    if not (credit_spans(claim, cited) or _CREDIT.search(claim)):
        return False
    return any(source.published and dates.is_published(moment, source.published) for source in cited)


def _is_beside(moment: Moment, anchor: Moment, cited: Sequence[Cited]) -> bool:
    return any(
        dates.follows(moment, anchor, other, source.published)
        for source in cited
        for other in moments(source.text)
    )
