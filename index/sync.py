"""Compare folder and catalog, apply the difference, report progress.

The order of writes is what makes a death at any moment harmless: new vectors go into Chroma first, then
one catalog commit makes the new state visible, then vectors that no passage knows any more go. Vectors
written before an interruption are found again by their id and not encoded a second time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.articles import Article
from index.catalog import Catalog, Manifest
from index.catalog_writing import CatalogWriter, IndexedPassage
from index.changes import ChangeReader, Changes
from index.errors import CorpusError, DamagedError, LockedError
from index.folder import NAME_A_FOLDER, Scan, scan
from index.freshness import Build, compare
from index.locks import FileLock, holder
from index.passages import SPLITTER, Passage, Splitter
from index.state import StateFolder
from index.vector_update import VectorUpdate

if TYPE_CHECKING:
    from index.encoder import Embedder


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage of a sync has come; `stage` is one of reading, splitting, encoding, saving."""

    stage: str
    done: int
    total: int


@dataclass(slots=True)
class SyncReport:
    """What a sync found and did. All counts are of articles, but `encoded`, `reused` and `passages`."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0
    encoded: int = 0
    reused: int = 0
    articles: int = 0
    passages: int = 0
    rebuilt: str | None = None
    """Why everything was built anew, or None."""
    others: dict[str, int] = field(default_factory=dict)
    """Files that are no articles, by suffix."""
    warnings: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """True if questions now see another index than before."""
        return bool(self.added or self.changed or self.moved or self.deleted or self.rebuilt)


def sync(
    corpus: Path,
    state: StateFolder,
    embedder: Embedder,
    report: Callable[[Progress], None] = lambda progress: None,
    *,
    rebuild: str | None = None,
) -> SyncReport:
    """Bring the index up to date with the folder; `rebuild` gives the reason for building all anew.

    Raises:
        CorpusError: the folder cannot be used, or no file in it can be read as an article.
        LockedError: another process is indexing this corpus.
        StateError: the state cannot be written.
    """
    found = scan(corpus)
    state.create()
    lock = FileLock(state.lock)
    if not lock.acquire():
        who = holder(state.lock) or "another process"
        raise LockedError(f"{corpus} is being indexed by {who}", "wait for it to end, or end it")
    try:
        catalog, damage = _open_or_replace(state)
        with closing(catalog):
            return _Sync(found, state, embedder, catalog, report).run(rebuild or damage)
    finally:
        lock.release()


def _open_or_replace(state: StateFolder) -> tuple[Catalog, str | None]:
    """The catalog, made anew where it cannot be used; and why it had to be."""
    try:
        return Catalog.open(state.catalog, create=True), None
    except DamagedError as error:
        for path in state.root.glob(state.catalog.name + "*"):
            path.unlink()
        return Catalog.open(state.catalog, create=True), str(error)


class _Sync:
    """One run; lives while the lock is held."""

    def __init__(
        self,
        found: Scan,
        state: StateFolder,
        embedder: Embedder,
        catalog: Catalog,
        report: Callable[[Progress], None],
    ) -> None:
        self.found = found
        self.state = state
        self.embedder = embedder
        self.catalog = catalog
        self.writer = CatalogWriter(catalog)
        self.report = report
        self.build = Build(embedder.identity, embedder.dimension, SPLITTER)
        self.result = SyncReport(others=dict(found.others), warnings=list(found.warnings))

    def run(self, rebuild: str | None) -> SyncReport:
        """Read, split, encode and commit what differs."""
        manifest = self._manifest()
        known = self.catalog.files()
        difference = compare(self.found, manifest, known, self.build)
        reason = rebuild or difference.rebuild
        reader = ChangeReader(self.found, known, {record.path: record for record in self.catalog.articles()})
        changes = reader.read(
            difference,
            everything=bool(reason),
            report=lambda done, total: self.report(Progress("reading", done, total)),
        )
        self._require_articles(changes)
        try:
            self._apply(manifest, changes, reason)
        except DamagedError as error:
            if reason:
                raise
            return self.run(rebuild=str(error))
        self._fill_report(changes, reason)
        return self.result

    def _manifest(self) -> Manifest:
        """The manifest; a first one numbers its store above any that a lost catalog left behind."""
        manifest = self.catalog.manifest()
        if manifest is None:
            left = [int(path.name) for path in self.state.chroma.iterdir() if path.name.isdigit()]
            manifest = Manifest(max(left, default=0), "", "", 0, "", "", str(self.found.root), sweep=0)
            with self.writer.transaction():
                self.writer.put_manifest(manifest)
        return manifest

    def _require_articles(self, changes: Changes) -> None:
        if changes.articles or self.catalog.counts()[0] > len(changes.leaving):
            return
        root = self.found.root
        if self.found.files:
            reasons = "; ".join(changes.warnings[:3])
            raise CorpusError(f"no file in {root} can be read as an article: {reasons}", NAME_A_FOLDER)
        others = ", ".join(f"{count} {suffix}" for suffix, count in self.found.others.most_common(5))
        inside = f" (it holds {others})" if others else " (it is empty)"
        raise CorpusError(f"{root} holds no .txt or .md file{inside}", NAME_A_FOLDER)

    def _apply(self, manifest: Manifest, changes: Changes, reason: str | None) -> None:
        if not (changes.articles or changes.leaving or reason or manifest.sweep):
            if changes.seen or changes.gone:
                with self.writer.transaction():
                    self._note_files(changes)
            return
        prepared = self._split(changes.articles)
        generation = manifest.generation + 1
        opening = VectorUpdate.open_or_replace if reason else VectorUpdate
        store = str(generation) if reason else manifest.store
        vectors = opening(self.state.store(store), self.state.chroma_lock, self.build.dimension)
        with closing(vectors):
            with self.writer.transaction():
                self.writer.put_manifest(replace(manifest, sweep=1))
            self._fill(vectors, changes.articles, prepared, reuse=not reason)
            self.report(Progress("saving", 0, 2))
            fresh = Manifest(
                generation, store, self.build.encoder, self.build.dimension, self.build.splitter,
                datetime.now(UTC).isoformat(timespec="seconds"), str(self.found.root), sweep=1,
            )  # fmt: skip
            retired = self._commit(fresh, changes, prepared)
            self.report(Progress("saving", 1, 2))
            candidates = vectors.ids() if reason or manifest.sweep else retired
            vectors.delete(sorted(candidates - self.catalog.passage_keys(sorted(candidates)).keys()))
        with self.writer.transaction():
            self.writer.put_manifest(replace(fresh, sweep=0))
        self._remove_other_stores(store)
        self.report(Progress("saving", 2, 2))

    def _split(self, articles: dict[str, Article]) -> dict[str, list[IndexedPassage]]:
        splitter = Splitter() if articles else None
        prepared: dict[str, list[IndexedPassage]] = {}
        for number, (name, article) in enumerate(articles.items()):
            self.report(Progress("splitting", number, len(articles)))
            passages = splitter.split(article) if splitter else []
            prepared[name] = [self._identify(article, passage) for passage in passages]
        return prepared

    def _identify(self, article: Article, passage: Passage) -> IndexedPassage:
        embedded = digest(self.build.encoder, embedded_text(article, passage))
        identity = digest(article.path, str(passage.start), str(passage.end), embedded)
        return IndexedPassage(identity, embedded, passage)

    def _fill(
        self,
        vectors: VectorUpdate,
        articles: dict[str, Article],
        prepared: dict[str, list[IndexedPassage]],
        *,
        reuse: bool,
    ) -> None:
        texts = {
            indexed.id: (indexed.embedded, embedded_text(articles[name], indexed.passage))
            for name, passages in prepared.items()
            for indexed in passages
        }
        twins = self.writer.reusable([embedded for embedded, _ in texts.values()]) if reuse else {}
        self.result.encoded, self.result.reused = vectors.fill(
            texts, twins, self.embedder, lambda done, total: self.report(Progress("encoding", done, total))
        )

    def _commit(self, manifest: Manifest, changes: Changes, prepared: dict[str, list[IndexedPassage]]) -> set[str]:
        """Make the new state visible; returns the ids of passages that left."""
        with self.writer.transaction():
            retired = set(self.writer.remove_articles(changes.leaving))
            for name, article in changes.articles.items():
                self.writer.add_article(article, prepared[name])
            self._note_files(changes)
            self.writer.put_manifest(manifest)
        return retired

    def _note_files(self, changes: Changes) -> None:
        self.writer.forget_files(changes.gone)
        for name, known in changes.seen.items():
            self.writer.put_file(name, known)

    def _remove_other_stores(self, current: str) -> None:
        for path in self.state.chroma.iterdir():
            if path.is_dir() and path.name != current:
                shutil.rmtree(path, ignore_errors=True)  # a reader may hold it open; the next sync tries again

    def _fill_report(self, changes: Changes, reason: str | None) -> None:
        result = self.result
        result.added, result.changed = changes.added, changes.changed
        result.moved, result.deleted = changes.moved, changes.deleted
        result.rebuilt = reason
        result.warnings += changes.warnings
        result.articles, result.passages = self.catalog.counts()


def embedded_text(article: Article, passage: Passage) -> str:
    """What is encoded for a passage: its own text, after a line that names the article where it has a title."""
    body = article.text[passage.start : passage.end]
    title = article.metadata.title
    return f"{title}\n{body}" if title else body


def digest(*parts: str) -> str:
    """A hash of the parts, 32 hexadecimal digits."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]
