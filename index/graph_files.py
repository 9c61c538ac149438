"""Whether the files of a vector store's graph agree with one another, and lead nowhere outside of themselves.

Chroma keeps its HNSW graph in a folder: `header.bin`, `data_level0.bin` (one element after another: its lowest
links, its vector, its label), `link_lists.bin` (the links above), `length.bin`, and `index_metadata.pickle`.
The engine believes them: a number that leads outside of the graph ends the process with SIGSEGV.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

METADATA = "index_metadata.pickle"

_HEADER = struct.Struct("<iQQQQQQiIQQQdQ")


class _Header(NamedTuple):
    # header.bin, field for field.
    version: int
    offset: int
    capacity: int
    elements: int
    element_bytes: int
    label_at: int
    vector_at: int
    top_level: int
    entry_point: int
    links: int
    lowest_links: int
    m: int
    level_factor: float
    ef_construction: int

    @property
    def level_bytes(self) -> int:
        """Of the links of one element on one level above the lowest: how many, then each."""
        return _COUNT_BYTES + self.links * _LINK_BYTES


_LENGTH_BYTES = 4
_COUNT_BYTES = 4
_LINK_BYTES = 4
_LABEL_BYTES = 8
_SPARE_LEVELS = 16
_SOMETHING = re.compile(rb"[^\0]")
_PICKLE_STOP = b"."
_TOTAL_KEY = b"total_elements_added"


def disagreeing_file(folder: Path) -> str | None:
    """The name of the first file in `folder` that does not fit the others, or None.

    Sizes are compared first, so that nothing is read which is far too large. Altered vectors are not seen: they
    give wrong neighbours, and harm nothing else. Some milliseconds for thousands of vectors; raises OSError.
    """
    with (folder / "header.bin").open("rb") as file:
        packed = file.read(_HEADER.size + 1)
    if len(packed) != _HEADER.size:
        return "header.bin"
    header = _Header._make(_HEADER.unpack(packed))
    if not _is_laid_out(header):
        return "header.bin"
    elements = header.elements
    if (folder / "data_level0.bin").stat().st_size != elements * header.element_bytes:
        return "data_level0.bin"
    if (folder / "length.bin").stat().st_size != elements * _LENGTH_BYTES:
        return "length.bin"
    upper = _read_upper_links(folder / "link_lists.bin", header)
    if upper is None:
        return "link_lists.bin"
    if _elements_added(folder / METADATA) != elements:
        return METADATA
    if not elements:
        return None
    if not _leads_to_elements(folder / "data_level0.bin", header):
        return "data_level0.bin"
    return _first_astray(header, upper)


def _is_laid_out(header: _Header) -> bool:
    # An element is its links (a count, then each), its vector, its label.
    vector_at = _COUNT_BYTES + header.lowest_links * _LINK_BYTES
    return (
        header.offset == 0
        and header.vector_at == vector_at < header.label_at == header.element_bytes - _LABEL_BYTES
        and header.entry_point < header.elements <= header.capacity
    )


def _read_upper_links(path: Path, header: _Header) -> dict[int, bytes] | None:
    # For each element that stands above the lowest level, its links there; None where the file does not add up.
    # Each element has a byte count, which is 0 for 15 in 16 of them, then that many bytes: one block of
    # `level_bytes` for each level above the lowest. A killed writer can leave a hole of many gigabytes, so
    # the size is judged before anything is read.
    size, elements = path.stat().st_size, header.elements
    least = elements * _COUNT_BYTES
    if not least <= size <= least + (elements + _SPARE_LEVELS) * header.level_bytes:
        return None
    content = path.read_bytes()
    found: dict[int, bytes] = {}
    at = element = 0
    while something := _SOMETHING.search(content, at):
        zeros = (something.start() - at) // _COUNT_BYTES
        at += zeros * _COUNT_BYTES
        element += zeros
        count = int.from_bytes(content[at : at + _COUNT_BYTES], "little")
        at += _COUNT_BYTES + count
        if count % header.level_bytes or at > size:
            return None
        found[element] = content[at - count : at]
        element += 1
    return found if size - at == (elements - element) * _COUNT_BYTES else None


def _elements_added(metadata: Path) -> int | None:
    # Read by hand: unpickling runs what the file says. None if it is cut short.
    with metadata.open("rb") as file:
        start = file.read(256)
        file.seek(-1, 2)
        if file.read(1) != _PICKLE_STOP:
            return None
    at = start.find(_TOTAL_KEY) + len(_TOTAL_KEY)
    code, rest = start[at : at + 1], start[at + 1 :]
    width = {b"K": 1, b"M": 2, b"J": 4}.get(code)
    return int.from_bytes(rest[:width], "little") if width else None


def _leads_to_elements(path: Path, header: _Header) -> bool:
    # Whether the lowest links lead to elements, and each element has a label of its own, which is never 0.
    import numpy as np  # 0.2 s, and loaded by whoever has a vector to ask with

    data = np.memmap(path, np.uint8, "r", shape=(header.elements, header.element_bytes))
    labels = np.ascontiguousarray(data[:, header.label_at :]).view("<u8")[:, 0]
    if not labels.all() or len(np.unique(labels)) != header.elements:
        return False
    links = _links(data[:, : header.vector_at])
    return links is not None and bool((links < header.elements).all())


def _first_astray(header: _Header, upper: dict[int, bytes]) -> str | None:
    # An upper link must lead to an element that stands on that level, too; the search begins on the top one.
    import numpy as np

    levels = np.zeros(header.elements, np.int64)
    for element, blocks in upper.items():
        levels[element] = len(blocks) // header.level_bytes
    if levels[header.entry_point] != header.top_level:
        return "header.bin"
    every = np.frombuffer(b"".join(upper.values()), np.uint8).reshape(-1, header.level_bytes)
    stands = levels[list(upper)]
    of_block = np.arange(len(every)) - np.repeat(np.cumsum(stands) - stands, stands) + 1  # 1 above the lowest
    for level in range(1, int(levels.max()) + 1):
        links = _links(every[of_block == level])
        if links is None or (links >= header.elements).any() or (levels[links] < level).any():
            return "link_lists.bin"
    return None


def _links(blocks: NDArray[np.uint8]) -> NDArray[np.uint32] | None:
    # All links of blocks that begin with how many there are; None where one says more than it has room for.
    import numpy as np

    numbers = np.ascontiguousarray(blocks).view("<u4")
    counts, links = numbers[:, 0] & 0xFFFF, numbers[:, 1:]  # the other half is the mark of a deleted one
    if (counts > links.shape[1]).any():
        return None
    return links[np.arange(links.shape[1]) < counts[:, None]]
