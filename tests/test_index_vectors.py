"""The vector store: what goes in comes out."""

from pathlib import Path

import numpy as np
import pytest

from index import vectors, vectors_reading
from index.errors import DamagedError
from vector_stores import DIMENSION, IDS, KEPT, build, names, random_vectors

# What goes in comes out


def test_a_vector_finds_itself_first_with_similarity_one(reader: vectors.VectorReader) -> None:
    for row in (0, 450, 899):
        (best, similarity), *others = reader.query(KEPT[row], 5)
        assert best == IDS[row]
        assert similarity == pytest.approx(1.0, abs=1e-6)
        assert [score for _, score in others] == sorted((score for _, score in others), reverse=True)


def test_similarities_are_the_cosines(reader: vectors.VectorReader) -> None:
    asked = random_vectors(1, seed=7)[0]
    expected = {name: float(score) for name, score in zip(IDS, KEPT @ asked, strict=True)}
    for name, similarity in reader.query(asked, 50):
        assert similarity == pytest.approx(expected[name], abs=1e-6)


def test_get_gives_the_vectors_and_leaves_out_unknown_ids(reader: vectors.VectorReader) -> None:
    found = reader.get([IDS[3], "unknown", IDS[700], IDS[3]])
    assert set(found) == {IDS[3], IDS[700]}
    np.testing.assert_allclose(found[IDS[700]], KEPT[700], atol=1e-6)
    assert found[IDS[3]].dtype == np.float32
    assert reader.get([]) == {}


def test_only_allowed_ids_come_back(reader: vectors.VectorReader) -> None:
    allowed = [*IDS[100:110], "unknown"]
    assert {name for name, _ in reader.query(KEPT[0], 50, allowed)} == set(allowed) - {"unknown"}
    assert reader.query(KEPT[0], 3, []) == []
    assert reader.query(KEPT[0], 3, ["unknown"]) == []


def test_more_than_there_is_gives_all_there_is(reader: vectors.VectorReader) -> None:
    assert len(reader.query(KEPT[0], 5000)) == reader.count() == 900
    assert reader.query(KEPT[0], 0) == []


def test_an_empty_store_answers_with_nothing(tmp_path: Path) -> None:
    reader = vectors.open_reader(build(tmp_path / "chroma", [], random_vectors(0)))
    assert reader.query(KEPT[0], 5) == []
    assert reader.get(["a"]) == {}
    assert reader.count() == 0


# Writing


def test_an_id_that_is_there_keeps_its_vector(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    writer.add([IDS[0], "new", "new"], np.stack([-KEPT[0], KEPT[1], KEPT[2]]))
    found = writer.get([IDS[0], "new"])
    writer.close()
    np.testing.assert_allclose(found["new"], KEPT[1], atol=1e-6)
    np.testing.assert_allclose(found[IDS[0]], KEPT[0], atol=1e-6)
    assert len(found) == 2


def test_deleted_ids_are_gone_and_may_come_back(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    writer.delete([*IDS[:600], "unknown"])
    assert writer.ids() == set(IDS[600:])
    assert writer.existing([IDS[0], IDS[600], "unknown"]) == {IDS[600]}
    writer.add(IDS[:10], KEPT[:10])
    writer.close()
    reader = vectors.open_reader(store)
    assert reader.count() == 310
    assert reader.query(KEPT[5], 1)[0][0] == IDS[5]
    assert IDS[100] not in {name for name, _ in reader.query(KEPT[100], 310)}


def test_vectors_of_another_shape_are_refused(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    with pytest.raises(ValueError, match="need vectors of 32"):
        writer.add(["a"], random_vectors(2))
    writer.close()


def test_a_store_of_another_dimension_is_not_opened_for_writing(store: Path) -> None:
    with pytest.raises(DamagedError, match="32 numbers, not 8") as raised:
        vectors.open_writer(store, 8)
    assert "--rebuild" in raised.value.hint


def test_an_open_reader_keeps_seeing_what_it_opened(store: Path, reader: vectors.VectorReader) -> None:
    added = random_vectors(300, seed=5)
    more = [f"more{number}" for number in range(300)]
    writer = vectors.open_writer(store, DIMENSION)
    writer.add(more, added)
    writer.delete(IDS[:5])
    assert reader.query(added[0], 1)[0][0] in IDS
    assert set(reader.get([*IDS[5:8], *more[:3]])) == set(IDS[5:8])
    assert {name for name, _ in reader.query(added[0], 9, [*IDS[5:8], *more[:3]])} == set(IDS[5:8])
    writer.close()
    again = vectors.open_reader(store)
    assert again.query(added[0], 1)[0][0] == more[0]


@pytest.mark.slow
def test_more_than_one_call_may_hold(tmp_path: Path) -> None:
    count = 2 * vectors_reading.BATCH + 100
    ids, kept = names(count), random_vectors(count, 16)
    store = build(tmp_path / "chroma", ids, kept)
    reader = vectors.open_reader(store)
    assert len(reader.get(ids)) == count
    assert len(reader.query(kept[0], 50, ids[::2])) == 50
    reader.close()
    writer = vectors.open_writer(store, 16)
    assert writer.existing(ids) == set(ids)
    writer.delete(ids[:-3])
    assert writer.ids() == set(ids[-3:])
    writer.close()


@pytest.mark.slow
def test_the_graph_finds_nearly_all_that_a_full_scan_finds(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    made = generator.normal(size=(5100, 24)) @ generator.normal(size=(24, 128))
    made = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    kept, asked = made[:5000], made[5000:]
    reader = vectors.open_reader(build(tmp_path / "chroma", names(5000), kept))
    hits = 0
    for question in asked:
        exact = {f"{row:032x}" for row in np.argsort(-(kept @ question))[:50]}
        hits += len(exact & {name for name, _ in reader.query(question, 50)})
    assert hits / (50 * len(asked)) >= 0.98
