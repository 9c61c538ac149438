"""Measure the encoder: faithfulness to fp32, speed, and what sharing a run would do to a vector."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder import Manifest, OnnxEmbedder, cut_tokens
from index.onnx_runtime import count_cores, open_session, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

BATCHES = (4, 16)
QUESTION = "What did the trade deficit with China reach last year?"
ROUNDS = 5
LOADING = """
import sys, time
from pathlib import Path
started = time.perf_counter()
from index.encoder import OnnxEmbedder
embedder = OnnxEmbedder(Path(sys.argv[1]))
embedder.load()
loaded = time.perf_counter()
embedder.embed([sys.argv[2]])
print(loaded - started, time.perf_counter() - loaded)
"""


def print_figures(texts: Sequence[str], shipped: Path, fp32: Path) -> None:
    """Print the shipped model's figures over `texts`; rates are those of the best of five rounds."""
    small, large = OnnxEmbedder(shipped), OnnxEmbedder(fp32)
    lengths = [len(ids) for ids in tokenise(texts, shipped)]
    say(f"{small.identity}: {len(texts)} texts of {statistics.mean(lengths):.0f} wordpieces on average")
    say(f"cosine to fp32: {describe(cosines(small.embed(texts), large.embed(texts)))}")
    for name, folder in (("int8", shipped), ("fp32", fp32)):
        for threads in sorted({1, count_cores()}):
            embedder = OnnxEmbedder(folder, threads)
            embedder.load()
            say(f"{name}, {threads} thread(s): {rate(len(texts), embedder.embed, texts)}")
    question = statistics.median(seconds(small.embed, [QUESTION]) for _ in range(50))
    say(f"one question: {question * 1000:.1f} ms (median of 50)")
    colds = [start_cold(shipped) for _ in range(5)]
    load, first = (statistics.median(part) for part in zip(*colds, strict=True))
    say(f"in a new process: loaded after {load:.2f} s, first question {first * 1000:.0f} ms (median of 5)")


def print_batches(texts: Sequence[str], shipped: Path, masked: Path) -> None:
    """Print what padding several texts into one run of a `masked` model costs in speed, and does to vectors."""
    session = open_session(masked.read_bytes())
    tokens = tokenise(texts, shipped)
    alone = embed_padded(session, tokens, 1)
    for size in (1, *BATCHES):
        same = describe(cosines(embed_padded(session, tokens, size), alone))
        pace = rate(len(texts), embed_padded, session, tokens, size)
        say(f"{size} a run, padded, one thread: cosine to alone: {same}; {pace}")


def print_rounding(texts: Sequence[str], shipped: Path, plain: Path, fused: Path) -> None:
    """Print how far vectors move when only the order of floating-point operations changes.

    That is what another processor or runtime version does, so it bounds the tolerance of the reference vectors.
    """
    tokens = tokenise(texts, shipped)
    apart, together = (embed_padded(open_session(path.read_bytes()), tokens, 1) for path in (plain, fused))
    say(f"cosine without fused operators: {describe(cosines(apart, together))}")


def print_variants(texts: Sequence[str], folders: Mapping[str, Path], fp32: Path) -> None:
    """Print faithfulness and speed of other ways to quantise."""
    exact = OnnxEmbedder(fp32).embed(texts)
    for label, folder in folders.items():
        embedder = OnnxEmbedder(folder, threads=1)
        made = describe(cosines(embedder.embed(texts), exact))
        say(f"{label}, one thread: cosine to fp32: {made}; {rate(len(texts), embedder.embed, texts)}")


def tokenise(texts: Sequence[str], folder: Path) -> list[list[int]]:
    """The wordpiece ids of each text, cut as the encoder cuts them."""
    tokenizer, most = open_tokenizer((folder / "tokenizer.json").read_bytes()), Manifest.read(folder).max_tokens
    return [cut_tokens(tokenizer.encode(text).ids, most) for text in texts]


def embed_padded(session: Any, tokens: Sequence[Sequence[int]], size: int) -> Vectors:
    """Vectors of texts that share runs of `size`, each padded to the longest of its run."""
    rows: list[Vectors] = []
    for start in range(0, len(tokens), size):
        run = tokens[start : start + size]
        ids = np.zeros((len(run), max(map(len, run))), np.int64)
        for row, known in zip(ids, run, strict=True):
            row[: len(known)] = known
        mask = (np.arange(ids.shape[1]) < np.array([[len(known)] for known in run])).astype(np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = session.run(["last_hidden_state"], inputs)[0]
        total = (hidden * mask[:, :, None]).sum(axis=1)
        rows.extend(total / np.linalg.norm(total, axis=1, keepdims=True))
    return np.array(rows)


def cosines(one: Vectors, other: Vectors) -> Vectors:
    """The cosine of each pair of rows, all of length 1."""
    return np.asarray((one * other).sum(axis=1))


def describe(values: Vectors) -> str:
    """Mean and least, four digits."""
    return f"mean {values.mean():.4f}, least {values.min():.4f}"


def rate(count: int, call: Callable[..., object], *arguments: object) -> str:
    """How many of `count` texts a call does in a second, and in a second of processor time.

    The first says how long people wait; the second stays the same when other work shares the machine.
    """
    walls, works = [], []
    for _ in range(ROUNDS):
        worked = time.process_time()
        walls.append(seconds(call, *arguments))
        works.append(time.process_time() - worked)
    return f"{count / min(walls):.0f} texts/s, {count / min(works):.0f} a CPU second"


def seconds(call: Callable[..., object], *arguments: object) -> float:
    """Seconds that one call takes."""
    started = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - started


def start_cold(folder: Path) -> tuple[float, float]:
    """Seconds until the encoder is loaded in a new process, and for its first question then."""
    command = [sys.executable, "-c", LOADING, str(folder), QUESTION]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    load, first = printed.split()
    return float(load), float(first)


def say(line: str) -> None:
    """Print one figure."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
