"""A model's reply to sentences with the ids that it says prove them; pure, and fed piece by piece as it streams.

What is no sentence of an answer goes: tags of the prompt that a model repeats, and `The answer is:` before one.
Ids come as they were asked for, `[1.2]`, and as models like to write them: `[1.2, 1.3]`, `[1.2-1.4]`,
`[1.2][1.3]`, `【1.2】`, after a full stop or before it. Inside a word or in code they are text. Ids after a full
stop belong to the sentence before them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from operator import itemgetter

from assistant.answering.prompting import NOT_FOUND
from assistant.backends.protocol import SentenceId
from index.sentence_ends import sentence_ends

LONGEST = 40_000
"""Characters of a reply; what comes after them is not read."""
MOST_SENTENCES = 60
"""Of a reply, the first of them: each takes up to 0.1 s to check."""
MOST_REPEATS = 3
REPEATED = 120
"""A model whose last so many characters have come so often goes round in a circle, as small ones do."""
_LOOKED = 256
"""Characters after which that is looked for again."""
MOST_IN_RANGE = 20
"""Ids that `[1.2-1.9]` may stand for; a wider one stands for nothing."""
_ID = r"\d{1,4}\.\d{1,4}"
_ITEM = rf"\[?{_ID}\]?(?:\s*[-–—]\s*(?:{_ID}|\d{{1,4}}(?!\.\d)))?"
_MARK = re.compile(rf"[ \t]*(?:\[|【)\s*{_ITEM}(?:\s*(?:[,;]|and)\s*{_ITEM})*\s*(?:\]|】)(?!\w)")
_SETTLED = re.compile(rf"{_MARK.pattern}(?=\W)(?=\s*[^\s\]】])")
"""A mark that is one whatever comes next; a further bracket, with blanks before it, would belong to it."""
_TAG = r"</?\s*passages?\b[^<>\n]*>?"
_DROPPED = re.compile(rf"(?P<tag>(?i:{_TAG}))|{_MARK.pattern}")
_PAIR = re.compile(rf"(?P<first>{_ID})\]?(?:\s*[-–—]\s*(?P<last>{_ID}|\d{{1,4}}(?!\.\d)))?")
_BEGUN = re.compile(r"[ \t]*(?:\[|【)[\d\s.,;–—\[\]and-]{0,80}\Z|[ \t]+\Z")
"""The end of a piece that may become a mark with the next one."""
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_LEAD = re.compile(
    r"\A\W*(?:(?:the|here|my)\b[^.:;!?“\"]{0,40}\b(?:answers?|sentences?|passages?)\b[^.:;!?“\"]{0,60}|answer\s*)"
    r":(?=\s*\S)",
    re.IGNORECASE,
)
"""`The sentence that answers the question is:`, which says nothing."""
_QUOTED_WHOLE = re.compile(r"\A[\"“](?P<said>[^\"“”]*[.!?])[\"”]\.?\Z")
_LIST = re.compile(r"^[ \t]*(?:[-*•]|\d{1,2}[.)](?=\s)|#{1,6}(?=\s)|>)[ \t]*")
_WHOLE = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*\Z")
_SPOKEN = re.compile(r"[^\W\d_]|\d")


@dataclass(frozen=True, slots=True)
class RepliedSentence:
    """A sentence of a reply, without its ids."""

    text: str
    ids: tuple[SentenceId, ...]
    """In the order in which they stand; whether a prompt held them is not known here."""


class Reply:
    """A reply that comes in pieces."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._held = ""
        """The end of what came, not shown yet: it may be the beginning of a mark."""
        self._circling = False
        self._cited: list[tuple[int, int, tuple[SentenceId, ...]]] = []
        """Spans of the reply that the provider itself gave ids to."""

    @property
    def text(self) -> str:
        """All that came, marks included."""
        return "".join(self._pieces)

    @property
    def full(self) -> bool:
        """Whether it is as long as a reply may get, or goes round in a circle."""
        return self._circling or self._length >= LONGEST

    def feed(self, piece: str) -> str:
        """Take a piece in; what of it, and of pieces before, can be shown as a draft, without marks."""
        piece = piece[: LONGEST - self._length]
        self._pieces.append(piece)
        if self._length // _LOOKED != (self._length + len(piece)) // _LOOKED:
            self._circling = self.text.count(self.text[-REPEATED:]) >= MOST_REPEATS
        self._length += len(piece)
        waiting = _SETTLED.sub("", self._held + piece)
        begun = _BEGUN.search(waiting, max(0, len(waiting) - 100))
        cut = begun.start() if begun else len(waiting)
        self._held = waiting[cut:]
        return waiting[:cut]

    def cite(self, ids: tuple[SentenceId, ...]) -> None:
        """The text since the last call rests on these sentences, says the provider."""
        start = self._cited[-1][1] if self._cited else 0
        self._cited.append((start, self._length, ids))

    def sentences(self) -> tuple[RepliedSentence, ...]:
        """Its sentences, in order; none where it says that the passages hold no answer."""
        if self.finds_nothing:
            return ()
        code = [match.span() for match in _CODE.finditer(self.text)]
        found = []
        for start, end in _lines(self.text):
            found += self._of_line(start, end, code)
        return tuple(found[:MOST_SENTENCES])

    def whole_sentences(self) -> tuple[RepliedSentence, ...]:
        """Those of a reply that was cut off: half a sentence may say what the whole one does not."""
        found = self.sentences()
        if found and not (_WHOLE.search(found[-1].text) or self.text.rstrip().endswith(("]", "】"))):
            return found[:-1]
        return found

    @property
    def finds_nothing(self) -> bool:
        """Whether it begins with the phrase that a model was asked to reply when there is no answer."""
        return _letters(self.text[: 4 * len(NOT_FOUND)]).startswith(_letters(NOT_FOUND))

    def _of_line(self, start: int, end: int, code: Sequence[tuple[int, int]]) -> list[RepliedSentence]:
        begun = _LIST.match(self.text[start:end])
        plain, marks, places = _without_marks(self.text[:end], start + (begun.end() if begun else 0), code)
        ends = list(sentence_ends(plain))
        if not ends or ends[-1] < len(plain.rstrip()):
            ends.append(len(plain))
        starts = [0, *ends[:-1]]
        ids: list[list[SentenceId]] = [[] for _ in ends]
        for place, marked in marks:
            ids[_owner(plain, place, starts)] += marked
        here = bisect_right(self._cited, start, key=itemgetter(1))  # where the first span that reaches into it is
        for first, last, cited in takewhile(lambda span: span[0] < end, islice(self._cited, here, None)):
            for number, (begin, stop) in enumerate(zip(starts, ends, strict=True)):
                told = places[begin:stop]
                if told and told[0] < last and first <= told[-1]:
                    ids[number] += cited
        return [
            RepliedSentence(text, tuple(dict.fromkeys(own)))
            for begin, stop, own in zip(starts, ends, ids, strict=True)
            if _SPOKEN.search(text := _bare(plain[begin:stop]))
        ]


def _bare(sentence: str) -> str:
    """A sentence without emphasis, and without `The answer is: "..."` around it."""
    plain = _EMPHASIS.sub("", sentence).strip()
    bare = _LEAD.sub("", plain).strip()
    quoted = _QUOTED_WHOLE.match(bare) if bare != plain else None
    return quoted["said"] if quoted else bare


def _owner(plain: str, place: int, starts: list[int]) -> int:
    """The sentence that a mark belongs to: the one whose last sign stands before it."""
    before = len(plain[:place].rstrip())
    return max(bisect_right(starts, max(before - 1, 0)) - 1, 0)


def _lines(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            yield start, end
        start = end + 1


def _without_marks(
    text: str, begin: int, code: Sequence[tuple[int, int]]
) -> tuple[str, list[tuple[int, list[SentenceId]]], list[int]]:
    """A text from `begin` on without marks, the ids of each with its place, and the place of each other sign."""
    marks: list[tuple[int, list[SentenceId]]] = []
    places: list[int] = []
    at = begin
    for match in _DROPPED.finditer(text, begin):
        if any(start <= match.start() < end for start, end in code):
            continue
        places += range(at, match.start())
        if not match["tag"]:
            marks.append((len(places), _ids(match.group())))
        at = match.end()
    places += range(at, len(text))
    return "".join(text[place] for place in places), marks, places


def _ids(mark: str) -> list[SentenceId]:
    found: list[SentenceId] = []
    for pair in _PAIR.finditer(mark):
        passage, sentence = map(int, pair["first"].split("."))
        last = _last(passage, sentence, pair["last"])
        found += [SentenceId(passage, number) for number in range(sentence, last + 1)]
    return found


def _last(passage: int, sentence: int, stated: str | None) -> int:
    """The sentence that a range ends with; before its first where it makes no sense."""
    if stated is None:
        return sentence
    end_passage, last = map(int, stated.split(".")) if "." in stated else (passage, int(stated))
    return last if end_passage == passage and 0 <= last - sentence < MOST_IN_RANGE else sentence - 1


def _letters(text: str) -> str:
    return "".join(re.findall(r"[a-z]+", text.casefold()))
