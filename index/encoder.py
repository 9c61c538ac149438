"""Turn texts into vectors of meaning, with a small model that ships in the package.

`Embedder` is the seam: anything with an identity, a dimension and `embed` may stand behind it.
`OnnxEmbedder` needs no server, no key and no download: all-MiniLM-L6-v2 in eight bits, one text a run.
"""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EncoderError
from index.model_files import ModelManifest
from index.onnx_runtime import (
    MOST_THREADS,
    count_cores,
    import_runtime,
    open_session,
    open_tokenizer,
    run_side_by_side,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).with_name("encoder_model")
CHARACTERS_PER_TOKEN = 64
"""A wordpiece of real text takes four or five characters; what lies beyond this many is not tokenised."""


class Embedder(Protocol):
    """Texts in, vectors out; the same text always gives the same vector under one identity."""

    @property
    def identity(self) -> str:
        """Names the model and its content; vectors are keyed by it and never mixed across identities."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    def load(self) -> None:
        """Get ready now rather than at the first text; nothing where there is nothing to get ready."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order: shape (len(texts), dimension), each row of length 1."""
        ...


@dataclass(frozen=True)
class Manifest(ModelManifest):
    """What the encoder's folder should hold, from its `manifest.json`."""

    error = EncoderError
    needed = ("model.onnx", "tokenizer.json", "reference.json")

    dimension: int
    """How many numbers a vector has."""

    @property
    def identity(self) -> str:
        """Name and content: any change to weights, tokenizer or truncation makes another one."""
        parts = [self.files[name].sha256 for name in ("model.onnx", "tokenizer.json")]
        return self.digest(*parts, str(self.max_tokens))


@dataclass(frozen=True)
class EncoderHealth:
    """Whether the shipped model is whole, and computes here what it computed where it was built."""

    identity: str
    damage: str | None
    """What is wrong with the files, or None."""
    deviation: float | None
    """Largest cosine distance from the reference vectors; None when the files are damaged."""
    tolerance: float
    """The deviation that rounding on another processor may cause."""

    @property
    def healthy(self) -> bool:
        """True when vectors made here can be trusted."""
        return self.deviation is not None and self.deviation <= self.tolerance


class OnnxEmbedder:
    """The shipped encoder. Making one reads a small manifest; the model loads at the first text.

    Each text is a run of its own, unpadded, because dynamic quantisation shares a scale within a batch: only
    so is a text's vector independent of its neighbours. Several texts run side by side, each on one core.
    Thread-safe.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, threads: int | None = None) -> None:
        self._folder = folder
        self._manifest = Manifest.read(folder)
        self._threads = threads or min(count_cores(), MOST_THREADS)
        self._loading = threading.Lock()

    @property
    def identity(self) -> str:
        """Names the model and its content, such as `all-MiniLM-L6-v2-int8-0123456789ab`."""
        return self._manifest.identity

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._manifest.dimension

    def load(self) -> None:
        """Load the model now rather than at the first text, for instance beside other work, in a thread.

        Raises EncoderError when a file is missing, cut short or altered, or the runtime cannot be loaded.
        """
        with self._loading:
            _ = self._model

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, in order: shape (len(texts), dimension), each row of length 1.

        Digit for digit the same for the same text, whatever else is passed. What follows the first 256
        wordpieces of a text does not count; an empty text has a vector too. Raises EncoderError like `load`.
        """
        self.load()
        import numpy as np  # 0.2 s, paid already by load()

        rows = run_side_by_side(self._model.encode, texts, self._threads)
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def verify(self) -> EncoderHealth:
        """Read the shipped files again and compare with the reference vectors; report damage."""
        try:
            for file in self._manifest.files.values():
                file.read(self._folder)
            reference = json.loads(self._manifest.files["reference.json"].read(self._folder))
            import numpy as np  # 0.2 s

            made = self.embed(reference["texts"]).astype(np.float64)
            known = np.array(reference["vectors"], dtype=np.float64)
            known /= np.linalg.norm(known, axis=1, keepdims=True)
            cosines = (made * known).sum(axis=1) / np.linalg.norm(made, axis=1)
        except EncoderError as error:
            return EncoderHealth(self.identity, str(error), None, 0.0)
        deviation = max(0.0, float(1 - cosines.min()))
        return EncoderHealth(self.identity, None, deviation, float(reference["tolerance"]))

    @cached_property
    def _model(self) -> _Model:
        return _Model.load(self._folder, self._manifest)


@dataclass(frozen=True)
class _Model:
    """A loaded tokenizer and session; `encode` may be called from many threads at once."""

    tokenizer: Tokenizer
    session: Any
    """An onnxruntime.InferenceSession, which has no type stubs."""
    max_tokens: int

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> _Model:
        # The checksum of 23 MB takes 20 to 60 ms; it is worked out while the imports (0.3 s cold) run.
        with ThreadPoolExecutor(2, "encoder-files") as pool:
            weights = pool.submit(manifest.files["model.onnx"].read, folder)
            vocabulary = pool.submit(manifest.files["tokenizer.json"].read, folder)
            import_runtime(EncoderError)
            session = pool.submit(open_session, weights.result())
            tokenizer = open_tokenizer(vocabulary.result())
            return cls(tokenizer, session.result(), manifest.max_tokens)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The vector of one text: the mean of its tokens' hidden states, of length 1, shape (dimension,)."""
        import numpy as np  # loaded before, with the session

        # Half of a surrogate pair is no character: it is read as "?".
        readable = text[: self.max_tokens * CHARACTERS_PER_TOKEN].encode("utf-8", "replace").decode("utf-8")
        ids = np.array([cut_tokens(self.tokenizer.encode(readable).ids, self.max_tokens)], dtype=np.int64)
        inputs = {"input_ids": ids, "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self.session.run(["last_hidden_state"], inputs)[0][0]
        mean: NDArray[np.float32] = hidden.mean(axis=0)
        return mean / np.linalg.norm(mean)


def cut_tokens(ids: list[int], most: int) -> list[int]:
    """A text's wordpieces, at most so many of them, with the markers at both ends kept."""
    return ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
