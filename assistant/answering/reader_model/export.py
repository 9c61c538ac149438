"""Write the trained reader as an ONNX graph in eight bits.

    python -m assistant.answering.reader_model.export WEIGHTS --out FOLDER [--fp32 FILE]

WEIGHTS is the `weights.safetensors` that training wrote. FOLDER gets `model.onnx` and `manifest.json`; the
tokenizer is the encoder's and stays where it is. The graph is the encoder's own (index/encoder_model/graph.py)
with the head added, quantised as the encoder is. Neither torch nor transformers is needed; the same versions give
the same bytes. What eight bits cost, evals/performance/reader_quantisation.py tells.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file  # type: ignore[import-not-found,unused-ignore]

from assistant.answering.reader_model.windows import QUESTION_TOKENS, SPAN_TOKENS, TOKENS
from index.encoder import MODEL_FOLDER
from index.encoder_model.build import digest
from index.encoder_model.eight_bits import SHIPPED, fuse, quantise
from index.encoder_model.graph import build_fp32

NAME = "parley-reader-int8"
HIDDEN, SCORES = "last_hidden_state", "span_scores"
OUTPUTS = ("start_logits", "end_logits")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when the weights do not do."""
    parser = argparse.ArgumentParser(description="Write the reader as ONNX in eight bits.")
    parser.add_argument("weights", type=Path, help="the weights.safetensors that training wrote")
    parser.add_argument("--out", type=Path, required=True, help="where model.onnx and manifest.json go")
    parser.add_argument("--fp32", type=Path, help="keep the model in fp32 there, as an ONNX file")
    asked = parser.parse_args(arguments)
    logging.getLogger().setLevel(logging.ERROR)  # the quantiser recommends a step that this graph does not need
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32 = asked.fp32 or Path(folder) / "fp32.onnx"
        try:
            onnx.save(build_reader(load_file(asked.weights)), fp32)
        except (OSError, ValueError, KeyError) as error:
            sys.stderr.write(f"{asked.weights} does not do: {error!r}\n")
            return 2
        write_model(fp32, asked.out / "model.onnx")
        write_manifest(asked.out, digest(asked.weights))
    sys.stdout.write((asked.out / "manifest.json").read_text(encoding="utf-8"))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
