"""Points at the words of a passage that answer a question, or says that it holds none.

`Reader` is the seam. `OnnxReader` needs no server: MiniLM-L6, trained here for span extraction with a no-answer
score, in eight bits. A span is always verbatim: the reader can be wrong, but cannot invent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answering.word_edges import whole_words
from assistant.errors import ReaderError
from index.encoder import MODEL_FOLDER as ENCODER_FOLDER
from index.encoder import Manifest
from index.model_files import REINSTALL, ModelManifest
from index.onnx_runtime import (
    MOST_THREADS,
    count_cores,
    import_runtime,
    open_session,
    open_tokenizer,
    run_side_by_side,
)

if TYPE_CHECKING:
    from assistant.answering.reader_model.windows import Cutter, Span, Window

READER_FOLDER = Path(__file__).with_name("reader_model")
MOST_SPANS = 3


@dataclass(frozen=True, slots=True)
class SpanScore:
    """Words of a passage that may answer; offsets count characters of the passage."""

    start: int
    end: int
    margin: float
    """Score of the span less that of no span, in logits: above nought the passage rather holds the answer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one passage."""

    spans: tuple[SpanScore, ...]
    """Up to three that share no character, best first; none where the passage has no words."""


class Reader(Protocol):
    """A question and passages in, the best spans of each out."""

    @property
    def identity(self) -> str:
        """Names the model and its content."""
        ...

    def load(self) -> None:
        """Get ready now rather than at the first question; nothing where there is nothing to get ready."""
        ...

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """The best spans of each passage, in order."""
        ...


@dataclass(frozen=True)
class ReaderManifest(ModelManifest):
    """What the reader's folder should hold, from its `manifest.json`."""

    error = ReaderError

    tokenizer_sha256: str
    """Of the tokenizer that it was trained with: the encoder's, which ships once."""

    @property
    def identity(self) -> str:
        """Name and content: any change to weights, tokenizer or length of windows makes another one."""
        return self.digest(self.files["model.onnx"].sha256, self.tokenizer_sha256, str(self.max_tokens))


class OnnxReader:
    """The shipped reader. Making one reads nothing: what is wrong with its files shows when it is to read.

    Each window of a passage is a run of its own, unpadded, as with the encoder: a reading does not depend on
    the passages beside it. Several run side by side, each on one core. Thread-safe.
    """

    def __init__(self, folder: Path = READER_FOLDER, threads: int | None = None) -> None:
        self._folder = folder
        self._threads = threads or min(count_cores(), MOST_THREADS)
        self._loading = threading.Lock()

    @cached_property
    def _manifest(self) -> ReaderManifest:
        return ReaderManifest.read(self._folder)

    @property
    def identity(self) -> str:
        """Names the model and its content, such as `parley-reader-int8-0123456789ab`. Raises ReaderError."""
        return self._manifest.identity

    def load(self) -> None:
        """Load the model now rather than at the first question, for instance beside other work, in a thread.

        Raises ReaderError when a file is missing, cut short or altered, or the runtime cannot be loaded, and
        EncoderError when it is the tokenizer, which is the encoder's.
        """
        with self._loading:
            _ = self._model

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        """The best spans of each passage, in order; of a long question the beginning counts.

        A span begins and ends with whole words. Raises like `load`.
        """
        self.load()
        cutter, session = self._model
        cut = [cutter.cut(_readable(question), _readable(passage)) for passage in passages]
        windows = [window for of_passage in cut for window in of_passage]
        found = iter(run_side_by_side(partial(_find_spans, session), windows, self._threads))
        return [
            Reading(_choose(passage, [span for _ in of_passage for span in next(found)]))
            for passage, of_passage in zip(passages, cut, strict=True)
        ]

    @cached_property
    def _model(self) -> tuple[Cutter, Any]:
        # As with the encoder, what the processor does alone passes while the imports run.
        with ThreadPoolExecutor(1, "reader-files") as pool:
            weights = pool.submit(self._manifest.files["model.onnx"].read, self._folder)
            import_runtime(ReaderError)
            session = pool.submit(open_session, weights.result())
            return self._open_cutter(), session.result()

    def _open_cutter(self) -> Cutter:
        from assistant.answering.reader_model.windows import Cutter  # imports numpy, as the runtime did before

        tokenizer = Manifest.read(ENCODER_FOLDER).files["tokenizer.json"]
        if tokenizer.sha256 != self._manifest.tokenizer_sha256:
            raise ReaderError("The reader was made for another tokenizer than the encoder's.", REINSTALL)
        return Cutter(open_tokenizer(tokenizer.read(ENCODER_FOLDER)), self._manifest.max_tokens)


def _find_spans(session: Any, window: Window) -> list[Span]:
    """The best spans of one window."""
    import numpy as np  # loaded before, with the session

    from assistant.answering.reader_model.windows import best_spans

    ids = np.array([window.ids], dtype=np.int64)
    types = np.array([window.types], dtype=np.int64)
    starts, ends = session.run(["start_logits", "end_logits"], {"input_ids": ids, "token_type_ids": types})
    return best_spans(window, starts[0], ends[0], MOST_SPANS)


def _choose(passage: str, spans: Iterable[Span]) -> tuple[SpanScore, ...]:
    """The best spans of all windows of a passage, as whole words, none over another; of equal ones the first."""
    chosen: list[SpanScore] = []
    for span in sorted(spans, key=lambda span: -span.margin):
        edges = whole_words(passage, span.start, span.end)
        if edges and all(edges[1] <= other.start or other.end <= edges[0] for other in chosen):
            chosen.append(SpanScore(*edges, span.margin))
    return tuple(chosen[:MOST_SPANS])


def _readable(text: str) -> str:
    """Half of a surrogate pair is no character: it is read as "?", which takes as much room."""
    return text.encode("utf-8", "replace").decode("utf-8")
