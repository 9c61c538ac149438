"""The articles of an index as lists and readers want them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assistant.answer import Source
from assistant.engine.notices import ArticleSummary, ArticleText
from assistant.errors import ConfigurationError
from assistant.excerpts import excerpt
from index.catalog import ArticleRecord, Catalog
from index.errors import IndexingError
from index.folder import require_folder, scan
from index.sqlite_errors import is_there
from index.state import StateFolder

AT_ONCE = 200
"""Summaries: whoever reads them is not held up for long."""


def summaries(corpus: Path, state: StateFolder) -> Iterator[tuple[ArticleSummary, ...]]:
    """All articles by path, some at a time; none while nothing is indexed yet.

    Raises:
        CorpusError: there is no such folder.
        DamagedError: the catalog cannot be read.
        StateError: its place cannot be looked into.
    """
    require_folder(corpus)
    if not is_there(state.catalog):
        return
    with closing(Catalog.open(state.catalog)) as catalog:
        records = catalog.articles()
        for start in range(0, len(records), AT_ONCE):
            yield tuple(_summary(record, catalog) for record in records[start : start + AT_ONCE])


def article(corpus: Path, state: StateFolder, path: str) -> ArticleText:
    """One article as its file holds it now.

    Raises:
        ConfigurationError: it is none of the folder.
        CorpusError: folder or file cannot be read.
    """
    if path not in scan(corpus).files:
        raise ConfigurationError(f"there is no article {path!r}", "it may have been renamed or removed")
    place = corpus / path
    return ArticleText(_source(state, path), excerpt(corpus, path).whole, str(place.absolute()))


def _summary(record: ArticleRecord, catalog: Catalog) -> ArticleSummary:
    text = catalog.text(record.path) or ""
    source = Source(record.path, record.title, record.outlet, record.published)
    return ArticleSummary(source, len(text.split()), len(text))


def _source(state: StateFolder, path: str) -> Source:
    """As the index knows it; nothing but its name where it does not."""
    try:
        with closing(Catalog.open(state.catalog)) as catalog:
            records = [record for record in catalog.articles() if record.path == path]
    except IndexingError:
        records = []
    for record in records:
        return Source(path, record.title, record.outlet, record.published)
    return Source(path, None, None, None)
