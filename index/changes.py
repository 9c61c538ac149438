"""Read what the folder's difference points at: articles that came or changed, and those that leave the index."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.articles import (
    Article,
    Metadata,
    UnreadableArticle,
    metadata_for,
    parse_article,
    read_metadata_file,
)
from index.catalog import METADATA_ROW, ArticleRecord, KnownFile
from index.folder import Scan, Stamp
from index.freshness import Difference


@dataclass(slots=True)
class Changes:
    """What a sync has to apply. Counts are of articles."""

    articles: dict[str, Article] = field(default_factory=dict)
    """New or different articles, by name."""
    leaving: list[str] = field(default_factory=list)
    """Names of indexed articles that go or are replaced."""
    seen: dict[str, KnownFile] = field(default_factory=dict)
    """How each file looked that was read."""
    gone: tuple[str, ...] = ()
    """Files that were known and are no longer in the folder."""
    warnings: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0


class ChangeReader:
    """Reads files of one corpus and holds them against what the catalog knows."""

    def __init__(self, found: Scan, known: Mapping[str, KnownFile], indexed: Mapping[str, ArticleRecord]) -> None:
        self._found = found
        self._known = known
        self._indexed = indexed

    def read(self, difference: Difference, *, everything: bool, report: Callable[[int, int], None]) -> Changes:
        """Read the files to look at: all of them if `everything` or the metadata file changed."""
        changes = Changes(gone=difference.gone)
        stated = self._stated_metadata(changes)
        names = list(self._found.files) if everything or difference.metadata else list(difference.touched)
        for number, name in enumerate(names):
            report(number, len(names))
            article = self._read_file(name, metadata_for(name, stated), changes)
            if article and (everything or self._differs(article, changes.seen[name])):
                changes.articles[name] = article
        changes.warnings += self._still_unreadable(changes)
        changes.leaving = [name for name in self._indexed if everything or self._leaves(name, changes)]
        self._count(changes)
        return changes

    def _still_unreadable(self, changes: Changes) -> list[str]:
        """A warning for each file that an earlier sync could not read and that is as it was."""
        return [
            f"{name} {known.unreadable}; skipped"
            for name, known in self._known.items()
            if known.unreadable and name in self._found.files and name not in changes.seen
        ]

    def _stated_metadata(self, changes: Changes) -> dict[str, Metadata]:
        if self._found.metadata is None:
            if METADATA_ROW in self._known:
                changes.gone = (*changes.gone, METADATA_ROW)
            return {}
        path, stamp = self._found.metadata
        data, unreadable = self._note(METADATA_ROW, path, stamp, changes)
        if unreadable:
            changes.warnings.append(f"{path.name} {unreadable}; its metadata is not used")
            return {}
        stated, warnings = read_metadata_file(data)
        changes.warnings += [f"{path.name}: {warning}" for warning in warnings]
        return stated

    def _read_file(self, name: str, stated: Metadata | None, changes: Changes) -> Article | None:
        data, unreadable = self._note(name, self._found.root / name, self._found.files[name], changes)
        if not unreadable:
            try:
                return parse_article(name, data, stated)
            except UnreadableArticle as error:
                unreadable = str(error)
                seen = changes.seen[name]
                changes.seen[name] = KnownFile(seen.stamp, seen.checked_ns, seen.sha256, unreadable)
        changes.warnings.append(f"{name} {unreadable}; skipped")
        return None

    def _note(self, name: str, path: Path, stamp: Stamp, changes: Changes) -> tuple[bytes, str | None]:
        """Read a file and note how it looked; the time is taken first, so that a later change is noticed."""
        now = time.time_ns()
        try:
            data, unreadable = path.read_bytes(), None
        except OSError as error:
            data, unreadable = b"", f"cannot be read: {error.strerror}"
        changes.seen[name] = KnownFile(stamp, now, hashlib.sha256(data).hexdigest(), unreadable)
        return data, unreadable

    def _differs(self, article: Article, seen: KnownFile) -> bool:
        record = self._indexed.get(article.path)
        if record is None or self._known[article.path].sha256 != seen.sha256:
            return True
        return article.metadata != Metadata(record.title, record.outlet, record.published, record.url)

    def _leaves(self, name: str, changes: Changes) -> bool:
        seen = changes.seen.get(name)
        return name in changes.gone or name in changes.articles or bool(seen and seen.unreadable)

    def _count(self, changes: Changes) -> None:
        replaced = changes.articles.keys() & self._indexed.keys()
        departed = Counter(self._known[name].sha256 for name in changes.leaving if name not in changes.articles)
        for name in changes.articles.keys() - replaced:
            digest = changes.seen[name].sha256
            if departed[digest]:
                departed[digest] -= 1
                changes.moved += 1
            else:
                changes.added += 1
        changes.changed = len(replaced)
        changes.deleted = departed.total()
