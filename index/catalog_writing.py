"""Changes to the catalog: one transaction takes it from one whole index to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from index.articles import Article
from index.catalog import Catalog, KnownFile, Manifest, batches
from index.passages import Passage


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage with the id of its vector and the hash of the text that was embedded."""

    id: str
    embedded: str
    passage: Passage


class CatalogWriter:
    """Writes of the process that holds the sync lock."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._connection = catalog.connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside becomes visible at once, or not at all."""
        with self._catalog.guarded():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()  # SQLite may have done so itself, on a full disk for one
                raise

    def put_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest."""
        self._connection.execute(
            "INSERT OR REPLACE INTO manifest VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(manifest)
        )

    def put_file(self, path: str, known: KnownFile) -> None:
        """Note what a file looked like when it was read."""
        stamp = astuple(known.stamp)
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (path, *stamp, known.checked_ns, known.sha256, known.unreadable),
        )

    def forget_files(self, paths: Iterable[str]) -> None:
        """Drop the notes on files that are gone."""
        self._connection.executemany("DELETE FROM files WHERE path = ?", [(path,) for path in paths])

    def remove_articles(self, paths: Sequence[str]) -> list[str]:
        """Remove articles with all that hangs on them; returns the ids of their passages."""
        removed: list[str] = []
        for batch in batches(paths):
            marks = ",".join("?" * len(batch))
            rows = self._connection.execute(
                "SELECT p.key, p.id FROM passages p JOIN articles a ON a.id = p.article"
                f" WHERE a.path IN ({marks})",
                batch,
            ).fetchall()
            keys = [(key,) for key, _ in rows]
            removed += [identity for _, identity in rows]
            self._connection.executemany("DELETE FROM sentences WHERE passage = ?", keys)
            self._connection.executemany("DELETE FROM passage_text WHERE rowid = ?", keys)
            self._connection.executemany("DELETE FROM passages WHERE key = ?", keys)
            self._connection.execute(f"DELETE FROM articles WHERE path IN ({marks})", batch)
        return removed

    def add_article(self, article: Article, passages: Sequence[IndexedPassage]) -> None:
        """Add an article with its passages, sentences and their text."""
        stated = article.metadata
        published = stated.published.isoformat() if stated.published else None
        key = self._connection.execute(
            "INSERT INTO articles (path, title, outlet, published, url, text) VALUES (?, ?, ?, ?, ?, ?)",
            (article.path, stated.title, stated.outlet, published, stated.url, article.text),
        ).lastrowid
        heading = " ".join(part for part in (stated.title, stated.outlet) if part)
        for ordinal, indexed in enumerate(passages):
            passage = indexed.passage
            passage_key = self._connection.execute(
                'INSERT INTO passages (id, article, ordinal, start, "end", embedded) VALUES (?, ?, ?, ?, ?, ?)',
                (indexed.id, key, ordinal, passage.start, passage.end, indexed.embedded),
            ).lastrowid
            self._connection.execute(
                "INSERT INTO passage_text (rowid, heading, body) VALUES (?, ?, ?)",
                (passage_key, heading, article.text[passage.start : passage.end]),
            )
            self._connection.executemany(
                "INSERT INTO sentences VALUES (?, ?, ?, ?, ?)",
                [
                    (passage_key, number, sentence.start, sentence.end, sentence.prose)
                    for number, sentence in enumerate(passage.sentences)
                ],
            )

    def reusable(self, embedded: Sequence[str]) -> dict[str, str]:
        """For hashes of embedded text, the id of a passage that has a vector of just that text."""
        found: dict[str, str] = {}
        for batch in batches(embedded):
            marks = ",".join("?" * len(batch))
            with self._catalog.guarded():
                rows = self._connection.execute(
                    f"SELECT embedded, id FROM passages WHERE embedded IN ({marks})", batch
                ).fetchall()
            found.update(rows)
        return found
