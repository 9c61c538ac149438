"""Write the trained reader as an ONNX graph in eight bits, and compare it with fp32.

    python -m assistant.answering.reader_model.export WEIGHTS --out FOLDER [--compare DATA [--sample N]]

WEIGHTS is the `weights.safetensors` that training wrote. FOLDER gets `model.onnx` and `manifest.json`; the
tokenizer is the encoder's and stays where it is. The graph is the encoder's own (index/encoder_model/graph.py)
with the head added, quantised as the encoder is. Neither torch nor transformers is needed; the same versions give
the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file  # type: ignore[import-not-found,unused-ignore]

from assistant.answering.reader_model.data import Question
from assistant.answering.reader_model.figures import (
    describe,
    held_out,
    onnx_logits,
    open_cutter,
    read,
    run_window,
    summarise,
)
from assistant.answering.reader_model.windows import QUESTION_TOKENS, SPAN_TOKENS, TOKENS, Window, best_span
from index.encoder import MODEL_FOLDER
from index.encoder_model.build import digest
from index.encoder_model.eight_bits import SHIPPED, fuse, quantise
from index.encoder_model.graph import build_fp32
from index.errors import ModelError
from index.onnx_runtime import import_runtime, open_session

NAME = "parley-reader-int8"
HIDDEN, SCORES = "last_hidden_state", "span_scores"
OUTPUTS = ("start_logits", "end_logits")
MOST_LOST = 0.01
"""F1 that eight bits may lose."""
SAMPLE = 500
TIMED = 100
WORDPIECES = (100, 180)
"""A passage of about 110 wordpieces and its question make a window between these."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 1 when eight bits lose more than .01 F1, 2 when a file does not do."""
    parser = argparse.ArgumentParser(description="Write the reader as ONNX in eight bits.")
    parser.add_argument("weights", type=Path, help="the weights.safetensors that training wrote")
    parser.add_argument("--out", type=Path, required=True, help="where model.onnx and manifest.json go")
    parser.add_argument("--fp32", type=Path, help="keep the model in fp32 there, as an ONNX file")
    parser.add_argument("--compare", type=Path, metavar="DATA", help="compare over held-out questions from there")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"compare over so many (default: {SAMPLE})")
    asked = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that this graph does not need
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32 = asked.fp32 or Path(folder) / "fp32.onnx"
        try:
            onnx.save(build_reader(load_file(asked.weights)), fp32)
            questions = held_out(asked.compare, asked.sample) if asked.compare else []
        except (OSError, ValueError, KeyError) as error:
            sys.stderr.write(f"{asked.weights} or the data do not do: {error!r}\n")
            return 2
        write_model(fp32, asked.out / "model.onnx")
        write_manifest(asked.out, digest(asked.weights))
        sys.stdout.write((asked.out / "manifest.json").read_text(encoding="utf-8"))
        return compare(questions, fp32, asked.out / "model.onnx") if questions else 0


def build_reader(weights: dict[str, NDArray[np.float32]]) -> onnx.ModelProto:
    """The reader in fp32: token ids of shape (batch, sequence) to two tables of logits of that shape."""
    model = build_fp32({name: values for name, values in weights.items() if not name.startswith("span.")})
    graph = model.graph
    constants = {
        "span.weight": np.ascontiguousarray(weights["span.weight"].T),
        "span.bias": weights["span.bias"],
        "span.start": np.array(0, np.int64),
        "span.end": np.array(1, np.int64),
    }
    graph.initializer.extend(numpy_helper.from_array(values, name) for name, values in constants.items())
    graph.node.extend(
        [
            helper.make_node("MatMul", [HIDDEN, "span.weight"], ["span_product"], name="node_span_product"),
            helper.make_node("Add", ["span_product", "span.bias"], [SCORES], name=f"node_{SCORES}"),
            helper.make_node("Gather", [SCORES, "span.start"], [OUTPUTS[0]], name=f"node_{OUTPUTS[0]}", axis=-1),
            helper.make_node("Gather", [SCORES, "span.end"], [OUTPUTS[1]], name=f"node_{OUTPUTS[1]}", axis=-1),
        ]
    )
    del graph.output[:]
    axes = ["batch", "sequence"]
    graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name in OUTPUTS)
    graph.name = "parley-reader"
    onnx.checker.check_model(model, full_check=True)
    return model


def write_model(fp32: Path, path: Path) -> None:
    """Write the model in eight bits, fused, as the encoder is; the head's 770 weights stay as they are."""
    quantise(fp32, path, SHIPPED | {"nodes_to_exclude": ["node_span_product"]})
    fuse(path, path)


def write_manifest(folder: Path, weights: str) -> None:
    """Write the size in bytes and the sha256 of the model, of the tokenizer it needs, and of its fp32 weights."""
    content = (folder / "model.onnx").read_bytes()
    entry = {
        "name": NAME,
        "max_tokens": TOKENS,
        "question_tokens": QUESTION_TOKENS,
        "span_tokens": SPAN_TOKENS,
        "weights_sha256": weights,
        "tokenizer_sha256": digest(MODEL_FOLDER / "tokenizer.json"),
        "files": {"model.onnx": {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}},
    }
    (folder / "manifest.json").write_text(f"{json.dumps(entry, indent=2)}\n", encoding="utf-8")


def compare(questions: Sequence[Question], fp32: Path, int8: Path) -> int:
    """Print both models' figures over the same questions, and their speed; 1 where int8 loses too much."""
    cutter = open_cutter()
    scored = {}
    for label, path in (("fp32", fp32), ("int8", int8)):
        scored[label] = read(questions, cutter, onnx_logits(path))
        sys.stdout.write(f"\n{label}\n{describe(scored[label])}\n")
    pairs = list(zip(scored["fp32"], scored["int8"], strict=True))
    same = sum(one.text == other.text for one, other in pairs) / len(pairs)
    moved = statistics.mean(abs(one.margin - other.margin) for one, other in pairs)
    lost = summarise(scored["fp32"])["F1"] - summarise(scored["int8"])["F1"]
    sys.stdout.write(f"\nint8 loses {lost:.4f} F1; same span: {same:.3f}; margins differ by {moved:.2f}\n")
    windows = [window for question in questions for window in cutter.cut(question.text, question.paragraph)]
    timed = [window for window in windows if WORDPIECES[0] <= len(window.ids) <= WORDPIECES[1]][:TIMED]
    for label, path in (("fp32", fp32), ("int8", int8)):
        if timed:
            sys.stdout.write(f"{label}: {time_windows(path, timed)}\n")
    return int(lost > MOST_LOST)


def time_windows(path: Path, windows: Sequence[Window]) -> str:
    """How long a passage takes on one core, tokenising left out: wall time and processor time."""
    import_runtime(ModelError)
    session: Any = open_session(path.read_bytes())
    walls, works = [], []
    for window in [windows[0], *windows]:
        wall, work = time.perf_counter(), time.process_time()
        best_span(window, *run_window(session, window))
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    size = statistics.mean(len(window.ids) for window in windows)
    median, worked = (statistics.median(taken[1:]) * 1000 for taken in (walls, works))
    return f"{median:.1f} ms a passage, {worked:.1f} ms CPU (medians of {len(windows)}, of {size:.0f} wordpieces)"


if __name__ == "__main__":
    sys.exit(main())
