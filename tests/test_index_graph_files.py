"""A graph whose files have the right sizes and hold something else: what would end the process is seen before."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index import vectors
from index.errors import DamagedError
from index.graph_files import disagreeing_file
from vector_stores import DIMENSION, IDS, Vectors, build, execute, random_vectors, segment

LINKS = 32
"""Of an element on the lowest level; half as many above."""
ELEMENT = 4 + 4 * LINKS + 4 * DIMENSION + 8
LEVEL = 4 + 4 * LINKS // 2
TOP_LEVEL_AT = 52


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def lowest(store: Path) -> Path:
    return segment(store) / "data_level0.bin"


def first_above(store: Path) -> int:
    """Where the links of the first element above the lowest level begin."""
    content = (segment(store) / "link_lists.bin").read_bytes()
    return 4 * next(at for at in range(len(content) // 4) if content[4 * at : 4 * at + 4] != b"\0\0\0\0") + 4


def first_below(store: Path) -> int:
    """The first element that stands on the lowest level alone."""
    content = (segment(store) / "link_lists.bin").read_bytes()
    at = element = 0
    while count := int.from_bytes(content[at : at + 4], "little"):
        at, element = at + 4 + count, element + 1
    return element


def with_links_to_nowhere(store: Path) -> str:
    overwrite(lowest(store), 7 * ELEMENT + 4, b"\xff\xff\xff\x7f")
    return "data_level0.bin"


def with_more_links_than_fit(store: Path) -> str:
    overwrite(lowest(store), 7 * ELEMENT, (LINKS + 1).to_bytes(2, "little"))
    return "data_level0.bin"


def with_a_page_of_zeros(store: Path) -> str:
    overwrite(lowest(store), 4096, bytes(4096))
    return "data_level0.bin"


def with_a_label_given_twice(store: Path) -> str:
    content = lowest(store).read_bytes()
    overwrite(lowest(store), 2 * ELEMENT - 8, content[ELEMENT - 8 : ELEMENT])
    return "data_level0.bin"


def with_upper_links_to_nowhere(store: Path) -> str:
    overwrite(segment(store) / "link_lists.bin", first_above(store) + 4, b"\xff\xff\xff\x7f")
    return "link_lists.bin"


def with_more_upper_links_than_fit(store: Path) -> str:
    overwrite(segment(store) / "link_lists.bin", first_above(store), b"\xff")
    return "link_lists.bin"


def with_upper_links_to_one_that_stands_below(store: Path) -> str:
    link = b"\1\0\0\0" + first_below(store).to_bytes(4, "little")
    overwrite(segment(store) / "link_lists.bin", first_above(store), link)
    return "link_lists.bin"


def with_another_top_level(store: Path) -> str:
    overwrite(segment(store) / "header.bin", TOP_LEVEL_AT, b"\x07")
    return "header.bin"


@pytest.mark.parametrize(
    "damage",
    [
        with_links_to_nowhere,
        with_more_links_than_fit,
        with_a_page_of_zeros,
        with_a_label_given_twice,
        with_upper_links_to_nowhere,
        with_more_upper_links_than_fit,
        with_upper_links_to_one_that_stands_below,
        with_another_top_level,
    ],
)
def test_what_is_overwritten_is_seen_before_the_engine_follows_it_and_mended_from_the_log(
    store: Path, damage: Callable[[Path], str]
) -> None:
    assert disagreeing_file(segment(store)) is None
    overwritten = damage(store)
    with pytest.raises(DamagedError, match=f"{overwritten} is cut short, overwritten or of another age") as raised:
        vectors.open_reader(store)
    assert raised.value.hint
    vectors.open_writer(store, DIMENSION).close()
    reader = vectors.open_reader(store)
    assert vectors.find_themselves(reader, IDS, sample=300) == 1.0


def test_what_is_said_of_a_deleted_vector_is_no_damage(store: Path) -> None:
    writer = vectors.open_writer(store, DIMENSION)
    writer.delete(IDS[:300])
    writer.close()
    assert disagreeing_file(segment(store)) is None


def test_a_store_too_small_for_a_graph_loses_nothing_with_its_folder(tmp_path: Path) -> None:
    """The log alone holds the vectors, and what is found is the same, digit for digit."""
    kept = random_vectors(150, seed=5)
    store = build(tmp_path / "chroma", IDS[:150], kept)
    assert execute(store, "SELECT count(*) FROM max_seq_id JOIN segments ON id = segment_id"
                          " WHERE scope = 'VECTOR'") == [(0,)]  # fmt: skip
    before = found(store, kept)
    shutil.rmtree(segment(store))
    assert found(store, kept) == before
    assert len(before[0]) == 150


def found(store: Path, asked: Vectors) -> list[list[tuple[str, float]]]:
    reader = vectors.open_reader(store)
    try:
        return [reader.query(vector, 150) for vector in asked]
    finally:
        reader.close()
