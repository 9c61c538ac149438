"""From a graph in fp32 to the graph that ships: in eight bits, with its operators fused ahead of time."""

from __future__ import annotations

from pathlib import Path

import onnx  # type: ignore[import-not-found,unused-ignore]
import onnxruntime  # type: ignore[import-untyped]
from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

# Seven bits in a signed byte: on processors without VNNI, sums of two products of full bytes overflow sixteen
# bits and are clipped, so the same model would give other vectors there.
SHIPPED = {"weight_type": QuantType.QInt8, "per_channel": True, "reduce_range": True}
VARIANTS = {
    "seven bits, per channel": SHIPPED,
    "signed, per channel": SHIPPED | {"reduce_range": False},
    "unsigned, per channel": {"weight_type": QuantType.QUInt8, "per_channel": True},
    "signed, per tensor": {"weight_type": QuantType.QInt8, "per_channel": False},
}
DOMAINS = ("", "com.microsoft")
"""Where the operators of a fused graph come from: the standard, and the runtime's own for products of bytes."""


def quantise(fp32: Path, path: Path, options: dict[str, object]) -> None:
    """Write a model in eight bits; `options` are those of onnxruntime's `quantize_dynamic`."""
    quantize_dynamic(fp32, path, **options)


def fuse(plain: Path, path: Path) -> None:
    """Write a model with its operators fused, as the runtime would do at each load.

    Only what fits every processor: the runtime's level "extended" leaves out what depends on the one at hand.
    """
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    # Addition and normalisation as one operator take a tenth longer than as two, in runtime 1.31.
    slow = ["SkipLayerNormFusion"]
    onnxruntime.InferenceSession(
        plain.read_bytes(), options, providers=["CPUExecutionProvider"], disabled_optimizers=slow
    )
    # The runtime lists every domain that it knows, and an older one may not know them all.
    model = onnx.load(path)
    kept = [entry for entry in model.opset_import if entry.domain in DOMAINS]
    del model.opset_import[:]
    model.opset_import.extend(kept)
    onnx.save(model, path)
