"""What one line of an article is: a heading, a credit, a byline or the like, or prose.

A line wrongly taken for a heading can never be an answer, so whatever is in doubt is prose.
"""

import re

from index.dates import leading_date

HEADING_CHARACTERS = 110
HEADING_WORDS = 14
HEADING_WIDE_CHARACTERS = 40
"""The same for scripts that part no words."""

CREDIT_CHARACTERS = 120

_AGENCY = (
    r"(?:AFP|AP|EPA(?:-EFE)?|EFE|ANSA|DPA|PTI|TASS|Kyodo(?: News)?|Yonhap|Xinhua|VCG|Reuters|Bloomberg|CNA"
    r"|Shutterstock|Alamy|Getty(?: Images)?|Associated Press|The Associated Press|Agence France-Presse)"
)
_CREDITED = rf"{_AGENCY}(?: (?:Photo|Images|File|News|via {_AGENCY}|file photo|handout))*"
_BEARER = r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,4}"
_AGENCY_CREDIT = re.compile(rf"\(?{_CREDITED}(?: ?[/|,] ?{_BEARER})*\)?")
_CLOSING_CREDIT = re.compile(
    rf"\((?:{_CREDITED}(?: ?[/|,:] ?{_BEARER})*"
    rf"|(?:Photo|Image|Picture)s?(?: credit| courtesy of| by)?[:/]? ?{_BEARER}(?: ?/ ?{_BEARER})*)\)$"
)
_LABELLED_CREDIT = re.compile(
    r"\(?(?:photo|image|picture|video|illustration|graphic|photograph)s?"
    r"(?: (?:credit|courtesy(?: of)?|by|via))?(?: ?[:/] ?|(?<=by|of|ia) ).+|\(?credits?: ?.+",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:By|BY|by) (?:[A-Z][\w.'’-]*|and|AND|in|IN|of|the|for|with|&|[|,/-])"
    r"(?:,? (?:[A-Z][\w.'’-]*|and|in|of|the|for|with|de|van|von|bin|al|&|[|/-])){0,12}"
)
_REPORTERS = re.compile(r"\(?(?:additional )?(?:reporting|writing|editing) by .+", re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"related(?: (?:news|articles?|stories|story|coverage|topics?|content|links?|posts?))?(?::.*)?"
    r"|(?:read (?:more|also|next)|also read|see also|more on this|watch|listen)(?: ?[:>»|].*)?"
    r"|(?:advertise?ments?|advert|recommended|most (?:read|popular)|share|comments?|newsletter)"
    r"|share (?:this|via|on (?:facebook|twitter|x|whatsapp|linkedin))\b.*|subscribe (?:to|now|today|here)\b.*"
    r"|subscribe|sign up (?:for|to|now|today|here)\b.*|follow us (?:on|at)\b.*"
    r"|(?:continue reading|story continues)\b.*"
    r"|(?:tags?|topics?|keywords?|categor(?:y|ies)|filed under) ?:.*",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?:title|headline|date|source|outlet|url|author|byline) ?:(?!//).*", re.IGNORECASE)
_DATED = re.compile(r"(?:date|dated|published|updated|posted|last updated)(?: on| at)?[ :]+", re.IGNORECASE)
_TERMINAL = re.compile(r"[.!?…。！？｡।؟۔][\"'”’»)\]」』）》*_]*$")
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_MARKER = re.compile(r"(?:[-*+•‣◦▪–]|>+|\(?\d{1,2}[.)](?=[ \t]+\S+[ \t]+\S+[ \t]+\S))[ \t]+(?=\S)")


def is_furniture(line: str) -> bool:
    """Whether a stripped line is a credit, byline, date, label, `Related news`, or has no letter or digit."""
    if not any(map(str.isalnum, line[:HEADING_CHARACTERS])):
        return not any(map(str.isalnum, line))
    if len(line) > 2 * CREDIT_CHARACTERS:
        return False
    if _BOILERPLATE.fullmatch(line) or _REPORTERS.fullmatch(line) or is_table_row(line):
        return True
    return len(line) <= CREDIT_CHARACTERS and (
        _is_credit(line) or _is_date_line(line) or bool(_LABELLED.fullmatch(line) and not _reads_on(line))
    )


def is_heading(line: str) -> bool:
    """Whether a stripped line that stands alone is a heading: short, and without an end mark."""
    if _MARKDOWN_HEADING.match(line):
        return True
    words = line.split(maxsplit=HEADING_WORDS)
    if len(line) > HEADING_CHARACTERS or len(words) > HEADING_WORDS or ends_sentence(line):
        return False
    if len(line) > HEADING_WIDE_CHARACTERS and " " not in line:
        return False
    if line[-1:] in {",", ";", "，", "、", "；"}:
        return False
    return not line[:1].islower() or len(words) <= 3


def heading_text(line: str) -> str:
    """A heading without its markdown marks."""
    line = line.strip()
    mark = _MARKDOWN_HEADING.match(line)
    return line[mark.end() :].rstrip("#").rstrip() if mark else line


def is_markdown_heading(line: str) -> bool:
    """Whether a stripped line is `# ...`."""
    return bool(_MARKDOWN_HEADING.match(line))


def is_table_row(line: str) -> bool:
    """Whether a stripped line is a row of a markdown table, with no cell that reads as a sentence."""
    if len(line) < 2 or line[0] != "|" or line[-1] != "|":
        return False
    return all(len(cell.split()) < 6 for cell in line.split("|"))


def marker_length(line: str) -> int:
    """Characters of the list or quotation mark that a stripped line begins with, blanks included; or 0."""
    found = _MARKER.match(line)
    return found.end() if found else 0


def closing_credit(text: str) -> int | None:
    """Where the bracketed credit that closes a caption begins, or None: `... (AFP Photo/JANE DOE)`."""
    tail = max(0, len(text) - CREDIT_CHARACTERS)
    start = text.rfind("(", tail)
    if start <= 0 or not text.endswith(")") or not _CLOSING_CREDIT.fullmatch(text, start):
        return None
    return start


def ends_sentence(line: str) -> bool:
    """Whether a line closes with an end mark, closing quotes and brackets passed over."""
    return bool(_TERMINAL.search(line[-12:]))


def _is_credit(line: str) -> bool:
    if _AGENCY_CREDIT.fullmatch(line):
        return True
    if _LABELLED_CREDIT.fullmatch(line):
        return not _reads_on(line)
    return not ends_sentence(line) and bool(_BYLINE.fullmatch(line))


def _is_date_line(line: str) -> bool:
    prefix = _DATED.match(line)
    found = leading_date(line[prefix.end() :] if prefix else line)
    return found is not None and len(found[1]) <= 30 and not ends_sentence(found[1]) and len(found[1].split()) < 4


def _reads_on(line: str) -> bool:
    """Whether what follows a label is a sentence: `Photo: A worker checks the containers in Qingdao.`"""
    return ends_sentence(line) and len(line.split()) > 6
