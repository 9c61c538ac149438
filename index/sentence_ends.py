"""Where a paragraph's sentences end: marks, and the abbreviations, initials and quotations that are none."""

import re
from collections.abc import Iterator

_MARK = re.compile(r"(?:[.!?…]+|[。！？｡।؟۔]+)(?:[\"'”’»)\]}」』）》*_]|\[\d{1,3}\])*")
_WIDE = frozenset("。！？｡")
_QUOTES = frozenset("\"'”’»」』")
_OPENING_QUOTES = frozenset("\"'“‘«「『")
_LAST_WORD = re.compile(r"[^\W_](?:[\w’'-]|\.(?=\w))*\Z")
_FIRST_WORD = re.compile(r"[^\w]{0,6}(\w[\w’'-]*)")
_ASKED = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asks?|asked|added|adds|told|tells|wrote|writes|replied|wondered)\b"
)
_INITIAL = re.compile(r"[A-Z]\.")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,4}\.)+[^\W\d_]{1,4}\Z")
_LOOK_BACK = 24
_LOOK_AHEAD = 80


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NEVER_LAST = _words(
    "mr mrs ms mx dr prof gen lt col sgt capt cmdr adm maj brig pvt cpl sen rep gov rev hon messrs mme mlle"
    " pres supt det insp vs cf viz fig figs eq ed eds approx ca al e.g i.e c.f mt ft msgr ald amb ph v"
)
_BEFORE_NUMBER = _words("no nos p pp vol ch sec art para op cit c v pt fl b d r")
_MAY_BE_LAST = _words(
    "inc ltd co corp cos bros jr sr st ave blvd rd dept univ assn assoc bldg gmbh plc llc u.s u.k u.n e.u d.c"
    " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
    " ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla"
    " ore pa tenn tex va vt wash wis wyo ont que alta ph.d m.d b.a m.a j.d esq hons est div dist intl natl"
    " mfg govt mtn pop lit sec bn"
)
_OPENERS = _words(
    "The This That These Those He She It They We You I His Her Its Their Our My In On At By As For From With"
    " But And Or Nor So Yet If When While After Before Since Until Although Though However Meanwhile"
    " Instead There Here Then Now Some Many Most All Both Each Every No Not One Another Other Several What"
    " Who Where Why How Which A An To Of Under Over During Despite Because Such Still Even Also Once Last"
    " Later Earlier According Although Among Only Officials Analysts"
)
_CLOCK_FOLLOWERS = _words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July"
    " August September October November December ET EST EDT CT CST CDT MT MST MDT PT PST PDT GMT UTC BST CET"
    " Eastern Central Mountain Pacific Beijing Tokyo London Jan Feb Mar Apr Aug Sept Oct Nov Dec"
)


def sentence_ends(text: str) -> Iterator[int]:
    """Offsets at which a sentence of the paragraph `text` ends, closing quotes included; its end is not one.

    Time is linear in the length of the text: each mark looks at a bounded stretch on either side.
    """
    for mark in _MARK.finditer(text):
        end = mark.end()
        if end < len(text) and _ends(text, mark.start(), end):
            yield end


def _ends(text: str, start: int, end: int) -> bool:
    if text[start] in _WIDE:
        return True
    if not text[end].isspace():
        return False
    closed = bool(_QUOTES.intersection(text[start:end]))
    ahead = text[end : end + _LOOK_AHEAD].lstrip()
    if not ahead:  # a long blank
        return True
    stop = text[start:end].rstrip("\"'”’»)]}」』）》*_")
    if _goes_on(ahead, stop == "."):
        return False
    if text[start] in "!?":
        return not (closed and _ASKED.match(ahead))
    if text[start] == "…" or text.startswith("..", start):
        return start == 0 or not text[start - 1].isspace()
    return text[start] != "." or closed or not _is_abbreviation(text, start, ahead)


def _goes_on(ahead: str, full_stop: bool) -> bool:
    """Whether the text after a mark continues its sentence: it opens with a lower-case letter."""
    if full_stop and ahead[0] in _OPENING_QUOTES:
        return False
    word = _FIRST_WORD.match(ahead)
    if word is None:
        return False
    letters = word[1]
    return letters[0].islower() and not letters[1:2].isupper()  # a sentence may open with iPhone


def _is_abbreviation(text: str, stop: int, ahead: str) -> bool:
    """Whether the full stop at `stop` belongs to the word before it and ends no sentence."""
    before = text[max(0, stop - _LOOK_BACK) : stop]
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    word = found[0].rpartition("-")[2]
    name = word.lower()
    opens = _FIRST_WORD.match(ahead)
    following = opens[1] if opens and not _INITIAL.match(ahead) else ""
    if name in _NEVER_LAST:
        return True
    if name in {"a.m", "p.m"}:
        return following in _CLOCK_FOLLOWERS
    if name in _BEFORE_NUMBER and following[:1].isdigit():
        return True
    if name in _MAY_BE_LAST and word[:1].isalpha():
        return following not in _OPENERS and (name not in {"mar", "sat", "sun", "no"} or word[0].isupper())
    if _DOTTED.fullmatch(word) or (len(word) == 1 and word.isupper()):
        return following not in _OPENERS
    return stop == len(word) <= 3 and word.isdigit()  # `1. FC Köln` opens a paragraph
