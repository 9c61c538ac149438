"""A corpus that was moved takes its index along; any other folder does not get it."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from index.adopting import adopt_moved
from index.catalog import Catalog
from index.fakes import FakeEmbedder
from index.locks import FileLock
from index.state import StateFolder
from index.sync import SyncReport, sync


class Place:
    """Where articles stand, and the folder of all states."""

    def __init__(self, folder: Path) -> None:
        self.old = folder / "old"
        self.new = folder / "new"
        self.states = folder / "states"
        self.old.mkdir()
        for number in range(4):
            (self.old / f"{number}.txt").write_text(f"Article {number} says something. " * (5 + number))
        self.sync(self.old)

    def sync(self, corpus: Path) -> SyncReport:
        return sync(corpus, self.state(corpus), FakeEmbedder())

    def state(self, corpus: Path) -> StateFolder:
        return StateFolder.of(corpus, self.states)

    def adopt(self, corpus: Path) -> str | None:
        return adopt_moved(corpus, self.states)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_moved_corpus_keeps_its_index_and_nothing_is_encoded(place: Place) -> None:
    place.old.rename(place.new)
    former = place.state(place.old).root
    assert place.adopt(place.new) == str(place.old)
    assert not former.exists()
    report = place.sync(place.new)
    assert (report.anything, report.encoded, report.articles) == (False, 0, 4)


def test_a_copy_whose_original_is_gone_is_adopted_too(place: Place) -> None:
    shutil.copytree(place.old, place.new)
    shutil.rmtree(place.old)
    assert place.adopt(place.new) == str(place.old)
    assert place.sync(place.new).encoded == 0


def test_what_changed_with_the_move_is_synced(place: Place) -> None:
    place.old.rename(place.new)
    (place.new / "0.txt").write_text("Something else stands here now. " * 5)
    (place.new / "2.txt").rename(place.new / "renamed.txt")
    assert place.adopt(place.new) == str(place.old)
    report = place.sync(place.new)
    assert (report.changed, report.moved, report.added, report.deleted, report.encoded) == (1, 1, 0, 0, 1)


def test_a_corpus_can_be_moved_twice_though_something_else_stands_at_its_first_place(place: Place) -> None:
    place.old.rename(place.new)
    place.adopt(place.new)
    place.old.mkdir()
    third = place.new.rename(place.new.with_name("third"))
    assert place.adopt(third) == str(place.new)
    assert place.sync(third).encoded == 0


def test_other_things_in_the_state_folder_are_set_aside_and_kept(place: Place) -> None:
    place.old.rename(place.new)
    own = place.state(place.new).root
    aside = [own.with_name(f"{own.name}.unused-{number}") for number in (1, 2)]
    (own / "sessions").mkdir(parents=True)
    aside[0].mkdir()
    assert place.adopt(place.new) == str(place.old)
    assert (aside[1] / "sessions").is_dir()


def test_nothing_is_taken_from_a_corpus_that_is_still_there(place: Place) -> None:
    shutil.copytree(place.old, place.new)
    assert place.adopt(place.new) is None
    assert place.state(place.old).catalog.exists()


def test_nothing_is_taken_for_articles_of_which_most_are_others(place: Place) -> None:
    place.old.rename(place.new)
    for number in range(1, 4):
        (place.new / f"{number}.txt").write_text("Others.")
    assert place.adopt(place.new) is None


def test_an_empty_folder_adopts_nothing(place: Place) -> None:
    shutil.rmtree(place.old)
    place.new.mkdir()
    assert place.adopt(place.new) is None


def test_a_corpus_with_an_index_of_its_own_keeps_that(place: Place) -> None:
    shutil.copytree(place.old, place.new)
    place.sync(place.new)
    shutil.rmtree(place.old)
    assert place.adopt(place.new) is None


def test_where_no_state_was_ever_kept_there_is_nothing_to_adopt(place: Place, tmp_path: Path) -> None:
    assert adopt_moved(place.old, tmp_path / "nowhere") is None


def test_damaged_and_foreign_things_among_the_states_are_passed_over(place: Place) -> None:
    place.old.rename(place.new)
    (place.states / "a file").write_text("x")
    (place.states / "an empty folder").mkdir()
    (place.states / "another").mkdir()
    (place.states / "another" / "catalog.sqlite3").write_bytes(b"nonsense " * 99)
    (place.states / "begun").mkdir()
    Catalog.open(place.states / "begun" / "catalog.sqlite3", create=True).close()
    assert place.adopt(place.new) == str(place.old)


def test_a_state_that_somebody_is_using_is_left_alone(place: Place) -> None:
    place.old.rename(place.new)
    with FileLock(place.state(place.old).lock).held():
        assert place.adopt(place.new) is None
    assert place.adopt(place.new) == str(place.old)


def test_an_adopted_index_names_its_new_corpus(place: Place) -> None:
    place.old.rename(place.new)
    place.adopt(place.new)
    with closing(Catalog.open(place.state(place.new).catalog)) as catalog:
        manifest = catalog.manifest()
    assert manifest is not None
    assert manifest.corpus == str(place.new)
