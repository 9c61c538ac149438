"""Writes a file whole or not at all, and over another one only where that is wanted."""

from __future__ import annotations

import os
from pathlib import Path

from assistant.errors import ConfigurationError, SessionFileError


def write_whole(path: Path, text: str, *, over: bool = False) -> None:
    """Write a text beside its place and move it there; `over` replaces a file.

    Raises:
        ConfigurationError: something is there that must not be replaced.
        SessionFileError: it cannot be written.
    """
    if path.exists() and not path.is_file():
        raise ConfigurationError(f"{path} is no file", "name a file")
    beside = path.with_name(f".{path.name[:100]}.{os.urandom(4).hex()}")
    try:
        if not over:
            path.open("x").close()  # whoever comes second sees that it is taken
        try:
            with beside.open("xb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            if not over:
                path.unlink(missing_ok=True)
            raise
    except FileExistsError as error:
        raise ConfigurationError(f"{path} is there already", "replace it with --force, or name another") from error
    except OSError as error:
        told = f"{path} cannot be written: {error.strerror}"
        raise SessionFileError(told, "name a place where there is room, and that you may write to") from error
