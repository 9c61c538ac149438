"""What the shipped models run on: onnxruntime and the tokenizer, loaded late and set up for one core a run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_THREADS = 8

_parsing = threading.Lock()
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def import_runtime(error: type[ModelError]) -> None:
    """Import what a model runs on. Raises `error` when a package is missing or broken."""
    # The runtime's own telemetry starts when it is imported: it writes a device id below the home folder and
    # asks for its host by name. It is off by this variable alone; `disable_telemetry_events` comes too late.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: F401  # 0.2 to 0.3 s, numpy included
        import tokenizers  # noqa: F401  # 15 ms
    except ImportError as failure:
        raise error(
            f"The {error.model}'s runtime cannot be loaded: {failure}.",
            "Reinstall it: pip install --force-reinstall onnxruntime tokenizers numpy",
        ) from failure


def open_tokenizer(content: bytes) -> Tokenizer:
    """The tokenizer of a `tokenizer.json`, cutting and padding nothing.

    Models with the same one share it: parsing it takes 30 ms. So nobody may alter it; encoding is thread-safe.
    """
    with _parsing:
        return _parse(content)


@lru_cache(maxsize=1)
def _parse(content: bytes) -> Tokenizer:
    from tokenizers import Tokenizer  # loaded before, by import_runtime

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def open_session(content: bytes) -> Any:
    """An onnxruntime session that works on the calling thread alone: texts run side by side on ours.

    The graph is taken as it is: operators were fused when the model was built, which saves doing it here.
    """
    import onnxruntime  # loaded before, by import_runtime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # patterns are kept for each length of text, and no two are alike
    options.log_severity_level = 3  # errors only: stderr belongs to the commands
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def run_side_by_side(run: Callable[[_Item], _Result], items: Sequence[_Item], threads: int) -> list[_Result]:
    """The result of each item, in order; at most `threads` of them are worked on at a time."""
    if len(items) < 2 or threads < 2:
        return [run(item) for item in items]
    with ThreadPoolExecutor(min(threads, len(items)), "model") as pool:
        return list(pool.map(run, items))


def count_cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
