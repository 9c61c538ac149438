"""An encoder that remembers what it encoded last: questions come twice, and sentences with every question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.encoder import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

REMEMBERED = 4096
"""Texts; with vectors of 384 numbers about 8 MB."""


class RememberingEmbedder:
    """Encodes each text once, as long as it is among the latest ones. In memory only; one thread at a time."""

    def __init__(self, embedder: Embedder, most: int = REMEMBERED) -> None:
        self._embedder = embedder
        self._most = most
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def identity(self) -> str:
        """That of the encoder behind it."""
        return self._embedder.identity

    @property
    def dimension(self) -> int:
        """That of the encoder behind it."""
        return self._embedder.dimension

    def load(self) -> None:
        """Load the encoder behind it."""
        self._embedder.load()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the encoder behind it does, to the last digit."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embedder.embed(new), strict=True))
        import numpy as np  # 0.2 s, paid already where a text was ever encoded

        found = np.array([self._vectors[text] for text in texts], dtype=np.float32)
        for text in texts:
            self._vectors.move_to_end(text)
        while len(self._vectors) > self._most:
            self._vectors.popitem(last=False)
        return found.reshape(len(texts), self.dimension)
