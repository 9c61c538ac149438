"""Where things are: the sample corpus, the state of all corpora, the configuration file, the keys."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import ConfigurationError


def sample_corpus() -> Path:
    """The five sample articles that ship with the package."""
    return Path(__file__).resolve().parent.parent / "seeds"


def states_folder() -> Path:
    """The folder under which each corpus keeps its state: $XDG_DATA_HOME/parley."""
    return _base("XDG_DATA_HOME", ".local/share") / "parley"


def configuration_file() -> Path:
    """$XDG_CONFIG_HOME/parley/config.toml."""
    return _base("XDG_CONFIG_HOME", ".config") / "parley" / "config.toml"


def keys_file() -> Path:
    """$XDG_CONFIG_HOME/parley/keys.toml, which none but its owner may read."""
    return configuration_file().with_name("keys.toml")


def _base(variable: str, default: str) -> Path:
    """The folder a variable names; the specification says to ignore one that is not absolute.

    Raises:
        ConfigurationError: it names none, and there is no home.
    """
    value = os.environ.get(variable, "")
    if Path(value).is_absolute():
        return Path(value)
    try:
        return Path.home() / default
    except RuntimeError:  # a user without a name, and no HOME
        raise ConfigurationError("it is not known where your home folder is", f"set HOME, or {variable}") from None
