"""What every test gets: state and settings of its own, and properties that may take their time."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# These machines are shared: how long an example takes says nothing about the code.
settings.register_profile("parley", deadline=None)
settings.load_profile("parley")

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees or leaves anything of the person who runs it; returns the folder that stands for home."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("PARLEY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    return home


@pytest.fixture
def seeds() -> Path:
    """The five sample articles."""
    return SEEDS


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter, for tests that need a process of their own."""
    return sys.executable
