"""One file in: its text, and the title, outlet and publication date that it states."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.dates import parse_date
from index.metadata import Metadata, from_fields, stated_in

__all__ = [
    "Article",
    "Metadata",
    "UnreadableArticle",
    "assign",
    "decode",
    "parse_article",
    "read_metadata_file",
]

_BOM = b"\xef\xbb\xbf"
_MARKDOWN = ".md"
_JSON_FIELDS = {"title": "title", "date": "published", "source": "outlet", "outlet": "outlet", "url": "url"}


class UnreadableArticle(Exception):  # noqa: N818 - it is named for what it is about, as in the log line
    """A file that cannot be an article; the message is the reason, for people: `holds NUL`."""


@dataclass(frozen=True, slots=True)
class Article:
    """A file as text, with what is stated of it."""

    path: str
    """POSIX path relative to the corpus: the article's name."""

    text: str
    """The decoded file; every offset counts code points of this."""

    metadata: Metadata

    stated_at: tuple[tuple[int, int], ...]
    """Spans of the lines that state metadata and nothing else: not prose to answer with."""


def decode(data: bytes) -> str:
    """The text of a file, as `Path.read_text(encoding="utf-8-sig")` gives it.

    Raises UnreadableArticle where the bytes are not UTF-8, hold NUL, or are nothing but white space.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (len(_BOM) if data.startswith(_BOM) else 0)
        raise UnreadableArticle(f"is not UTF-8 (byte 0x{data[at]:02x} at {at})") from None
    if "\0" in text:
        raise UnreadableArticle("holds NUL")
    if not text.strip():
        raise UnreadableArticle("is empty")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_article(path: str, data: bytes, stated: Metadata | None = None) -> Article:
    """The article that a file holds; what `stated` (from metadata.jsonl) gives wins field by field.

    Raises UnreadableArticle as `decode` does.
    """
    text = decode(data)
    metadata, lines = stated_in(text, markdown=PurePosixPath(path).suffix.lower() == _MARKDOWN)
    return Article(path, text, stated.over(metadata) if stated else metadata, lines)


def read_metadata_file(data: bytes) -> tuple[dict[str, Metadata], list[str]]:
    """Metadata by `doc` or `file` as written, and a warning for each line that is broken or doubtful.

    Never raises on what the file holds. Where a name stands twice the later line counts.
    """
    stated: dict[str, Metadata] = {}
    warnings: list[str] = []
    for number, line in enumerate(data.removeprefix(_BOM).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            name, metadata, doubts = _read_entry(line)
        except _BadLine as error:
            warnings.append(f"line {number}: {error}")
            continue
        doubts += [f'"{name}" was stated before; this line counts'] if name in stated else []
        warnings += [f"line {number}: {doubt}" for doubt in doubts]
        stated[name] = metadata
    return stated, warnings


def assign(stated: Mapping[str, Metadata], paths: Iterable[str]) -> tuple[dict[str, Metadata], list[str]]:
    """What metadata.jsonl states of each article, by path, and a warning for each name that fits several.

    A name is a relative path or a bare file name, with or without suffix. It means what it fits most
    exactly; where that is several articles it is no statement about any. Where an article goes by two
    names that are stated, the more exact one counts.
    """
    known: tuple[dict[str, list[str]], ...] = ({}, {}, {}, {})
    for path in paths:
        for names, name in zip(known, _names(path), strict=True):
            names.setdefault(name, []).append(path)
    best: dict[str, tuple[int, Metadata]] = {}
    warnings = []
    for name, metadata in stated.items():
        level = next((level for level, names in enumerate(known) if name in names), None)
        if level is None:
            continue
        first, *others = sorted(known[level][name])
        if others:
            warnings.append(f'"{name}" fits {first} and {others[0]}, and is used for neither: give the path')
        elif first not in best or level < best[first][0]:
            best[first] = level, metadata
    return {path: metadata for path, (_, metadata) in best.items()}, warnings


def _names(path: str) -> tuple[str, str, str, str]:
    """What an article may go by, the most exact first."""
    exact = PurePosixPath(path)
    return path, str(exact.with_suffix("")), exact.name, exact.stem


class _BadLine(Exception):  # noqa: N818 - never leaves this module
    """Why a line of metadata.jsonl states nothing."""


def _read_entry(line: bytes) -> tuple[str, Metadata, list[str]]:
    try:
        entry = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _BadLine("not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BadLine("not JSON") from None
    if not isinstance(entry, dict):
        raise _BadLine("not a JSON object")
    name = entry.get("doc", entry.get("file"))
    if not isinstance(name, str) or not name:
        raise _BadLine('neither "doc" nor "file" names an article')
    values: dict[str, str] = {}
    doubts: list[str] = []
    for key, field in _JSON_FIELDS.items():
        value = entry.get(key)
        if isinstance(value, str):
            values.setdefault(field, value)
        elif value is not None:
            doubts.append(f'"{key}" is not text; left out')
    if values.get("published") and parse_date(values["published"]) is None:
        doubts.append('"date" is not a whole, unambiguous date such as 2019-02-02; left unknown')
    return name, from_fields(values), doubts
