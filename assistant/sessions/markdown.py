"""An export as Markdown that shows what articles and models wrote as text, and as nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from assistant.answer import Answer, Citation
from assistant.phrasing import NOT_FOUND, counted, in_words, name_source, shorts_to_show
from assistant.sanitize import sanitize_line
from assistant.sessions import standing
from assistant.sessions.export import Export, ExportedTurn

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>|~^$&=]")
"""What some dialect of Markdown makes something of inside of a line; a heading or a list needs its beginning."""
_BEGINS_BLOCK = re.compile(r"^(\d{0,9})([#+.):-])")
_ADDRESS = re.compile(
    r"//|@|\b(?:www\.|mailto:|xmpp:)"
    r"|[^\s.]\.[^\W\d_]{2,}"  # example.com; signs and letters of any script may be part of a host's name
    r"|(?<!\w)#\d",  # what a forge takes for an issue of its own
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """The text on one line, so that Markdown shows it as it is: no HTML, no links, no emphasis.

    Programs turn bare addresses into links whatever is put before them, so words with one are set as code.
    """
    words = sanitize_line(text).split()
    line = " ".join(code(word) if _ADDRESS.search(word) else _plain(word) for word in words)
    return _BEGINS_BLOCK.sub(r"\1\\\2", line)


def _plain(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """The text as code, which shows every character as it is."""
    line = " ".join(sanitize_line(text).split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def to_markdown(export: Export) -> str:
    """The whole session: each question with its answer, then the sources with their quotes."""
    questions = counted(len(export.turns), "question")
    begun = f"Begun {minute(export.created)}, exported {minute(export.exported)}: {questions}"
    about = f" about {code(export.folder)}" if export.folder else ""
    blocks = [f"# {escaped(export.name)}", f"{begun}{about}."]
    for turn in export.turns:
        blocks += _turn(turn)
    return "\n\n".join(blocks) + "\n"


def minute(time: datetime) -> str:
    """A time in UTC, to the minute."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _turn(turn: ExportedTurn) -> Iterator[str]:
    answer = turn.answer
    yield f"## {turn.number}. {escaped(answer.question)}"
    if answer.standalone:
        yield f"Looked for as: {escaped(answer.standalone)}"
    if answer.status == "not_found":
        yield f"**{NOT_FOUND}**"
    else:
        yield from _claims(answer)
    sources = [_source(citation, turn.standings[citation.id]) for citation in answer.citations]
    if sources:
        yield "\n\n".join(sources)
    struck = [claim for claim in answer.claims if claim.support == "unsupported"]
    if struck:
        lines = [f"- {escaped(claim.text)} ({escaped(claim.reason or 'no reason is known')})" for claim in struck]
        yield "\n".join(["Struck, for no cited sentence proves it:", "", *lines])
    if answer.incomplete:
        yield "The answer was cut off before its end."
    sure = f"{in_words(answer.confidence)}, confidence {answer.confidence:.2f} · " * (answer.status == "answered")
    yield f"{sure}{minute(turn.at)} · {code(answer.backend)}"


def _claims(answer: Answer) -> Iterator[str]:
    shorts = [f"**{escaped(short.text)}** {_marker(short.citation)}" for short in shorts_to_show(answer)]
    if shorts:
        yield " · ".join(shorts)
    for claim in answer.claims:
        if claim.support != "unsupported":
            yield f"{escaped(claim.text)} {''.join(map(_marker, claim.citations))}"


def _marker(number: int) -> str:
    return f"\\[{number}\\]"


def _source(citation: Citation, found: standing.Standing) -> str:
    place = code(f"{citation.source.article}:{citation.start}-{citation.end}")
    lines = [f"- {_marker(citation.id)} {escaped(name_source(citation.source))}, {place}"]
    if citation.also_in:
        lines.append(f"  also in {', '.join(map(code, citation.also_in))}")
    lines += ["", f"  > {escaped(citation.quote)}"]
    told = standing.in_words(citation, found)
    if told:
        lines += ["", f"  **This citation:** {escaped(told)}"]
    return "\n".join(lines)
