"""all-MiniLM-L6-v2 as an ONNX graph, written out node by node from its weights.

Nothing here needs torch or transformers, so a rebuild is light and gives the same bytes each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.float32]]

LAYERS, HEADS, DIMENSION, EPSILON = 6, 12, 384, 1e-12
HEAD = DIMENSION // HEADS
OPSET, IR_VERSION = 20, 9
INPUTS = ("input_ids", "token_type_ids")


class Graph:
    """An ONNX graph in the making: each method adds one node or weight and returns the name of its value."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def node(self, kind: str, *inputs: str, outputs: Sequence[str] = (), **attributes: Any) -> str:
        """Add a node; its name is its first output's, so names say where in the model a value belongs."""
        names = list(outputs) or [f"{kind.lower()}_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"node_{names[0]}", **attributes))
        return names[0]

    def weight(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant tensor."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def linear(self, x: str, name: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """x @ matrix + bias, with `matrix` of shape (in, out)."""
        product = self.node("MatMul", x, self.weight(f"{name}.weight", matrix))
        return self.node("Add", product, self.weight(f"{name}.bias", bias))

    def layer_norm(self, x: str, name: str, weights: Weights, output: str = "") -> str:
        """Normalise the last axis with the learned scale and shift called `name`."""
        scale = self.weight(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.weight(f"{name}.bias", weights[f"{name}.bias"])
        outputs = [output] if output else []
        return self.node("LayerNormalization", x, scale, shift, outputs=outputs, axis=-1, epsilon=EPSILON)


def build_fp32(weights: Weights, masked: bool = False) -> onnx.ModelProto:
    """The encoder in fp32: token ids of shape (batch, sequence) to hidden states (batch, sequence, 384).

    Texts of a batch must be of one length, unless it is `masked`: then `attention_mask` tells text from padding.
    """
    graph = Graph()
    x, mask = add_embeddings(graph, weights), add_mask(graph) if masked else None
    shapes = {
        "heads": graph.weight("shape.heads", np.array([0, 0, HEADS, HEAD], np.int64)),
        "joined": graph.weight("shape.joined", np.array([0, 0, DIMENSION], np.int64)),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        context = add_attention(graph, weights, f"{prefix}.attention", x, mask, shapes)
        x = graph.layer_norm(graph.node("Add", context, x), f"{prefix}.attention.output.LayerNorm", weights)
        inner = graph.node("Gelu", add_dense(graph, weights, f"{prefix}.intermediate.dense", x))
        outer = add_dense(graph, weights, f"{prefix}.output.dense", inner)
        last = "last_hidden_state" if layer == LAYERS - 1 else ""
        x = graph.layer_norm(graph.node("Add", outer, x), f"{prefix}.output.LayerNorm", weights, last)
    return as_model(graph, x, ("input_ids", "attention_mask", "token_type_ids") if masked else INPUTS)


def add_embeddings(graph: Graph, weights: Weights) -> str:
    """Word, position and segment embeddings, added up and normalised."""
    parts = {
        kind: graph.weight(f"embeddings.{kind}", weights[f"embeddings.{kind}_embeddings.weight"])
        for kind in ("word", "position", "token_type")
    }
    first = graph.weight("position.first", np.array([0], np.int64))
    length = graph.node("Shape", "input_ids", start=1, end=2)
    positions = graph.node("Slice", parts["position"], first, length, first)
    words = graph.node("Gather", parts["word"], "input_ids")
    segments = graph.node("Gather", parts["token_type"], "token_type_ids")
    total = graph.node("Add", graph.node("Add", words, segments), positions)
    return graph.layer_norm(total, "embeddings.LayerNorm", weights)


def add_mask(graph: Graph) -> str:
    """0 where a token counts and -10000 where it is padding, of shape (batch, 1, 1, sequence)."""
    kept = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.node("Sub", graph.weight("mask.one", np.array(1, np.float32)), kept)
    penalty = graph.node("Mul", absent, graph.weight("mask.penalty", np.array(-10000, np.float32)))
    return graph.node("Unsqueeze", penalty, graph.weight("mask.axes", np.array([1, 2], np.int64)))


def add_attention(
    graph: Graph, weights: Weights, prefix: str, x: str, mask: str | None, shapes: Mapping[str, str]
) -> str:
    """Self-attention of 12 heads. One product makes queries, keys and values, so the input is quantised once.

    The division by sqrt(32) is folded into the query weights; scales per channel make that free of loss.
    """
    parts = [f"{prefix}.self.{part}" for part in ("query", "key", "value")]
    scales = [np.float32(HEAD**-0.5), np.float32(1), np.float32(1)]
    matrix = np.concatenate([weights[f"{p}.weight"].T * s for p, s in zip(parts, scales, strict=True)], axis=1)
    bias = np.concatenate([weights[f"{p}.bias"] * s for p, s in zip(parts, scales, strict=True)])
    projected = graph.linear(x, f"{prefix}.self.qkv", matrix, bias)
    names = [f"{prefix}.{part}" for part in "qkv"]
    graph.node("Split", projected, outputs=names, axis=-1, num_outputs=3)
    q, k, v = (graph.node("Reshape", name, shapes["heads"]) for name in names)
    scores = graph.node(
        "MatMul",
        graph.node("Transpose", q, perm=[0, 2, 1, 3]),
        graph.node("Transpose", k, perm=[0, 2, 3, 1]),
    )
    shares = graph.node("Softmax", graph.node("Add", scores, mask) if mask else scores, axis=-1)
    mixed = graph.node("MatMul", shares, graph.node("Transpose", v, perm=[0, 2, 1, 3]))
    joined = graph.node("Reshape", graph.node("Transpose", mixed, perm=[0, 2, 1, 3]), shapes["joined"])
    return add_dense(graph, weights, f"{prefix}.output.dense", joined)


def add_dense(graph: Graph, weights: Weights, name: str, x: str) -> str:
    """The linear layer called `name`; the source keeps its matrices as (out, in)."""
    return graph.linear(x, name, weights[f"{name}.weight"].T, weights[f"{name}.bias"])


def as_model(graph: Graph, output: str, names: Sequence[str]) -> onnx.ModelProto:
    """Wrap the graph with its inputs, called `names`, and its output, and check it."""
    axes = ["batch", "sequence"]
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in names]
    result = helper.make_tensor_value_info(output, TensorProto.FLOAT, [*axes, DIMENSION])
    proto = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [result], graph.weights)
    model = helper.make_model(
        proto, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="parley"
    )
    onnx.checker.check_model(model, full_check=True)
    return model
