"""What the header of a GGUF file says, read without the package that runs it: is it one, and how much may it read?

The form: magic, version, number of tensors and of facts; then each fact as a key, a type and a value, all of them
little-endian (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assistant.errors import ConfigurationError

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_FACTS = 10_000
LONGEST_STRING = 16 * 2**20
"""Bytes; the longest are chat templates, of some thousands."""
MOST_ITEMS = 4 * 2**20
"""Of a list; the longest are vocabularies and merges, of some hundred thousands."""
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _LIST = 8, 9


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """Facts about a model."""

    architecture: str
    context: int
    """Tokens that it was trained to read and write together."""


def read_header(path: Path) -> GgufHeader:
    """The facts that are needed before a model is loaded.

    Raises:
        ConfigurationError: there is no such file, it is no GGUF file, ends too early, or holds no language model.
    """
    try:
        with path.open("rb") as file:
            return _read(file)
    except (OSError, ValueError) as error:
        told = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        raise ConfigurationError(
            f"the model {str(path)!r} cannot be used: {told}",
            "name a file that llama.cpp can run: --backend gguf:/path/to/model.gguf",
        ) from error


def _read(file: BinaryIO) -> GgufHeader:
    if file.read(4) != MAGIC:
        raise ValueError("it is no GGUF file")
    version = _unpack(file, "I")
    if version not in VERSIONS:
        raise ValueError(f"its GGUF version {version} is not known")
    _unpack(file, "Q")  # how many tensors
    architecture, contexts = "", {}
    for key, value in _facts(file, _unpack(file, "Q")):
        if key == "general.architecture":
            architecture = str(value)
        elif key.endswith(".context_length"):
            contexts[key] = value
        context = contexts.get(f"{architecture}.context_length")
        if type(context) is int and context > 0:  # which True is not
            return GgufHeader(architecture, context)
    raise ValueError(f"it holds no language model ({architecture or 'no architecture'}, no context length)")


def _facts(file: BinaryIO, number: int) -> Iterator[tuple[str, str | float | None]]:
    """Each key with its value; lists are passed over."""
    if number > MOST_FACTS:
        raise ValueError(f"its header claims {number} facts")
    for _ in range(number):
        key, kind = _string(file), _unpack(file, "I")
        if kind == _LIST:
            _pass_list(file, _unpack(file, "I"), _unpack(file, "Q"))
            yield key, None
        else:
            yield key, _string(file) if kind == _STRING else _unpack(file, _number(kind))


def _pass_list(file: BinaryIO, kind: int, items: int) -> None:
    if items > MOST_ITEMS:
        raise ValueError(f"its header claims a list of {items} items")
    if kind != _STRING:
        file.seek(items * struct.calcsize(_number(kind)), 1)
        return
    for _ in range(items):
        file.seek(_length(file), 1)


def _number(kind: int) -> str:
    if kind not in _NUMBERS:
        raise ValueError(f"its header holds a value of the unknown type {kind}")
    return _NUMBERS[kind]


def _string(file: BinaryIO) -> str:
    return _exactly(file, _length(file)).decode("utf-8", errors="replace")


def _length(file: BinaryIO) -> int:
    length = _unpack(file, "Q")
    if length > LONGEST_STRING:
        raise ValueError(f"its header claims a string of {length} bytes")
    return length


def _unpack(file: BinaryIO, form: str) -> int:
    value: int = struct.unpack(f"<{form}", _exactly(file, struct.calcsize(f"<{form}")))[0]
    return value


def _exactly(file: BinaryIO, length: int) -> bytes:
    read = file.read(length)
    if len(read) < length:
        raise ValueError("it ends within its header, as one does that was not copied to its end")
    return read
