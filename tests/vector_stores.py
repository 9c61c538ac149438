"""Vector stores to test with: nine hundred made vectors, and a look at the files they are kept in."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import vectors

Vectors = NDArray[np.float32]
DIMENSION = 32
ROOT = Path(__file__).resolve().parent.parent


def random_vectors(count: int, dimension: int = DIMENSION, seed: int = 0) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def names(count: int) -> list[str]:
    return [f"{number:032x}" for number in range(count)]


def build(directory: Path, ids: Sequence[str], kept: Vectors) -> Path:
    writer = vectors.open_writer(directory, kept.shape[1])
    writer.add(ids, kept)
    writer.close()
    return directory


IDS = names(900)
KEPT = random_vectors(900)


def segment(store: Path) -> Path:
    (folder,) = (child for child in store.iterdir() if child.is_dir())
    return folder


def execute(store: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store / "chroma.sqlite3")) as connection, connection:
        return connection.execute(statement).fetchall()


def run(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
