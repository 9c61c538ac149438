"""A bounded sample of a catalog's sentences: the newest articles first, then others spread over all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant.answering.support.names import names
from assistant.starters.reading import Reading
from index.catalog import ArticleRecord, Catalog
from index.segmentation import segment

MOST_NEW, MOST_SPREAD = 16, 24
"""Articles that are looked at because they are new, and because of where they stand among all."""
MOST_CHARACTERS = 8000
"""Of an article; what it is about stands at its beginning."""
MOST_SENTENCES = 400
"""Of all articles together, each giving as many."""


def sample(catalog: Catalog) -> list[Reading]:
    """Plain sentences of some articles. Call it inside the catalog's snapshot."""
    chosen = _chosen(catalog.articles())
    each = MOST_SENTENCES // max(1, len(chosen))
    readings = [reading for article in chosen for reading in _readings(catalog, article, each)]
    known = frozenset(name.text for reading in readings for name in names(reading.text) if name.start)
    return [replace(reading, known=known) for reading in readings]


def _chosen(articles: list[ArticleRecord]) -> list[ArticleRecord]:
    """The newest articles, then some of the others in equal steps, by name."""
    by_age = sorted(articles, key=lambda article: article.published or date.min, reverse=True)
    newest, others = by_age[:MOST_NEW], sorted(by_age[MOST_NEW:], key=lambda article: article.path)
    return newest + others[:: max(1, -(-len(others) // MOST_SPREAD))]


def _readings(catalog: Catalog, article: ArticleRecord, most: int) -> Iterator[Reading]:
    text = (catalog.text(article.path) or "")[:MOST_CHARACTERS]
    prose = [sentence for sentence in segment(text) if sentence.prose][:most]
    leads = True
    for sentence in prose:
        reading = Reading.of(article.path, sentence.start, sentence.end, text[sentence.start : sentence.end])
        if reading is not None:
            yield replace(reading, leads=leads)
            leads = False
