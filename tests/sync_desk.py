"""A desk to sync at: a small corpus with its state, and what questions would see of it."""

import errno
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.fakes import FakeEmbedder
from index.folder import scan
from index.freshness import Build, compare
from index.passages import SPLITTER
from index.state import StateFolder
from index.sync import SyncReport, sync
from index.vectors import open_reader

PLACES = ("harbour", "market", "station", "library", "bridge", "garden", "theatre", "airport", "museum", "gaol")


def prose(topic: str, sentences: int = 12) -> str:
    """Sentences that stand nowhere else, some nine to a passage."""
    return " ".join(
        f"The {topic} council met at the {PLACES[number % 10]} on day {number} to talk about budget {number * 7}."
        for number in range(sentences)
    )


class Desk:
    """A small corpus with its state, and what questions would see of it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "articles"
        self.corpus.mkdir()
        self.state = StateFolder.of(self.corpus, folder / "state")
        self.embedder = FakeEmbedder()

    def write(self, name: str, text: str) -> None:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def sync(self, rebuild: str | None = None) -> SyncReport:
        return sync(self.corpus, self.state, self.embedder, rebuild=rebuild)

    def encodes(self, rebuild: str | None = None) -> list[str]:
        """The texts that the next sync encodes."""
        before = len(self.embedder.encoded)
        self.sync(rebuild)
        return self.embedder.encoded[before:]

    def catalog(self) -> closing[Catalog]:
        return closing(Catalog.open(self.state.catalog))

    def articles(self) -> dict[str, str | None]:
        """Name and title of each."""
        with self.catalog() as catalog:
            return {record.path: record.title for record in catalog.articles()}

    def store(self) -> Path:
        with self.catalog() as catalog:
            manifest = catalog.manifest()
        assert manifest is not None
        return self.state.store(manifest.store)

    def generation(self) -> int:
        with self.catalog() as catalog:
            manifest = catalog.manifest()
        assert manifest is not None
        return manifest.generation

    def require_whole(self) -> None:
        """Every passage is found by its own vector, and there is no vector besides."""
        with self.catalog() as catalog:
            ids = catalog.passage_ids()
            passages = catalog.passages(list(catalog.passage_keys(ids).values()))
            texts = {record.path: catalog.text(record.path) or "" for record in catalog.articles()}
        with closing(open_reader(self.store())) as vectors:
            assert vectors.count() == len(ids)
            kept = vectors.get(ids)
        for passage in passages.values():
            assert texts[passage.article.path][passage.start : passage.end] == passage.text
            title = passage.article.title
            embedded = f"{title}\n{passage.text}" if title else passage.text
            np.testing.assert_allclose(kept[passage.id], FakeEmbedder().embed([embedded])[0], atol=1e-6)


def furnished(folder: Path) -> Desk:
    """A desk with two articles."""
    made = Desk(folder)
    made.write("a.txt", prose("Auckland"))
    made.write("deep/b.md", prose("Berlin"))
    return made


def is_fresh(desk: Desk) -> bool:
    with desk.catalog() as catalog:
        build = Build(desk.embedder.identity, desk.embedder.dimension, SPLITTER)
        return not compare(scan(desk.corpus), catalog.manifest(), catalog.files(), build)


def refuse_to_read(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == name:
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
