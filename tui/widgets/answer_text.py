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
    confidence_in_words,
    kept_back,
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
    from assistant.answer import Answer, Citation, Claim, Evidence, Source

TARGET = "target"
"""In the meta of a style: the number of the citation or passage that a click opens."""


def marker(number: int, current: int | None) -> Content:
    """A live marker; the current one is told by reversed colours."""
    style = "bold reverse $primary" if number == current else "bold $primary"
    return Content.styled(f"[{number}]", style).stylize(Style.from_meta({TARGET: number}))


def looked_for(standalone: str) -> Content:
    """How a follow-up was looked for."""
    return Content.styled(f"looked for as: {on_one_line(standalone)}", "$quiet")


def body(answer: Answer, current: int | None) -> Content:
    """How a follow-up was looked for, the very words that answer, and the proven sentences."""
    blocks = [looked_for(answer.standalone)] if answer.standalone else []
    shorts = shorts_to_show(answer)
    if shorts:
        shown = (
            Content.assemble((on_one_line(it.text), "bold"), " ", marker(it.citation, current)) for it in shorts
        )
        blocks.append(Content.styled(" · ", "$quiet").join(shown))
    proven = [claim for claim in answer.claims if claim.support != "unsupported"]
    blocks.append(Content("\n").join(_sentence(answer, claim, current) for claim in proven))
    return Content("\n\n").join(blocks)


def _sentence(answer: Answer, claim: Claim, current: int | None) -> Content:
    """A proven sentence, the words in it that answer underlined, and its markers."""
    text = Content(sanitize_line(claim.text))
    for short in shorts_to_show(answer):
        if span := span_in(answer, claim, short):
            text = text.stylize("underline", *span)
    return Content.assemble(text, " ", *(marker(number, current) for number in claim.citations))


def source(number: int, article: Source, current: int | None) -> Content:
    """The article in which a citation or a passage stands."""
    return Content.assemble(marker(number, current), " ", name_source(article))


def place(citation: Citation, *, quoted: bool) -> Content:
    """Where in the article it stands, and in which others; with `quoted` also the sentence itself."""
    where = f"{name_place(citation.source, citation.start, citation.end)}{name_others(citation)}"
    quote = f"\n“{on_one_line(citation.quote)}”" if quoted else ""
    return Content.assemble((where, "$quiet"), (quote, "italic"))


def passage(found: Evidence) -> Content:
    """A passage that came close: where it stands, how close it comes, and its text."""
    where = f"{name_place(found.source, found.start, found.end)}  {found.score:.2f}\n"
    return Content.assemble((where, "$quiet"), on_one_line(found.text))


def struck(answer: Answer) -> Content:
    """The sentences that no cited one proves, each with the reason."""
    lines = [Content.styled(STRUCK, "bold")]
    for claim in answer.claims:
        if claim.support == "unsupported":
            reason = f"  ({on_one_line(claim.reason or '')})"
            lines.append(Content.assemble(("- ", "$quiet"), on_one_line(claim.text), (reason, "$quiet")))
    return Content("\n").join(lines)


def not_found(answer: Answer) -> Content:
    """That the articles do not hold it, and what the passages below are."""
    lines = [looked_for(answer.standalone), Content("")] if answer.standalone else []
    lines.append(Content.styled(NOT_FOUND, "bold"))
    if answer.evidence:
        lines.append(Content.styled(CLOSEST.format(answer.confidence), "$quiet"))
    return Content("\n").join(lines)


def ending(answer: Answer) -> Content:
    """What is missing, how sure it is, and what it took."""
    lines: list[Content] = []
    if answer.incomplete:
        lines.append(Content.styled(CUT_OFF, "bold $warning"))
    if told := kept_back(answer) if answer.status == "not_found" else "":
        lines.append(Content.styled(told.replace("with --min", "with parley ask --min"), "$quiet"))
    sure = confidence_in_words(answer.confidence) if answer.status == "answered" else ""
    lines.append(Content.styled(" · ".join(filter(None, (sure, took_in_words(answer)))), "$quiet"))
    return Content("\n").join(lines)


def took_in_words(answer: Answer) -> str:
    """Who worded it, tokens, cost and time, as far as they are known."""
    total = answer.timings_ms.get("total")
    parts = [sanitize_line(answer.backend), spent_in_words(answer)]
    parts += [f"{total / 1000:.1f} s"] if total is not None else []
    return " · ".join(part for part in parts if part)
