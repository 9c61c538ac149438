"""What an article states of itself: title, outlet, publication date, address; never a guess."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from index.dates import leading_date, parse_date
from index.lines import ends_sentence, heading_text, is_furniture, is_heading

OPENING_LINES = 10
"""Lines at the top of a file among which a line may state metadata."""

FRONT_MATTER_LINES = 100

_LONGEST = {"title": 300, "outlet": 120, "url": 2000}
_FIELDS = {
    "title": "title",
    "headline": "title",
    "date": "published",
    "published": "published",
    "source": "outlet",
    "outlet": "outlet",
    "publisher": "outlet",
    "url": "url",
    "link": "url",
    "author": "",
    "authors": "",
    "byline": "",
}
_LABELLED = re.compile(rf"[ \t]*({'|'.join(_FIELDS)})[ \t]*:(?!//)[ \t]*(.*)", re.IGNORECASE)
_DATED = re.compile(r"[ \t]*(?:date|dated|published|posted)(?:[ \t]+on)?[ \t]*:?[ \t]+", re.IGNORECASE)
_ENTRY = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_CONTINUED = re.compile(r"[ \t]+\S|-[ \t]|#|$")
_LINE_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is stated of an article; None where it is not."""

    title: str | None = None
    outlet: str | None = None
    published: date | None = None
    url: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """These fields, and the other's where this has none."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return Metadata(**{name: getattr(other, name) if value is None else value for name, value in mine.items()})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: its span without the line feed, and what it holds."""

    start: int
    end: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether it holds nothing but white space."""
        return not self.text.strip()


def clean(value: str, longest: int) -> str | None:
    """A value on one line, at most `longest` characters; None where nothing is left.

    Lone surrogates and NUL, which JSON can spell and no database keeps, become U+FFFD; other control
    characters stay, because whoever prints them cleans them.
    """
    whole = _LINE_BREAKS.sub(" ", value).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return whole.replace("\0", "\ufffd").strip()[:longest].strip() or None


def from_fields(values: dict[str, str]) -> Metadata:
    """Metadata of raw values by field name; a date that is not whole and unambiguous is left out."""
    texts = {name: clean(values[name], longest) for name, longest in _LONGEST.items() if name in values}
    return Metadata(**texts, published=parse_date(values.get("published", "")))


def stated_in(text: str, markdown: bool = False) -> tuple[Metadata, tuple[tuple[int, int], ...]]:
    """What a text states of itself, and the spans of the lines that do nothing else.

    The order is that of the corpus contract: front matter or a first block of labelled lines, a labelled
    line standing alone among the first ten, a line such as `date 2019-02-02 Bloomberg`; the title may
    be a heading on the first line, which stays in the text and is not among the spans.
    """
    opening = list(_lines(text, FRONT_MATTER_LINES))
    metadata, taken = _front_matter(opening)
    if not taken:
        metadata, taken = _first_block(opening)
    for read in (_labelled_line, _dated_line):
        for number, line in enumerate(opening[:OPENING_LINES]):
            if number not in taken and _stands_alone(opening, number, taken):
                found = read(line.text)
                if found is not None:
                    metadata, taken = metadata.over(found), taken | {number}
    if metadata.title is None:
        metadata = metadata.over(Metadata(title=_heading(opening, taken, markdown)))
    return metadata, tuple((opening[number].start, opening[number].end) for number in sorted(taken))


def _lines(text: str, most: int) -> Iterator[Line]:
    start = 0
    for _ in range(most):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Line(start, end, text[start:end])
        start = end + 1
        if start > len(text):
            return


def _front_matter(opening: list[Line]) -> tuple[Metadata, frozenset[int]]:
    if opening[0].text.rstrip() != "---":
        return Metadata(), frozenset()
    values: dict[str, str] = {}
    for number, line in enumerate(opening[1:], start=1):
        if line.text.rstrip() in {"---", "..."}:
            known = number > 1 and any(_ENTRY.match(each.text) for each in opening[1:number])
            return (from_fields(values), frozenset(range(number + 1))) if known else (Metadata(), frozenset())
        if entry := _ENTRY.match(line.text):
            name = _FIELDS.get(entry[1].strip().lower())
            if name:
                values.setdefault(name, _unquoted(entry[2] or ""))
        elif not _CONTINUED.match(line.text):
            break
    return Metadata(), frozenset()  # a rule that opens the text, or a block that nothing closes


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def _first_block(opening: list[Line]) -> tuple[Metadata, frozenset[int]]:
    first = next((number for number, line in enumerate(opening) if not line.blank), 0)
    metadata, taken = Metadata(), set()
    for number, line in enumerate(opening[first : first + OPENING_LINES], start=first):
        found = _labelled_line(line.text)
        if found is None:
            break
        metadata = metadata.over(found)
        taken.add(number)
    return metadata, frozenset(taken)


def _stands_alone(opening: list[Line], number: int, taken: frozenset[int]) -> bool:
    """Whether a line touches prose on one side at most: it may follow a title or precede the text."""

    def free(neighbour: int) -> bool:
        inside = 0 <= neighbour < len(opening)
        return not inside or neighbour in taken or opening[neighbour].blank

    return free(number - 1) or free(number + 1)


def _labelled_line(line: str) -> Metadata | None:
    """What `Title:`, `Date:`, `Source:` or the like states; None where the line is prose after all."""
    label = _LABELLED.fullmatch(line)
    if label is None:
        return None
    name, value = _FIELDS[label[1].lower()], label[2].strip()
    if not name:
        return Metadata() if _is_name(value, words=15) else None
    if name == "published":
        return _dated(value) or (Metadata() if len(value) <= 40 and len(value.split()) < 6 else None)
    if name == "outlet" and not _is_name(value, words=12):
        return None
    return from_fields({name: value}) if len(value) <= _LONGEST[name] else None


def _dated_line(line: str) -> Metadata | None:
    """What ` date 2019-02-02 Bloomberg` states; None where the line is anything else."""
    label = _DATED.match(line)
    return _dated(line[label.end() :]) if label else None


def _dated(value: str) -> Metadata | None:
    found = leading_date(value.strip())
    if found is None:
        return None
    published, rest = found
    outlet = clean(rest.lstrip("|,-–—· "), _LONGEST["outlet"])
    if outlet and (not _is_name(outlet, words=6) or (outlet[0].islower() and not outlet.startswith("the "))):
        return None
    return Metadata(published=published, outlet=outlet)


def _is_name(value: str, words: int) -> bool:
    count = len(value.split())
    return len(value) <= _LONGEST["outlet"] and count <= words and not (count > 6 and ends_sentence(value))


def _heading(opening: list[Line], taken: frozenset[int], markdown: bool) -> str | None:
    """The title that a heading gives: `# ...` in markdown, else a first line that a blank line follows."""
    if markdown:
        for number, line in enumerate(opening[: OPENING_LINES + len(taken)]):
            if number not in taken and line.text.startswith("# "):
                return clean(heading_text(line.text), _LONGEST["title"])
    left = [number for number, line in enumerate(opening) if number not in taken and not line.blank]
    if not left:
        return None
    first = left[0]
    heading = opening[first].text.strip()
    followed = first + 1 < len(opening) and (first + 1 in taken or opening[first + 1].blank) and len(left) > 1
    if not followed or is_furniture(heading) or not is_heading(heading):
        return None
    return clean(heading_text(heading), _LONGEST["title"])
