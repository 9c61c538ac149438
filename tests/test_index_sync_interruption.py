"""Whenever a sync is ended, even by SIGKILL, questions see one whole index and the next sync mends the rest."""

import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.errors import DamagedError
from index.fakes import FakeEmbedder
from index.state import StateFolder
from index.vectors import open_reader
from index.view import IndexReader
from sync_nursery import BATCH, Nursery, open_nursery

MOMENTS = 20

Seen = dict[str, str]
"""Articles as a question sees them: name to text."""


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with open_nursery() as opened:
        yield opened


def prose(topic: str, sentences: int) -> str:
    return " ".join(
        f"The {topic} council met on day {number} at the old town hall to talk about budget {number * 7}."
        for number in range(sentences)
    )


class Situation:
    """A corpus, the state before a sync, and what questions see before and after it."""

    def __init__(self, corpus: Path, state: Path, nursery: Nursery, before: Seen) -> None:
        self.corpus = corpus
        self.state = state
        self.before = before
        self.after: Seen = {path.name: path.read_text() for path in corpus.iterdir()}
        trial = StateFolder(state.with_name(f"{state.name}-trial"))
        self.copy(trial)
        whole = nursery.sync(corpus, trial)
        assert whole["ended"] == 0
        self.moments: list[str] = whole["moments"]
        self.encoded: int = whole["encoded"]
        assert len(self.moments) >= MOMENTS

    def copy(self, to: StateFolder) -> None:
        if self.state.exists():
            shutil.copytree(self.state, to.root)

    def moment(self, number: int) -> int:
        """One of twenty moments, spread evenly from the first to the last."""
        return round(number * (len(self.moments) - 1) / (MOMENTS - 1))

    def last(self, name: str) -> int:
        return max(number for number, passed in enumerate(self.moments) if passed == name)


@pytest.fixture(scope="module")
def first_build(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Situation:
    folder = tmp_path_factory.mktemp("first")
    corpus = folder / "articles"
    corpus.mkdir()
    for topic in ("Auckland", "Berlin", "Cairo", "Dakar"):
        (corpus / f"{topic}.txt").write_text(prose(topic, 50))
    return Situation(corpus, folder / "state", nursery, {})


@pytest.fixture(scope="module")
def update(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Situation:
    """One article changes, one moves, one gets a twin, one goes and two come."""
    folder = tmp_path_factory.mktemp("update")
    corpus = folder / "articles"
    corpus.mkdir()
    for topic in ("Auckland", "Berlin", "Cairo", "Dakar"):
        (corpus / f"{topic}.txt").write_text(prose(topic, 40))
    assert nursery.sync(corpus, StateFolder(folder / "state"))["ended"] == 0
    before = {path.name: path.read_text() for path in corpus.iterdir()}
    (corpus / "Auckland.txt").write_text(prose("Amsterdam", 50))
    (corpus / "Berlin.txt").rename(corpus / "moved.txt")
    shutil.copy(corpus / "Cairo.txt", corpus / "twin.txt")
    (corpus / "Dakar.txt").unlink()
    for topic in ("Essen", "Florence"):
        (corpus / f"{topic}.txt").write_text(prose(topic, 50))
    return Situation(corpus, folder / "state", nursery, before)


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    return StateFolder(tmp_path / "state")


def see(state: StateFolder, *, busy: bool = False) -> Seen:
    """What a question sees; every passage is found by its own vector, or this fails.

    While the store is `busy` a reader may come away with words alone, but not with some of the vectors.
    """
    reader = IndexReader(state, FakeEmbedder().identity)
    with closing(reader):
        try:
            with reader.view() as view:
                assert view.has_vectors or busy
                keys = view.catalog.passage_keys(view.catalog.passage_ids())
                passages = view.catalog.passages(list(keys.values()))
                for passage in passages.values():
                    vector = FakeEmbedder().embed([passage.text])[0]
                    nearest = view.nearest(vector, 2)  # a twin may come first
                    assert passage.key in nearest or not view.has_vectors
                texts = {record.path: view.catalog.text(record.path) for record in view.catalog.articles()}
                assert {passage.article.path for passage in passages.values()} == set(texts)
                return {name: text or "" for name, text in texts.items()}
        except DamagedError:
            return {}


def require_mended(situation: Situation, state: StateFolder, encoded: int) -> None:
    """After the next sync all is as if nothing had happened, and no vector stands there that nobody knows."""
    assert see(state) == situation.after
    with closing(Catalog.open(state.catalog)) as catalog:
        manifest = catalog.manifest()
        ids = set(catalog.passage_ids())
    assert manifest is not None
    assert manifest.sweep == 0
    with closing(open_reader(state.store(manifest.store))) as vectors:
        assert vectors.count() == len(vectors.get(sorted(ids))) == len(ids)
    assert [path.name for path in state.chroma.iterdir() if path.is_dir()] == [manifest.store]
    assert encoded <= situation.encoded


def kill_and_look(nursery: Nursery, situation: Situation, state: StateFolder, at: int) -> int:
    """Kill a sync at a moment, look, sync again; returns how many texts the second one encoded."""
    situation.copy(state)
    assert nursery.sync(situation.corpus, state, at)["ended"] == -signal.SIGKILL
    assert see(state) in (situation.before, situation.after)
    again = nursery.sync(situation.corpus, state)
    assert again["ended"] == 0
    require_mended(situation, state, again["encoded"])
    return int(again["encoded"])


@pytest.mark.parametrize("number", range(MOMENTS))
def test_a_first_build_killed_at_any_moment_leaves_nothing_or_a_whole_index(
    nursery: Nursery, first_build: Situation, state: StateFolder, number: int
) -> None:
    kill_and_look(nursery, first_build, state, first_build.moment(number))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=[pytest.mark.slow] if number % 2 else []) for number in range(MOMENTS)]
)
def test_an_update_killed_at_any_moment_leaves_the_old_index_or_the_new(
    nursery: Nursery, update: Situation, state: StateFolder, number: int
) -> None:
    kill_and_look(nursery, update, state, update.moment(number))


def test_late_in_a_first_build_a_kill_costs_at_most_the_batch_that_was_not_written(
    nursery: Nursery, first_build: Situation, state: StateFolder
) -> None:
    in_last_batch = first_build.last("encoded")
    assert 0 < kill_and_look(nursery, first_build, state, in_last_batch) <= BATCH


@pytest.mark.parametrize("name", ["saving 0", "committing"])
def test_between_the_last_vector_and_the_commit_a_kill_costs_no_encoding(
    nursery: Nursery, update: Situation, state: StateFolder, name: str
) -> None:
    update.copy(state)
    nursery.sync(update.corpus, state, update.last(name))
    assert see(state) == update.before
    again = nursery.sync(update.corpus, state)
    assert again["encoded"] == 0
    require_mended(update, state, again["encoded"])


def test_after_the_commit_questions_see_the_new_index_though_old_vectors_stand_there_still(
    nursery: Nursery, update: Situation, state: StateFolder
) -> None:
    update.copy(state)
    nursery.sync(update.corpus, state, update.last("saving 1"))
    assert see(state) == update.after
    with closing(Catalog.open(state.catalog)) as catalog:
        manifest, known = catalog.manifest(), len(catalog.passage_ids())
    assert manifest is not None
    with closing(open_reader(state.store(manifest.store))) as vectors:
        assert vectors.count() > known
    again = nursery.sync(update.corpus, state)
    require_mended(update, state, again["encoded"])


def test_a_rebuild_killed_late_leaves_the_old_index_and_what_it_began_is_used(
    nursery: Nursery, first_build: Situation, state: StateFolder
) -> None:
    nursery.sync(first_build.corpus, state)
    killed = nursery.sync(first_build.corpus, state, first_build.last("encoded"), rebuild="asked for")
    assert killed["ended"] == -signal.SIGKILL
    assert see(state) == first_build.after
    again = nursery.sync(first_build.corpus, state, rebuild="asked for")
    assert 0 < again["encoded"] <= BATCH
    require_mended(first_build, state, again["encoded"])


def test_after_a_killed_rebuild_a_plain_sync_clears_away_what_it_began(
    nursery: Nursery, first_build: Situation, state: StateFolder
) -> None:
    nursery.sync(first_build.corpus, state)
    nursery.sync(first_build.corpus, state, first_build.last("encoded"), rebuild="asked for")
    again = nursery.sync(first_build.corpus, state)
    assert again["encoded"] == 0
    require_mended(first_build, state, again["encoded"])


@pytest.mark.parametrize("rebuild", [None, "asked for"], ids=["update", "rebuild"])
def test_questions_asked_while_another_process_syncs_see_the_old_index_or_the_new(
    nursery: Nursery, update: Situation, state: StateFolder, rebuild: str | None
) -> None:
    update.copy(state)
    nursery.begin(update.corpus, state, rebuild=rebuild)
    looks = [see(state, busy=True)]
    while not nursery.has_ended():
        looks.append(see(state, busy=True))
    assert nursery.end()["ended"] == 0
    looks.append(see(state))
    assert all(look in (update.before, update.after) for look in looks)
    assert looks[-1] == update.after
    assert looks.index(update.after) >= len(looks) - looks.count(update.after)  # never back to the old one


@pytest.mark.parametrize("name", ["reading 3", "encoded", "committing", "saving 1"])
def test_an_interrupt_from_the_keyboard_is_as_harmless(
    nursery: Nursery, update: Situation, state: StateFolder, name: str
) -> None:
    update.copy(state)
    assert nursery.sync(update.corpus, state, update.last(name), signal.SIGINT)["ended"] == 130
    assert see(state) in (update.before, update.after)
    again = nursery.sync(update.corpus, state)
    assert again["ended"] == 0
    require_mended(update, state, again["encoded"])
