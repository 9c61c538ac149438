"""Answers and passages as text for people: sanitised, fitted to the terminal, plain in a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from assistant.phrasing import (
    CLOSEST,
    CUT_OFF,
    NOT_FOUND,
    SHOWN_CLOSEST,
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
from assistant.sanitize import sanitize, sanitize_line
from index.lexical import WORD, Stemmer, query_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from assistant.answer import Answer, Claim, Evidence, ShortAnswer

WIDEST = 100
"""Columns beyond which a line of prose is no longer read with ease."""


class Page:
    """Writes answers to stdout: wrapped and coloured on a terminal, one paragraph a line elsewhere."""

    def __init__(self, write: Callable[[str], object] | None = None) -> None:
        """With `write`, paragraphs go there, and are plain."""
        self._write = write or click.echo
        self._console = _console() if write is None and sys.stdout.isatty() else None
        self._stemmer = Stemmer()

    def answer(self, answer: Answer, remarks: Mapping[int, str] | None = None) -> None:
        """The short answer, the sentences, the sources; or that there is none, and what comes closest.

        `remarks` are told of the citations with these numbers.
        """
        if answer.status == "not_found":
            self._not_found(answer)
            return
        shorts = shorts_to_show(answer)
        if shorts:
            self._shorts(shorts)
        for claim in answer.claims:
            if claim.support != "unsupported":
                markers = "".join(f"[{number}]" for number in claim.citations)
                spans = [span for short in shorts if (span := span_in(answer, claim, short))]
                self._print(self._emphasised(answer.question, claim.text, spans), (f" {markers}", "bold cyan"))
        self._line("")
        reworded = [claim for claim in answer.claims if claim.support == "supported"]
        for citation in answer.citations:
            place = name_place(citation.source, citation.start, citation.end)
            named = name_source(citation.source)
            self._print((f"[{citation.id}] ", "bold cyan"), named, (f"  {place}{name_others(citation)}", "dim"))
            if any(citation.id in claim.citations for claim in reworded):  # else it stands above, word for word
                self._line(f"    “{on_one_line(citation.quote)}”", "italic")
            if remarks and remarks.get(citation.id):
                self._line(f"    {on_one_line(remarks[citation.id])}", "bold")
        self._struck([claim for claim in answer.claims if claim.support == "unsupported"])
        self._line("")
        self._line(confidence_in_words(answer.confidence), "dim")
        if answer.incomplete:
            self._line(CUT_OFF, "bold")
        if answer.spent:
            self._line(spent_in_words(answer), "dim")

    def _struck(self, claims: Sequence[Claim]) -> None:
        """What was written and is not shown as proven, with the reason."""
        if not claims:
            return
        self._line(f"\n{STRUCK}", "bold")
        for claim in claims:
            self._print("- ", on_one_line(claim.text), (f"  ({on_one_line(claim.reason or '')})", "dim"))

    def _shorts(self, shorts: Iterable[ShortAnswer]) -> None:
        """The short answers with their markers on a line of their own, and an empty line."""
        parts: list[tuple[str, str]] = []
        for short in shorts:
            marker = (f" [{short.citation}]", "bold cyan")
            parts += [(" · ", "dim"), (on_one_line(short.text), "bold"), marker]
        self._print(*parts[1:])
        self._line("")

    def _not_found(self, answer: Answer) -> None:
        self._line(NOT_FOUND, "bold")
        if answer.evidence:
            self._line(f"\n{CLOSEST.format(answer.confidence)}\n")
            self.passages(answer.question, answer.evidence[:SHOWN_CLOSEST])
        if self._console is not None and (told := kept_back(answer)):
            self._line(f"\n{told}", "dim")

    def passages(self, query: str, passages: Iterable[Evidence]) -> None:
        """Ranked passages: where each stands, then its text with the words of the query emphasised."""
        for number, passage in enumerate(passages, 1):
            place = name_place(passage.source, passage.start, passage.end)
            if number > 1:
                self._line("")
            self._print(
                (f"{number}. ", "bold"),
                name_source(passage.source),
                (f"  {place}  {passage.score:.2f}", "dim"),
            )
            self._print(self._emphasised(query, " ".join(passage.text.split())))

    def excerpt(self, text: str, start: int, end: int) -> None:
        """A span of a text; on a terminal with the paragraph around it, the span emphasised."""
        clean = sanitize(text)
        if self._console is None:
            click.echo(clean[start:end], nl=not clean[start:end].endswith("\n"))
            return
        if (start, end) == (0, len(text)):
            self._print(clean)
            return
        before = max(clean.rfind("\n", 0, start) + 1, 0)
        after = clean.find("\n", end)
        after = len(clean) if after < 0 else after
        self._print((clean[before:start], "dim"), (clean[start:end], "bold"), (clean[end:after], "dim"))

    def _emphasised(self, question: str, text: str, spans: Iterable[tuple[int, int]] = ()) -> Text | str:
        """A text on one line; on a terminal with the words of the question bold, and these spans underlined."""
        clean = sanitize_line(text)
        if self._console is None:
            return clean
        from rich.text import Text

        shown = Text(clean)
        for start, end in matched_spans(self._stemmer, question, clean):
            shown.stylize("bold", start, end)
        for start, end in spans:
            shown.stylize("underline", start, end)
        return shown

    def _line(self, text: str, style: str = "") -> None:
        self._print((text, style))

    def _print(self, *parts: Text | str | tuple[str, str]) -> None:
        """Print one paragraph; a pipe gets its characters alone, and never waits for rich to be imported."""
        if self._console is None:
            self._write("".join(part[0] if isinstance(part, tuple) else str(part) for part in parts))
            return
        from rich.text import Text

        self._console.print(Text.assemble(*parts))


def _console() -> Console:
    from rich.console import Console  # 0.1 s

    columns, lines = shutil.get_terminal_size()
    console = Console(
        width=min(columns, WIDEST),
        height=lines,  # without it rich believes that a dumb terminal has 80 columns
        no_color=bool(os.environ.get("NO_COLOR")) or None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.on_broken_pipe = _raise_again  # type: ignore[method-assign]
    return console


def _raise_again() -> None:
    """In place of rich's way with a reader that has gone, which ends the program as if it had a bug."""
    raise  # rich calls this while it handles the BrokenPipeError


def matched_spans(stemmer: Stemmer, question: str, text: str) -> list[tuple[int, int]]:
    """Spans of the words in the text that share a stem with a telling word of the question."""
    matches = list(WORD.finditer(text))
    wanted_stems, *stems = stemmer.stems([" ".join(query_words(question)), *(match.group() for match in matches)])
    wanted = set(wanted_stems)
    return [match.span() for match, found in zip(matches, stems, strict=True) if wanted.intersection(found)]
