"""Settings: flag over environment over configuration file over default."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from assistant.errors import ConfigurationError
from assistant.locations import configuration_file, sample_corpus, states_folder

BACKENDS = ("extractive",)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured; each field is also an environment variable PARLEY_<NAME>."""

    corpus: Path
    state: Path
    """The folder under which each corpus keeps its own state."""
    backend: str
    corpus_is_sample: bool
    """True when nobody named a corpus."""


def load_settings(flags: Mapping[str, str | None]) -> Settings:
    """Put the settings together; `flags` holds what the command line gave.

    Raises:
        ConfigurationError: the configuration file cannot be used, or a value is not known.
    """
    configured = _read_file(configuration_file())
    chosen: dict[str, str] = {}
    for name in _names():
        if flags.get(name) == "":
            raise ConfigurationError(f"--{name} is empty", "give it a value, or leave it out")
        value = flags.get(name) or os.environ.get(f"PARLEY_{name.upper()}") or configured.get(name)
        if value:
            chosen[name] = value
    backend = chosen.get("backend", "extractive")
    if backend not in BACKENDS:
        raise ConfigurationError(f"there is no backend {backend!r}", f"known: {', '.join(BACKENDS)}")
    return Settings(
        corpus=_path("corpus", chosen) if "corpus" in chosen else sample_corpus(),
        state=_path("state", chosen) if "state" in chosen else states_folder(),
        backend=backend,
        corpus_is_sample="corpus" not in chosen,
    )


def _path(name: str, chosen: Mapping[str, str]) -> Path:
    """A folder from a setting; `~` and `~somebody` stand for homes."""
    if "\0" in chosen[name]:
        raise ConfigurationError(f"{name} {chosen[name]!r} is no path", "it holds NUL")
    try:
        path = Path(chosen[name]).expanduser()
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"{name} {chosen[name]!a} has a name that is not UTF-8", "rename it") from None
    except RuntimeError:
        raise ConfigurationError(f"{name} {chosen[name]!r} names no home folder", "write the whole path") from None
    return path


def _names() -> list[str]:
    return [field.name for field in fields(Settings) if field.name != "corpus_is_sample"]


def _read_file(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", "mend or remove that file") from error
    for key, value in values.items():
        if key not in _names():
            close = difflib.get_close_matches(key, _names(), n=1, cutoff=0)
            raise ConfigurationError(f"{path}: there is no setting {key!r}", f"did you mean {close[0]!r}?")
        if not isinstance(value, str):
            raise ConfigurationError(f"{path}: {key} must be a string", f'write {key} = "..."')
    return values
