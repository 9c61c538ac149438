"""Compare folder and catalog, apply the difference, report progress.

The order of writes is what makes a death at any moment harmless: new vectors go into Chroma first, then
one catalog commit makes the new state visible, then vectors that no passage knows any more go. Vectors
written before an interruption are found again by their id and not encoded a second time.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.articles import Article
from index.catalog import Catalog, Manifest
from index.catalog_writing import CatalogWriter, IndexedPassage
from index.changes import ChangeReader, Changes
from index.errors import CorpusError, DamagedError, LockedError
from index.folder import NAME_A_FOLDER, Scan, require_folder, scan
from index.freshness import Build, compare
from index.locks import FileLock, holder
from index.passages import SPLITTER, Passage, Splitter
from index.sqlite_errors import is_there
from index.state import StateFolder, changing
from index.sync_report import Progress, SyncReport
from index.vector_update import LOCK_WAIT_S, VectorUpdate
from index.vectors import inspect

if TYPE_CHECKING:
    from index.encoder import Embedder

__all__ = ["Progress", "SyncReport", "digest", "embedded_text", "sync"]


def sync(
    corpus: Path,
    state: StateFolder,
    embedder: Embedder,
    report: Callable[[Progress], None] = lambda progress: None,
    *,
    rebuild: str | None = None,
    wait_s: float = 0.0,
) -> SyncReport:
    """Bring the index up to date with the folder.

    Args:
        corpus: the folder of articles.
        state: where its index is kept.
        embedder: encodes new passages.
        report: told how far it has come.
        rebuild: the reason for building all anew.
        wait_s: seconds to wait for another process that is indexing this corpus.

    Raises:
        CorpusError: the folder cannot be used, or no file in it can be read as an article.
        LockedError: another process is indexing this corpus.
        StateError: the state cannot be written.
    """
    require_folder(corpus)
    state.create()
    lock = FileLock(state.lock)
    if not lock.acquire(wait_s):
        who = holder(state.lock) or "another process"
        raise LockedError(f"{corpus} is being indexed by {who}", "wait for it to end, or end it")
    try:
        # Only now: what was seen before the lock may be older than what its last holder indexed.
        found = scan(corpus)
        if is_there(state.catalog) and not state.catalog.stat().st_size:
            state.remove_catalog()  # whoever has it open still, as it was, would lock us out of making it anew
        try:
            with closing(Catalog.open(state.catalog, create=True)) as catalog:
                return _Sync(found, state, embedder, catalog, report).run(rebuild)
        except DamagedError as error:
            if not _remove_broken_catalog(state):
                raise
            reason = rebuild or str(error)
        with closing(Catalog.open(state.catalog, create=True)) as catalog:
            return _Sync(found, state, embedder, catalog, report).run(reason)
    finally:
        lock.release()


def _remove_broken_catalog(state: StateFolder) -> bool:
    """Remove a catalog that cannot be used; false if there is nothing wrong with it."""
    with suppress(DamagedError), closing(Catalog.open(state.catalog)) as catalog:
        if catalog.broken() is None:
            return False
    state.remove_catalog()
    return True


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
        """Read, split, encode and commit what differs; vectors that turn out to be damaged are made anew."""
        for _ in range(2):
            try:
                return self._attempt(rebuild)
            except DamagedError as error:
                if self.catalog.broken():
                    raise
                if rebuild:  # then it was the unfinished store of an interrupted rebuild
                    self._discard_unfinished_store()
                rebuild = rebuild or str(error)
        return self._attempt(rebuild)

    def _attempt(self, rebuild: str | None) -> SyncReport:
        manifest = self._manifest()
        known = self.catalog.files()
        difference = compare(self.found, manifest, known, self.build)
        reason = rebuild or difference.rebuild
        indexed = {record.path: record for record in self.catalog.articles()}
        reader = ChangeReader(self.found, known, indexed, self.catalog.text)
        changes = reader.read(
            difference,
            everything=bool(reason),
            report=lambda done, total: self.report(Progress("reading", done, total)),
        )
        self._require_articles(changes)
        if changes.articles or changes.leaving or reason or manifest.sweep or not self._is_sound(manifest.store):
            self._apply(manifest, changes, reason)
        elif changes.seen or changes.gone:
            with self.writer.transaction():
                self._note_files(changes)
        self._fill_report(changes, reason)
        return self.result

    def _manifest(self) -> Manifest:
        """The manifest; a first one numbers its store above any that a lost catalog left behind."""
        manifest = self.catalog.manifest()
        if manifest is None:
            left = [int(path.name) for path in self._stores() if path.name.isdigit()]
            manifest = Manifest(max(left, default=0), "", "", 0, "", "", "", str(self.found.root), sweep=0)
            with self.writer.transaction():
                self.writer.put_manifest(manifest)
        return manifest

    def _require_articles(self, changes: Changes) -> None:
        if changes.articles or self.catalog.counts()[0] > len(changes.leaving):
            return
        root = self.found.root
        if self.found.files:
            reasons = "; ".join(changes.warnings[:3])
            count = len(self.found.files)
            raise CorpusError(
                f"none of {count} files in {root} can be read as an article: {reasons}", NAME_A_FOLDER
            )
        others = ", ".join(f"{count} {suffix}" for suffix, count in self.found.others.most_common(5))
        inside = f" (it holds {others})" if others else " (it is empty)"
        raise CorpusError(f"{root} holds no .txt or .md file{inside}", NAME_A_FOLDER)

    def _apply(self, manifest: Manifest, changes: Changes, reason: str | None) -> None:
        prepared = self._split(changes.articles)
        generation = manifest.generation + 1
        store = str(generation) if reason else manifest.store
        with closing(self._open_vectors(store, unfinished=bool(reason))) as vectors:
            with self.writer.transaction():
                self.writer.put_manifest(replace(manifest, sweep=1))
            self._fill(vectors, changes.articles, prepared, reuse=not reason)
            self.report(Progress("saving", 0, 2))
            fresh = Manifest(
                generation, store, self.build.encoder, self.build.dimension, self.build.space, self.build.splitter,
                datetime.now(UTC).isoformat(timespec="seconds"), str(self.found.root), sweep=1,
            )  # fmt: skip
            retired = self._commit(fresh, changes, prepared)
            self.report(Progress("saving", 1, 2))
            candidates = vectors.ids() if reason or manifest.sweep else retired
            vectors.delete(sorted(candidates - self.catalog.passage_keys(sorted(candidates)).keys()))
        self._remove_other_stores(store)
        with self.writer.transaction():
            self.writer.put_manifest(replace(fresh, sweep=0))
        self.report(Progress("saving", 2, 2))

    def _open_vectors(self, store: str, *, unfinished: bool) -> VectorUpdate:
        place = self.state.store(store), self.state.chroma_lock, self.build.dimension
        if unfinished:
            return VectorUpdate.open_or_replace(*place)
        return VectorUpdate.open_whole(*place, self.catalog.passage_ids())

    def _is_sound(self, store: str) -> bool:
        """Whether the vectors are there and fit together, as far as that can be told in milliseconds."""
        with FileLock(self.state.chroma_lock).held(LOCK_WAIT_S):
            try:
                inspect(self.state.store(store))
            except DamagedError:
                return False
        return True

    def _split(self, articles: dict[str, Article]) -> dict[str, list[IndexedPassage]]:
        prepared: dict[str, list[IndexedPassage]] = {}
        if not articles:
            return prepared
        self.report(Progress("loading", 0, len(articles)))
        splitter = Splitter()
        for number, (name, article) in enumerate(articles.items()):
            self.report(Progress("splitting", number, len(articles)))
            prepared[name] = [self._identify(article, passage) for passage in splitter.split(article)]
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
        others = [path for path in self._stores() if path.name != current]
        if others:
            # Under the lock, so that nobody opens a store of which half is gone.
            with FileLock(self.state.chroma_lock).held(LOCK_WAIT_S):
                for path in others:
                    shutil.rmtree(path, ignore_errors=True)  # whatever stays, the next rebuild tries again

    def _stores(self) -> list[Path]:
        with changing(self.state.chroma):
            return [path for path in self.state.chroma.iterdir() if path.is_dir()]

    def _discard_unfinished_store(self) -> None:
        manifest = self.catalog.manifest()
        if manifest:
            shutil.rmtree(self.state.store(str(manifest.generation + 1)), ignore_errors=True)

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
