"""Settings: flag over environment over configuration file over default."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

from assistant.backends.choosing import Choice, Price
from assistant.errors import ConfigurationError
from assistant.locations import configuration_file, sample_corpus, states_folder

NUMBERS = ("min_confidence",)
"""Settings that a configuration file may state as a number, without quotation marks."""
TRUTHS = ("reduced_motion",)
"""Settings that a configuration file may state as true or false, without quotation marks."""
Theme = Literal["dark", "light"]
"""How the terminal UI may look."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be configured; each field is also an environment variable PARLEY_<NAME>."""

    corpus: Path
    state: Path
    """The folder under which each corpus keeps its own state."""
    backend: str
    """NAME[:MODEL] of a backend that is known."""
    base_url: str | None
    """Where the backend is reached; None for its provider's own address."""
    price: str | None
    """READ/WRITTEN: what a million tokens cost; None where nobody said."""
    min_confidence: float | None
    """The confidence below which an answer is kept back, 0 to 1; None for what is shipped."""
    theme: Theme
    """How the terminal UI looks when it opens."""
    reduced_motion: bool
    """Whether the terminal UI shall leave out what moves by itself."""
    corpus_is_sample: bool
    """True when nobody named a corpus."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value and where it comes from: a flag, a variable, or a line of the configuration file."""

    value: str
    origin: str


def load_settings(flags: Mapping[str, str | None]) -> Settings:
    """Put the settings together; `flags` holds what the command line gave.

    Raises:
        ConfigurationError: the configuration file cannot be used, or a value is not known.
    """
    chosen = _choose(flags)
    stated = {name: chosen[name].value for name in ("backend", "base_url", "price") if name in chosen}
    backend = stated.get("backend", "extractive")
    Choice.of(backend)
    if "price" in stated:
        Price.of(stated["price"])
    return Settings(
        corpus=folder_of("corpus", chosen["corpus"].value) if "corpus" in chosen else sample_corpus(),
        state=folder_of("state", chosen["state"].value) if "state" in chosen else states_folder(),
        backend=backend,
        base_url=stated.get("base_url"),
        price=stated.get("price"),
        min_confidence=_probability(chosen["min_confidence"]) if "min_confidence" in chosen else None,
        theme=_theme(chosen["theme"]) if "theme" in chosen else "dark",
        reduced_motion=_truth(chosen["reduced_motion"]) if "reduced_motion" in chosen else False,
        corpus_is_sample="corpus" not in chosen,
    )


def folder_of(name: str, stated: str) -> Path:
    """A folder from a setting of this name; `~` and `~somebody` stand for homes.

    Raises:
        ConfigurationError: it cannot be a folder.
    """
    if "\0" in stated:
        raise ConfigurationError(f"{name} {stated!r} is no path", "it holds NUL")
    try:
        path = Path(stated).expanduser()
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        raise ConfigurationError(f"{name} {stated!a} has a name that is not UTF-8", "rename it") from None
    except RuntimeError:
        raise ConfigurationError(f"{name} {stated!r} names no home folder", "write the whole path") from None
    except FileNotFoundError:
        raise ConfigurationError("the folder that you are in has been removed", "change to another one") from None
    return path


def _choose(flags: Mapping[str, str | None]) -> dict[str, _Stated]:
    """Of each setting that is stated anywhere, what goes before the rest."""
    file = configuration_file()
    configured = _read_file(file)
    chosen = {}
    for name in _names():
        flag, variable = f"--{name.replace('_', '-')}", f"PARLEY_{name.upper()}"
        if flags.get(name) == "":
            raise ConfigurationError(f"{flag} is empty", "give it a value, or leave it out")
        for value, origin in (
            (flags.get(name), flag),
            (os.environ.get(variable), variable),
            (configured.get(name), f"{file}: {name}"),
        ):
            if value:
                chosen[name] = _Stated(value, origin)
                break
    return chosen


def _probability(stated: _Stated) -> float:
    with suppress(ValueError):
        number = float(stated.value)
        if 0 <= number <= 1:  # which "nan" is not
            return number
    told = f"{stated.origin} {stated.value!r} is no number from 0 to 1"
    raise ConfigurationError(told, "write it as 0.3")


def _theme(stated: _Stated) -> Theme:
    for theme in get_args(Theme):
        if theme == stated.value:
            return cast(Theme, theme)
    told = f"{stated.origin} {stated.value!r} is no theme"
    raise ConfigurationError(told, f"there are {' and '.join(get_args(Theme))}")


def _truth(stated: _Stated) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if stated.value.lower() in known:
        return known[stated.value.lower()]
    raise ConfigurationError(f"{stated.origin} {stated.value!r} is neither true nor false", "write it as true")


def _names() -> list[str]:
    return [field.name for field in fields(Settings) if field.name != "corpus_is_sample"]


def _read_file(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", "mend or remove that file") from error
    for key, value in values.items():
        if key not in _names():
            close = difflib.get_close_matches(key, _names(), n=1, cutoff=0)
            raise ConfigurationError(f"{path}: there is no setting {key!r}", f"did you mean {close[0]!r}?")
        if (key in NUMBERS and type(value) in (int, float)) or (key in TRUTHS and isinstance(value, bool)):
            values[key] = str(value)
        elif not isinstance(value, str):
            kind, example = _kind(key)
            raise ConfigurationError(f"{path}: {key} must be a {kind}", f"write {key} = {example}")
    return values


def _kind(key: str) -> tuple[str, str]:
    """What the value of a setting must be, and one written down."""
    if key in TRUTHS:
        return "truth value", "true"
    return ("number", "0.3") if key in NUMBERS else ("string", '"..."')
