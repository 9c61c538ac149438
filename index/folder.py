"""What stands in the corpus folder now: article files with their stamps, and what was passed over."""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import CorpusError

ARTICLE_SUFFIXES = frozenset({".txt", ".md"})
METADATA_FILE = "metadata.jsonl"
NAME_A_FOLDER = "name a folder of .txt or .md files with --corpus DIR"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file was touched, without reading it: size in bytes, times in ns, inode."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp in a stat result."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@dataclass(slots=True)
class Scan:
    """One look at a corpus folder; `files` maps an article's name to its stamp."""

    root: Path
    files: dict[str, Stamp] = field(default_factory=dict)
    metadata: tuple[Path, Stamp] | None = None
    others: Counter[str] = field(default_factory=Counter)
    """Files that are no articles, by suffix."""
    warnings: list[str] = field(default_factory=list)


def scan(corpus: Path) -> Scan:
    """Look through the folder recursively, in milliseconds for thousands of files.

    Hidden files and folders are passed over. A link to a file inside the corpus is an article of
    its own name; links to folders and links that lead out are not followed, so no loop can form.

    Raises:
        CorpusError: the folder is missing, is no folder, or cannot be listed.
    """
    require_folder(corpus)
    root = corpus.resolve()
    found = Scan(root)
    waiting = [(str(root), "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise CorpusError(f"{corpus} cannot be listed: {error.strerror}", NAME_A_FOLDER) from error
            found.warnings.append(f"{prefix} cannot be listed ({error.strerror}); skipped")
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, f"{prefix}{entry.name}/"))
            else:
                _note_file(found, entry, prefix + entry.name)
    _note_metadata_file(found)
    return found


def require_folder(corpus: Path) -> None:
    """Raise CorpusError unless there is a folder at this path."""
    try:
        status = corpus.stat()
    except (FileNotFoundError, ValueError):  # ValueError: NUL in the name
        raise CorpusError(f"there is no folder {corpus}", NAME_A_FOLDER) from None
    except OSError as error:
        raise CorpusError(f"{corpus} cannot be reached: {error.strerror}", NAME_A_FOLDER) from error
    if not stat.S_ISDIR(status.st_mode):
        raise CorpusError(f"{corpus} is a file, not a folder", NAME_A_FOLDER)


def _note_file(found: Scan, entry: os.DirEntry[str], name: str) -> None:
    suffix = Path(entry.name).suffix.lower()
    if suffix not in ARTICLE_SUFFIXES:
        if name != METADATA_FILE and not entry.is_symlink():
            found.others[suffix or "no suffix"] += 1
        return
    try:
        name.encode()
    except UnicodeEncodeError:
        found.warnings.append(f"{name!a} has a name that is not UTF-8; skipped")
        return
    if entry.is_symlink() and not _leads_inside(entry.path, found.root):
        found.warnings.append(f"{name} is a link out of the folder, or to nothing; skipped")
        return
    try:
        status = entry.stat()
    except OSError as error:
        found.warnings.append(f"{name} cannot be read ({error.strerror}); skipped")
        return
    if stat.S_ISREG(status.st_mode):
        found.files[name] = Stamp.of(status)


def _leads_inside(link: str, root: Path) -> bool:
    try:
        return Path(link).resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):  # a broken link, or one that leads to itself
        return False


def _note_metadata_file(found: Scan) -> None:
    """`metadata.jsonl` in the folder, or beside it where the folder is the `corpus/` of a suite."""
    candidates = [found.root / METADATA_FILE]
    if found.root.name == "corpus":
        candidates.append(found.root.parent / METADATA_FILE)
    for candidate in candidates:
        if candidate.is_symlink() and not _leads_inside(str(candidate), candidate.parent):
            found.warnings.append(f"{candidate.name} is a link out of the folder, or to nothing; skipped")
            continue
        try:
            status = candidate.stat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            found.metadata = candidate, Stamp.of(status)
            return
