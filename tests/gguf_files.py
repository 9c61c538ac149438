"""Headers of GGUF files, written by the format's description, for tests of what reads them; and who runs one."""

import os
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

Value = str | int | float | bool | Sequence[str] | Sequence[int]


def string(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def typed(value: Value) -> bytes:
    """A value with its type before it; whole numbers as 32 bits."""
    match value:
        case str():
            return struct.pack("<I", 8) + string(value)
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
    texts = [item for item in value if isinstance(item, str)]
    if texts:
        return struct.pack("<IIQ", 9, 8, len(texts)) + b"".join(map(string, texts))
    return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)


def header(facts: Mapping[str, Value], version: int = 3, tensors: int = 0) -> bytes:
    """A whole file that holds facts and no tensor."""
    written = b"".join(string(key) + typed(value) for key, value in facts.items())
    return b"GGUF" + struct.pack("<IQQ", version, tensors, len(facts)) + written


FACTS: Mapping[str, Value] = {
    "general.architecture": "llama",
    "general.name": "A small one",
    "general.quantized_by": "nobody",
    "tokenizer.ggml.tokens": ["a", "bc", "déf"],
    "tokenizer.ggml.token_type": [1, 1, 3],
    "tokenizer.ggml.add_bos_token": False,
    "llama.rope.freq_base": 10000.0,
    "llama.context_length": 8192,
}


def processes_of(model: Path) -> list[int]:
    """The processes that were started with this file and that have not ended, whoever comes and goes meanwhile."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if os.fsencode(model) in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found
