"""What to compute on and how: a GPU where there is one, in a precision that is fast there, the same each time."""

from __future__ import annotations

import ctypes
import os
import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch  # type: ignore[import-not-found,unused-ignore]
from torch.nn.attention import SDPBackend, sdpa_kernel  # type: ignore[import-not-found,unused-ignore]

from index.encoder_model.graph import DIMENSION

ROUNDS = 3
ROWS = 1024
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4  # glibc's names and numbers, mallopt(3)


def choose_device(threads: int) -> torch.device:
    """The GPU, or the CPU with so many threads; from here on torch does nothing that it cannot repeat."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # without it cuBLAS adds up in any order
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # 2 % of a step, and nothing reads such memory
    torch.set_num_threads(threads)
    keep_memory()
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def keep_memory() -> None:
    """Have glibc keep freed memory for the next step: to fetch it anew costs a tenth more time on a CPU."""
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
        library.mallopt(M_TOP_PAD, 2**28)


def choose_precision(device: torch.device) -> str:
    """`bf16` where it multiplies matrices faster than `fp32`, by trying: processors without it emulate it."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if _seconds(torch.bfloat16) < 0.8 * _seconds(torch.float32) else "fp32"


def _seconds(kind: torch.dtype) -> float:
    """The least of a few products' durations, of a size that the model's largest layers have."""
    x, matrix = torch.ones(ROWS, DIMENSION, dtype=kind), torch.ones(4 * DIMENSION, DIMENSION, dtype=kind)
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        torch.nn.functional.linear(x, matrix)
        taken.append(time.perf_counter() - started)
    return min(taken)


@contextmanager
def computing(device: torch.device, precision: str) -> Iterator[None]:
    """Compute in this precision; on a GPU with the one way of attention whose gradients repeat."""
    with ExitStack() as stack:
        if device.type == "cuda":
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        if precision == "bf16":
            stack.enter_context(torch.autocast(device.type, torch.bfloat16))
        yield
