"""Items as tensors, those of a batch padded to the longest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch  # type: ignore[import-not-found,unused-ignore]
from torch import Tensor

from assistant.answering.reader_model.items import Item


@dataclass(frozen=True)
class Batch:
    """Items as tensors; integers of shape (batch, sequence), choices of shape (2, batch, sequence)."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    allowed: Tensor
    """True at `[CLS]` and in the passage, shape (batch, sequence)."""
    right: Tensor
    """True where a right span starts (first row) and ends (second)."""

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        parts = (self.ids, self.types, self.mask, self.allowed, self.right)
        return Batch(*(part.to(device, non_blocking=True) for part in parts))


def collate(items: Sequence[Item]) -> Batch:
    """Items as one batch, padded to the longest."""
    shape = (len(items), max(len(item.ids) for item in items))
    ids, types, mask = (torch.zeros(shape, dtype=torch.int64) for _ in range(3))
    allowed, right = torch.zeros(shape, dtype=torch.bool), torch.zeros((2, *shape), dtype=torch.bool)
    for row, item in enumerate(items):
        length = len(item.ids)
        ids[row, :length] = torch.tensor(item.ids)
        types[row, item.first : length] = 1
        mask[row, :length] = 1
        allowed[row, 0] = True
        allowed[row, item.first : length - 1] = True
        for side, positions in enumerate(zip(*item.targets, strict=True)):
            right[side, row, list(positions)] = True
    return Batch(ids, types, mask, allowed, right)
