"""The header of a GGUF file: what it says, and every way in which a file is none."""

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backends.gguf_header import GgufHeader, read_header
from assistant.errors import ConfigurationError
from gguf_files import FACTS, header, string

WHOLE = header(FACTS)


def read(folder: Path, content: bytes) -> GgufHeader:
    path = folder / "model.gguf"
    path.write_bytes(content)
    return read_header(path)


@pytest.mark.parametrize("version", [2, 3])
def test_it_says_what_the_model_may_read(tmp_path: Path, version: int) -> None:
    assert read(tmp_path, header(FACTS, version)) == GgufHeader("llama", 8192)


def test_the_context_may_stand_before_the_architecture(tmp_path: Path) -> None:
    assert read(tmp_path, header(dict(reversed(list(FACTS.items()))))) == GgufHeader("llama", 8192)


def test_what_comes_after_the_context_is_not_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE + b"tensors").context == 8192
    more = header({**FACTS, "late": "x"})
    assert read(tmp_path, more[:-3]).context == 8192


def test_the_context_of_another_architecture_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no language model"):
        read(tmp_path, header({"general.architecture": "clip", "llama.context_length": 8192}))


def test_a_file_that_was_not_copied_to_its_end_is_told(tmp_path: Path) -> None:
    for length in range(4, len(WHOLE)):
        with pytest.raises(ConfigurationError, match="ends within its header"):
            read(tmp_path, WHOLE[:length])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no GGUF file"),
        (b"PK\x03\x04 a zip", "no GGUF file"),
        (header(FACTS, version=1), "version 1 is not known"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(16), "version 50331648 is not known"),
        (header({"general.name": "x"}), "no architecture, no context length"),
        (header({"general.architecture": "clip"}), "no language model .clip"),
        (header({"general.architecture": "llama", "llama.context_length": 0}), "no language model"),
        (header({"general.architecture": "llama", "llama.context_length": "long"}), "no language model"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60), "claims 1152921504606846976 facts"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**60), "a string of 1152921504606846976 bytes"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("k") + struct.pack("<I", 13), "unknown type 13"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("k") + struct.pack("<IIQ", 9, 8, 2**60), "a list of"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + string("k") + struct.pack("<IIQ", 9, 9, 1), "unknown type 9"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told) as refused:
        read(tmp_path, content)
    assert "model.gguf" in str(refused.value)
    assert "gguf:/path/to/model.gguf" in refused.value.hint


def test_a_file_that_is_missing_or_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        read_header(tmp_path / "missing.gguf")
    with pytest.raises(ConfigurationError, match="Is a directory"):
        read_header(tmp_path)
    with pytest.raises(ConfigurationError, match="null byte"):
        read_header(tmp_path / "nul\0.gguf")


@given(at=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_one_wrong_byte_gives_facts_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    changed = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]
    with suppress(ConfigurationError):
        assert read(tmp_path_factory.getbasetemp(), changed).context > 0
