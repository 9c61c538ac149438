"""The weighted mean of two trained readers, weight by weight.

    python -m assistant.answering.reader_model.average ONE OTHER --share 0.6 --out FILE

ONE and OTHER are `weights.safetensors` of two passes, the second begun from the first; the mean of such a line of
weights often does better than either end, most of all on texts unlike those of the second pass (Wortsman et al.,
Robust fine-tuning of zero-shot models, 2022).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file  # type: ignore[import-not-found,unused-ignore]

Weights = Mapping[str, NDArray[np.float32]]


def mean_of(one: Weights, other: Weights, share: float) -> dict[str, NDArray[np.float32]]:
    """The weights `share` of the way from the one to the other.

    Raises:
        ValueError: they are not of the same shapes.
    """
    shapes = [{name: values.shape for name, values in weights.items()} for weights in (one, other)]
    if shapes[0] != shapes[1]:
        raise ValueError("these are not two passes of one model")
    return {name: (1 - share) * values + share * other[name] for name, values in one.items()}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 when done, 2 when the weights do not do."""
    parser = argparse.ArgumentParser(description="Average two trained readers.")
    parser.add_argument("one", type=Path, help="the weights.safetensors of a pass")
    parser.add_argument("other", type=Path, help="those of a pass that was begun from it")
    parser.add_argument("--share", type=float, required=True, help="of the other, 0 to 1")
    parser.add_argument("--out", type=Path, required=True, help="where the mean goes")
    asked = parser.parse_args(arguments)
    try:
        save_file(mean_of(load_file(asked.one), load_file(asked.other), asked.share), asked.out)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{asked.one} and {asked.other} do not do: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
