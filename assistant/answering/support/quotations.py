"""Words in quotation marks have to stand so in a cited sentence, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_DOUBLE = str.maketrans(dict.fromkeys("“”„«»‟", '"') | dict.fromkeys("‘’‚‛", "'"))
_PAIR = re.compile(r'"([^"]+)"')
_SINGLE = re.compile(r"(?<!\w)'(?=\S)((?:[^']|(?<=\w)'(?=\w))+)'(?!\w)")
_EDGES = " \t\n,.;:!?…-–—"
_ELLIPSIS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[[^\]]*\])\s*")


def quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where the words inside each pair of quotation marks begin and end."""
    folded = text.translate(_DOUBLE)
    for pattern in (_PAIR, _SINGLE):
        yield from (found.span(1) for found in pattern.finditer(folded))


def is_verbatim(words: str, sentences: Sequence[str]) -> bool:
    """Whether one sentence holds the words; marks, white space and what closes the quotation are folded.

    Where the quotation leaves something out (`...`), its pieces have to follow each other in one sentence.
    """
    pieces = [piece for part in _ELLIPSIS.split(_folded(words)) if (piece := part.strip(_EDGES))]
    return any(_follow(pieces, _folded(sentence)) for sentence in sentences)


def _follow(pieces: Sequence[str], sentence: str) -> bool:
    at = 0
    for number, piece in enumerate(pieces):
        # A quotation may begin a sentence of its own with a capital.
        pattern = re.escape(piece)
        if number == 0 and piece[0].isalpha():
            pattern = f"[{re.escape(piece[0].lower() + piece[0].upper())}]{re.escape(piece[1:])}"
        found = re.compile(rf"(?<!\w){pattern}(?!\w)").search(sentence, at)
        if found is None:
            return False
        at = found.end()
    return True


def _folded(text: str) -> str:
    return " ".join(text.translate(_DOUBLE).replace('"', " ").split())
