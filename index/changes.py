"""Read what the folder's difference points at: articles that came or changed, and those that leave the index."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.articles import (
    Article,
    Metadata,
    UnreadableArticle,
    assign,
    parse_article,
    read_metadata_file,
)
from index.catalog import METADATA_ROW, ArticleRecord, KnownFile
from index.folder import Scan, Stamp
from index.freshness import NOT_CHECKED, Difference


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

    def __init__(
        self,
        found: Scan,
        known: Mapping[str, KnownFile],
        indexed: Mapping[str, ArticleRecord],
        indexed_text: Callable[[str], str | None],
    ) -> None:
        self._found = found
        self._known = known
        self._indexed = indexed
        self._indexed_text = indexed_text

    def read(self, difference: Difference, *, everything: bool, report: Callable[[int, int], None]) -> Changes:
        """Read the files to look at: all of them if `everything` or the metadata file changed."""
        changes = Changes(gone=difference.gone)
        stated, again = self._stated_metadata(difference, changes)
        again.update(self._found.files if everything else difference.touched)
        names = [name for name in self._found.files if name in again]
        for number, name in enumerate(names):
            report(number, len(names))
            article = self._read_file(name, stated.get(name), changes)
            if article and (everything or self._differs(article, changes)):
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

    def _stated_metadata(self, difference: Difference, changes: Changes) -> tuple[dict[str, Metadata], set[str]]:
        """What the metadata file states, by article, and of which articles that may be something new."""
        everywhere = set(self._found.files) if difference.metadata else set()
        if self._found.metadata is None:
            if METADATA_ROW in self._known:
                changes.gone = (*changes.gone, METADATA_ROW)
            return {}, everywhere
        path, stamp = self._found.metadata
        data = self._look(METADATA_ROW, path, stamp, changes)
        if isinstance(data, OSError):
            changes.warnings.append(f"{path.name} cannot be read: {data.strerror}; its metadata is not used")
            return {name: _stated(record) for name, record in self._indexed.items()}, set()
        stated, warnings = read_metadata_file(data)
        assigned, doubts = assign(stated, self._found.files)
        changes.warnings += [f"{path.name}: {warning}" for warning in warnings + doubts]
        # A file that comes or goes may change which article a bare name means.
        former, _ = assign(stated, self._known.keys() - {METADATA_ROW})
        moved = {name for name in self._found.files if former.get(name) != assigned.get(name)}
        return assigned, everywhere or moved

    def _read_file(self, name: str, stated: Metadata | None, changes: Changes) -> Article | None:
        """The article in a file; as the index has it where the system does not let us read it now."""
        data = self._look(name, self._found.root / name, self._found.files[name], changes)
        if isinstance(data, OSError):
            article = self._as_indexed(name)
            instead = "answered from what it held before" if article else "skipped"
            changes.warnings.append(f"{name} cannot be read: {data.strerror}; {instead}")
            return article
        try:
            return parse_article(name, data, stated)
        except UnreadableArticle as error:
            changes.seen[name] = replace(changes.seen[name], unreadable=str(error))
            changes.warnings.append(f"{name} {error}; skipped")
            return None

    def _look(self, name: str, path: Path, stamp: Stamp, changes: Changes) -> bytes | OSError:
        """Read a file and note how it looked; the time is taken first, so that a later change is noticed.

        What the system does not give us now it may give the next time: such a file stays to be looked at.
        """
        now = time.time_ns()
        try:
            data = path.read_bytes()
        except OSError as error:
            if name in self._known:
                changes.seen[name] = replace(self._known[name], checked_ns=NOT_CHECKED)
            return error
        changes.seen[name] = KnownFile(stamp, now, hashlib.sha256(data).hexdigest(), None)
        return data

    def _as_indexed(self, name: str) -> Article | None:
        record = self._indexed.get(name)
        text = self._indexed_text(name) if record else None
        return parse_article(name, text.encode(), _stated(record)) if record and text else None

    def _differs(self, article: Article, changes: Changes) -> bool:
        record = self._indexed.get(article.path)
        if record is None or self._known[article.path].sha256 != changes.seen[article.path].sha256:
            return True
        return article.metadata != _stated(record)

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
        changes.changed = sum(self._differs(changes.articles[name], changes) for name in replaced)
        changes.deleted = departed.total()


def _stated(record: ArticleRecord) -> Metadata:
    return Metadata(record.title, record.outlet, record.published, record.url)
