"""The parts of an answer as content for the terminal, worded as `parley ask` words them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from assistant.phrasing import (
    CLOSEST,
    CUT_OFF,
    NOT_FOUND,
    STRUCK,
    WORTH_A_LOOK,
    confidence_in_words,
    name_others,
    name_place,
    name_source,
    on_one_line,
    shorts_to_show,
    span_in,
    spent_in_words,
)
from assistant.sanitize import sanitize_line

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Claim, Evidence

TARGET = "target"
"""In the meta of a style: the number of the citation or passage that a click opens."""
KEPT_BACK = "An uncertain answer was kept back; parley ask --min-confidence shows it."


def marker(number: int, current: int | None) -> Content:
    """A live marker; the current one is told by reversed colours."""
    style = "bold reverse $primary" if number == current else "bold $primary"
    return Content.styled(f"[{number}]", style).stylize(Style.from_meta({TARGET: number}))


def looked_for(standalone: str) -> Content:
    """How a follow-up was looked for."""
    return Content.styled(f"looked for as: {on_one_line(standalone)}", "$quiet")


def shorts(answer: Answer, current: int | None) -> Content:
    """The very words that answer, with their markers, on one line."""
    parts = (
        Content.assemble((on_one_line(short.text), "bold"), " ", marker(short.citation, current))
        for short in shorts_to_show(answer)
    )
    return Content.styled(" · ", "$quiet").join(parts)


def sentence(answer: Answer, claim: Claim, current: int | None) -> Content:
    """A proven sentence, the words in it that answer underlined, and its markers."""
    text = Content(sanitize_line(claim.text))
    for short in shorts_to_show(answer):
        if span := span_in(answer, claim, short):
            text = text.stylize("underline", *span)
    return Content.assemble(text, " ", *(marker(number, current) for number in claim.citations))


def source(citation: Citation, current: int | None) -> Content:
    """Where a citation stands."""
    return Content.assemble(
        marker(citation.id, current),
        " ",
        name_source(citation.source),
        (f"  {name_place(citation.source, citation.start, citation.end)}{name_others(citation)}", "$quiet"),
    )


def quote(citation: Citation) -> Content:
    """The sentence that proves what the answer says in other words."""
    return Content.styled(f"“{on_one_line(citation.quote)}”", "italic")


def passage(number: int, found: Evidence, current: int | None) -> Content:
    """A passage that came close: where it stands, and its text."""
    return Content.assemble(
        marker(number, current),
        " ",
        name_source(found.source),
        (f"  {name_place(found.source, found.start, found.end)}  {found.score:.2f}", "$quiet"),
        "\n",
        on_one_line(found.text),
    )


def struck(claim: Claim) -> Content:
    """A sentence that no cited one proves, with the reason."""
    return Content.assemble(
        ("- ", "$quiet"), on_one_line(claim.text), (f"  ({on_one_line(claim.reason or '')})", "$quiet")
    )


def not_found(answer: Answer) -> list[Content]:
    """That the articles do not hold it, and what the passages below are."""
    lines = [Content.styled(NOT_FOUND, "bold")]
    if answer.evidence:
        lines.append(Content.styled(CLOSEST.format(answer.confidence), "$quiet"))
    return lines


def ending(answer: Answer) -> Content:
    """How sure it is, what is missing, and what it took."""
    lines: list[Content] = []
    if answer.incomplete:
        lines.append(Content.styled(CUT_OFF, "bold $warning"))
    if answer.status == "answered":
        lines.append(Content.styled(confidence_in_words(answer.confidence), "$quiet"))
    elif answer.confidence >= WORTH_A_LOOK:
        lines.append(Content.styled(KEPT_BACK, "$quiet"))
    if took := took_in_words(answer):
        lines.append(Content.styled(took, "$quiet"))
    return Content("\n").join(lines)


def took_in_words(answer: Answer) -> str:
    """Who worded it, tokens, cost and time, as far as they are known."""
    total = answer.timings_ms.get("total")
    parts = [sanitize_line(answer.backend), spent_in_words(answer)]
    parts += [f"{total / 1000:.1f} s"] if total is not None else []
    return " · ".join(part for part in parts if part)


STRUCK_HEADING = Content.styled(STRUCK, "bold")
