"""The catalog: one SQLite file that is the truth about articles, passages, sentences and the manifest.

Rows are read here and written in `catalog_writing`; full-text search is in `lexical`. The file is in
write-ahead mode: readers go on while a sync commits, and a whole sync is one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TypeVar

from index.errors import REBUILD_HINT, DamagedError
from index.folder import Stamp
from index.sqlite_errors import is_there, sqlite_errors

SCHEMA = 1
"""Raised with every change of the tables; a catalog of another number is rebuilt."""

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 makes words, here and where a question is stemmed."""

TABLES = f"""
CREATE TABLE manifest (
    only INTEGER PRIMARY KEY CHECK (only = 1), generation INTEGER NOT NULL, store TEXT NOT NULL,
    encoder TEXT NOT NULL, dimension INTEGER NOT NULL, space TEXT NOT NULL, splitter TEXT NOT NULL,
    updated TEXT NOT NULL, corpus TEXT NOT NULL, sweep INTEGER NOT NULL);
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL, checked_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, unreadable TEXT) WITHOUT ROWID;
CREATE TABLE articles (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT, outlet TEXT, published TEXT, url TEXT,
    text TEXT NOT NULL);
CREATE INDEX articles_by_date ON articles (published);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article INTEGER NOT NULL REFERENCES articles,
    ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, embedded TEXT NOT NULL);
CREATE INDEX passages_by_article ON passages (article, ordinal);
CREATE INDEX passages_by_embedded ON passages (embedded);
CREATE TABLE sentences (
    passage INTEGER NOT NULL, ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    prose INTEGER NOT NULL, PRIMARY KEY (passage, ordinal)) WITHOUT ROWID;
CREATE VIRTUAL TABLE passage_text USING fts5 (
    heading, body, tokenize = '{TOKENIZER}');
CREATE VIRTUAL TABLE passage_terms USING fts5vocab (passage_text, row);
"""

METADATA_ROW = "\x00metadata"
"""The row of `files` that stands for the metadata file; no article can have this name."""

T = TypeVar("T")
_BATCH = 500  # below the least number of variables that any SQLite build allows in one statement


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the index was built with; generation 0 means that nothing is indexed yet."""

    generation: int
    store: str
    encoder: str
    dimension: int
    space: str
    splitter: str
    updated: str
    corpus: str
    sweep: int
    """1 while vectors may stand in Chroma that no passage knows."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the last sync saw of a file: stamp, time of the look in ns, hash, and why it is no article."""

    stamp: Stamp
    checked_ns: int
    sha256: str
    unreadable: str | None


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article as questions see it; `published` is None where the text does not state it."""

    key: int
    path: str
    title: str | None
    outlet: str | None
    published: date | None
    url: str | None


@dataclass(frozen=True, slots=True)
class SentenceRecord:
    """A sentence: offsets in the article's text, and whether it is prose that may answer."""

    start: int
    end: int
    prose: bool


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage with its text and sentences; offsets count characters of the article's text."""

    key: int
    id: str
    article: ArticleRecord
    start: int
    end: int
    text: str
    sentences: tuple[SentenceRecord, ...]


class Catalog:
    """An open catalog. Use `snapshot` around the reads of one question, so that they agree.

    Raises:
        DamagedError: from every method, where the file turns out not to be readable as a catalog.
        StateError: its place cannot be written, or is full.
        LockedError: another process kept the file to itself for ten seconds.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Catalog:
        """Open the catalog, or make an empty one.

        Raises:
            DamagedError: it is missing, no database, or of another schema version.
        """
        if not create and not is_there(path):
            raise DamagedError(f"there is no catalog at {path}", "build it with: parley index")
        with sqlite_errors(path):
            connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        catalog = cls(connection, path)
        try:
            with catalog.guarded():
                catalog._prepare(create)
        except BaseException:
            connection.close()
            raise
        return catalog

    def _prepare(self, create: bool) -> None:
        version = self.connection.execute("PRAGMA user_version").fetchone()[0]
        empty = not self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if create and empty:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
        elif version != SCHEMA or empty:
            raise DamagedError(
                f"the catalog {self.path} is of version {version}, this program reads {SCHEMA}",
                REBUILD_HINT,
            )
        self.connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self.connection.close()

    def guarded(self) -> AbstractContextManager[None]:
        """Turn what SQLite says of the file into one of our errors."""
        return sqlite_errors(self.path)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Hold every read inside to one state, whatever a sync commits meanwhile."""
        with self.guarded():
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.rollback()

    def manifest(self) -> Manifest | None:
        """What the index was built with, or None before the first sync began."""
        columns = ", ".join(field.name for field in fields(Manifest))
        with self.guarded():
            row = self.connection.execute(f"SELECT {columns} FROM manifest").fetchone()
        return Manifest(*row) if row else None

    def files(self) -> dict[str, KnownFile]:
        """Every file that the last sync looked at, the metadata file under METADATA_ROW."""
        query = "SELECT path, size, mtime_ns, ctime_ns, inode, checked_ns, sha256, unreadable FROM files"
        with self.guarded():
            return {row[0]: KnownFile(Stamp(*row[1:5]), *row[5:]) for row in self.connection.execute(query)}

    def counts(self) -> tuple[int, int]:
        """How many articles and passages there are."""
        with self.guarded():
            row = self.connection.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
            )
            articles, passages = row.fetchone()
        return articles, passages

    def broken(self) -> str | None:
        """What SQLite's own check finds wrong with the file, or None."""
        with self.guarded():
            found = str(self.connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        return None if found == "ok" else found

    def articles(self) -> list[ArticleRecord]:
        """All articles, by name."""
        with self.guarded():
            rows = self.connection.execute(
                "SELECT id, path, title, outlet, published, url FROM articles ORDER BY path"
            ).fetchall()
        return [_article(row) for row in rows]

    def text(self, path: str) -> str | None:
        """The text of the article of this name, or None if there is none."""
        with self.guarded():
            row = self.connection.execute("SELECT text FROM articles WHERE path = ?", (path,)).fetchone()
        return str(row[0]) if row else None

    def passage_keys(self, ids: Sequence[str]) -> dict[str, int]:
        """The key of each passage id that the catalog knows; the others are left out."""
        keys: dict[str, int] = {}
        with self.guarded():
            for batch in batches(ids):
                marks = ",".join("?" * len(batch))
                keys.update(
                    self.connection.execute(
                        f"SELECT id, key FROM passages WHERE id IN ({marks})", batch
                    ).fetchall()
                )
        return keys

    def passage_ids(self) -> list[str]:
        """The id of every passage, in the order of articles and text."""
        with self.guarded():
            rows = self.connection.execute("SELECT id FROM passages ORDER BY article, ordinal").fetchall()
        return [row[0] for row in rows]

    def passages(self, keys: Sequence[int]) -> dict[int, PassageRecord]:
        """The passages of these keys, with text and sentences."""
        found: dict[int, PassageRecord] = {}
        with self.guarded():
            for batch in batches(keys):
                marks = ",".join("?" * len(batch))
                sentences: dict[int, list[SentenceRecord]] = {key: [] for key in batch}
                for passage, start, end, prose in self.connection.execute(
                    f'SELECT passage, start, "end", prose FROM sentences WHERE passage IN ({marks})'
                    " ORDER BY passage, ordinal",
                    batch,
                ):
                    sentences[passage].append(SentenceRecord(start, end, bool(prose)))
                for row in self.connection.execute(
                    'SELECT p.key, p.id, p.start, p."end", t.body,'
                    " a.id, a.path, a.title, a.outlet, a.published, a.url"
                    " FROM passages p JOIN articles a ON a.id = p.article JOIN passage_text t ON t.rowid = p.key"
                    f" WHERE p.key IN ({marks})",
                    batch,
                ):
                    key, identity, start, end, body = row[:5]
                    found[key] = PassageRecord(
                        key, identity, _article(row[5:]), start, end, body, tuple(sentences[key])
                    )
        return found

    def dated_between(self, since: date | None, until: date | None) -> tuple[list[str], int]:
        """Ids of the passages published between both days, inclusive, and the number of undated articles."""
        with self.guarded():
            rows = self.connection.execute(
                "SELECT p.id FROM passages p JOIN articles a ON a.id = p.article"
                " WHERE a.published IS NOT NULL AND a.published BETWEEN ? AND ?",
                day_range(since, until),
            ).fetchall()
            undated = self.connection.execute("SELECT count(*) FROM articles WHERE published IS NULL").fetchone()
        return [row[0] for row in rows], undated[0]


def day_range(since: date | None, until: date | None) -> tuple[str, str]:
    """Both ends as ISO days, which sort as text; an open end is the first or last day there is."""
    return (since or date.min).isoformat(), (until or date.max).isoformat()


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """The items in lists that fit one SQLite statement."""
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])


def _article(row: Sequence[object]) -> ArticleRecord:
    key, path, title, outlet, published, url = row
    day = date.fromisoformat(str(published)) if published else None
    return ArticleRecord(key, path, title, outlet, day, url)  # type: ignore[arg-type]
