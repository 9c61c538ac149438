"""Turn texts into vectors of meaning, with a small model that ships in the package.

`Embedder` is the seam: anything with an identity, a dimension and `embed` may stand behind it.
`OnnxEmbedder` needs no server, no key and no download: all-MiniLM-L6-v2 in eight bits, one text a run.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).with_name("encoder_model")
REINSTALL = "Install Parley again, from where it was installed, to get its files back"
CHARACTERS_PER_TOKEN = 64
"""A wordpiece of real text takes four or five characters; what lies beyond this many is not tokenised."""
MOST_THREADS = 8


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
class ModelFile:
    """One shipped file, as the manifest describes it."""

    name: str
    size: int
    """Bytes."""
    sha256: str

    def read(self, folder: Path) -> bytes:
        """Its bytes, checked. Raises EncoderError when the file is missing, cut short or altered."""
        path = folder / self.name
        try:
            content = path.read_bytes()
        except OSError as error:
            raise EncoderError(
                f"The encoder's file {path} cannot be read: {error.strerror}.", REINSTALL
            ) from error
        if len(content) != self.size:
            raise EncoderError(
                f"The encoder's file {path} has {len(content):,} bytes instead of {self.size:,}.", REINSTALL
            )
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise EncoderError(f"The encoder's file {path} was altered: its checksum is wrong.", REINSTALL)
        return content


@dataclass(frozen=True)
class Manifest:
    """What the model folder should hold, from its `manifest.json`."""

    name: str
    dimension: int
    max_tokens: int
    """Wordpieces of a text that are read, the two markers at its ends included."""
    files: Mapping[str, ModelFile]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a folder's manifest. Raises EncoderError when there is none, or it makes no sense."""
        path = folder / "manifest.json"
        try:
            stated = json.loads(path.read_bytes())
            files = {name: ModelFile(name, **entry) for name, entry in stated["files"].items()}
            manifest = cls(stated["name"], stated["dimension"], stated["max_tokens"], files)
            _ = manifest.identity, manifest.files["reference.json"]
            return manifest
        except OSError as error:
            raise EncoderError(
                f"The encoder's file {path} cannot be read: {error.strerror}.", REINSTALL
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderError(f"The encoder's file {path} is damaged.", REINSTALL) from error

    @property
    def identity(self) -> str:
        """Name and content: any change to weights, tokenizer or truncation makes another one."""
        parts = [self.files[name].sha256 for name in ("model.onnx", "tokenizer.json")]
        content = hashlib.sha256(" ".join([*parts, str(self.max_tokens)]).encode())
        return f"{self.name}-{content.hexdigest()[:12]}"


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

        if len(texts) < 2 or self._threads < 2:
            rows = [self._model.encode(text) for text in texts]
        else:
            with ThreadPoolExecutor(min(self._threads, len(texts)), "encoder") as pool:
                rows = list(pool.map(self._model.encode, texts))
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
    most_characters: int

    @classmethod
    def load(cls, folder: Path, manifest: Manifest) -> _Model:
        # The checksum of 23 MB takes 20 to 60 ms; it is worked out while the imports (0.3 s cold) run.
        with ThreadPoolExecutor(2, "encoder-files") as pool:
            weights = pool.submit(manifest.files["model.onnx"].read, folder)
            vocabulary = pool.submit(manifest.files["tokenizer.json"].read, folder)
            import_runtime()
            tokenizer = open_tokenizer(vocabulary.result(), manifest.max_tokens)
            session = open_session(weights.result())
        return cls(tokenizer, session, manifest.max_tokens * CHARACTERS_PER_TOKEN)

    def encode(self, text: str) -> NDArray[np.float32]:
        """The vector of one text: the mean of its tokens' hidden states, of length 1, shape (dimension,)."""
        import numpy as np  # loaded before, with the session

        # Half of a surrogate pair is no character: it is read as "?".
        readable = text[: self.most_characters].encode("utf-8", "replace").decode("utf-8")
        ids = np.array([self.tokenizer.encode(readable).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self.session.run(["last_hidden_state"], inputs)[0][0]
        mean: NDArray[np.float32] = hidden.mean(axis=0)
        return mean / np.linalg.norm(mean)


def import_runtime() -> None:
    """Import what the model runs on. Raises EncoderError when a package is missing or broken."""
    # The runtime's own telemetry starts when it is imported: it writes a device id below the home folder and
    # asks for its host by name. It is off by this variable alone; `disable_telemetry_events` comes too late.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: F401  # 0.2 to 0.3 s, numpy included
        import tokenizers  # noqa: F401  # 15 ms
    except ImportError as error:
        raise EncoderError(
            f"The encoder's runtime cannot be loaded: {error}.",
            "Reinstall it: pip install --force-reinstall onnxruntime tokenizers numpy",
        ) from error


def open_tokenizer(content: bytes, max_tokens: int) -> Tokenizer:
    """The tokenizer, cutting at `max_tokens` wordpieces and padding nothing."""
    from tokenizers import Tokenizer  # loaded before, by _Model.load

    tokenizer = Tokenizer.from_str(content.decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def open_session(content: bytes) -> Any:
    """An onnxruntime session that works on the calling thread alone: texts run side by side on ours."""
    import onnxruntime  # loaded before, by _Model.load

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # patterns are kept for each length of text, and no two are alike
    options.log_severity_level = 3  # errors only: stderr belongs to the commands
    # Addition and normalisation as one operator take a tenth longer than as two, in runtime 1.31.
    slow = ["SkipLayerNormFusion"]
    return onnxruntime.InferenceSession(
        content, options, providers=["CPUExecutionProvider"], disabled_optimizers=slow
    )


def count_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
