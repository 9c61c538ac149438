"""Reading while others write: a reader that stays open sees one whole index, the newest there is."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.catalog_writing import CatalogWriter
from index.errors import DamagedError
from index.fakes import FakeEmbedder
from index.vectors import open_reader
from kept_desk import Desk, finding_themselves, prose


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.kept.close()


def test_a_reader_sees_what_another_process_indexed(desk: Desk) -> None:
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
    desk.write("c.txt", prose("Cairo"))
    desk.sync_elsewhere()
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}


@pytest.mark.parametrize("everything", [False, True], ids=["the catalog", "all state"])
def test_a_reader_sees_an_index_that_was_put_in_place_of_its_own(desk: Desk, everything: bool) -> None:
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
    if everything:
        shutil.rmtree(desk.state.root)
    else:
        desk.state.catalog.unlink()
    (desk.corpus / "b.txt").unlink()
    desk.write("c.txt", prose("Cairo"))
    desk.sync_elsewhere()
    assert desk.seen() == {"a.txt", "c.txt"}


def test_a_question_that_is_being_answered_keeps_its_generation(desk: Desk) -> None:
    desk.kept.refresh()
    with desk.kept.reader.view() as view:
        assert finding_themselves(view)
        desk.write("a.txt", prose("Amsterdam"))
        desk.sync_elsewhere()
        texts = [passage.text for passage in view.catalog.passages(list(range(1, 99))).values()]
        assert any("Auckland" in text for text in texts)
        assert not any("Amsterdam" in text for text in texts)
        near = view.nearest(FakeEmbedder().embed(["Auckland"])[0], 5)
        passages = list(view.catalog.passages(list(near)).values())
        assert {passage.article.path for passage in passages} >= {"b.txt"}
        assert view.similarities(FakeEmbedder().embed(["Auckland"])[0], passages)
    assert desk.seen() == {"a.txt", "b.txt"}


def test_a_sync_that_commits_while_the_vectors_are_opened_makes_the_reader_start_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.kept.refresh()

    def open_late(directory: Path) -> object:
        monkeypatch.setattr("index.view.open_reader", open_reader)
        desk.write("c.txt", prose("Cairo"))
        reader = open_reader(directory)
        release_and_sync(desk)
        return reader

    monkeypatch.setattr("index.view.open_reader", open_late)
    assert desk.seen() == {"a.txt", "b.txt", "c.txt"}


def test_a_rebuild_that_removes_the_store_before_it_is_opened_makes_the_reader_start_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.kept.refresh()

    def open_late(directory: Path) -> object:
        monkeypatch.setattr("index.view.open_reader", open_reader)
        release_and_sync(desk, rebuild="asked for")
        return open_reader(directory)

    monkeypatch.setattr("index.view.open_reader", open_late)
    assert desk.seen() == {"a.txt", "b.txt"}
    assert desk.kept.reader.warning is None


def release_and_sync(desk: Desk, rebuild: str | None = None) -> None:
    """Sync elsewhere just before the reader takes the short lock, which it holds in fact."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.state.StateFolder.chroma_lock", property(lambda state: state.root / "other-lock"))
        desk.sync_elsewhere(rebuild)


def test_before_anything_is_indexed_there_is_nothing_to_view(desk: Desk) -> None:
    with pytest.raises(DamagedError, match="there is no catalog"), desk.kept.reader.view():
        pass
    desk.state.create()
    Catalog.open(desk.state.catalog, create=True).close()
    with pytest.raises(DamagedError, match="nothing is indexed yet"), desk.kept.reader.view():
        pass


def test_a_state_folder_that_lost_its_manifest_is_not_answered_from(desk: Desk) -> None:
    desk.kept.refresh()
    with closing(Catalog.open(desk.state.catalog)) as catalog, CatalogWriter(catalog).transaction():
        catalog.connection.execute("DELETE FROM manifest")
    with pytest.raises(DamagedError, match="nothing is indexed yet"), desk.kept.reader.view():
        pass
    desk.kept.refresh()
    assert desk.seen() == {"a.txt", "b.txt"}
