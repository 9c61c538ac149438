"""An article's text to sentences: exact spans, none lost or doubled, headings and credits told from prose."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.lines import (
    closing_credit,
    ends_sentence,
    is_furniture,
    is_heading,
    is_markdown_heading,
    is_table_row,
    marker_length,
)
from index.sentence_ends import sentence_ends

LONGEST = 600
"""Characters in a sentence; what is longer is cut, so that it can fit a passage of 128 tokens."""

LONGEST_WIDE = 120
"""The same for scripts such as Chinese, where a character is about a token."""

_WRAP = range(45, 141)
_WRAP_WIDE = range(20, 80)
_WIDE = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\uffef]|[^\0-\uffff]"
)
_CLAUSE = re.compile(r"[,;:)\]–—”](?=\s)|\s[-–—]+(?=\s)|[，、；：]")
_BLANK = re.compile(r"\s*")
_FENCE = re.compile(r"^[ \t]{0,3}(```|~~~)(.*)$", re.MULTILINE)
_FACT = re.compile(r"\d.{0,40}:\s|:\s.*\d|\([^()]*\d[^()]*\)")
_DIGIT = re.compile(r"\d")
_ITEM_WORDS = 2
_LEANING = re.compile(r"(?:[,;–—-]|(?<!\w)(?:a|an|the|of|and|or|to|in|on|at|by|for|from|with|that|as|is|was))\Z")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a heading, credit or mark that stands in its place."""

    start: int
    end: int
    """Offsets in the article's text; the span has no white space at its ends."""

    prose: bool
    """False for a heading, credit, byline, date line, `Related news`: never an answer."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Lines that are read as one: a paragraph, or a line that is none."""

    start: int
    end: int
    heading: bool
    furniture: bool


def segment(text: str, excluded: Sequence[tuple[int, int]] = ()) -> list[Sentence]:
    """The sentences of a text, in order, without overlap.

    Together with white space they are all of the text outside the `excluded` spans. Where a text has
    no prose but headings, the headings are its prose.
    """
    units = [unit for region in _between(excluded, len(text)) for unit in _units(text, *region)]
    all_headings = not any(not unit.heading and not unit.furniture for unit in units)
    sentences: list[Sentence] = []
    for unit in units:
        if unit.furniture or (unit.heading and not all_headings):
            sentences += _cut(text, Sentence(unit.start, unit.end, prose=False))
        else:
            sentences += _sentences(text, unit)
    return sentences


def divide(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """Cut a span to at most `longest` characters: after a clause, else at white space, else anywhere."""
    while end - start > longest:
        window = text[start : start + longest + 1]
        half = longest // 2
        at = max((mark.end() for mark in _CLAUSE.finditer(window, half)), default=0)
        if not half < at <= longest:
            at = max((blank.start() for blank in re.finditer(r"\s", window[half:])), default=0)
            at = half + at if at else longest
        piece = _stripped(text, start, start + at)
        if piece is not None:
            yield piece
        start += at
        start = _BLANK.match(text, start, end).end()  # type: ignore[union-attr]
    piece = _stripped(text, start, end)
    if piece is not None:
        yield piece


def _between(excluded: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    """The stretches that no excluded span covers."""
    at = 0
    for start, end in sorted(excluded):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < length:
        yield at, length


def _units(text: str, start: int, end: int) -> Iterator[_Unit]:
    for code_start, code_end in [*_code(text, start, end), (end, end)]:
        yield from _written(text, start, code_start)
        for line in _lines(text, code_start, code_end):
            span = _stripped(text, *line)
            if span is not None:
                yield _Unit(*span, heading=False, furniture=True)
        start = code_end


def _code(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of fenced code; a fence that nothing closes opens none."""
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(text, start, end):
        if opening is not None and fence[1] == opening[1] and not fence[2].strip():
            yield opening.start(), fence.end()
            opening = None
        else:
            opening = fence


def _written(text: str, start: int, end: int) -> Iterator[_Unit]:
    lines: list[tuple[int, int]] = []
    for line in _lines(text, start, end):
        span = _stripped(text, *line)
        if span is not None:
            lines.append(span)
        elif lines:
            yield from _paragraphs(text, lines)
            lines = []
    if lines:
        yield from _paragraphs(text, lines)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _paragraphs(text: str, lines: list[tuple[int, int]]) -> Iterator[_Unit]:
    """The units of a run of lines without a blank one between them."""
    first = 0
    width = max(end - start for start, end in lines)
    alone = [_is_alone(text[start:end]) for start, end in lines]
    for number in range(1, len(lines) + 1):
        together = number < len(lines) and not alone[number - 1] and not alone[number]
        if together and _is_wrapped(text, lines[number - 1], lines[number], width):
            continue
        start, end = lines[first][0], lines[number - 1][1]
        yield from _marked(text, start, end, single=number - first == 1)
        first = number


def _is_alone(line: str) -> bool:
    return is_furniture(line) or is_markdown_heading(line) or is_table_row(line)


def _is_wrapped(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    """Whether a paragraph goes on over the line feed: the line is full, or what follows leans on it."""
    first, second = text[slice(*line)], text[slice(*following)]
    if marker_length(second):
        return False
    if _WIDE.match(first[-1]) and _WIDE.match(second[0]):
        return width in _WRAP_WIDE and len(first) + 2 >= width
    room = len(first) + 1 + len(second[:40].split(maxsplit=1)[0])
    full = width in _WRAP and room >= width - width // 6
    if ends_sentence(first):
        return full
    return full or second[0].islower() or bool(_LEANING.search(first[-12:]) and len(first) > 20)


def _marked(text: str, start: int, end: int, single: bool) -> Iterator[_Unit]:
    """A unit, with the bracketed credit that closes it as a unit of its own."""
    line = text[start:end]
    furniture = is_furniture(line)
    credit = None if furniture else closing_credit(line)
    body = line[:credit].rstrip()
    heading = single and credit is None and _names_only(body)
    yield _Unit(start, start + len(body), heading, furniture)
    if credit is not None:
        yield _Unit(start + credit, end, heading=False, furniture=True)


def _names_only(line: str) -> bool:
    """Whether a line on its own is a heading or a bare item: `2011: Måns Zelmerlöw` states something."""
    if mark := marker_length(line):
        item = line[mark:]
        bare = len(item.split(maxsplit=_ITEM_WORDS)) <= _ITEM_WORDS and not _DIGIT.search(item)
        return bare and is_heading(item)
    return is_heading(line) and (is_markdown_heading(line) or not (line[0] == "|" or _FACT.search(line)))


def _sentences(text: str, unit: _Unit) -> Iterator[Sentence]:
    paragraph = text[unit.start : unit.end]
    at = 0
    for end in (*sentence_ends(paragraph), len(paragraph)):
        span = _stripped(paragraph, at, end)
        at = end
        if span is not None:
            # The unit itself is known to be none.
            furniture = span != (0, len(paragraph)) and is_furniture(paragraph[slice(*span)])
            whole = Sentence(unit.start + span[0], unit.start + span[1], prose=not furniture)
            yield from _cut(text, whole)


def _cut(text: str, sentence: Sentence) -> Iterable[Sentence]:
    if sentence.end - sentence.start <= LONGEST_WIDE:
        return (sentence,)
    sample = text[sentence.start : min(sentence.end, sentence.start + LONGEST)]
    longest = LONGEST_WIDE if len(_WIDE.findall(sample)) * 10 > len(sample) * 3 else LONGEST
    spans = divide(text, sentence.start, sentence.end, longest)
    return [replace(sentence, start=start, end=end) for start, end in spans]


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A span without the white space at its ends, or None where nothing else is in it."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    if left == len(piece):
        return None
    return start + left, end - (len(piece) - len(piece.rstrip()))
