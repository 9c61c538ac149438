"""Which passages hold a place of an article."""

from __future__ import annotations

from collections.abc import Sequence

from index.catalog import Catalog

Place = tuple[str, int, int]
"""An article's path relative to the corpus, and a span of its characters."""


def passages_at(catalog: Catalog, places: Sequence[Place]) -> dict[str, int]:
    """Id and key of the passage in which each place begins, in their order; the index may hold none of them."""
    found: dict[str, int] = {}
    with catalog.guarded():
        for path, start, _ in places:
            row = catalog.connection.execute(
                "SELECT p.id, p.key FROM passages p JOIN articles a ON a.id = p.article"
                ' WHERE a.path = ? AND p.start <= ? AND p."end" > ? ORDER BY p.ordinal LIMIT 1',
                (path, start, start),
            ).fetchone()
            if row:
                found[row[0]] = row[1]
    return found
