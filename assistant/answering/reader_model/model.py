"""MiniLM with a head that points at a span, in torch: BERT as in Devlin et al., 2019, from its named weights.

Weights are a mapping from the names of the official file to tensors, as in index/encoder_model/graph.py, which
writes the same network as an ONNX graph. Two names are added: `span.weight` of shape (2, 384), `span.bias` of 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch  # type: ignore[import-not-found,unused-ignore]
from safetensors.torch import load_file  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor
from torch.nn import functional  # type: ignore[import-not-found,unused-ignore]

from index.encoder_model.graph import DIMENSION, EPSILON, HEADS, LAYERS

Weights = Mapping[str, Tensor]

INITIAL = 0.02  # standard deviation of the head's first weights, BERT's own
MASKED = -10_000.0


def open_encoder(path: Path, seed: int) -> dict[str, Tensor]:
    """The official encoder's weights without its pooling layer, and a new head drawn from `seed`."""
    drawn = torch.Generator().manual_seed(seed)
    weights = {name: values.float() for name, values in load_file(path).items() if _is_used(name)}
    weights["span.weight"] = torch.randn(2, DIMENSION, generator=drawn) * INITIAL
    weights["span.bias"] = torch.zeros(2)
    return dict(sorted(weights.items()))


def open_reader(path: Path) -> dict[str, Tensor]:
    """The weights of a reader that was trained before. Raises ValueError when the file is of something else."""
    weights = {name: values.float() for name, values in load_file(path).items()}
    if "span.weight" not in weights:
        raise ValueError(f"{path} holds no reader: it has no weights of a head for spans.")
    return dict(sorted(weights.items()))


def _is_used(name: str) -> bool:
    return not name.startswith("pooler.") and not name.endswith("position_ids")


def point(weights: Weights, ids: Tensor, types: Tensor, mask: Tensor, dropout: float = 0.0) -> Tensor:
    """Logits of a span's start and end, of shape (2, batch, sequence), in fp32.

    `ids`, `types` (0 for the question, 1 for the passage) and `mask` (1 where a token counts) are integers of
    shape (batch, sequence). `dropout` is the share of values dropped after embeddings and each sublayer; none
    is dropped from the shares of attention, which on a CPU would take as long as a third of the rest.
    """
    penalty = ((1 - mask) * MASKED)[:, None, None, :].to(weights["span.bias"].dtype)
    embedded = functional.embedding(ids, weights["embeddings.word_embeddings.weight"])
    embedded = embedded + functional.embedding(types, weights["embeddings.token_type_embeddings.weight"])
    embedded = embedded + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = drop(normalise(embedded, weights, "embeddings.LayerNorm"), dropout)
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        x = normalise(
            x + drop(attend(x, weights, f"{name}.attention", penalty), dropout),
            weights,
            f"{name}.attention.output.LayerNorm",
        )
        inner = functional.gelu(dense(x, weights, f"{name}.intermediate.dense"))
        outer = drop(dense(inner, weights, f"{name}.output.dense"), dropout)
        x = normalise(x + outer, weights, f"{name}.output.LayerNorm")
    return dense(x, weights, "span").float().permute(2, 0, 1)


def attend(x: Tensor, weights: Weights, name: str, penalty: Tensor) -> Tensor:
    """Self-attention of 12 heads; one product makes queries, keys and values."""
    parts = [f"{name}.self.{part}" for part in ("query", "key", "value")]
    matrix = torch.cat([weights[f"{part}.weight"] for part in parts])
    bias = torch.cat([weights[f"{part}.bias"] for part in parts])
    projected = functional.linear(x, matrix, bias).unflatten(-1, (3, HEADS, DIMENSION // HEADS))
    q, k, v = projected.permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(q, k, v, penalty.to(q.dtype))
    return dense(mixed.transpose(1, 2).flatten(2), weights, f"{name}.output.dense")


def dense(x: Tensor, weights: Weights, name: str) -> Tensor:
    """The linear layer called `name`."""
    return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def normalise(x: Tensor, weights: Weights, name: str) -> Tensor:
    """Normalise the last axis with the learned scale and shift called `name`."""
    return functional.layer_norm(x, (DIMENSION,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)


def drop(x: Tensor, share: float) -> Tensor:
    """Zero a share of the values, to the next 256th, and scale the others up (Srivastava et al., 2014).

    One random byte a value: on a CPU an eighth of the time that torch's own dropout takes.
    """
    limit = round(share * 256)
    if limit == 0:
        return x
    words = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
    kept = words.view(torch.uint8)[: x.numel()].view(x.shape) >= limit
    return x * (kept.to(x.dtype) * (256 / (256 - limit)))
