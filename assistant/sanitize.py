"""The one sanitiser: text from articles and models, made harmless for a terminal.

Each character is replaced by exactly one other, so offsets into the text stay right. Control
characters become their visible pictures (ESC shows as ␛), and what has no picture or steers how
other text is shown (C1, bidirectional controls, tags, line separators) becomes the replacement
character. Escape sequences lose their ESC and remain as plain letters to be read.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_HOSTILE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 without tab and newline, DEL
    "\x80-\x9f"  # C1: one of them is CSI in a single character
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidirectional controls and their deprecated kin
    "\u2028\u2029"  # line and paragraph separators
    "\ufff9-\ufffb"  # interlinear annotation
    "\U000e0000-\U000e007f"  # tags, invisible letters
    "\ud800-\udfff"  # lone surrogates, which no terminal encoding can carry
    "]"
)


def sanitize(text: str) -> str:
    """The text with every hostile character replaced; the length stays the same."""
    return _HOSTILE.sub(_harmless, text)


def sanitize_line(text: str) -> str:
    """As `sanitize`, for text that must stay on one line: names, titles, error messages."""
    return sanitize(text).replace("\n", " ").replace("\t", " ")


def json_line(value: Any) -> str:
    """The value as one line of JSON for stdout: text verbatim, hostile characters as `\\uXXXX`.

    Where stdout cannot carry every character, all but ASCII is escaped, too.
    """
    # What stands in for stdout inside a terminal UI names no encoding: it takes any text.
    everything = (getattr(sys.stdout, "encoding", "utf-8") or "").lower().replace("-", "") != "utf8"
    return _HOSTILE.sub(_escaped, json.dumps(value, ensure_ascii=everything))


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group()).strip('"') if match.group() != "\x7f" else "\\u007f"


def _harmless(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else _REPLACEMENT
