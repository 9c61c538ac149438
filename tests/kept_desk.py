"""A desk to read at: a corpus that is kept indexed for one reader, and a second writer beside it."""

from pathlib import Path

from index.fakes import FakeEmbedder, RecordingListener
from index.keeping import KeptIndex, Patience
from index.state import StateFolder
from index.sync import sync
from index.view import IndexView

AT_ONCE = Patience(for_sync_s=0.0, for_vectors_s=0.0, pause=lambda seconds: None)


def prose(topic: str) -> str:
    return f"The {topic} council met. " + f"In {topic} the budget grew once more than anybody had thought. " * 6


class Desk:
    """A corpus of two articles, kept for one reader, and a second writer beside it."""

    def __init__(self, folder: Path) -> None:
        self.corpus = folder / "articles"
        self.corpus.mkdir()
        self.write("a.txt", prose("Auckland"))
        self.write("b.txt", prose("Berlin"))
        self.states = folder / "state"
        self.state = StateFolder.of(self.corpus, self.states)
        self.embedder = FakeEmbedder()
        self.told = RecordingListener()
        self.kept = self.keep()

    def keep(self, patience: Patience = AT_ONCE) -> KeptIndex:
        return KeptIndex(self.corpus, self.state, self.embedder, self.told, patience)

    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text)

    def sync_elsewhere(self, rebuild: str | None = None) -> None:
        """What another process would do."""
        sync(self.corpus, self.state, FakeEmbedder(), rebuild=rebuild)

    def seen(self) -> set[str]:
        """The articles of all passages that find themselves by their vectors."""
        with self.kept.reader.view() as view:
            return {view.catalog.passages([key])[key].article.path for key in finding_themselves(view)}


def finding_themselves(view: IndexView) -> set[int]:
    keys = view.catalog.passage_keys(view.catalog.passage_ids())
    passages = view.catalog.passages(list(keys.values()))
    return {
        key
        for key, passage in passages.items()
        if next(iter(view.nearest(FakeEmbedder().embed([passage.text])[0], 1)), None) == key
    }
